// Who on the own networks says that it prints: candidates for an SNMP check, never more.
//
//   Rules    An answer counts for the address it came from and the addresses it names, and of these only for those within
//            `reach`: whoever answers can make this machine ask no other. Where one answer holds IPv4 addresses, its IPv6
//            addresses are the same device and left out. An answer that holds an excluded address is of an excluded device.
//   Caps     3 s, two askings, 4,096 answers of at most 9,000 octets, 8 addresses each, 4,096 candidates.
//   Effects  multicast questions (GroupPort); waits for answers, so it belongs on no thread that has more to do.
#pragma once

#include <chrono>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"
#include "snmp/mib/targets.h"
#include "snmp/sources/group_port.h"

namespace platen::snmp {

struct Sources {
  bool mdns = false, wsd = false, slp = false;
  [[nodiscard]] bool any() const { return mdns || wsd || slp; }
};

// What tells an answer to our question from any other; drawn at random.
struct QuestionIds {
  std::uint16_t mdns = 0, slp = 0;
  std::string wsd;  // a UUID
  [[nodiscard]] static QuestionIds drawn();
};

struct Candidates {
  std::vector<IpAddress> addresses;  // each once, in the order in which they were heard
  std::size_t answers = 0;           // about printers
  std::size_t outside = 0;           // addresses that were named but may not be asked
};

[[nodiscard]] Candidates look_around(const Sources& sources, const QuestionIds& ids, GroupPort& port,
                                     const Reach& reach, const Clock& clock, const std::stop_token& stop);

// The same with everything from this machine: its networks, its sockets. `targets`, `within` and `excluded` hold no host
// names; without the first two, candidates may lie within the own networks.
//   Errors: Code::unavailable, this machine has no network to ask on.
struct Surroundings {
  std::vector<std::string> targets, within, excluded;
  TargetOptions options;
};
[[nodiscard]] Expected<Reach> reach_of(const Surroundings& around);
[[nodiscard]] Expected<Candidates> find_candidates(const Sources& sources, const Surroundings& around,
                                                   const Clock& clock, const std::stop_token& stop);

}  // namespace platen::snmp
