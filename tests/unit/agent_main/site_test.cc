// The site's rules on real files: what goes into the ledger, what is remembered, what is counted.
#include "agent/main/site.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "proto/reading_codec.h"

using namespace platen;  // NOLINT: a test
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

class House {
 public:
  House() {
    clock.step_wall(from_rfc3339("2035-11-21T00:00:00Z").value() - clock.wall());  // after this program was built
    std::string name = (std::filesystem::temp_directory_path() / "platen-site.XXXXXX").string();
    folder = ::mkdtemp(name.data());
    ledger = ledger::Ledger::open(folder + "/ledger.db", clock).value();
    config = config::parse("[site]\ntime_zone = \"Europe/Berlin\"", folder + "/agent.toml",
                           [](const std::string&) -> Expected<Secret> { return Secret(); })
                 .value();
    config.agent.state_dir = folder;
    open();
  }
  ~House() {
    site.reset(), ledger.reset();
    std::filesystem::remove_all(folder);
  }
  House(const House&) = delete;
  House& operator=(const House&) = delete;

  void open() {
    site.reset();
    site = std::make_unique<agent::Site>(config, "agent-7", *ledger, clock, [this] { return cloud; });
  }
  Reading kept(std::uint64_t seq) {
    const auto entry = ledger->after(seq - 1, 1).value();
    REQUIRE(entry.size() == 1);
    return wire::decode_reading(entry[0].octets).value();
  }
  [[nodiscard]] json file(const char* name) const {
    std::ifstream in(folder + "/" + name);
    return json::parse(in);
  }

  ManualClock clock;
  std::optional<CloudTime> cloud;
  std::string folder;
  config::Config config;
  std::unique_ptr<ledger::Ledger> ledger;
  std::unique_ptr<agent::Site> site;
  schedule::Fleet fleet{"agent-7"};
};

Reading printer(std::uint64_t total) {
  Reading made;
  made.address = "192.0.2.7";
  made.read_at = WallTime(1ms);
  made.identity.serial = "VNB3K12345";
  made.system.sys_contact = "Ann, 555-0101";
  CounterPoint point;
  point.value = total;
  point.evidence = {"prtMarkerLifeCount.1.1", "1.3.6.1.2.1.43.10.2.1.4.1.1", std::to_string(total), 'A'};
  made.counters = {point};
  return made;
}

}  // namespace

