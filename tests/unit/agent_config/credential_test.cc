#include <doctest/doctest.h>

#include "agent/config/config.h"

using namespace platen;  // NOLINT: a test

namespace {

// Secret files of the test: path -> content.
const std::map<std::string, std::string> files = {{"/etc/platen/community", "floor-2"},
                                                  {"/run/keys/auth", "maplesyrup"}};

Expected<config::Config, config::Faults> parsed(std::string_view text) {
  return config::parse(text, "/etc/platen/agent.toml", [](const std::string& path) -> Expected<Secret> {
    const auto found = files.find(path);
    if (found == files.end()) return fail(Code::not_found, "cannot read " + path + ": no such file");
    return Secret(found->second);
  });
}

std::string first_fault(const Expected<config::Config, config::Faults>& result) {
  return result ? "(good)" : result.error().front().text;
}

}  // namespace

TEST_CASE("credentials keep the order of the file") {
  const auto config = parsed(R"(
[[credential]]
community_file = "community"
[[credential]]
version = "3"
user = "mps"
auth = "sha256"
auth_pass_file = "/run/keys/auth"
priv = "AES128"
priv_pass = "correct horse"
[[credential]]
version = "1"
)");
  REQUIRE_MESSAGE(config, first_fault(config));
  REQUIRE(config->credentials.size() == 3);
  CHECK(config->credentials[0].community.reveal() == "floor-2");
  CHECK(config->credentials[1].version == snmp::Version::v3);
  CHECK(config->credentials[1].auth == snmp::Auth::sha256);
  CHECK(config->credentials[1].auth_pass.reveal() == "maplesyrup");
  CHECK(config->credentials[1].priv == snmp::Priv::aes128);
  CHECK(config->credentials[1].priv_pass.reveal() == "correct horse");
  CHECK(config->credentials[2].version == snmp::Version::v1);
  CHECK(config->credentials[2].community.reveal() == "public");
  CHECK(config->holds_secrets);
}

TEST_CASE("each credential has a name and a scope of its own, and the same user may have other keys elsewhere") {
  const auto config = parsed(R"(
[[credential]]
name = "north"
version = "3"
user = "mps"
auth = "SHA"
auth_pass = "north north"
scope = ["10.1.0.0/16", "2001:db8::/48"]
[[credential]]
version = "3"
user = "mps"
auth = "SHA"
auth_pass = "south south"
scope = ["10.2.0.1-9"]
[[credential]]
)");
  REQUIRE_MESSAGE(config, first_fault(config));
  REQUIRE(config->credentials.size() == 3);
  const auto holds = [&](std::size_t i, const char* address) {
    return config->credentials[i].scope.holds(IpAddress::parse(address).value());
  };
  CHECK(config->credentials[0].name == "north");
  CHECK(config->credentials[1].name == "credential 2");
  CHECK(holds(0, "10.1.2.3"));
  CHECK(holds(0, "2001:db8::7"));
  CHECK_FALSE(holds(0, "10.2.0.5"));
  CHECK(holds(1, "10.2.0.5"));
  CHECK_FALSE(holds(1, "10.2.0.10"));
  CHECK(config->credentials[2].scope.is_everywhere());
}

TEST_CASE("secrets make a file secret, the community everybody knows does not") {
  CHECK(parsed("[[credential]]\ncommunity = \"floor-2\"").value().holds_secrets);
  CHECK_FALSE(parsed("[[credential]]\ncommunity = \"public\"").value().holds_secrets);
  CHECK_FALSE(parsed("[[credential]]\ncommunity_file = \"community\"").value().holds_secrets);
}

