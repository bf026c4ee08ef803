// What lies around this machine: what to propose to somebody who named no target, and candidates who announce themselves.
//
//   Effects  writes to stderr; add_candidates() asks the own networks by multicast, about three seconds long.
#pragma once

#include "agent/cli/request.h"

namespace platen::cli {

// Says which targets could be named; nothing is asked.
void propose();
// Those that answered and may be asked join request.targets. Errors: Code::unavailable.
[[nodiscard]] Expected<void> add_candidates(Request& request, const command::Arguments& arguments);

}  // namespace platen::cli
