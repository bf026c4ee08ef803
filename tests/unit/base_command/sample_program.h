// A small program with everything a table can hold.
#pragma once

#include "base/command/command.h"

namespace platen::command {

inline Program sample_program() {
  return {
      .name = "demo",
      .about = "Show what a table can hold.",
      .commands = {
          {.name = "scan",
           .about = "Look at addresses.",
           .examples = {"scan 192.0.2.7", "scan 192.0.2.0/24 --community public --format json > out.json"},
           .positionals = {{.name = "TARGET", .about = "an address", .many = true}},
           .options =
               {{.name = "--community", .value = "NAME", .about = "SNMP community", .many = true},
                {.name = "--community-file", .value = "FILE", .about = "a file with communities", .kind = Kind::file},
                {.name = "--timeout",
                 .value = "TIME",
                 .about = "wait",
                 .fallback = "2s",
                 .kind = Kind::duration,
                 .low = 10,
                 .high = 60'000},
                {.name = "--port",
                 .value = "N",
                 .about = "UDP port",
                 .fallback = "161",
                 .kind = Kind::number,
                 .low = 1,
                 .high = 65'535},
                {.name = "--all", .about = "everything", .letter = 'a'}},
           .formats = list_formats,
           .incomplete_when = "an address was silent"},
          {.name = "config check",
           .about = "Check a configuration.",
           .examples = {"config check", "config check --config agent.toml"},
           .options = {{.name = "--config", .value = "FILE", .about = "the file", .kind = Kind::file}},
           .formats = object_formats},
          {.name = "config show",
           .about = "Show a configuration.",
           .examples = {"config show", "config show --json"},
           .formats = object_formats},
      }};
}

}  // namespace platen::command
