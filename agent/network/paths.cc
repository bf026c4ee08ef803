#include "agent/network/paths.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

#include "transport/command/words.h"

namespace platen::network {
namespace {

constexpr auto table = std::to_array<Row>({
    {Use::uplink, "readings to the cloud",
     "meters, supplies, alerts and status of printers, results of tasks; signed tasks in; docs/privacy.md",
     "gRPC over HTTP/2; HTTP/1.1 where only that gets through", "443/tcp", "out",
     "TLS 1.2 or 1.3, both sides prove who they are", "cloud.address", true},
    {Use::enrolment, "enrolment and renewal",
     "activation code or proof of the old key, certificate request, host facts", "HTTP/1.1", "443/tcp", "out",
     "TLS 1.2 or 1.3, by the CA of the activation code", "the host of the cloud", true},
    {Use::command, "tasks at once", "signed tasks in, states out", "MQTT in a WebSocket (HTTP/1.1)", "443/tcp", "out",
     "TLS 1.2 or 1.3, both sides prove who they are", "command.address, otherwise the host of the cloud", true},
    {Use::update, "updates", "signed program files in", "HTTP/1.1", "443/tcp", "out", "TLS 1.2 or 1.3",
     "update.address", true},
    {Use::time, "check of the clock", "the Date of the cloud's answers; the host's clock is not set", "HTTP/1.1",
     "443/tcp", "out", "TLS 1.2 or 1.3", "cloud.address", true},
    {Use::proxy, "the way out", "all of the above, encrypted end to end", "HTTP CONNECT", "as named", "out",
     "that of what goes through it", "proxy.address, or the environment", false},
    {Use::names, "names of hosts", "the hosts above; the proxy resolves them where there is one",
     "DNS, by the host's resolver", "53/udp, 53/tcp", "out", "none, or that of the resolver", "the host's name servers",
     false},
    {Use::printers, "reading printers", "SNMP questions out, answers in", "SNMP v1, v2c, v3", "161/udp",
     "out, inside the site", "with SNMPv3 as configured, otherwise none", "scan.targets", false},
    {Use::mdns, "printers that announce themselves (mDNS)", "multicast questions", "mDNS", "5353/udp",
     "out, own networks only", "none", "224.0.0.251, ff02::fb", false},
    {Use::wsd, "printers that announce themselves (WS-Discovery)", "multicast questions", "WS-Discovery", "3702/udp",
     "out, own networks only", "none", "239.255.255.250, ff02::c", false},
    {Use::slp, "printers that announce themselves (SLP)", "multicast questions", "SLP", "427/udp",
     "out, own networks only", "none", "239.255.255.253, ff02::1:1000 to ff02::1:13ff", false},
});

constexpr std::string_view introduction =
    "# Communication paths\n"
    "\n"
    "Everything that an agent sends or receives over the network. Nothing listens on the host, on no interface: every\n"
    "connection is opened by the agent. `platen paths` prints this table for one site, with the hosts and ports of "
    "its\n"
    "configuration; `platen netcheck` tries each path. What to allow, and what to do about proxies: docs/network.md.\n"
    "\n"
    "This page is made from the table in `agent/network/paths.cc` by `platen paths --docs`; a test compares them.\n"
    "\n"
    "| purpose | data | protocol | port | direction | encryption | host |\n|---|---|---|---|---|---|---|\n";

void at(Path& path, const std::string& address) {
  path.in_use = !address.empty();
  path.address = address;
  const std::size_t colon = address.rfind(':');
  if (!path.in_use || colon == std::string::npos) return;
  path.host = address.substr(0, colon);
  path.port = address.substr(colon + 1) + "/tcp";
}

void fit(Path& path, const config::Config& config) {
  switch (path.use) {
    case Use::uplink:
    case Use::enrolment:
    case Use::time: return at(path, config.cloud.address);
    case Use::command: {
      path.signs_in = config.command.kind == "broker";  // IoT Hub would end the connection of the agent itself
      path.target = path.signs_in ? config.command.path : channel::azure_path(!config.command.key.empty());
      return at(path, config.command_address);
    }
    case Use::update: return at(path, config.update_address);
    case Use::proxy:
      path.in_use = config.proxy.address != "none";
      if (path.in_use && config.proxy.address != "auto") path.host = config.proxy.address;
      return;
    case Use::names: return;
    case Use::printers:
      path.port = fmt::format("{}/udp", config.scan.port);
      path.in_use = !config.scan.targets.empty() || config.discovery.any();
      if (!config.scan.targets.empty()) path.host = fmt::format("{}", fmt::join(config.scan.targets, ", "));
      return;
    case Use::mdns: path.in_use = config.discovery.mdns; return;
    case Use::wsd: path.in_use = config.discovery.wsd; return;
    case Use::slp: path.in_use = config.discovery.slp; return;
  }
}

}  // namespace

std::span<const Row> rows() { return table; }

std::vector<Path> paths(const config::Config& config) {
  std::vector<Path> out;
  for (const Row& row : table) {
    Path& path = out.emplace_back(Path{row.use, row.purpose, row.data, row.protocol, row.direction, row.encryption,
                                       std::string(row.port), std::string(row.host), "", row.through_the_door});
    fit(path, config);
  }
  return out;
}

std::string paths_markdown() {
  std::string out(introduction);
  for (const Row& row : table)
    out += fmt::format("| {} | {} | {} | {} | {} | {} | {} |\n", row.purpose, row.data, row.protocol, row.port,
                       row.direction, row.encryption, row.host);
  return out;
}

}  // namespace platen::network
