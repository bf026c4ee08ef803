#include "agent/cli/resolve.h"

#include <netdb.h>
#include <netinet/in.h>

#include <cstring>
#include <memory>
#include <optional>

namespace platen::cli {
namespace {

std::optional<IpAddress> address_of(const addrinfo& entry) {
  if (entry.ai_family == AF_INET) {
    sockaddr_in four{};
    std::memcpy(&four, entry.ai_addr, sizeof four);
    return IpAddress::v4(ntohl(four.sin_addr.s_addr));
  }
  if (entry.ai_family != AF_INET6) return std::nullopt;
  sockaddr_in6 six{};
  std::memcpy(&six, entry.ai_addr, sizeof six);
  std::array<std::uint8_t, 16> octets{};
  std::memcpy(octets.data(), &six.sin6_addr, octets.size());
  return IpAddress::v6(octets);
}

}  // namespace

Expected<IpAddress> resolve(const std::string& name) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_DGRAM;
  addrinfo* raw = nullptr;
  const int fault = ::getaddrinfo(name.c_str(), nullptr, &hints, &raw);
  if (fault != 0) {
    const bool passing = fault == EAI_AGAIN || fault == EAI_SYSTEM;
    return fail(passing ? Code::unavailable : Code::not_found,
                "the host name '" + name + "' has no address: " + ::gai_strerror(fault));
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> list(raw, &::freeaddrinfo);
  std::optional<IpAddress> six;
  for (const addrinfo* entry = list.get(); entry != nullptr; entry = entry->ai_next) {
    const auto address = address_of(*entry);
    if (address && address->is_v4()) return *address;
    if (address && !six) six = address;
  }
  if (!six) return fail(Code::not_found, "the host name '" + name + "' has no address");
  return *six;
}

}  // namespace platen::cli
