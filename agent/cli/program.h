// The command line `platen`: its table. One file for each command; main.cc runs it.
#pragma once

#include "agent/config/config.h"
#include "base/command/command.h"

namespace platen::cli {

inline constexpr std::string_view kProgram = "platen";

[[nodiscard]] const command::Program& program();

// The commands. Each prints its result and says on stderr what could not be had; the exit codes are command.h's.
[[nodiscard]] int scan(const command::Arguments&);
[[nodiscard]] int read(const command::Arguments&);
[[nodiscard]] int explain(const command::Arguments&);
[[nodiscard]] int record(const command::Arguments&);
[[nodiscard]] int config_check(const command::Arguments&);
[[nodiscard]] int profile_test(const command::Arguments&);
[[nodiscard]] int profile_check(const command::Arguments&);
[[nodiscard]] int enroll(const command::Arguments& arguments);
[[nodiscard]] int status(const command::Arguments&);
[[nodiscard]] int ledger_verify(const command::Arguments&);
[[nodiscard]] int egress(const command::Arguments&);
[[nodiscard]] int netcheck(const command::Arguments&);
[[nodiscard]] int paths(const command::Arguments&);

// Prints what is wrong with a configuration; the exit code.
[[nodiscard]] int refuse(const config::Faults& faults);

}  // namespace platen::cli
