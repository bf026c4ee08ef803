#include "agent/config/config.h"

#include <doctest/doctest.h>

#include <span>

#include "agent/config/settings.h"

using namespace platen;  // NOLINT: a test
using config::Config;
using config::Faults;

namespace {

Expected<Config, Faults> parsed(std::string_view text) {
  return config::parse(text, "/etc/platen/agent.toml",
                       [](const std::string& path) -> Expected<Secret> { return fail(Code::not_found, "no " + path); });
}

std::string said(const Expected<Config, Faults>& result) {
  std::string all;
  if (result) return "(good)";
  for (const Error& fault : result.error()) all += fault.text.substr(std::string_view("/etc/platen/").size()) + "\n";
  return all;
}

// A file with one fault, and what is said of it.
struct Fault {
  const char *text, *says;
};

void each_is_said(std::span<const Fault> faults) {
  for (const Fault& fault : faults) {
    CAPTURE(fault.text);
    CHECK(said(parsed(fault.text)) == std::string(fault.says) + "\n");
  }
}

}  // namespace

TEST_CASE("an empty file is the table's fallbacks") {
  const auto config = parsed("");
  REQUIRE(config);
  CHECK(config->agent.state_dir == "/var/lib/platen-agent");
  CHECK(config::summary(*config).find(": good: 0 addresses to scan") != std::string::npos);
  const auto idle = config::idle(*config);
  REQUIRE(idle.size() == 2);
  CHECK(idle[0] == "nothing would be scanned; name addresses in scan.targets");
  const std::vector<std::string> own = {"192.0.2.0/24", "198.51.100.0/24"};
  CHECK(config::idle(*config, own)[0] ==
        "nothing would be scanned; name addresses in scan.targets, for example this host's own networks: targets = "
        "[\"192.0.2.0/24\", \"198.51.100.0/24\"]");
  CHECK(idle[1] == "nothing would be sent, readings stay on this host; name the cloud in cloud.address");
  CHECK(config->agent.log_level == "info");
  CHECK(config->cloud.address.empty());
  CHECK(config->cloud.certificate_file == "/var/lib/platen-agent/agent.crt");
  CHECK(config->cloud.key_file == "/var/lib/platen-agent/agent.key");
  CHECK(config->cloud.heartbeat == std::chrono::seconds(30));
  CHECK(config->cloud.batch_size == 256U * 1024U);
  CHECK(config->scan.port == 161);
  CHECK(config->scan.interval == std::chrono::hours(12));
  CHECK_FALSE(config->scan.allow_loopback);
  CHECK(config->read.status_interval == std::chrono::minutes(15));
  CHECK(config->read.supplies_interval == std::chrono::hours(1));
  CHECK(config->read.meters_interval == std::chrono::hours(24));
  REQUIRE(config->credentials.size() == 2);
  CHECK(snmp::same_login(config->credentials[0], snmp::Credential{}));
  CHECK(config->credentials[0].scope.is_everywhere());
  CHECK(config->credentials[1].version == snmp::Version::v1);
  CHECK(config->credentials[1].community.reveal() == "public");
  CHECK(config->lines.empty());
  CHECK_FALSE(config->holds_secrets);
}

