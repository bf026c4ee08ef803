#include "cloud/ingest/address.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <string_view>
#include <system_error>

#include "base/handle.h"

namespace platen::cloud {
namespace {

// A socket that listens there, or -errno.
int listening_socket(const addrinfo& place) {
  const int fd = ::socket(place.ai_family, place.ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, place.ai_protocol);
  if (fd < 0) return -errno;
  const int yes = 1;  // as gRPC does: connections that linger from before are no hindrance
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  if (::bind(fd, place.ai_addr, place.ai_addrlen) == 0 && ::listen(fd, SOMAXCONN) == 0) return fd;
  const int number = errno;
  ::close(fd);
  return -number;
}

std::uint16_t port_of(int fd) {
  sockaddr_storage name{};
  socklen_t size = sizeof name;
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&name), &size);
  // In both families the port is in the same place.
  sockaddr_in place{};
  std::memcpy(&place, &name, sizeof place);
  return ntohs(place.sin_port);
}

// getaddrinfo() would take a service's name too, and cuts numbers above 65535 down.
bool is_port(std::string_view text) {
  unsigned port = 65'536;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), port);
  return fault == std::errc{} && end == text.data() + text.size() && port <= 65'535;
}

}  // namespace

Expected<Listening> listen_at(const std::string& address) {
  const auto colon = address.rfind(':');
  if (colon == std::string::npos || colon == 0)
    return fail(Code::invalid, "cannot listen on '" + address + "': write it as ADDRESS:PORT");
  if (const std::string port = address.substr(colon + 1); !is_port(port))
    return fail(Code::invalid, "cannot listen on " + address + ": '" + port + "' is no port; use one from 0 to 65535");
  std::string host = address.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  const addrinfo hints{.ai_flags = AI_PASSIVE,
                       .ai_family = AF_UNSPEC,
                       .ai_socktype = SOCK_STREAM,
                       .ai_protocol = 0,
                       .ai_addrlen = 0,
                       .ai_addr = nullptr,
                       .ai_canonname = nullptr,
                       .ai_next = nullptr};
  addrinfo* list = nullptr;
  if (const int fault = ::getaddrinfo(host.c_str(), address.c_str() + colon + 1, &hints, &list); fault != 0)
    return fail(Code::invalid,
                "cannot listen on " + address + ": " + ::gai_strerror(fault) + "; write it as ADDRESS:PORT");
  const Handle<addrinfo, ::freeaddrinfo> owned(list);
  const int fd = listening_socket(*list);
  if (fd >= 0) return Listening{fd, port_of(fd)};
  const int number = -fd;
  const std::string why = "cannot listen on " + address + ": " + std::generic_category().message(number);
  if (number == EADDRINUSE) return fail(Code::conflict, why + "; stop the other program, or choose another port");
  if (number == EACCES || number == EPERM)
    return fail(Code::denied, why + "; choose a port above 1023, or grant this one");
  return fail(Code::invalid, why + "; choose an address of this machine");
}

Expected<void> usable_address(const std::string& address) {
  return listen_at(address).map([](const Listening& listening) { ::close(listening.fd); });
}

}  // namespace platen::cloud
