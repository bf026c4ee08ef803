// The socket as the engine sees it: batches of datagrams out and in. Two adapters fulfil it, linux (sendmmsg/recvmmsg)
// and plain (sendto/recvfrom); one contract suite runs on both.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/expected.h"
#include "snmp/mib/pdu.h"

namespace platen::snmp {

struct OutDatagram {
  Peer to;
  std::span<const std::uint8_t> octets;
};

struct InDatagram {
  Peer from;
  std::span<const std::uint8_t> octets;  // valid until the next receive()
  bool unreachable = false;              // not a datagram: ICMP says that nobody listens at `from`
  std::string send_failure{};            // not a datagram: why this machine could not send to `from`
};

inline constexpr std::size_t wanted_receive_buffer = 4U << 20U;  // octets asked of the kernel, which may grant less

class DatagramPort {
 public:
  virtual ~DatagramPort() = default;
  // How many of `out`, from the front, are done with; fewer means "would block", never an error of one peer: what
  // cannot be sent at all (no route, too large) counts as done and comes back from receive() as send_failure.
  // Ends the program rather than send what may not leave: the one place where that is asserted.
  [[nodiscard]] std::size_t send(std::span<const OutDatagram> out);
  // What has arrived, without waiting. Only the batched port hears of ICMP.
  [[nodiscard]] virtual std::span<const InDatagram> receive() = 0;
  // Until something can be received (or sent, when `want_send`), or `longest` is over.
  virtual void wait(std::chrono::milliseconds longest, bool want_send) = 0;
  [[nodiscard]] virtual std::size_t receive_buffer() const = 0;  // octets that the kernel granted
  [[nodiscard]] virtual std::size_t send_buffer() const = 0;     // likewise
  [[nodiscard]] virtual std::uint64_t dropped() const = 0;       // datagrams lost to a full buffer since open

 private:
  [[nodiscard]] virtual std::size_t hand_over(std::span<const OutDatagram> out) = 0;  // what send() promises
};

// False for a port where printers print what they receive, and for an SNMP request other than GET, GETNEXT and GETBULK.
// (Of an encrypted one nothing can be seen: Ask knows no other.)
[[nodiscard]] bool may_leave(const OutDatagram& datagram);

// Unconnected UDP sockets for IPv4 and, where the machine has it, IPv6. Errors: Code::unavailable.
[[nodiscard]] Expected<std::unique_ptr<DatagramPort>> open_batched_port(  // Linux
    std::size_t receive_buffer = wanted_receive_buffer);
[[nodiscard]] Expected<std::unique_ptr<DatagramPort>> open_plain_port();

}  // namespace platen::snmp