TEST_CASE("everything said is taken, with its line") {
  const auto config = parsed(R"([agent]
id = "site-7"
state_dir = "state"
log_level = "DEBUG"
[cloud]
address = "[2001:db8::1]:8443"
ca_file = "/opt/ca.pem"
window = 4
batch_size = "128KiB"
[scan]
targets = [ "192.0.2.0/30",
            "printer-1.example" ]
exclude = ["192.0.2.2"]
retries = 0
allow_loopback = true
[read]
supplies_interval = "1h"
status_interval = "90s"
)");
  REQUIRE_MESSAGE(config, said(config));
  CHECK(config->agent.id == "site-7");
  CHECK(config->agent.state_dir == "/etc/platen/state");
  CHECK(config->agent.log_level == "debug");
  CHECK(config->cloud.certificate_file == "/etc/platen/state/agent.crt");
  CHECK(config->cloud.ca_file == "/opt/ca.pem");
  CHECK(config->cloud.window == 4);
  CHECK(config->cloud.batch_size == 128U * 1024U);
  CHECK(config->scan.targets == std::vector<std::string>{"192.0.2.0/30", "printer-1.example"});
  CHECK(config->scan.retries == 0);
  CHECK(config->scan.allow_loopback);
  CHECK(config->read.status_interval == std::chrono::seconds(90));
  CHECK(config->lines.at("scan.retries") == 14);
  CHECK(config->lines.at("scan.targets.1") == 12);
  CHECK(config::summary(*config) ==
        "/etc/platen/agent.toml: good: 1 address and 1 host name to scan, 2 credentials, cloud [2001:db8::1]:8443");
  CHECK(config::idle(*config).empty());
}

TEST_CASE("a key or a type that is wrong is said with line, reason and what is allowed") {
  const Fault faults[] = {
      {"[scan]\nintervall = \"1h\"", "agent.toml:2: unknown key 'intervall' in [scan]; did you mean 'interval'?"},
      {"[read]\nspeed = 3",
       "agent.toml:2: unknown key 'speed' in [read]; allowed are supplies_interval, status_interval, meters_interval, "
       "at_once, profiles"},
      {"[scna]\nport = 1", "agent.toml:1: unknown section [scna]; did you mean [scan]?"},
      {"[mqtt]\nport = 1",
       "agent.toml:1: unknown section [mqtt]; allowed are agent, site, cloud, proxy, command, update, scan, discovery, "
       "read, privacy, "
       "credential"},
      {"\ntargets = []",
       "agent.toml:2: the key 'targets' stands outside of a section; did you mean 'targets' in [scan]?"},
      {"colour = 1",
       "agent.toml:1: the key 'colour' stands outside of a section; sections are agent, site, cloud, proxy, command, "
       "update, scan, discovery, "
       "read, "
       "privacy, credential"},
      {"[[scan]]\nport = 161", "agent.toml:1: scan is a section: write [scan] once"},
      {"[credential]\nversion = \"1\"", "agent.toml:1: credential may stand several times: write [[credential]]"},
      {"[scan]\nport = \"161\"", "agent.toml:2: scan.port must be a whole number without quotes (1 to 65535)"},
      {"[scan]\nport = 161.0", "agent.toml:2: scan.port must be a whole number without quotes (1 to 65535)"},
      {"[scan]\nport = 0", "agent.toml:2: scan.port = 0 is out of bounds; allowed is 1 to 65535"},
      {"[scan]\nport = 99999999999", "agent.toml:2: scan.port = 99999999999 is out of bounds; allowed is 1 to 65535"},
      {"[scan]\ninterval = 900", "agent.toml:2: scan.interval must be a duration in quotes, like \"15m\" (1s to 30d)"},
      {"[scan]\ninterval = \"15x\"",
       "agent.toml:2: scan.interval = \"15x\" has the unknown unit 'x'; allowed are ms, s, m, h or d; allowed is 1s to "
       "30d"},
      {"[scan]\ninterval = \"31d\"", "agent.toml:2: scan.interval = \"31d\" is out of bounds; allowed is 1s to 30d"},
      {"[cloud]\nheartbeat = \"41s\"",  // three of them are the 120 s in which a dead cloud has to be noticed
       "agent.toml:2: cloud.heartbeat = \"41s\" is out of bounds; allowed is 1s to 40s"},
      {"[cloud]\nbatch_size = \"1GiB\"",
       "agent.toml:2: cloud.batch_size = \"1GiB\" is out of bounds; allowed is 4KiB to 256KiB"},
      {"[scan]\nallow_loopback = 1", "agent.toml:2: scan.allow_loopback must be true or false, without quotes"},
      {"[scan]\ntargets = \"192.0.2.0/24\"",
       "agent.toml:2: scan.targets must be a list of texts, like [\"192.0.2.0/24\"]"},
      {"[scan]\ntargets = [\"192.0.2.1\",\n 7]",
       "agent.toml:3: scan.targets must be a list of texts, like [\"192.0.2.0/24\"]"},
      {"[agent]\nlog_level = \"inf\"",
       "agent.toml:2: agent.log_level = \"inf\" is not one of debug, info, warn or error; did you mean \"info\"?"},
  };
  each_is_said(faults);
}

