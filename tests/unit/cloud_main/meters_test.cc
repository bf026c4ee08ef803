// platen-cloud meters and usage, as the biller of a dealer runs them.
#include <doctest/doctest.h>
#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "cloud/store/store.h"
#include "proto/forecast_codec.h"
#include "tests/contract/store_contract.h"

using namespace platen;
using nlohmann::json;

namespace {

class Office {
 public:
  Office() {
    std::string name = (std::filesystem::temp_directory_path() / "platen-office.XXXXXX").string();
    data = ::mkdtemp(name.data());
    const auto store = cloud::open_sqlite_store(data + "/cloud.db").value();
    int minute = 0;
    for (const std::uint64_t total : {48'000U, 48'210U, 12U, 30U}) {
      cloud::contract::put_readings(
          *store, "a", {cloud::contract::reading({.serial = "SERIAL1", .total = total, .minute = minute})}, minute);
      ++minute;
    }
  }
  ~Office() { std::filesystem::remove_all(data); }
  Office(const Office&) = delete;
  Office& operator=(const Office&) = delete;

  struct Ran {
    int code;
    std::string out;
  };
  // Both streams; the words stand for themselves in a shell.
  [[nodiscard]] Ran run(const std::string& words) const {
    const char* bin = std::getenv("PLATEN_BIN");
    const std::string command = std::string(bin == nullptr ? "build/debug/bin" : bin) + "/platen-cloud " + words +
                                " --data " + data + " 2>&1 </dev/null";
    std::FILE* pipe = ::popen(command.c_str(), "r");
    REQUIRE(pipe != nullptr);
    Ran ran{0, ""};
    for (int octet = std::fgetc(pipe); octet != EOF; octet = std::fgetc(pipe)) ran.out += static_cast<char>(octet);
    ran.code = WEXITSTATUS(::pclose(pipe));
    return ran;
  }
  [[nodiscard]] json usage(int code) const {
    const Ran ran = run("usage --json --from 2026-11-21T12:00:00Z --to 2026-11-22 --zone Europe/Berlin");
    CAPTURE(ran.out);
    CHECK(ran.code == code);
    return json::parse(ran.out);
  }

  std::string data;
};

}  // namespace

TEST_CASE("a reset is listed, confirmed and billed across; until then it is said why not") {
  const Office office;
  const json before = office.usage(1);
  CHECK(before["schema"] == "platen.usage/1");
  CHECK(before["printer"] == "s-SERIAL1");
  CHECK(before["usage"] == 210);
  CHECK(before["missing"][0].get<std::string>().find("went from 48210 to 12: it was reset, not confirmed") !=
        std::string::npos);

  const json epoch = json::parse(office.run("meters list --json").out);
  CHECK(epoch["reason"] == "reset");
  CHECK(epoch["state"] == "proposed");
  CHECK(epoch["carry"] == 48'210);
  const std::string id = epoch["id"];

  const auto confirmed = office.run("meters confirm " + id);
  CHECK(confirmed.code == 0);
  CHECK(confirmed.out == id + ": 1 epoch confirmed\n");
  CHECK(office.usage(0)["usage"] == 240);
  CHECK(office.run("meters list --json").out.empty());
  CHECK(json::parse(office.run("meters list --json --decided").out)["state"] == "trusted");

  CHECK(office.run("meters reject " + id).code == 0);
  CHECK(office.usage(1)["usage"] == 210);
}

TEST_CASE("usage knows a store that was restored before any server does, and nothing has to be confirmed again") {
  const Office office;
  const auto put = [&](std::uint64_t total, int minute) {
    const auto store = cloud::open_sqlite_store(office.data + "/cloud.db").value();
    cloud::contract::put_readings(
        *store, "a", {cloud::contract::reading({.serial = "SERIAL1", .total = total, .minute = minute})}, minute);
  };
  const std::string id = json::parse(office.run("meters list --json").out)["id"];
  REQUIRE(office.run("meters confirm " + id).code == 0);
  const std::string store = office.data + "/cloud.db", copy = office.data + "/copy.db";
  std::filesystem::copy_file(store, copy);
  put(40, 4);
  CHECK(office.usage(0)["usage"] == 250);
  std::filesystem::copy_file(copy, store, std::filesystem::copy_options::overwrite_existing);
  put(45, 5);
  const auto first = office.run("usage --json --from 2026-11-21T12:00:00Z --to 2026-11-22 --zone Europe/Berlin");
  CHECK(first.code == 0);
  CHECK_MESSAGE(first.out.find("meters.older_store") != std::string::npos, first.out);
  CHECK_MESSAGE(first.out.find("\"usage\":255") != std::string::npos, first.out);
  put(47, 6);
  CHECK(office.usage(0)["usage"] == 257);
}

TEST_CASE("the latest forecast of each agent is listed, and what cannot be read is said") {
  const Office office;
  {
    const auto store = cloud::open_sqlite_store(office.data + "/cloud.db").value();
    std::uint64_t seq = store->position("a", "e1").value();
    wire::Forecast forecast{.made = cloud::contract::noon,
                            .time_zone = "Europe/Berlin",
                            .billing_day = "2026-12-01",
                            .printers = {{.address = "192.0.2.9", .code = "no-total", .why = "it never said one"},
                                         {.address = "192.0.2.7", .serial = "SERIAL1"}},
                            .left_out = 0};
    for (const std::string& octets : {std::string("\xFF"), wire::encode_forecast(forecast)}) {
      const cloud::StoredRecord record[] = {
          {.seq = ++seq, .kind = "forecast", .octets = octets, .reading = std::nullopt}};
      REQUIRE(store->put("a", "e1", record, cloud::contract::noon));
    }
    const cloud::StoredRecord broken[] = {{.seq = 1, .kind = "forecast", .octets = "\xFF", .reading = std::nullopt}};
    REQUIRE(store->put("b", "e1", broken, cloud::contract::noon));
  }
  const auto listed = office.run("forecast --format csv --missing --no-header");
  CHECK(listed.code == 1);
  CHECK_MESSAGE(listed.out.find("a,192.0.2.9,,,2026-12-01,no,,no-total,it never said one\r\n") != std::string::npos,
                listed.out);
  CHECK(listed.out.find("192.0.2.7") == std::string::npos);
  CHECK(listed.out.find("agent b: ") != std::string::npos);
}

TEST_CASE("what cannot be decided or asked is said, with the exit code that tells which") {
  const Office office;
  struct Row {
    const char* words;
    int code;
    const char* says;
  };
  const Row rows[] = {
      {"meters confirm 99", 1, "no epoch '99' waits for a decision"},
      {"meters confirm soon", 2, "'soon' is no epoch"},
      {"meters confirm 3 --carry many", 2, "--carry: 'many' is no whole number"},
      {"meters confirm 3 --carry 7", 2, "would count backwards; give at least 48198"},
      {"meters", 2, "meters list"},
      {"usage --from yesterday", 2, "--from: 'yesterday' is no time"},
      {"usage --from 2026-11-02 --to 2026-11-01", 2, "--to is not after --from"},
      {"usage --zone Berlin", 2, "no time zone \"Berlin\""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.words);
    const auto ran = office.run(row.words);
    CHECK(ran.code == row.code);
    CHECK_MESSAGE(ran.out.find(row.says) != std::string::npos, ran.out);
  }
}
