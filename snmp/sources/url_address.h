// The address in a URL, when its host is written as one: "http://192.0.2.7:5357/x", "service:printer:lpr://[2001:db8::7]".
//
//   Source   RFC 3986 §3.2. A host name is nobody's address here: an answer must not make this machine ask a resolver.
//   Effects  none.
#pragma once

#include <optional>
#include <string_view>

#include "base/ip_address.h"

namespace platen::snmp {

[[nodiscard]] std::optional<IpAddress> address_in_url(std::string_view url);

}  // namespace platen::snmp
