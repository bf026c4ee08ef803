// A configuration that came from the cloud, over the site's own file: what it may state, and how it is laid over.
//
//   Rules    It may state every key but those that say who and where the agent is, how it gets out, what leaves the site, and
//            where files lie: agent.id, agent.state_dir, agent.ledger_size, [proxy], [privacy], every key of type path, and
//            "@FILE" among targets; loopback addresses only where the site's file allows them. What it states replaces what
//            the site's file states; one [[credential]] replaces all of them.
//   Shapes   the same TOML as the file's. An empty one states nothing: the site's file alone is in force.
//   Errors   as config::parse: every fault, with its line. A text above 64 KiB.
//   Effects  none; load_with_remote() reads the site's file, and the remote one, which counts only when the agent alone can
//            read and write it.
#pragma once

#include <string>
#include <string_view>

#include "agent/config/config.h"

namespace platen::config {

// The remote configuration by itself. `name` is what faults call it.
[[nodiscard]] Expected<Config, Faults> parse_remote(std::string_view toml, const std::string& name);
[[nodiscard]] Expected<Config, Faults> overlaid(Config site, const Config& remote);

[[nodiscard]] std::string remote_file(const std::string& state_dir);
struct Effective {
  Config config;
  std::string trouble;  // why the remote configuration is left out; "": it is not
};
[[nodiscard]] Expected<Effective, Faults> load_with_remote(const std::string& file);

}  // namespace platen::config
