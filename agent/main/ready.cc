#include "agent/main/ready.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "agent/host/files.h"
#include "agent/network/door.h"

namespace platen::agent {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_octets_of_roots = 4U << 20U;

fs::path without_slash(const std::string& folder) {
  const fs::path path = fs::path(folder).lexically_normal();
  return path.has_filename() ? path : path.parent_path();
}

// False: there will be no such folder, whatever becomes of the disk.
bool can_be_a_folder(const std::string& folder) {
  std::error_code fault;
  const fs::path path = without_slash(folder);
  const fs::file_type type = fs::status(path, fault).type();
  if (type == fs::file_type::not_found) return fs::is_directory(path.parent_path(), fault);
  if (type == fs::file_type::none)
    return fault != std::errc::filename_too_long && fault != std::errc::too_many_symbolic_link_levels;
  return type == fs::file_type::directory;
}

void check_state(const std::string& folder, std::string& trouble, config::Faults& faults) {
  const auto usable = host::check_folder(folder);
  if (usable) return;
  Error error = usable.error().in("agent.state_dir");
  if (error.code == Code::not_found)
    error.text = fmt::format(
        "agent.state_dir: there is no folder {0}; check the path, or make it: `platen-agent identity --state-dir {0}` "
        "does, with this agent's key",
        folder);
  if (can_be_a_folder(folder))
    trouble = std::move(error.text);
  else
    faults.push_back(std::move(error));
}

bool lies_in(const std::string& file, const std::string& folder) {
  return fs::path(file).lexically_normal().parent_path() == without_slash(folder);
}

// Collects what is wrong, and leaves out what may be right once the trouble is over.
class Findings {
 public:
  explicit Findings(const config::Config& config) : folder_(config.agent.state_dir) {
    check_state(folder_, trouble, faults);
  }
  void add(Error error, std::initializer_list<std::string_view> files) {
    const bool hidden = !trouble.empty() && std::any_of(files.begin(), files.end(), [&](std::string_view file) {
      return lies_in(std::string(file), folder_);
    });
    if (hidden) return;
    if (error.code == Code::unavailable)
      trouble = std::move(error.text);
    else
      faults.push_back(std::move(error));
  }

  std::string trouble;
  config::Faults faults;

 private:
  const std::string folder_;
};

std::optional<identity::Identity> identity_of(const config::Config& config, Findings& findings) {
  const config::Cloud& cloud = config.cloud;
  auto identity = identity::load_identity(cloud.certificate_file, cloud.key_file);
  if (!identity) {
    findings.add(std::move(identity.error()), {cloud.certificate_file, cloud.key_file});
    return std::nullopt;
  }
  if (!config.agent.id.empty() && config.agent.id != identity->agent_id) {
    findings.faults.push_back(
        {Code::invalid,
         fmt::format("agent.id is \"{}\", but the certificate {} is for \"{}\"; leave agent.id out or use "
                     "the certificate of this agent",
                     config.agent.id, cloud.certificate_file, identity->agent_id)});
  }
  return std::move(*identity);
}

}  // namespace

Expected<Ready, config::Faults> ready(const config::Config& config) {
  Findings findings(config);
  std::optional<Login> login;
  auto door = network::open_door(config);
  if (!door) findings.add(door.error(), {config.proxy.ca_file});
  if (!config.cloud.address.empty()) {
    auto identity = identity_of(config, findings);
    auto roots = host::read_file(config.cloud.ca_file, most_octets_of_roots);
    const Expected<void> usable =
        roots ? identity::check_roots(roots->octets, config.cloud.ca_file) : fail(roots.error());
    if (!usable) findings.add(usable.error().in("cloud.ca_file"), {config.cloud.ca_file});
    if (identity && usable && door) login = Login{std::move(*identity), std::move(roots->octets), std::move(*door)};
  }
  if (!findings.faults.empty()) return fail(std::move(findings.faults));
  return Ready{std::move(login), std::move(findings.trouble)};
}

}  // namespace platen::agent
