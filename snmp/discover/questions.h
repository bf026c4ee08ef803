// What a sweep asks on behalf of the credentials, and which credential an answer speaks for.
//
//   Rules    A credential is offered inside its scope only. Credentials are tried in the order given; the SNMPv1 form of
//            a v2c community comes after all that were given.
//   Effects  none.
#pragma once

#include <memory>
#include <vector>

#include "snmp/discover/sweep.h"
#include "snmp/discover/visit.h"

namespace platen::snmp {

struct Questions {
  std::vector<Question> all;
  std::vector<std::shared_ptr<const Visit::Candidate>> opens;  // of each question; nullptr for SNMPv3 discovery
  Visit::Candidates in_order;                                  // every candidate, as tried

  // Those that have a reason to work there: communities that were answered, users where SNMPv3 is spoken.
  [[nodiscard]] Visit::Candidates speaking_for(const Sweep& sweep, std::size_t target, const IpAddress& address) const;
};

[[nodiscard]] Questions questions_of(const std::vector<Credential>& credentials);

// The one that opened a printer last time first, then all others whose scope holds it, in their order.
[[nodiscard]] Visit::Candidates candidates_again(const Credential& winner, const Tolerance& tolerance,
                                                 const std::vector<Credential>& credentials, const IpAddress& address);

}  // namespace platen::snmp
