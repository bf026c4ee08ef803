#include "transport/command/websocket.h"

#include <openssl/evp.h>

#include <algorithm>

#include "transport/command/base64.h"
#include "transport/egress/endpoint.h"

namespace platen::channel {
namespace {

enum Code6455 : std::uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };
constexpr std::uint8_t final_bit = 0x80, mask_bit = 0x80, reserved_bits = 0x70, code_bits = 0x0F, is_control = 0x08;
constexpr std::size_t longest_control = 125;

std::string sha1(std::string_view octets) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(octets.data(), octets.size(), digest.data(), &size, EVP_sha1(), nullptr);
  return {digest.begin(), digest.begin() + size};
}

std::uint8_t octet(char each) { return static_cast<std::uint8_t>(each); }

void put_length(std::string& out, std::size_t size) {
  const int octets = size < 126 ? 0 : size < 65'536 ? 2 : 8;
  out += static_cast<char>(mask_bit | (octets == 0 ? size : octets == 2 ? 126U : 127U));
  for (int i = octets - 1; i >= 0; --i) out += static_cast<char>(size >> (8U * static_cast<unsigned>(i)) & 0xFFU);
}

}  // namespace

std::string upgrade_request(std::string_view host, std::string_view path, std::string_view key) {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: " + std::string(host) +
         "\r\nUser-Agent: platen\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: " +
         std::string(key) + "\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n";
}

Expected<void> check_upgrade(const egress::HttpHead& head, std::string_view key) {
  constexpr std::string_view sign = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";  // RFC 6455 §1.3
  if (head.status != 101) return fail(Code::invalid, "no WebSocket there: HTTP " + std::to_string(head.status));
  if (egress::lower_case(head.field("upgrade")) != "websocket")
    return fail(Code::invalid, "the answer upgrades to something else than a WebSocket");
  if (head.field("sec-websocket-accept") != to_base64(sha1(std::string(key) + std::string(sign))))
    return fail(Code::invalid, "the answer belongs to another WebSocket question");
  if (head.field("sec-websocket-protocol") != "mqtt") return fail(Code::invalid, "the WebSocket does not carry MQTT");
  return {};
}

Expected<void> PacketGuard::follow(std::string_view octets) {
  while (!octets.empty()) {
    if (left_ != 0) {
      const std::size_t count = std::min(left_, octets.size());
      left_ -= count;
      octets.remove_prefix(count);
      continue;
    }
    const std::uint8_t each = octet(octets.front());
    octets.remove_prefix(1);
    if (head_++ == 0) {
      length_ = 0;
      continue;
    }
    length_ |= std::size_t{each & 0x7FU} << (7U * static_cast<unsigned>(head_ - 2));
    const bool more = (each & 0x80U) != 0;
    if (more && head_ > 4) return fail(Code::invalid, "an MQTT packet has no length");
    if (more) continue;
    if (length_ > longest_)
      return fail(Code::invalid, "an MQTT packet of " + std::to_string(length_) + " octets; at most " +
                                     std::to_string(longest_) + " are taken");
    left_ = length_, head_ = 0;
  }
  return {};
}

std::string Frames::wrap(std::string_view octets) { return closed_ ? "" : frame(binary, octets); }

std::string Frames::frame(std::uint8_t code, std::string_view octets) const {
  const Mask mask = new_mask_();
  std::string out(1, static_cast<char>(final_bit | code));
  put_length(out, octets.size());
  out.append(mask.begin(), mask.end());
  for (std::size_t i = 0; i < octets.size(); ++i) out += static_cast<char>(octet(octets[i]) ^ mask[i % mask.size()]);
  return out;
}

// Octets of the head, as far as it is known.
std::size_t Frames::wanted() const {
  if (head_.size() < 2) return 2;
  const unsigned length = octet(head_[1]) & ~unsigned{mask_bit};
  return length == 126 ? 4 : length == 127 ? 10 : 2;
}

Expected<void> Frames::begin() {
  const std::uint8_t first = octet(head_[0]), second = octet(head_[1]);
  code_ = first & code_bits;
  const bool last = (first & final_bit) != 0, control = (code_ & is_control) != 0;
  left_ = second & ~unsigned{mask_bit};
  if (left_ >= 126) {
    left_ = 0;
    for (std::size_t i = 2; i < head_.size(); ++i) left_ = left_ << 8U | octet(head_[i]);
  }
  if ((first & reserved_bits) != 0) return fail(Code::invalid, "a WebSocket frame has reserved bits");
  if ((second & mask_bit) != 0) return fail(Code::invalid, "a WebSocket server masks its frames");
  if (control && (!last || left_ > longest_control))
    return fail(Code::invalid, "a WebSocket control frame is too long");
  if (control && code_ > pong) return fail(Code::invalid, "a WebSocket frame of an unknown kind");
  if (!control && code_ != (continued_ ? continuation : binary))
    return fail(Code::invalid, "a WebSocket frame that cannot carry MQTT");
  if (!control) continued_ = !last;
  within_ = true;
  head_.clear(), control_.clear();
  return {};
}

void Frames::end(std::string& answer) {
  within_ = false;
  if (code_ == close) closed_ = true, answer += frame(close, std::string_view(control_).substr(0, 2));
  if (code_ == ping) answer += frame(pong, control_);
}

Expected<std::string> Frames::unwrap(std::string_view octets, std::string& answer) {
  std::string content;
  while (!closed_ && (!octets.empty() || (within_ && left_ == 0))) {
    if (!within_) {
      head_ += octets.front();
      octets.remove_prefix(1);
      if (head_.size() < wanted()) continue;
      if (auto begun = begin(); !begun) return fail(begun.error());
    }
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(left_, octets.size()));
    ((code_ & is_control) != 0 ? control_ : content).append(octets.substr(0, count));
    octets.remove_prefix(count);
    left_ -= count;
    if (left_ != 0) continue;
    end(answer);
  }
  if (auto good = guard_.follow(content); !good) return fail(good.error());
  return content;
}

}  // namespace platen::channel
