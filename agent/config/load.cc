#include <fmt/format.h>
#include <fmt/ranges.h>

#include "agent/config/checks.h"
#include "agent/config/config.h"
#include "agent/host/files.h"
#include "snmp/mib/targets.h"

namespace platen::config {
namespace {

constexpr std::size_t most_octets = 1U << 20U, most_secret_octets = 4096;

std::string chmod_advice(const std::string& file) {
  return fmt::format("{0} holds secrets and everybody on this host can read it; run: chmod 0640 {0}", file);
}

Expected<Secret> read_secret(const std::string& path) {
  auto file = host::read_file(path, most_secret_octets);
  if (!file) return fail(file.error());
  if (file->everybody_reads) return fail(Code::denied, chmod_advice(path));
  std::string& text = file->octets;
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  if (text.empty()) return fail(Code::invalid, path + " is empty; write the secret into it, on one line");
  if (text.find_first_of(std::string_view("\n\r\0", 3)) != std::string::npos) {
    return fail(Code::invalid, path + " holds more than one line; only the secret may stand in it");
  }
  return Secret(std::move(text));
}

Expected<std::string> read_targets(const std::string& path) {
  return host::read_file(path, largest_target_file).map([](host::File&& file) { return std::move(file.octets); });
}

}  // namespace

Expected<Config, Faults> load(const std::string& file) {
  const auto read = host::read_file(file, most_octets);
  if (!read) return fail(Faults{read.error()});
  auto config = parse(read->octets, file, read_secret, read_targets);
  if (config && config->holds_secrets && read->everybody_reads) return fail(Faults{{Code::denied, chmod_advice(file)}});
  return config;
}

privacy::Policies policies(const Config& config) {
  privacy::Policies out = privacy::fallbacks();
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = privacy::policy_of(config.privacy_words[i]).value_or(out[i]);
  return out;
}

std::string summary(const Config& config) {
  std::vector<std::string> targets, excluded;
  std::size_t names = 0;
  for (const std::string& target : config.scan.targets) {
    snmp::looks_like_address(target) ? targets.push_back(target) : static_cast<void>(++names);
  }
  for (const std::string& target : config.scan.exclude) {
    if (snmp::looks_like_address(target)) excluded.push_back(target);
  }
  const auto all = snmp::expand_targets(targets, excluded, {.allow_loopback = config.scan.allow_loopback});
  const std::size_t addresses = all ? all->size() : 0;
  std::string sources;
  for (const auto& [name, on] : {std::pair("mdns", config.discovery.mdns), std::pair("wsd", config.discovery.wsd),
                                 std::pair("slp", config.discovery.slp)}) {
    if (on) sources.append(sources.empty() ? ", candidates by " : ", ").append(name);
  }
  return fmt::format("{}: good: {} address{}{} to scan{}, {} credential{}, cloud {}", config.file, addresses,
                     addresses == 1 ? "" : "es",
                     names == 0 ? "" : fmt::format(" and {} host name{}", names, names == 1 ? "" : "s"), sources,
                     config.credentials.size(), config.credentials.size() == 1 ? "" : "s",
                     config.cloud.address.empty() ? "none" : config.cloud.address);
}

std::vector<std::string> idle(const Config& config, std::span<const std::string> own_networks) {
  std::vector<std::string> out;
  if (config.scan.targets.empty() && !config.discovery.any()) {
    out.emplace_back("nothing would be scanned; name addresses in scan.targets");
    if (!own_networks.empty()) {
      out.back() +=
          fmt::format(", for example this host's own networks: targets = [\"{}\"]", fmt::join(own_networks, "\", \""));
    }
  }
  if (config.cloud.address.empty()) {
    out.emplace_back("nothing would be sent, readings stay on this host; name the cloud in cloud.address");
  }
  return out;
}

}  // namespace platen::config