TEST_CASE("a value that is wrong is said with line, reason and what is allowed") {
  const Fault faults[] = {
      {"[agent]\nid = { a = 1 }", "agent.toml:2: agent.id must be text in quotes"},
      {"[agent]\nid = \"a\\u0000b\"",
       "agent.toml:2: agent.id holds a control character; write it on one line without any"},
      {"[agent]\nstate_dir = \"\"", "agent.toml:2: agent.state_dir is empty; name a folder"},
      {"[cloud]\naddress = \"https://cloud.example\"",
       "agent.toml:2: cloud.address = \"https://cloud.example\": no scheme is needed here; write \"host:port\", for "
       "example "
       "\"cloud.example:443\""},
      {"[cloud]\naddress = \"cloud.example\"",
       "agent.toml:2: cloud.address = \"cloud.example\": the port is missing; write \"host:port\", for example "
       "\"cloud.example:443\""},
      {"[cloud]\naddress = \"cloud.example:0\"",
       "agent.toml:2: cloud.address = \"cloud.example:0\": the port must be 1 to 65535; write \"host:port\", for "
       "example "
       "\"cloud.example:443\""},
      {"[cloud]\naddress = \"2001:db8::1:443\"",
       "agent.toml:2: cloud.address = \"2001:db8::1:443\": that is no host name or address; write \"host:port\", for "
       "example "
       "\"cloud.example:443\""},
      {"[read]\nstatus_interval = \"2h\"\nsupplies_interval = \"1h\"",
       "agent.toml:3: read.supplies_interval (1h) must not be shorter than read.status_interval (2h)"},
      {"[scan]\ntargets = [\"two words\"]",
       "agent.toml:2: scan.targets: 'two words' is no address, range, CIDR block or host name"},
      {"[site]\ntime_zone = \"Berlin\"",
       "agent.toml:2: site.time_zone: no time zone \"Berlin\"; write an IANA name like \"Europe/Berlin\", or install "
       "tzdata"},
      {"[site]\nbilling_day = 32", "agent.toml:2: site.billing_day = 32 is out of bounds; allowed is 1 to 31"},
      {"[privacy]\nsys_contact = \"hide\"",
       "agent.toml:2: privacy.sys_contact = \"hide\" is not one of send, pseudonymise or drop"},
      {"[privacy]\nserial = \"drop\"", "agent.toml:2: privacy.serial = \"drop\" is not one of send or pseudonymise"},
  };
  each_is_said(faults);
}

TEST_CASE("the privacy policy is the table's, and the file's word where it has one") {
  CHECK(config::policies(*parsed("")) == privacy::fallbacks());
  const auto policies = config::policies(*parsed("[privacy]\nsys_contact = \"send\"\nsys_location = \"pseudonymise\""));
  for (std::size_t i = 0; i < policies.size(); ++i) {
    const std::string_view key = privacy::choices[i].key;
    CAPTURE(key);
    CHECK(policies[i] == (key == "privacy.sys_contact"    ? privacy::Policy::send
                          : key == "privacy.sys_location" ? privacy::Policy::pseudonymise
                                                          : privacy::fallbacks()[i]));
  }
}

