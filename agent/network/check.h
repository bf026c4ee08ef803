// One path, tried for real, and what a helpdesk should know of it.
//
//   Tries    name, TCP, proxy, TLS, application protocol, one harmless HTTP question, and a sign-in at the broker that leaves the
//            agent's own session alone (transport/command/sign_in.h); through the door, as the agent would.
//   Judges   judge() makes the verdict from what was seen: pure.
//   Effects  try_path() opens one to three connections, each logged by the door; at most `patience` each.
#pragma once

#include <chrono>
#include <stop_token>
#include <string>

#include "agent/network/paths.h"
#include "transport/egress/door.h"

namespace platen::network {

inline constexpr std::chrono::seconds tolerated_clock_error{300};

struct Verdict {
  enum class Is { good, warning, bad } is = Is::good;
  std::string_view code;      // "ok", "proxy.login", "tls.resigned"
  std::string text, way_out;  // one sentence each; no way out when all is well
};

// What was seen on a path.
struct Seen {
  egress::Trouble dialled;         // fault none: TLS stood
  bool opened_on_the_way = false;  // by the authority of the site that proxy.ca_file names
  bool answered = false;           // an HTTP question was put
  egress::Trouble answer;          // facts of the answer: status, location, clock
  egress::Trouble sign_in;         // fault none: the broker would let the agent in, or was not asked
};

[[nodiscard]] Verdict judge(Use use, const Seen& seen);
[[nodiscard]] Seen try_path(const egress::Door& door, const Path& path, const egress::Tls& tls,
                            std::chrono::milliseconds patience, const std::stop_token& stop);

}  // namespace platen::network
