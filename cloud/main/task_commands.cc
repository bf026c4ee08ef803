#include "cloud/main/task_commands.h"

#include "cloud/main/program.h"
#include "cloud/tasks/task_order.h"

namespace platen::cloud {
namespace {

using command::Kind;
using command::Option;

const Option output_option{
    .name = "--output", .value = "FILE", .about = "write to this new file instead of stdout", .kind = Kind::file};
const command::Positional task_positional{.name = "TASK", .about = "as task list names it, or the beginning of that"};

command::Command task_send(const Option& data) {
  return {
      .name = "task send",
      .about = "Asks an agent to scan, to read printers now, to take up a configuration and more.",
      .examples = {"task send site-7 read_now s-VNB3K12345 --wait", "task send site-7 scan 192.0.2.0/24",
                   "task send site-7 set_config agent.toml --confirm-within 5m",
                   "task send site-7 send_diagnostics --wait --output site-7.txt"},
      .positionals = {{.name = "AGENT", .about = "as platen-cloud agents names it"},
                      {.name = "KIND", .about = "what is asked", .choices = {task_kinds().begin(), task_kinds().end()}},
                      {.name = "ARGUMENT", .about = "of that kind, see below", .many = true, .required = false}},
      .options = {data,
                  {.name = "--life",
                   .value = "DURATION",
                   .about = "until when it is worth doing, 1m to 720h; afterwards it is expired",
                   .fallback = "24h",
                   .kind = Kind::duration,
                   .low = 60'000,
                   .high = 2'592'000'000},
                  {.name = "--confirm-within",
                   .value = "DURATION",
                   .about = "of set_config: how soon the agent has to deliver under it, or the old one returns",
                   .kind = Kind::duration,
                   .low = 1000,
                   .high = 86'400'000},
                  {.name = "--wait", .about = "wait until it is over, and show its result"},
                  output_option},
      .run = run_task_send,
      .formats = command::object_formats,
      .incomplete_when =
          "there is no such agent or printer, it was asked too much, or with --wait the task was not done",
      .details =
          "scan [RANGE…]: within the configured ranges; without any, all of them. read_now [PRINTER…]: ids as "
          "platen-cloud printers shows them; without any, all that the agent knows. set_config FILE. explain "
          "ADDRESS. record PRINTER. send_diagnostics [LINES]: of the log, 2000 otherwise. "
          "rotate_credentials. check_update. open_web_session PRINTER. Works while the server runs, and without "
          "it: then the task waits. --output takes what the task brings home: the diagnostics, the recording, "
          "the explanation. docs/cloud-tasks.md tells the rest."};
}

command::Command task_list(const Option& data) {
  return {.name = "task list",
          .about = "Lists tasks and what became of them, the newest first.",
          .examples = {"task list --data cloud", "task list site-7 --open --format json"},
          .positionals = {{.name = "AGENT", .about = "only this agent's", .required = false}},
          .options = {data,
                      {.name = "--open", .about = "only those that are not over"},
                      {.name = "--newest",
                       .value = "N",
                       .about = "at most this many",
                       .fallback = "100",
                       .kind = Kind::number,
                       .low = 1,
                       .high = 1'000'000}},
          .run = run_task_list,
          .formats = command::list_formats,
          .incomplete_when = "no task was ever made",
          .details =
              "States: queued, delivered, running; then done, failed, expired, forbidden, refused, interrupted, "
              "cancelled, not-yet or unknown. docs/cloud-tasks.md explains them. What is over is kept for 90 days."};
}

command::Command task_show(const Option& data) {
  return {.name = "task show",
          .about = "Shows one task, and writes what it brought home to a file.",
          .examples = {"task show 4b1f0a93", "task show 4b1f0a93 --output site-7.txt"},
          .positionals = {task_positional},
          .options = {data, output_option},
          .run = run_task_show,
          .formats = command::object_formats,
          .incomplete_when = "there is no such task, it is over and was not done, or it has no output to write"};
}

command::Command task_cancel(const Option& data) {
  command::Positional tasks = task_positional;
  tasks.many = true;
  return {.name = "task cancel",
          .about = "Takes tasks back, or asks the agent that has them to end them.",
          .examples = {"task cancel 4b1f0a93", "task cancel 4b1f0a93 77e0d2c1 --data cloud"},
          .positionals = {tasks},
          .options = {data},
          .run = run_task_cancel,
          .incomplete_when = "there is no such task, or it is over"};
}

command::Command keys_list(const Option& data) {
  return {.name = "keys list",
          .about = "Lists the keys that sign tasks, and how many agents know the cloud by each.",
          .examples = {"keys list --data cloud", "keys list --format json"},
          .options = {data},
          .run = run_keys_list,
          .formats = command::list_formats};
}

command::Command keys_rotate(const Option& data) {
  return {.name = "keys rotate",
          .about = "Makes another key for tasks, and tells every agent under the one that it knows.",
          .examples = {"keys rotate --data cloud", "keys rotate --overlap 0s"},
          .options = {data,
                      {.name = "--overlap",
                       .value = "DURATION",
                       .about = "how long agents believe the earlier key too, 0s to 720h",
                       .fallback = "24h",
                       .kind = Kind::duration,
                       .low = 0,
                       .high = 2'592'000'000}},
          .run = run_keys_rotate,
          .details =
              "Works while the server runs. Until an agent has said that it took the new key up, its tasks are "
              "signed by the earlier one; platen-cloud agents shows who knows which. Nothing is removed."};
}

}  // namespace

std::vector<command::Command> task_commands(const Option& data) {
  return {task_send(data), task_list(data), task_show(data), task_cancel(data), keys_list(data), keys_rotate(data)};
}

}  // namespace platen::cloud
