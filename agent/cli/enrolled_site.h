// The settings as the agent runs with them: what enrolment left fills in what no setting says.
//
//   Errors   nothing and no change: not enrolled, or enrolled by hand; Error: identity.pem is there and cannot be used.
#pragma once

#include <optional>

#include "agent/config/config.h"
#include "agent/identity/enrolled.h"

namespace platen::cli {

[[nodiscard]] Expected<std::optional<identity::Enrolled>> take_up_enrolment(config::Config& config);

}  // namespace platen::cli
