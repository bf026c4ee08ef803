#include "base/ip_address.h"

#include <arpa/inet.h>
#include <net/if.h>

#include <algorithm>
#include <charconv>

namespace platen {

IpAddress IpAddress::v4(std::uint32_t host_order) {
  IpAddress address;
  for (std::size_t i = 0; i < 4; ++i) address.octets_[i] = static_cast<std::uint8_t>(host_order >> (24 - 8 * i));
  return address;
}

IpAddress IpAddress::v6(const std::array<std::uint8_t, 16>& octets) {
  IpAddress address;
  address.v4_ = false;
  address.octets_ = octets;
  return address;
}

Expected<IpAddress> IpAddress::parse(std::string_view text) {
  const std::string copy(text);
  in_addr four{};
  if (::inet_pton(AF_INET, copy.c_str(), &four) == 1) return v4(ntohl(four.s_addr));
  std::array<std::uint8_t, 16> six{};
  if (::inet_pton(AF_INET6, copy.c_str(), six.data()) == 1) return v6(six);
  return fail(Code::invalid, "'" + copy + "' is not an IP address");
}

Expected<IpAddress> IpAddress::parse_scoped(std::string_view text) {
  const std::size_t percent = text.find('%');
  auto address = parse(text.substr(0, percent));
  if (!address || percent == std::string_view::npos) return address;
  if (!address->is_link_local()) {
    return fail(Code::invalid, "'" + std::string(text) + "': only a link-local address (fe80::…) takes an interface");
  }
  const std::string name(text.substr(percent + 1));
  std::uint32_t number = 0;
  const auto [stop, fault] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (fault != std::errc{} || stop != name.data() + name.size()) number = ::if_nametoindex(name.c_str());
  if (number == 0) return fail(Code::not_found, "this machine has no network interface '" + name + "'");
  return address->with_scope(number);
}

IpAddress IpAddress::with_scope(std::uint32_t interface) const {
  IpAddress copy = *this;
  copy.scope_ = interface;
  return copy;
}

std::uint32_t IpAddress::to_v4() const {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8U | octets_[i];
  return value;
}

bool IpAddress::is_loopback() const {
  if (v4_) return octets_[0] == 127;
  return octets_[15] == 1 &&
         std::all_of(octets_.begin(), octets_.end() - 1, [](std::uint8_t octet) { return octet == 0; });
}

bool IpAddress::is_multicast() const { return v4_ ? octets_[0] >= 224 && octets_[0] < 240 : octets_[0] == 0xff; }

bool IpAddress::is_link_local() const { return !v4_ && octets_[0] == 0xFE && (octets_[1] & 0xC0U) == 0x80U; }

IpAddress IpAddress::filled(unsigned prefix, std::uint8_t with) const {
  IpAddress out = *this;
  const unsigned octets = v4_ ? 4 : 16;
  for (unsigned i = prefix / 8; i < octets; ++i) {
    const auto host = static_cast<std::uint8_t>(i == prefix / 8 ? 0xFFU >> prefix % 8 : 0xFFU);
    out.octets_[i] = static_cast<std::uint8_t>((octets_[i] & ~host) | (with & host));
  }
  return out;
}

std::string IpAddress::text() const {
  std::array<char, INET6_ADDRSTRLEN> buffer{};
  const char* written = ::inet_ntop(v4_ ? AF_INET : AF_INET6, octets_.data(), buffer.data(), buffer.size());
  std::string out = written == nullptr ? std::string() : std::string(written);
  if (scope_ == 0) return out;
  std::array<char, IF_NAMESIZE> name{};
  return out + "%" + (::if_indextoname(scope_, name.data()) == nullptr ? std::to_string(scope_) : name.data());
}

}  // namespace platen

std::size_t std::hash<platen::IpAddress>::operator()(const platen::IpAddress& address) const noexcept {
  std::uint64_t mixed = address.is_v4() ? 0x9e3779b97f4a7c15U : 0xc2b2ae3d27d4eb4fU;  // FNV-like, not for hostile keys
  for (const std::uint8_t octet : address.octets()) mixed = (mixed ^ octet) * 0x100000001b3U;
  mixed = (mixed ^ address.scope()) * 0x100000001b3U;
  return static_cast<std::size_t>(mixed);
}