TEST_CASE("credentials that cannot work are refused, and no secret is shown") {
  struct Row {
    const char* text;
    const char* says;
  };
  const Row rows[] = {
      {"version = 2", "agent.toml:2: credential.version must be text in quotes (1, 2c or 3)"},
      {"version = \"v2\"", "agent.toml:2: credential.version = \"v2\" is not one of 1, 2c or 3"},
      {"version = \"4\"", "agent.toml:2: credential.version = \"4\" is not one of 1, 2c or 3"},
      {"community = \"s3cr3t\"\ncommunity_file = \"community\"",
       "agent.toml:3: [[credential]] 1: 'community' and 'community_file' exclude each other; keep one"},
      {"community = \"\"", "agent.toml:2: [[credential]] 1: 'community' is empty"},
      {"community = [\"s3cr3t\"]", "agent.toml:2: credential.community must be text in quotes"},
      {"comunity = \"s3cr3t\"", "agent.toml:2: unknown key 'comunity' in [credential]; did you mean 'community'?"},
      {"community_file = \"gone\"", "agent.toml:2: [[credential]] 1: cannot read /etc/platen/gone: no such file"},
      {"version = \"2c\"\nuser = \"mps\"",
       "agent.toml:3: [[credential]] 1: 'user' means nothing for version \"2c\"; take it out, or write version = "
       "\"3\""},
      {"version = \"3\"\nuser = \"mps\"\ncommunity = \"s3cr3t\"",
       "agent.toml:4: [[credential]] 1: 'community' means nothing for version \"3\"; take it out"},
      {"version = \"3\"\nuser = \"mps\"\nauth = \"SHA-3\"\nauth_pass = \"s3cr3t-s3cr3t\"",
       "agent.toml:4: credential.auth = \"SHA-3\" is not one of"},
      {"version = \"3\"\nuser = \"mps\"\nauth = \"SHA\"\nauth_pass = \"s3cr3t\"", "agent.toml:1: [[credential]] 1: "},
      {"user = \"mps\"\ncommunity = \"s3cr3t\"",
       "agent.toml:3: [[credential]] 1: 'community' means nothing for version \"3\"; take it out"},
      {"auth = \"SHA\"", "agent.toml:2: [[credential]] 1: 'auth' means nothing for version \"2c\"; take it out, or"},
      {"user = \"\"", "agent.toml:1: [[credential]] 1: SNMPv3 needs a user name"},
      {"user = \"mps\"\nauth = \"SHA\"",
       "agent.toml:3: [[credential]] 1: 'auth_pass' is missing: auth = \"SHA\" needs a pass phrase; write auth_pass or "
       "auth_pass_file, or take 'auth' out"},
      {"user = \"mps\"\nauth = \"SHA\"\nauth_pass = \"\"", "agent.toml:4: [[credential]] 1: 'auth_pass' is empty"},
      {"user = \"mps\"\nauth = \"SHA\"\nauth_pass = \"s3cr3t-s3cr3t\"\npriv = \"AES\"",
       "agent.toml:5: [[credential]] 1: 'priv_pass' is missing: priv = \"AES\" needs a pass phrase"},
      {"version = \"3\"\nuser = \"mps\"\npriv = \"AES\"\npriv_pass = \"s3cr3t-s3cr3t\"",
       "agent.toml:1: [[credential]] 1: "},
      {"version = \"3\"", "agent.toml:1: [[credential]] 1: "},
      {"scope = [\"10.0.0.0/8\",\n  \"printer.example\"]",
       "agent.toml:2: [[credential]] 1: scope 'printer.example': no address, range or network"},
      {"scope = \"10.0.0.0/8\"", "agent.toml:2: credential.scope must be a list of texts"},
      {"name = \"a\"\n[[credential]]\nname = \"a\"",
       "agent.toml:3: [[credential]] 2: another one is called \"a\" already"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const std::string said = first_fault(parsed(std::string("[[credential]]\n") + row.text));
    CAPTURE(said);
    CHECK(said.starts_with(std::string("/etc/platen/") + row.says));
    CHECK(said.find("did you mean \"1\"") == std::string::npos);
    CHECK(said.find("s3cr3t") == std::string::npos);
  }
}

TEST_CASE("an entry with a user and no version is of version 3") {
  const auto config =
      parsed("[[credential]]\nuser = \"mps\"\nauth = \"SHA\"\nauth_pass = \"s3cr3t-s3cr3t\"\n[[credential]]\n");
  REQUIRE(config);
  CHECK(config->credentials[0].version == snmp::Version::v3);
  CHECK(config->credentials[0].user == "mps");
  CHECK(config->entries[0].version == "3");
  CHECK(config->credentials[1].version == snmp::Version::v2c);
}

TEST_CASE("the number in an error is the credential's place in the file") {
  const auto config = parsed("[[credential]]\n[[credential]]\ncontext = \"a\"\n[[credential]]\nauth = \"MD5\"");
  REQUIRE_FALSE(config);
  REQUIRE(config.error().size() == 2);
  CHECK(config.error()[0].text.find("toml:3: [[credential]] 2: ") != std::string::npos);
  CHECK(config.error()[1].text.find("toml:5: [[credential]] 3: ") != std::string::npos);
}
