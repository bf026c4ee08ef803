#include "agent/main/ready.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "agent/host/files.h"
#include "agent/identity/enrolled.h"
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

bool names_files(const config::Config& config) {
  return config.lines.contains("cloud.certificate_file") || config.lines.contains("cloud.key_file");
}

void check_name(const config::Config& config, const std::string& agent_id, const std::string& file,
                Findings& findings) {
  if (config.agent.id.empty() || config.agent.id == agent_id) return;
  findings.faults.push_back(
      {Code::invalid, fmt::format("agent.id is \"{}\", but the certificate {} is for \"{}\"; leave agent.id out "
                                  "or use the certificate of this agent",
                                  config.agent.id, file, agent_id)});
}

Expected<std::string> roots_in(const std::string& file) {
  auto roots = host::read_file(file, most_octets_of_roots);
  if (!roots) return fail(roots.error());
  if (const auto usable = identity::check_roots(roots->octets, file); !usable) return fail(usable.error());
  return std::move(roots->octets);
}

// As `platen enroll` left it.
std::optional<Login> by_code(const config::Config& config, Findings& findings) {
  const std::string file = identity::identity_file(config.agent.state_dir);
  auto enrolled = identity::load_enrolled(file);
  if (!enrolled) {
    if (enrolled.error().code != Code::not_found) findings.add(std::move(enrolled.error()), {file});
    return std::nullopt;
  }
  check_name(config, enrolled->identity.agent_id, file, findings);
  if (config.lines.contains("cloud.ca_file")) {
    const auto more = roots_in(config.cloud.ca_file);
    if (!more) findings.add(more.error().in("cloud.ca_file"), {config.cloud.ca_file});
    if (more) enrolled->roots_pem += *more;
  }
  return Login{.identity = std::move(enrolled->identity),
               .roots_pem = std::move(enrolled->roots_pem),
               .door = nullptr,
               .cloud = config.cloud.address.empty() ? enrolled->cloud : config.cloud.address,
               .enrolment = enrolled->enrolment,
               .command = config.command_address.empty() ? enrolled->command : config.command_address,
               .task_key = enrolled->task_key};
}

// As a person put it there.
std::optional<Login> by_hand(const config::Config& config, Findings& findings) {
  const config::Cloud& cloud = config.cloud;
  auto identity = identity::load_identity(cloud.certificate_file, cloud.key_file);
  if (!identity) findings.add(std::move(identity.error()), {cloud.certificate_file, cloud.key_file});
  if (identity) check_name(config, identity->agent_id, cloud.certificate_file, findings);
  auto roots = roots_in(cloud.ca_file);
  if (!roots) findings.add(roots.error().in("cloud.ca_file"), {cloud.ca_file});
  if (!identity || !roots) return std::nullopt;
  return Login{.identity = std::move(*identity),
               .roots_pem = std::move(*roots),
               .door = nullptr,
               .cloud = cloud.address,
               .enrolment = "",
               .command = config.command_address};
}

// Whoever names no files and has put none there waits for `platen enroll`.
bool has_files(const config::Config& config) {
  std::error_code fault;
  return names_files(config) || fs::exists(config.cloud.certificate_file, fault);
}

}  // namespace

Expected<Ready, config::Faults> ready(const config::Config& config) {
  Findings findings(config);
  std::optional<Login> login;
  auto door = network::open_door(config);
  if (!door) findings.add(door.error(), {config.proxy.ca_file});
  if (!names_files(config)) login = by_code(config, findings);
  if (!login && !config.cloud.address.empty() && has_files(config)) login = by_hand(config, findings);
  if (login && door)
    login->door = network::letting_through(**door, std::array{login->cloud, login->enrolment, login->command});
  if (!findings.faults.empty()) return fail(std::move(findings.faults));
  return Ready{std::move(login), std::move(findings.trouble)};
}

}  // namespace platen::agent
