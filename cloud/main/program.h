// The commands of platen-cloud, as one table (base/command/command.h).
#pragma once

#include "base/command/command.h"
#include "base/expected.h"

namespace platen::cloud {

[[nodiscard]] command::Program cloud_program();

// What each command does; the exit code.
[[nodiscard]] int run_init(const command::Arguments& arguments);
[[nodiscard]] int run_agent_certificate(const command::Arguments& arguments);
[[nodiscard]] int run_enroll_new(const command::Arguments& arguments);
[[nodiscard]] int run_enroll_list(const command::Arguments& arguments);
[[nodiscard]] int run_enroll_revoke(const command::Arguments& arguments);
[[nodiscard]] int run_deploy(const command::Arguments& arguments);
[[nodiscard]] int run_serve(const command::Arguments& arguments);
[[nodiscard]] int run_printers(const command::Arguments& arguments);
[[nodiscard]] int run_readings(const command::Arguments& arguments);
[[nodiscard]] int run_agents(const command::Arguments& arguments);
[[nodiscard]] int run_verify(const command::Arguments& arguments);
[[nodiscard]] int run_meters_list(const command::Arguments& arguments);
[[nodiscard]] int run_meters_confirm(const command::Arguments& arguments);
[[nodiscard]] int run_meters_reject(const command::Arguments& arguments);
[[nodiscard]] int run_usage(const command::Arguments& arguments);
[[nodiscard]] int run_forecast(const command::Arguments& arguments);

[[nodiscard]] int run_task_send(const command::Arguments& arguments);
[[nodiscard]] int run_task_list(const command::Arguments& arguments);
[[nodiscard]] int run_task_show(const command::Arguments& arguments);
[[nodiscard]] int run_task_cancel(const command::Arguments& arguments);
[[nodiscard]] int run_keys_list(const command::Arguments& arguments);
[[nodiscard]] int run_keys_rotate(const command::Arguments& arguments);

// Prints the error in one line; the exit code that goes with it: 2 when the person can put it right, 1 otherwise.
[[nodiscard]] int refused(const Error& error);

// In the folder that --data names.
[[nodiscard]] std::string store_file(const command::Arguments& arguments);
[[nodiscard]] std::string meters_file(const command::Arguments& arguments);
[[nodiscard]] std::string registry_file(const command::Arguments& arguments);
[[nodiscard]] std::string tasks_file(const command::Arguments& arguments);
[[nodiscard]] std::string presence_file(const command::Arguments& arguments);

}  // namespace platen::cloud
