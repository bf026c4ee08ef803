#include "cloud/deploy/deploy.h"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

namespace platen::deploy {
namespace {

// `platen-cloud deploy --public cloud.example:443`, where the user platen-cloud owns the keys.
Plan example() {
  return {.at = "cloud.example:443",
          .listen = {},
          .data = "/var/lib/platen-cloud",
          .home = "",
          .owner = "platen-cloud",
          .ingest = "127.0.0.1:8443",
          .enroll = "127.0.0.1:8444",
          .web = "127.0.0.1:8080",
          .broker = "127.0.0.1:8445",
          .broker_local = "127.0.0.1:8446"};
}

std::string content_of(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string text_of(const std::vector<File>& files, const std::string& name) {
  for (const File& file : files) {
    if (file.name == name) return file.octets;
  }
  return "";
}

TEST_CASE("cloud/deploy holds the files of cloud.example; platen-cloud deploy writes them") {
  const auto files = files_of(example());
  REQUIRE(files);
  for (const File& file : *files) {
    INFO(file.name);
    CHECK(file.octets == content_of("cloud/deploy/" + file.name));
    CHECK(file.octets.find('<') == std::string::npos);
  }
  CHECK(access_list({}) == content_of("cloud/deploy/broker.acl"));
}

TEST_CASE("a try stays in one folder, and listens where it was told") {
  Plan plan = example();
  plan.home = "/tmp/try";
  plan.listen = {"127.0.0.1:9443", "[::1]:9443"};
  const auto files = files_of(plan);
  REQUIRE(files);
  const std::string nginx = text_of(*files, "nginx.conf"), broker = text_of(*files, "mosquitto.conf");
  CHECK(nginx.find("listen 127.0.0.1:9443;\n    listen [::1]:9443;") != std::string::npos);
  CHECK(nginx.find("/run/") == std::string::npos);
  CHECK(nginx.find("/var/log") == std::string::npos);
  CHECK(broker.find("acl_file /tmp/try/broker.acl\n") != std::string::npos);
  CHECK(broker.find("keyfile /var/lib/platen-cloud/server.key\n") != std::string::npos);
}

TEST_CASE("nothing that nginx, mosquitto or systemd would take for more than a value gets into a file") {
  struct Row {
    const char* name;
    void (*spoil)(Plan& plan);
    const char* says;
  };
  const Row rows[] = {
      {"no port", [](Plan& plan) { plan.at = "cloud.example"; }, "--public"},
      {"no host", [](Plan& plan) { plan.at = ":443"; }, "--public"},
      {"port 0", [](Plan& plan) { plan.at = "cloud.example:0"; }, "--public"},
      {"a directive in the host", [](Plan& plan) { plan.at = "a;include /etc/shadow:443"; }, "--public"},
      {"a variable", [](Plan& plan) { plan.at = "$host:443"; }, "--public"},
      {"a line in the folder", [](Plan& plan) { plan.data = "/var/lib/x\nuser root"; }, "--data"},
      {"a blank in the folder", [](Plan& plan) { plan.data = "/var/lib/my cloud"; }, "--data"},
      {"a folder from here", [](Plan& plan) { plan.data = "cloud"; }, "--data"},
      {"a specifier of systemd", [](Plan& plan) { plan.data = "/var/%h"; }, "--data"},
      {"too long for a socket", [](Plan& plan) { plan.home = "/" + std::string(90, 'x'); }, "--home"},
      {"a name to listen on", [](Plan& plan) { plan.listen = {"cloud.example:443"}; }, "--listen"},
      {"no address", [](Plan& plan) { plan.ingest = "8443"; }, "--ingest"},
      {"port of five digits", [](Plan& plan) { plan.enroll = "127.0.0.1:84430"; }, "--enroll"},
      {"a broker that would listen everywhere", [](Plan& plan) { plan.broker = "[::1]:8445"; }, "--mqtt"},
      {"an owner with a line", [](Plan& plan) { plan.owner = "a\nb"; }, "chown"},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    Plan plan = example();
    row.spoil(plan);
    const auto files = files_of(plan);
    REQUIRE_FALSE(files);
    CHECK(files.error().code == Code::invalid);
    CHECK(files.error().text.find(row.says) != std::string::npos);
    CHECK(files.error().text.find('\n') == std::string::npos);
  }
}

TEST_CASE("an agent that was removed may do nothing, and comes before what everybody may") {
  const std::string list = access_list({"site-7", "site-9"});
  CHECK(list.find("user site-7\ntopic deny #\n") < list.find("pattern "));
  CHECK(list.find("user site-9\ntopic deny #\n") < list.find("pattern "));
}

}  // namespace
}  // namespace platen::deploy
