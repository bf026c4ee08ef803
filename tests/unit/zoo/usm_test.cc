// SNMPv3 against the real tools: snmpget of Debian's package snmp asks a zoo with one user a pair of algorithms.
#include "tests/zoo/usm.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>

#include "base/text.h"
#include "tests/unit/zoo/talk.h"
#include "tests/zoo/usm_crypto.h"

using namespace platen;
using namespace platen::zoo;
using snmp::Auth;
using snmp::Credential;
using snmp::Priv;

namespace {

std::string output_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen((command + " 2>&1").c_str(), "r"), &pclose);
  std::string out;
  std::array<char, 512> part{};
  while (fgets(part.data(), part.size(), pipe.get()) != nullptr) out += part.data();
  return out;
}

Credential user(Auth auth, Priv priv) {
  Credential made;
  made.version = snmp::Version::v3;
  made.user = "u-" + std::string(name_of(auth)) + "-" + std::string(name_of(priv));
  made.auth = auth;
  made.auth_pass = Secret(auth == Auth::none ? "" : "maplesyrup");
  made.priv = priv;
  made.priv_pass = Secret(priv == Priv::none ? "" : "pancakes and more");
  return made;
}

constexpr Auth auths[] = {Auth::md5, Auth::sha1, Auth::sha224, Auth::sha256, Auth::sha384, Auth::sha512};
constexpr Priv privs[] = {Priv::none, Priv::des, Priv::aes128, Priv::aes192, Priv::aes256};

Fleet fleet_with_all_users() {
  auto access = std::make_shared<Access>();
  access->users.push_back(std::make_shared<const UsmUser>(user(Auth::none, Priv::none)));
  for (const Auth auth : auths) {
    for (const Priv priv : privs) access->users.push_back(std::make_shared<const UsmUser>(user(auth, priv)));
  }
  auto fleet = make_fleet({.name = "printers", .count = 1}).value();
  fleet.devices[0].access = access;
  return fleet;
}

struct Tool {
  std::string program = "snmpget";
  std::string auth_pass = "maplesyrup", priv_pass = "pancakes and more", level = {}, oid = "1.3.6.1.2.1.1.5.0";
};
std::string run(const Zoo& zoo, const Credential& as, const Tool& tool) {
  std::string level = as.priv != Priv::none ? "authPriv" : as.auth != Auth::none ? "authNoPriv" : "noAuthNoPriv";
  if (!tool.level.empty()) level = tool.level;
  std::string command = "MIBS= " + tool.program + " -r 0 -t 5 -v3 -On -u " + as.user + " -l " + level;
  if (as.auth != Auth::none) command += " -a " + std::string(name_of(as.auth)) + " -A '" + tool.auth_pass + "'";
  if (as.priv != Priv::none) command += " -x " + std::string(name_of(as.priv)) + " -X '" + tool.priv_pass + "'";
  return output_of(command + " 127.50.0.1:" + std::to_string(zoo.port()) + " " + tool.oid);
}

bool have_tools() { return output_of("snmpget -V").find("NET-SNMP") != std::string::npos; }

}  // namespace

TEST_CASE("keys as RFC 3414 §A.3 shows them") {
  const std::string engine("\0\0\0\0\0\0\0\0\0\0\0\x02", 12);
  CHECK(to_hex(key_of_pass_phrase(Auth::md5, "maplesyrup")) == "9faf3283884e92834ebc9847d8edd963");
  CHECK(to_hex(localised(Auth::md5, key_of_pass_phrase(Auth::md5, "maplesyrup"), engine)) ==
        "526f5eed9fcce26f8964c2930787d82b");
  CHECK(to_hex(key_of_pass_phrase(Auth::sha1, "maplesyrup")) == "9fb5cc0381497b3793528939ff788d5d79145211");
  CHECK(to_hex(localised(Auth::sha1, key_of_pass_phrase(Auth::sha1, "maplesyrup"), engine)) ==
        "6695febc9288e36282235fc7151f128497b38f3f");
}

