#include "snmp/sources/url_address.h"

namespace platen::snmp {

std::optional<IpAddress> address_in_url(std::string_view url) {
  constexpr std::string_view mark = "://";
  const std::size_t start = url.find(mark);
  if (start == url.npos) return std::nullopt;
  std::string_view host = url.substr(start + mark.size());
  host = host.substr(0, host.find_first_of("/?#;"));
  if (const std::size_t user = host.rfind('@'); user != host.npos) host.remove_prefix(user + 1);
  const bool six = host.starts_with('[');
  if (six) {
    const std::size_t close = host.find(']');
    if (close == host.npos) return std::nullopt;
    host = host.substr(1, close - 1);
    host = host.substr(0, host.find('%'));  // another machine's interface
  } else {
    host = host.substr(0, host.find(':'));
  }
  const auto address = IpAddress::parse(host);
  if (!address || address->is_v4() == six) return std::nullopt;
  return *address;
}

}  // namespace platen::snmp
