// What the messages of both kinds of broker mean. Everything comes from a broker that nobody trusts. Pure.
//
//   Source   docs/protocol.md, "Commands over MQTT".
//   Limits   payloads of `most_octets` (channel.h); JSON of that size and 32 levels.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/expected.h"
#include "base/secret.h"

namespace platen::channel {

struct Meaning {
  enum class Is { nothing, look, command } is = Is::nothing;
  std::string octets = {};  // of the command
};

// Names that may stand in a topic: 1 to 128 letters, digits, '.', '-', '_', ':'.
[[nodiscard]] bool is_topic_word(std::string_view text);
// "platen/v1/AGENT/task"; `leaf`: "task", "seen", "presence".
[[nodiscard]] std::string topic_of(std::string_view agent_id, std::string_view leaf);
struct AgentTopic {
  std::string agent_id, leaf;
};
// nullopt: none of ours.
[[nodiscard]] std::optional<AgentTopic> agent_topic(std::string_view topic);

// Azure IoT Hub.

[[nodiscard]] std::string azure_path(bool by_token);  // of its WebSocket
// "SharedAccessSignature sr=…&sig=…&se=…". Errors: Code::invalid: the key is not base 64.
[[nodiscard]] Expected<Secret> shared_access_signature(std::string_view hub, std::string_view device_id,
                                                       const Secret& key, std::chrono::sys_seconds expiry);
struct Method {
  std::string name, rid;
};
// "$iothub/methods/POST/NAME/?$rid=ID".
[[nodiscard]] std::optional<Method> method_of(std::string_view topic);
[[nodiscard]] std::string method_answer_topic(int status, std::string_view rid);
[[nodiscard]] std::string state_json(std::string_view state);  // {"state": "received"}
// {"task": "BASE64"} is a command, {} and no payload at all a look. Errors: Code::invalid: anything else.
[[nodiscard]] Expected<Meaning> meaning_of_method(std::string_view payload);
// The number in {"look": n} (a change of desired properties) or in {"desired": {"look": n}} (the whole twin).
[[nodiscard]] std::optional<std::int64_t> look_of_twin(std::string_view payload);
[[nodiscard]] std::string reported(std::string_view version, std::optional<std::int64_t> look);

}  // namespace platen::channel