TEST_CASE("what is kept has been judged, watched and made private before it is in the ledger") {
  House house;
  REQUIRE(house.site->keep(printer(48'210)));
  house.clock.advance(15min);
  house.cloud = CloudTime{house.clock.wall() + 7min, house.clock.monotonic()};
  REQUIRE(house.site->keep(printer(12)));
  const Reading first = house.kept(1), second = house.kept(2);
  CHECK(first.clock_suspect == false);
  CHECK_FALSE(first.cloud_offset_ms);
  CHECK(second.clock_suspect == true);
  CHECK(second.cloud_offset_ms == 7 * 60'000);
  CHECK(first.flags.empty());
  CHECK(second.flags == std::vector<std::string>{"reset prtMarkerLifeCount.1.1"});
  CHECK(second.counters[0].value == 12);
  CHECK_FALSE(first.system.sys_contact);
  CHECK(first.identity.serial == "VNB3K12345");
}

TEST_CASE("the site's key is made once, for its owner alone, and pseudonyms stay what they are") {
  House house;
  struct stat told {};
  REQUIRE(::stat((house.folder + "/site.key").c_str(), &told) == 0);
  CHECK((told.st_mode & 0777U) == 0600U);
  for (auto& word : house.config.privacy_words) word = "pseudonymise";
  house.site->configure(house.config);
  REQUIRE(house.site->keep(printer(1)));
  house.open();
  REQUIRE(house.site->keep(printer(1)));
  CHECK(privacy::is_pseudonym(*house.kept(1).identity.serial));
  CHECK(house.kept(1).identity.serial == house.kept(2).identity.serial);
  CHECK(house.kept(1).address == house.kept(2).address);
}

TEST_CASE("without a key what would be a pseudonym is held back, until the key is there") {
  House house;
  for (auto& word : house.config.privacy_words) word = "pseudonymise";
  const std::string key = house.folder + "/site.key", elsewhere = house.folder + "/elsewhere.key";
  std::filesystem::rename(key, elsewhere);
  std::ofstream(key) << "short";
  house.open();
  CHECK(house.site->trouble().find("too short") != std::string::npos);
  REQUIRE(house.site->keep(printer(1)));
  CHECK_FALSE(house.kept(1).identity.serial);
  std::filesystem::rename(elsewhere, key);
  house.site->tick(house.fleet);
  CHECK(house.site->trouble().empty());
  REQUIRE(house.site->keep(printer(1)));
  CHECK(privacy::is_pseudonym(*house.kept(2).identity.serial));
}

TEST_CASE("a folder that was away is looked into when it is back, before anything is written there") {
  House house;
  const snmp::Peer peer{IpAddress::v4(0xC0000207U), 161};
  (void)house.fleet.read_in_full(peer, 1, {}, {}, printer(500), house.clock.monotonic());
  REQUIRE(house.site->keep(printer(500)));
  house.site->save(house.fleet);
  const json before = house.file("egress.json");
  std::filesystem::rename(house.folder, house.folder + ".away");
  house.open();
  CHECK(house.site->winners(2).empty());
  CHECK(house.site->trouble().find("No such file") != std::string::npos);
  REQUIRE(house.site->keep(printer(501)));  // held in memory
  CHECK(house.site->shelf().held == 1);
  house.site->save(house.fleet);
  CHECK_FALSE(std::filesystem::exists(house.folder));
  std::filesystem::rename(house.folder + ".away", house.folder);
  house.site->tick(house.fleet);
  house.site->tend();
  CHECK(house.site->shelf().held == 0);
  CHECK(house.site->winners(2).size() == 1);
  for (const auto& [name, count] : before["fields"].items())
    CHECK(house.file("egress.json")["fields"][name]["held_back"] == 2 * count["held_back"].get<int>());
}

TEST_CASE("over a restart winners and counts are remembered, and a memory that is not whole is none") {
  House house;
  const snmp::Peer peer{IpAddress::v4(0xC0000207U), 161};
  (void)house.fleet.read_in_full(peer, 1, {}, {}, printer(500), house.clock.monotonic());
  REQUIRE(house.site->keep(printer(500)));
  house.site->save(house.fleet);
  house.clock.advance(1min);
  house.open();
  REQUIRE(house.site->winners(2).size() == 1);
  CHECK(house.site->winners(2)[0].peer == peer);
  CHECK(house.site->winners(2)[0].credential == 1);
  CHECK(house.site->winners(1).empty());
  REQUIRE(house.site->keep(printer(3)));
  CHECK(house.kept(2).flags == std::vector<std::string>{"reset prtMarkerLifeCount.1.1"});
  for (const char* broken : {"", "{", "[]", "{\"schema\":\"platen.fleet-memory/1\"}",
                             "{\"schema\":\"platen.fleet-memory/1\",\"winners\":[[\"x\",1,1]],\"meters\":[]}",
                             "{\"schema\":\"platen.fleet-memory/1\",\"winners\":[],\"meters\":[{\"address\":7}]}"}) {
    CAPTURE(broken);
    std::ofstream(house.folder + "/fleet.json", std::ios::trunc) << broken;
    house.open();
    CHECK(house.site->winners(9).empty());
  }
}

TEST_CASE("once a day, when the night's reads are over, the forecast goes into the ledger, private as readings are") {
  House house;
  house.config.privacy_words.fill("pseudonymise");
  house.site->configure(house.config);
  REQUIRE(house.site->keep(printer(500)));
  house.site->tick(house.fleet);
  CHECK(house.site->forecast().printers.size() == 1);
  CHECK(house.ledger->position().last == 1);  // 1:00 at the site, but just started
  for (int minute = 0; minute < 3 * 24 * 60; ++minute) {
    house.clock.advance(1min);
    house.site->tick(house.fleet);
  }
  CHECK(house.ledger->position().last == 5);
  const auto entries = house.ledger->after(1, 1'000'000).value();
  const auto forecast = wire::decode_forecast(entries[2].octets).value();
  CHECK(entries[2].kind == "forecast");
  CHECK(forecast.billing_day == "2035-12-01");
  CHECK(forecast.printers[0].code == "not-seen");
  CHECK(privacy::is_pseudonym(forecast.printers[0].serial));
  CHECK(privacy::is_pseudonym(forecast.printers[0].address));
}

TEST_CASE("a count that is not whole begins anew") {
  House house;
  for (const char* broken : {"", "{", "7", "{\"schema\":\"platen.egress/1\",\"since\":7}",
                             "{\"schema\":\"platen.egress/1\",\"records\":7,\"fields\":[1]}",
                             "{\"schema\":\"platen.egress/1\",\"fields\":{\"serial\":7}}"}) {
    CAPTURE(broken);
    std::ofstream(house.folder + "/egress.json", std::ios::trunc) << broken;
    house.open();
    REQUIRE(house.site->keep(printer(500)));
    house.site->egress().save();
    CHECK(house.file("egress.json")["fields"]["sys_contact"]["held_back"] == 1);
  }
}

TEST_CASE("what leaves is counted once, and over restarts") {
  House house;
  REQUIRE(house.site->keep(printer(500)));
  const std::string octets = wire::encode_reading(house.kept(1));
  for (int again = 0; again < 3; ++again) house.site->egress().leaves("e1", 1, "reading", octets);
  house.site->egress().leaves("e1", 2, "forecast", "soon");
  house.site->egress().save();
  house.open();
  house.site->egress().leaves("e1", 2, "forecast", "soon");
  house.site->egress().leaves("e2", 1, "reading", octets);
  house.site->egress().save();
  const json told = house.file("egress.json");
  CHECK(told["records"]["reading"]["sent"] == 2);
  CHECK(told["records"]["reading"]["octets"] == 2 * octets.size());
  CHECK(told["records"]["forecast"]["sent"] == 1);
  CHECK(told["fields"]["serial"]["sent"] == 2);
  CHECK(told["fields"]["sys_contact"]["sent"] == 0);
  CHECK(told["fields"]["sys_contact"]["held_back"] == 1);
  CHECK(told.dump().find("VNB3K12345") == std::string::npos);
}
