// An IPv4 or IPv6 address as a value: ordered, hashable, written the canonical way (RFC 5952). A link-local IPv6 address
// (RFC 4291 §2.5.6) means something on one link only, so it may carry the number of this machine's interface (RFC 4007).
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/expected.h"

namespace platen {

class IpAddress {
 public:
  IpAddress() = default;
  [[nodiscard]] static IpAddress v4(std::uint32_t host_order);
  [[nodiscard]] static IpAddress v6(const std::array<std::uint8_t, 16>& octets);
  // "192.0.2.7" or "2001:db8::7", without a scope or brackets. Errors: Code::invalid.
  [[nodiscard]] static Expected<IpAddress> parse(std::string_view text);
  // Also "fe80::7%eth0" and "fe80::7%2". Asks the operating system for the interface.
  [[nodiscard]] static Expected<IpAddress> parse_scoped(std::string_view text);
  [[nodiscard]] IpAddress with_scope(std::uint32_t interface) const;

  [[nodiscard]] bool is_v4() const { return v4_; }
  [[nodiscard]] std::uint32_t to_v4() const;  // host order; meaningful only when is_v4()
  [[nodiscard]] const std::array<std::uint8_t, 16>& octets() const { return octets_; }  // IPv4 in the first four
  [[nodiscard]] bool is_loopback() const;
  [[nodiscard]] bool is_multicast() const;
  [[nodiscard]] bool is_link_local() const;                     // fe80::/10
  [[nodiscard]] std::uint32_t scope() const { return scope_; }  // interface of this machine; 0: none
  // The ends of the network that this address lies in; a prefix beyond the family's bits is the address itself.
  [[nodiscard]] IpAddress first_of(unsigned prefix) const { return filled(prefix, 0x00); }
  [[nodiscard]] IpAddress last_of(unsigned prefix) const { return filled(prefix, 0xFF); }
  [[nodiscard]] std::string text() const;  // with "%eth0" where there is a scope
  friend auto operator<=>(const IpAddress&, const IpAddress&) = default;

 private:
  [[nodiscard]] IpAddress filled(unsigned prefix, std::uint8_t with) const;
  bool v4_ = true;
  std::array<std::uint8_t, 16> octets_{};
  std::uint32_t scope_ = 0;
};

}  // namespace platen

template <>
struct std::hash<platen::IpAddress> {
  std::size_t operator()(const platen::IpAddress& address) const noexcept;
};
