#include "agent/network/paths.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "agent/network/door.h"

using namespace platen;
using network::Use;

namespace {

config::Config parsed(const char* text) {
  const auto config =
      config::parse(text, "agent.toml", [](const std::string&) -> Expected<Secret> { return Secret("x"); });
  REQUIRE(config);
  return *config;
}

network::Path of(const config::Config& config, Use use) {
  const auto all = network::paths(config);
  return *std::find_if(all.begin(), all.end(), [&](const network::Path& path) { return path.use == use; });
}

}  // namespace

TEST_CASE("docs/network.md shows every path out of the site as the table has it") {
  std::ifstream in("docs/network.md");
  const std::string page{std::istreambuf_iterator<char>(in), {}};
  const std::string table = network::paths_markdown();
  for (const network::Row& row : network::rows()) {
    if (!row.through_the_door) continue;
    CAPTURE(row.purpose);
    const std::size_t begin = table.find(fmt::format("| {} |", row.purpose));
    CHECK(page.find(table.substr(begin, table.find('\n', begin) + 1 - begin)) != std::string::npos);
  }
}

TEST_CASE("docs/communication-paths.md is the table; `platen paths --docs` writes it anew") {
  std::ifstream in("docs/communication-paths.md");
  const std::string page{std::istreambuf_iterator<char>(in), {}};
  CHECK(page == network::paths_markdown());
}

TEST_CASE("a configuration's hosts and ports stand in its paths; what it does not name is not in use") {
  const config::Config empty = parsed("");
  for (const network::Path& path : network::paths(empty))
    CHECK_MESSAGE(path.in_use == (path.use == Use::names || path.use == Use::proxy), path.purpose);

  const config::Config full = parsed(R"(
[cloud]
address = "cloud.example:8443"
[command]
address = "broker.example:443"
[update]
address = "updates.example:443"
[proxy]
address = "http://proxy.example:3128"
[scan]
targets = ["192.0.2.0/24", "printer.example"]
port = 1161
[discovery]
mdns = true
)");
  struct Row {
    Use use;
    const char *host, *port;
    bool in_use;
  };
  const Row rows[] = {{Use::uplink, "cloud.example", "8443/tcp", true},
                      {Use::enrolment, "cloud.example", "8443/tcp", true},
                      {Use::time, "cloud.example", "8443/tcp", true},
                      {Use::command, "broker.example", "443/tcp", true},
                      {Use::update, "updates.example", "443/tcp", true},
                      {Use::proxy, "http://proxy.example:3128", "as named", true},
                      {Use::printers, "192.0.2.0/24, printer.example", "1161/udp", true},
                      {Use::mdns, "224.0.0.251, ff02::fb", "5353/udp", true},
                      {Use::wsd, "239.255.255.250, ff02::c", "3702/udp", false}};
  for (const Row& row : rows) {
    const network::Path path = of(full, row.use);
    CAPTURE(path.purpose);
    CHECK(path.host == row.host);
    CHECK(path.port == row.port);
    CHECK(path.in_use == row.in_use);
  }
}

TEST_CASE("the door lets through what the configuration names, and nothing else") {
  const auto door = network::open_door(
      parsed("[cloud]\naddress = 'cloud.example:443'\n[update]\naddress = 'updates.example:443'\n[proxy]\naddress = "
             "'http://u:p%40@proxy.example:3128'\n[scan]\ntargets = ['printer.example']"));
  REQUIRE(door);
  for (const char* host : {"cloud.example", "CLOUD.example", "updates.example"}) CHECK((*door)->allows(host));
  for (const char* host : {"", "proxy.example", "printer.example", "cloud.example.org", "example", "broker.example"})
    CHECK_FALSE((*door)->allows(host));
  CHECK(network::way_of((*door)->settings()) == "proxy.example:3128 (proxy.address)");
  CHECK((*door)->settings().routes.proxy->password.reveal() == "p@");
}

TEST_CASE("a proxy or an authority of the site that cannot be used is said, with the key") {
  struct Row {
    const char *text, *says;
  };
  const Row rows[] = {{"[proxy]\naddress = 'https://proxy.example'",
                       "proxy.address: only a proxy that is spoken to by plain http can be used"},
                      {"[proxy]\nca_file = '/nowhere'", "proxy.ca_file: cannot read /nowhere"},
                      {"[proxy]\nca_file = '/dev/null'", "proxy.ca_file"}};
  for (const Row& row : rows) {
    const auto door = network::open_door(parsed(row.text));
    REQUIRE_FALSE(door);
    CHECK_MESSAGE(door.error().text.find(row.says) != std::string::npos, door.error().text);
  }
}
