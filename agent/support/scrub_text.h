// Personal words inside a text: addresses, host and e-mail names, telephone numbers, names known from elsewhere.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "base/ip_address.h"

namespace platen::support {

// Each address of somebody gets an address of 192.0.2.0/24 or 2001:db8::/32 (RFC 5737, RFC 3849), always the same one.
class Places {
 public:
  // False for what is nobody's own: 0.0.0.0/8, 127/8, multicast, masks and broadcast; :: and ::1.
  [[nodiscard]] static bool is_somebodys(const IpAddress& address);
  [[nodiscard]] bool knows(const IpAddress& address) const { return instead_.contains(address); }
  [[nodiscard]] IpAddress instead_of(const IpAddress& address);

 private:
  std::map<IpAddress, IpAddress> instead_;
  std::uint32_t four_ = 0;
  std::uint8_t six_ = 0;
};

// `dotted_numbers`: four numbers with dots are an address here, not a version. Octets that are no text stay as they
// are.
[[nodiscard]] std::string scrub_text(const std::string& text, const std::set<std::string>& names, Places& places,
                                     bool dotted_numbers, std::map<std::string, std::size_t>& what);

}  // namespace platen::support
