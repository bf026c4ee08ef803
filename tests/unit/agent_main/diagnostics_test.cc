#include "agent/main/diagnostics.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

using namespace platen;
using nlohmann::json;

namespace {

config::Config settings() {
  return config::parse(
             "[scan]\ntargets = [\"192.0.2.0/24\"]\n[proxy]\naddress = "
             "\"http://us%er:inTheAddress@proxy.example:3128\"\n"
             "user = \"u\"\npassword = \"p@ss:w%rd\"\n[[credential]]\nname = \"old\"\ncommunity = "
             "\"planted-community\"\n"
             "[[credential]]\nname = \"of a file\"\ncommunity_file = \"f\"\n"
             "[[credential]]\nname = \"new\"\nversion = \"3\"\nuser = \"reader\"\nauth = \"SHA-256\"\nauth_pass = "
             "\"planted-auth\"\npriv = \"AES\"\npriv_pass = \"planted-auth-and-more\"\n",
             "/etc/platen/agent.toml",
             [](const std::string&) -> Expected<Secret> { return Secret("planted-in-a-file"); })
      .value();
}

}  // namespace

TEST_CASE("no planted secret leaves with the bundle, wherever it stands") {
  const agent::Findings findings{
      .status_json = "{\"uplink\": {\"last_error\": \"planted-community was said\"}, \"readings\": 7}",
      .log = {"2026-11-21T02:10:45.123Z warn x why=\"planted-in-a-file planted-auth-and-more\"",
              "info y key=\"-----BEGIN PRIVATE KEY-----MIIplanted-----END PRIVATE KEY-----\"",
              "info z url=https://me:planted-url@host/ and planted-environment"},
      .secrets = {Secret("planted-environment")},
      .instead = {}};
  const std::string bundle = agent::diagnostics(settings(), findings, 262'144);
  CHECK_MESSAGE(bundle.find("planted") == std::string::npos, bundle);
  CHECK(bundle.find("inTheAddress") == std::string::npos);
  CHECK(bundle.find("p@ss:w%rd") == std::string::npos);
  const json told = json::parse(bundle);
  CHECK(told["schema"] == "platen.diagnostics/1");
  CHECK(told["settings"]["scan.targets"][0] == "192.0.2.0/24");
  CHECK(told["settings"]["proxy.password"] == "<secret>");
  CHECK(told["settings"]["credential"][2]["user"] == "reader");
  CHECK(told["settings"]["credential"][2]["auth_pass"] == "<secret>");
  CHECK(told["status"]["readings"] == 7);
  CHECK(told["log"].size() == 3);
}

TEST_CASE("what the privacy policy keeps does not leave here either") {
  agent::Findings findings{
      .status_json = "{\"forecast\": {\"missing\": [{\"serial\": \"SN12345\"}]}}",
      .log = {"info printer.found address=192.0.2.7 serial=SN12345", "info other address=192.0.2.99"},
      .secrets = {},
      .instead = {{"SN12345", "p-1"}, {"192.0.2.7", "p-2"}},
      .addresses_leave = false};
  const std::string bundle = agent::diagnostics(settings(), findings, 262'144);
  CHECK(bundle.find("SN12345") == std::string::npos);
  CHECK(bundle.find("192.0.2.7 ") == std::string::npos);
  CHECK(bundle.find("192.0.2.99") == std::string::npos);
  CHECK(bundle.find("p-1") != std::string::npos);
}

TEST_CASE("it is never larger than it may be: the oldest lines give way") {
  agent::Findings findings{.status_json = "{}"};
  for (int i = 0; i < 10'000; ++i) findings.log.push_back(std::string(100, 'x') + "\"\n" + std::to_string(i));
  const std::string bundle = agent::diagnostics(settings(), findings, 262'144);
  CHECK(bundle.size() <= 262'144);
  const json told = json::parse(bundle);
  CHECK(told["log"].size() > 1'000);
  CHECK(told["log"].back() == findings.log.back());
  CHECK(told["log_left_out"].get<std::size_t>() + told["log"].size() == 10'000);
  findings.status_json = "{\"x\": \"" + std::string(300'000, 'y') + "\"}";
  CHECK(agent::diagnostics(settings(), findings, 262'144).size() <= 262'144);
}