TEST_CASE("what is encrypted can be decrypted, with the right key only") {
  const std::string plain = "a scoped PDU of some length";
  for (const Priv priv : {Priv::des, Priv::aes128, Priv::aes192, Priv::aes256}) {
    const std::string key =
        privacy_key(Auth::sha1, priv, localised(Auth::sha1, key_of_pass_phrase(Auth::sha1, "pancakes"), "engine"));
    const PrivacyIv iv{3, 99, "12345678"};
    const std::string cipher = encrypted(priv, key, iv, plain);
    CHECK(cipher.find("scoped") == std::string::npos);
    CHECK(decrypted(priv, key, iv, cipher).substr(0, plain.size()) == plain);
    CHECK(decrypted(priv, std::string(key.size(), 'k'), iv, cipher).substr(0, plain.size()) != plain);
    CHECK(decrypted(priv, key, {3, 99, "short"}, cipher).empty());
  }
}

TEST_CASE("snmpget logs in with every pair of algorithms" * doctest::skip(!have_tools())) {
  const auto zoo = Zoo::start(fleet_with_all_users(), {}).value();
  const std::string name = Device(zoo->fleet().devices[0]).who().name;
  CHECK(run(*zoo, user(Auth::none, Priv::none), {}).find(name) != std::string::npos);
  for (const Auth auth : auths) {
    for (const Priv priv : privs) {
      const Credential as = user(auth, priv);
      CAPTURE(as.user);
      const std::string out = run(*zoo, as, {});
      CAPTURE(out);
      CHECK(out.find(name) != std::string::npos);
    }
  }
}

TEST_CASE("snmpget is told what is wrong" * doctest::skip(!have_tools())) {
  const auto zoo = Zoo::start(fleet_with_all_users(), {}).value();
  struct Row {
    const char* name;
    Credential as;
    Tool tool;
    const char* want;
  };
  Credential stranger = user(Auth::sha1, Priv::none);
  stranger.user = "stranger";
  const Row rows[] = {
      {"wrong digest", user(Auth::sha1, Priv::none), {.auth_pass = "not the pass phrase"}, "Authentication failure"},
      {"unknown user", stranger, {}, "Unknown user name"},
      {"below the user's level", user(Auth::sha1, Priv::aes128), {.level = "authNoPriv"}, "authorizationError"},
      {"wrong privacy key", user(Auth::sha1, Priv::aes128), {.priv_pass = "not the pass phrase"}, "Decryption error"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const std::string out = run(*zoo, row.as, row.tool);
    CAPTURE(out);
    CHECK(out.find(row.want) != std::string::npos);
  }
}

TEST_CASE("a whole walk over SNMPv3 is as long as the device" * doctest::skip(!have_tools())) {
  const auto zoo = Zoo::start(fleet_with_all_users(), {}).value();
  const std::string out =
      run(*zoo, user(Auth::sha256, Priv::aes256), {.program = "snmpbulkwalk", .oid = "1.3.6.1.2.1.43"});
  std::size_t want = 0;
  for (const auto& row : rows_of(zoo->fleet().devices[0], first_ticks(0))) {
    if (row.name.starts_with(printer_mib)) ++want;
  }
  CHECK(static_cast<std::size_t>(std::count(out.begin(), out.end(), '\n')) == want);
}

TEST_CASE("a time outside the window is refused, with the engine's time in an authenticated report") {
  const UsmUsers users{std::make_shared<const UsmUser>(user(Auth::sha1, Priv::none))};
  UsmEngine engine{.id = "\x80\x01\x02\x0b\x03zoo-01", .boots = 4, .time = 1000};
  // A question is made by sealing one as an engine whose clock is off.
  const auto ask_at = [&](std::uint32_t boots, std::uint32_t time) {
    UsmEngine other{.id = engine.id, .boots = boots, .time = time};
    UsmQuestion sealed;
    sealed.user = users[0].get();
    sealed.flags = 1 | 4;  // auth, reportable
    const std::string datagram = usm_seal(other, sealed, write_pdu(ber::tag::get, 7, 0, 0, ""));
    return usm_open(engine, users, datagram);
  };
  CHECK(ask_at(4, 1000).pdu);
  CHECK(ask_at(4, 1150).pdu);
  CHECK(ask_at(4, 850).pdu);
  for (const auto& [boots, time] : {std::pair{4U, 1151U}, {4U, 849U}, {3U, 1000U}, {5U, 1000U}}) {
    const UsmQuestion refused = ask_at(boots, time);
    CHECK_FALSE(refused.pdu);
    CHECK_FALSE(refused.report.empty());
  }
}
