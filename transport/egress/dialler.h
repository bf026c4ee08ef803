// A TCP connection by our own hand: the way of most sites. Only where a proxy wants a login does libcurl dial (curl.h): with
// its libraries it takes 4 MB for as long as the program runs.
//
//   Way      the name's addresses, IPv4 first, the next one begun 250 ms after the last or when that has failed; whoever
//            answers first stays (RFC 8305 §5). A proxy is asked to CONNECT (RFC 9110 §9.3.6), without a login.
//   Reads    of a proxy's answer its head and not an octet more: what follows is the peer's.
//   Errors   the Fault; in Facts `detail`, and what the proxy said.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <stop_token>
#include <string>

#include "base/expected.h"
#include "base/ip_address.h"
#include "transport/egress/endpoint.h"
#include "transport/egress/fault.h"
#include "transport/egress/proxy.h"

namespace platen::egress {

struct Patience {
  std::chrono::steady_clock::time_point until;
  const std::stop_token& stop;
};

// A connected socket, which the caller closes; non-blocking. `proxy`: nullptr is straight; it gets no login.
[[nodiscard]] Expected<int, Fault> dial_by_hand(const Endpoint& to, const Proxy* proxy, const std::string& user_agent,
                                                const Patience& patience, Facts& facts);
// To whichever answers first. Errors: errno of the first that failed; ETIMEDOUT, ECANCELED.
[[nodiscard]] Expected<int, int> connect_to_first(std::span<const IpAddress> addresses, std::uint16_t port,
                                                  const Patience& patience);
// False: not ready when the patience ended.
[[nodiscard]] bool wait_for(int fd, short events, const Patience& patience);
// Keep-alive, no delay, and an end for connections whose other end is gone.
void look_after(int socket);
// What a proxy's answer to CONNECT means, unless it is 2xx.
[[nodiscard]] Fault fault_of_connect(int status);
// The logins that the head of a 407 names: "Basic, Digest".
[[nodiscard]] std::string logins_offered(std::string_view head);

}  // namespace platen::egress
