#include "agent/main/ready.h"

#include <fmt/format.h>

#include "agent/host/files.h"

namespace platen::agent {
namespace {

constexpr std::size_t most_octets_of_roots = 4U << 20U;

void check_state(const std::string& folder, config::Faults& faults) {
  const auto usable = host::check_folder(folder);
  if (usable) return;
  if (usable.error().code != Code::not_found) return faults.push_back(usable.error().in("agent.state_dir"));
  faults.push_back({Code::not_found,
                    fmt::format("agent.state_dir: there is no folder {0}; check the path, or make it: `platen-agent "
                                "identity --state-dir {0}` does, with this agent's key",
                                folder)});
}

std::optional<identity::Identity> identity_of(const config::Config& config, config::Faults& faults) {
  const config::Cloud& cloud = config.cloud;
  auto identity = identity::load_identity(cloud.certificate_file, cloud.key_file);
  if (!identity) {
    faults.push_back(std::move(identity.error()));
    return std::nullopt;
  }
  if (!config.agent.id.empty() && config.agent.id != identity->agent_id) {
    faults.push_back({Code::invalid,
                      fmt::format("agent.id is \"{}\", but the certificate {} is for \"{}\"; leave agent.id out or use "
                                  "the certificate of this agent",
                                  config.agent.id, cloud.certificate_file, identity->agent_id)});
  }
  return std::move(*identity);
}

}  // namespace

Expected<std::optional<Login>, config::Faults> ready(const config::Config& config) {
  config::Faults faults;
  std::optional<Login> login;
  check_state(config.agent.state_dir, faults);
  if (!config.cloud.address.empty()) {
    auto identity = identity_of(config, faults);
    auto roots = host::read_file(config.cloud.ca_file, most_octets_of_roots);
    const Expected<void> usable =
        roots ? identity::check_roots(roots->octets, config.cloud.ca_file) : fail(roots.error());
    if (!usable) faults.push_back(usable.error().in("cloud.ca_file"));
    if (identity && roots) login = Login{std::move(*identity), std::move(roots->octets)};
  }
  if (!faults.empty()) return fail(std::move(faults));
  return login;
}

}  // namespace platen::agent