TEST_CASE("targets that must not be asked are refused at their own line") {
  for (const char* target :
       {"10.0.0.0/0", "::/0", "192.0.2.9-192.0.2.1", "224.0.0.5", "127.0.0.1", "255.255.255.255", "10.0.0.0/8"}) {
    CAPTURE(target);
    const std::string all = said(parsed(std::string("[scan]\ntargets = [\n  \"192.0.2.1\",\n  \"") + target + "\"]"));
    CHECK(all.starts_with("agent.toml:4: scan.targets: target '"));
    CHECK(all.find(target) != std::string::npos);
  }
  CHECK(parsed("[scan]\nallow_loopback = true\ntargets = [\"127.0.0.1\"]"));
  CHECK(parsed("[scan]\ntargets = [\"192.0.2.0/24\"]\nexclude = [\"127.0.0.0/8\"]"));
}

TEST_CASE("all faults of a file are reported, in the order of their lines") {
  CHECK(said(parsed("[scan]\nport = 0\nretrys = 1\n[cloud]\nwindow = 1000\n[agent]\nlog_level = 3")) ==
        "agent.toml:2: scan.port = 0 is out of bounds; allowed is 1 to 65535\n"
        "agent.toml:3: unknown key 'retrys' in [scan]; did you mean 'retries'?\n"
        "agent.toml:5: cloud.window = 1000 is out of bounds; allowed is 1 to 256\n"
        "agent.toml:7: agent.log_level must be text in quotes (debug, info, warn or error)\n");
}

TEST_CASE("what is not TOML is said with its line") {
  CHECK(said(parsed("[scan]\nport = \n")).starts_with("agent.toml:2: not TOML: "));
  CHECK(said(parsed("[scan]\nport = 1\nport = 2\n")).starts_with("agent.toml:3: not TOML: "));
  CHECK(said(parsed("\xff\xfe[scan]")).starts_with("agent.toml:1: not TOML: "));
}

TEST_CASE("a file with a byte order mark and CRLF line ends is read") {
  const auto config = parsed("\xEF\xBB\xBF[scan]\r\nport = 1161\r\n");
  REQUIRE_MESSAGE(config, said(config));
  CHECK(config->scan.port == 1161);
}

TEST_CASE("a proxy's password stands in the file or in another, as it is; addresses are checked") {
  const auto with = [](const std::string& text) {
    return config::parse(text, "/etc/platen/agent.toml", [](const std::string& path) -> Expected<Secret> {
      if (path == "/etc/platen/proxy.password") return Secret("p@ss:w%rd");
      return fail(Code::not_found, "no " + path);
    });
  };
  const auto none = with("");
  REQUIRE(none);
  CHECK(none->proxy.address == "auto");
  CHECK(none->proxy.auth == "any");
  const auto filed = with(
      "[proxy]\naddress = 'http://proxy:3128'\nuser = 'me'\npassword_file = 'proxy.password'\nbypass = "
      "['inside.example']");
  REQUIRE(filed);
  CHECK(filed->proxy.password.reveal() == "p@ss:w%rd");
  CHECK(filed->proxy.bypass == std::vector<std::string>{"inside.example"});
  CHECK_FALSE(filed->holds_secrets);
  const auto stated = with("[proxy]\npassword = 'p@ss:w%rd'");
  REQUIRE(stated);
  CHECK(stated->proxy.password.reveal() == "p@ss:w%rd");
  CHECK(stated->holds_secrets);
  const Fault faults[] = {
      {"[proxy]\npassword = 'a'\npassword_file = 'b'",
       "agent.toml:3: proxy.password and proxy.password_file exclude each other; keep one"},
      {"[proxy]\npassword_file = 'none'", "agent.toml:2: proxy.password_file: no /etc/platen/none"},
      {"[command]\naddress = 'broker.example'",
       "agent.toml:2: command.address = \"broker.example\": the port is missing; write \"host:port\", for example "
       "\"cloud.example:443\""},
      {"[update]\naddress = 'https://u:443'",
       "agent.toml:2: update.address = \"https://u:443\": no scheme is needed here; write \"host:port\", for example "
       "\"cloud.example:443\""},
  };
  each_is_said(faults);
}
