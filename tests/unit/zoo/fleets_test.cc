#include "tests/zoo/fleets.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "base/reading/json.h"
#include "tests/unit/zoo/talk.h"
#include "tests/zoo/truth.h"

using namespace platen;
using namespace platen::zoo;

namespace {

class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() / ("zoo-test-" + std::to_string(getpid()))) {
    std::filesystem::create_directories(path_);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }
  void write(const std::string& name, const std::string& text) const { std::ofstream(path_ / name) << text; }
  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace

TEST_CASE("the demo fleet has what was asked for") {
  const auto fleet = make_fleet({}).value();
  std::set<std::string> makers;
  std::size_t printers = 0, others = 0, v1_only = 0, v3_only = 0;
  for (const DeviceSpec& device : fleet.devices) {
    if (!device.species->model->is_printer) {
      ++others;
      continue;
    }
    ++printers;
    makers.insert(device.species->model->maker);
    if (!device.access->v2c && device.access->v1) ++v1_only;
    if (!device.access->v2c && !device.access->v1) ++v3_only;
  }
  CHECK(printers >= 60);
  CHECK(makers.size() >= 12);
  CHECK(others >= 6);
  CHECK(v1_only >= 2);
  CHECK(v3_only >= 2);
}

TEST_CASE("every credential that the fleet needs is printed, and each can be used") {
  std::set<std::string> users;
  for (const auto& credential : zoo_credentials()) {
    CHECK(snmp::check(credential));
    users.insert(credential.user);
  }
  const Fleet fleet = make_fleet({}).value();
  for (const DeviceSpec& device : fleet.devices) {
    for (const auto& user : device.access->users) CHECK(users.contains(user->credential.user));
  }
  const std::string toml = credentials_as_toml();
  CHECK(toml.find("[[credential]]\nversion = \"2c\"\ncommunity = \"public\"\n") == 0);
  CHECK(toml.find("auth = \"SHA-256\"") != std::string::npos);
}

TEST_CASE("--count repeats the fleet with other identities") {
  const auto fleet = make_fleet({.name = "printers", .count = 200}).value();
  REQUIRE(fleet.devices.size() == 200);
  CHECK(fleet.devices[199].address.text() == "127.50.0.200");
  const auto models = make_fleet({.name = "printers"}).value().devices.size();
  CHECK(fleet.devices[0].species == fleet.devices[models].species);
  CHECK(truth_of(fleet.devices[0], 5)->identity.serial != truth_of(fleet.devices[models], 5)->identity.serial);
}

TEST_CASE("wrong fleets and addresses are refused in words") {
  CHECK(make_fleet({.name = "zoo"}).error().text == "'zoo' is no fleet; known: demo printers bad-manners");
  CHECK_FALSE(make_fleet({.base = IpAddress::v4(0x0A000001)}));
  CHECK_FALSE(make_fleet({.base = IpAddress::v4(0x7FFFFFFE)}));
  auto fleet = make_fleet({}).value();
  CHECK(set_manners(fleet, IpAddress::v4(0x7F320001), "loss:0.1"));
  CHECK(fleet.devices[0].manners.loss == 0.1);
  CHECK(set_manners(fleet, IpAddress::v4(0x7F330001), "loss:0.1").error().code == Code::not_found);
}

TEST_CASE("recordings: one device a file, in name order, and what is wrong is named with file and line") {
  const Folder folder;
  CHECK(fleet_of_recordings(folder.path(), {}).error().text.find("no .snmprec file") != std::string::npos);
  CHECK_FALSE(fleet_of_recordings(folder.path() + "/none", {}));
  folder.write("b.snmprec", "1.3.6.1.2.1.1.5.0|4|second\n");
  folder.write("a.snmprec", "1.3.6.1.2.1.1.5.0|4|first\n1.3.6.1.2.1.1.9.0|70|5\n");
  folder.write("notes.txt", "no device");
  const auto fleet = fleet_of_recordings(folder.path(), {}).value();
  REQUIRE(fleet.devices.size() == 2);
  CHECK(fleet.devices[0].species->name == "a");
  CHECK(truth_line(fleet.devices[1], {}) ==
        R"({"schema":"platen.scan/1","address":"127.50.0.2","is_printer":null,"name":"b"})");
  Device device(fleet.devices[0]);
  std::minstd_rand random(1);
  const auto answer = [&](std::int64_t version) {
    const auto reply = device.handle(datagram_of({.type = ber::tag::get_next, .names = {sys_name}, .version = version}),
                                     Time{}, {}, random);
    return said_in(reply->datagram).value();
  };
  CHECK(answer(1).varbinds[0].value == snmp::Value::counter64(5));
  CHECK(answer(0).error_status == error_status::no_such_name);  // v1 has no Counter64
  folder.write("c.snmprec", "1.3.6.1.2.1.1.5.0|4|third\n1.3.6|2|x\n");
  CHECK(fleet_of_recordings(folder.path(), {}).error().text.find("c.snmprec: line 2: 'x' is not a number") !=
        std::string::npos);
}
