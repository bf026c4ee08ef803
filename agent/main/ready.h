// What must be in place before the agent starts: for `run`, a reload and `config check` alike.
#pragma once

#include <optional>

#include "agent/config/config.h"
#include "agent/main/post.h"

namespace platen::agent {

struct Ready {
  // Who the agent is to the cloud: what enrolment left in agent.state_dir, unless the configuration names a certificate or a
  // key. Nothing: not enrolled yet, no cloud, or while there is trouble.
  std::optional<Login> login;
  std::string trouble;  // why agent.state_dir cannot be used now, with the way out; "": it can
};

// Reads files, makes nothing.
//   Trouble  what can be cured while the agent runs: a folder that is missing in a folder that is there, that cannot be
//            written to, a disk that gives nothing. Of files in such a folder nobody can say that they are wrong.
//   Errors   everything that only other settings, or a person's word, can cure: agent.state_dir is no folder, or there is
//            none to make it in; a certificate, a key, the authorities.
[[nodiscard]] Expected<Ready, config::Faults> ready(const config::Config& config);

}  // namespace platen::agent
