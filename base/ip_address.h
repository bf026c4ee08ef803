// An IPv4 or IPv6 address as a value: ordered, hashable, written the canonical way (RFC 5952).
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

  [[nodiscard]] bool is_v4() const { return v4_; }
  [[nodiscard]] std::uint32_t to_v4() const;  // host order; meaningful only when is_v4()
  [[nodiscard]] const std::array<std::uint8_t, 16>& octets() const { return octets_; }  // IPv4 in the first four
  [[nodiscard]] bool is_loopback() const;
  [[nodiscard]] bool is_multicast() const;
  [[nodiscard]] std::string text() const;
  friend auto operator<=>(const IpAddress&, const IpAddress&) = default;

 private:
  bool v4_ = true;
  std::array<std::uint8_t, 16> octets_{};
};

}  // namespace platen

template <>
struct std::hash<platen::IpAddress> {
  std::size_t operator()(const platen::IpAddress& address) const noexcept;
};
