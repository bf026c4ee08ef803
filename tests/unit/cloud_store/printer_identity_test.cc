#include "cloud/store/printer_identity.h"

#include <doctest/doctest.h>

#include <vector>

using namespace platen;
using namespace platen::cloud;

TEST_CASE("a status reading finds its printer, and never makes one") {
  const std::vector<KnownPrinter> known = {
      {.number = 1, .serial = "VNB3K1", .mac = "001122334455", .model = "EXAMPLE100", .place = "a|192.0.2.7"}};
  struct Row {
    const char* name;
    IdentityKeys keys;
    Match want;
  };
  using Kind = Reading::Kind;
  const Row rows[] = {
      {"by serial", {{.serial = "VNB3K1"}, "", Kind::status}, {Match::Is::known, 1}},
      {"by MAC", {{.mac = "001122334455"}, "", Kind::status}, {Match::Is::known, 1}},
      {"by the place of its last full reading", {{}, "a|192.0.2.7", Kind::status}, {Match::Is::known, 1}},
      {"not at a place where another model answers", {{.model = "OTHER"}, "a|192.0.2.7", Kind::status}, {}},
      {"not elsewhere", {{}, "a|192.0.2.8", Kind::status}, {}},
      {"a full one without a name is another device", {{}, "a|192.0.2.7"}, {Match::Is::fresh, 0}},
      {"unless it was cut short", {{}, "a|192.0.2.7", Kind::full, false}, {}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(match_printer(row.keys, known) == row.want);
  }
}

TEST_CASE("one serial on two machines: they are told apart by MAC, agent and place, and never mixed") {
  const KnownPrinter first{1, "VNB3K1", "001122334455", "EXAMPLE100", "a|192.0.2.7"};
  const KnownPrinter second{2, "VNB3K1", "001122334466", "EXAMPLE100", "a|192.0.2.8"};
  struct Row {
    const char* name;
    std::vector<KnownPrinter> known;
    IdentityKeys keys;
    Match want;
  };
  const auto seen = [](const char* mac, const char* place, bool flagged = false) {
    return IdentityKeys{{.serial = "VNB3K1", .mac = mac, .model = "EXAMPLE100", .duplicate_serial = flagged}, place};
  };
  const Match fresh{Match::Is::fresh, 0};
  const Row rows[] = {
      {"a new network card", {first}, seen("001122334466", "a|192.0.2.7"), {Match::Is::known, 1}},
      {"the agent has met both", {first}, seen("001122334466", "a|192.0.2.8", true), fresh},
      {"another card at another agent", {first}, seen("001122334466", "b|192.0.2.8"), fresh},
      {"the same card at another agent: moved", {first}, seen("001122334455", "b|192.0.2.8"), {Match::Is::known, 1}},
      {"each by its MAC, newest first", {second, first}, seen("001122334455", "a|192.0.2.9"), {Match::Is::known, 1}},
      {"each by its MAC", {second, first}, seen("001122334466", "a|192.0.2.7"), {Match::Is::known, 2}},
      {"a third MAC where one of them stood",
       {second, first},
       seen("001122334477", "a|192.0.2.7"),
       {Match::Is::known, 1}},
      {"a third MAC elsewhere", {second, first}, seen("001122334477", "a|192.0.2.9"), fresh},
      {"no MAC, at the place of one", {second, first}, seen("", "a|192.0.2.8"), {Match::Is::known, 2}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(match_printer(row.keys, row.known) == row.want);
  }
}

TEST_CASE("a card that the printer lists among its others is no other machine") {
  const std::vector<KnownPrinter> known = {{1, "VNB3K1", "001122334455", "EXAMPLE100", "a|192.0.2.7"}};
  const IdentityKeys keys{{.serial = "VNB3K1",
                           .mac = "001122334466",
                           .model = "EXAMPLE100",
                           .macs = {"001122334455", "001122334466"},
                           .duplicate_serial = true},
                          "b|192.0.2.8"};
  CHECK(match_printer(keys, known) == Match{Match::Is::known, 1});
}

TEST_CASE("an id says where it comes from") {
  CHECK(fresh_id({{.serial = "VNB3K1", .mac = "001122334455"}}) == "s-VNB3K1");
  CHECK(fresh_id({{.mac = "001122334455"}}) == "m-001122334455");
  CHECK(fresh_id({{}, "a|192.0.2.7"}) == "a-a-192.0.2.7");
}
