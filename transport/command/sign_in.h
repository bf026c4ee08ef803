// One CONNECT, to see whether a broker would let this agent in, which is never to disturb the agent itself. Pure.
//
//   Source   MQTT 5 §3.1, §3.2, §4.12; MQTT 3.1.1 §3.1, §3.2; frames as websocket.h.
//   Careful  A client id of its own, a clean start, no will. Brokers that hand the session to the certificate's name, whatever the
//            client id (mosquitto, as we set it up), would throw the agent out all the same: so in MQTT 5 an authentication method
//            is named that nobody has. A broker refuses that (0x8C) after it has looked at the certificate and before it looks for a session.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "transport/command/websocket.h"

namespace platen::channel {

enum class Level : std::uint8_t { v311 = 4, v5 = 5 };

struct SignIn {
  enum class Is {
    welcome,  // accepted, or refused for the method alone
    not_authorised,
    other_version,
    refused,  // for another reason
    hung_up,  // without a word
    nonsense
  } is = Is::nonsense;
  int reason = 0;  // of CONNACK
  friend bool operator==(const SignIn&, const SignIn&) = default;
};

[[nodiscard]] std::string sign_in_question(Level level, std::string_view client_id, const Mask& mask);
[[nodiscard]] bool sign_in_is_answered(std::string_view octets);  // enough has come to say
[[nodiscard]] SignIn sign_in_answer(Level level, std::string_view octets);

}  // namespace platen::channel
