// What must be in place before the agent starts: for `run`, a reload and `config check` alike.
#pragma once

#include <optional>

#include "agent/config/config.h"
#include "agent/main/post.h"

namespace platen::agent {

// Who the agent is to the cloud; nothing without a cloud. Reads files, makes nothing.
//   Errors   Everything that is wrong, agent.state_dir first: a certificate that is missed may have been looked for in
//            it.
[[nodiscard]] Expected<std::optional<Login>, config::Faults> ready(const config::Config& config);

}  // namespace platen::agent
