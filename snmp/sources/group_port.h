// Asks groups of hosts on this machine's own networks, and hears who answers. Nothing ever listens on a well-known port.
//
//   Effects  One UDP socket for each network and source, on a port that the system picks. Questions leave with a time to
//            live of 1: no router passes them on.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "base/expected.h"
#include "snmp/mib/pdu.h"
#include "snmp/sources/own_networks.h"

namespace platen::snmp {

enum class Source { mdns, wsd, slp };

class GroupPort {
 public:
  struct Arrival {
    Source source{};  // whose question it came to
    Peer from;
    std::uint32_t interface = 0;           // that it came in by
    std::span<const std::uint8_t> octets;  // until the next call
  };
  virtual ~GroupPort() = default;
  // To `group`, on every own network of its family. What cannot be sent is lost, as on a network.
  virtual void ask(Source source, const Peer& group, std::span<const std::uint8_t> octets) = 0;
  [[nodiscard]] virtual std::optional<Arrival> receive() = 0;  // never waits
  virtual void wait(std::chrono::milliseconds longest) = 0;    // until something may have arrived
};

// Errors: Code::unavailable, none of the networks gives a socket.
[[nodiscard]] Expected<std::unique_ptr<GroupPort>> open_group_port(std::span<const OwnNetwork> networks,
                                                                   std::span<const Source> sources);

}  // namespace platen::snmp
