// MQTT in a WebSocket, the client's side: the question for it, and its frames. Pure.
//
//   Source   RFC 6455; MQTT 5 §6.0 (subprotocol "mqtt", binary frames, packets regardless of frames).
//   Limits   Nothing of a frame is held but its head (14 octets) and a ping (125): content is handed on as it comes.
//            An MQTT packet longer than `longest_packet` is refused by its head, before anybody makes room for it.
//   Errors   Code::invalid: what the peer sent that no broker sends: text, masked or reserved frames, a broken length.
//            After its close frame, which is answered, nothing means anything in either direction.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/expected.h"
#include "transport/egress/http_head.h"
#include "transport/egress/relay.h"

namespace platen::channel {

inline constexpr std::string_view key_for_a_check = "cGxhdGVuIG5ldGNoZWNrIQ==";

// `key`: 16 octets in base 64, which need not be secret.
[[nodiscard]] std::string upgrade_request(std::string_view host, std::string_view path, std::string_view key);
// Is it the answer to that? Errors: Code::invalid, with what is missing.
[[nodiscard]] Expected<void> check_upgrade(const egress::HttpHead& head, std::string_view key);

// Follows MQTT packets through a stream of octets by their fixed heads (MQTT 5 §2.1.4).
class PacketGuard {
 public:
  explicit PacketGuard(std::size_t longest) : longest_(longest) {}
  [[nodiscard]] Expected<void> follow(std::string_view octets);

 private:
  const std::size_t longest_;
  std::size_t left_ = 0, length_ = 0;  // of the packet under way
  int head_ = 0;                       // octets of the head seen
};

using Mask = std::array<std::uint8_t, 4>;

class Frames final : public egress::Wrapping {
 public:
  Frames(std::size_t longest_packet, std::function<Mask()> new_mask)
      : guard_(longest_packet), new_mask_(std::move(new_mask)) {}
  [[nodiscard]] std::string wrap(std::string_view octets) override;
  [[nodiscard]] Expected<std::string> unwrap(std::string_view octets, std::string& answer) override;

 private:
  [[nodiscard]] std::string frame(std::uint8_t code, std::string_view octets) const;
  [[nodiscard]] std::size_t wanted() const;
  [[nodiscard]] Expected<void> begin();
  void end(std::string& answer);

  PacketGuard guard_;
  std::function<Mask()> new_mask_;
  std::string head_, control_;
  std::uint64_t left_ = 0;
  std::uint8_t code_ = 0;
  bool within_ = false;     // a frame's content
  bool continued_ = false;  // a message of several frames
  bool closed_ = false;     // by the peer
};

}  // namespace platen::channel
