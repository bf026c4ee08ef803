#include "cloud/store/printer_identity.h"

#include <doctest/doctest.h>

#include <vector>

using namespace platen;
using namespace platen::cloud;

TEST_CASE("serials are compared as letters and digits; what makers put in for none is none") {
  struct Row {
    std::string_view in, out;
  };
  const Row rows[] = {{"vnb-3k1 2", "VNB3K12"},
                      {"  X1Y2 ", "X1Y2"},
                      {"", ""},
                      {"0", ""},
                      {"000000", ""},
                      {"XXXXXXXX", ""},
                      {"n/a", ""},
                      {"Not Available", ""},
                      {"A12", ""},
                      {"1234567890", ""},
                      {"\xC3\x84"
                       "B12345",
                       "B12345"}};
  for (const Row& row : rows) {
    CAPTURE(row.in);
    CHECK(normal_serial(row.in) == row.out);
  }
}

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
      {"by serial", {.serial = "VNB3K1", .kind = Kind::status}, {Match::Is::known, 1}},
      {"by MAC", {.mac = "001122334455", .kind = Kind::status}, {Match::Is::known, 1}},
      {"by the place of its last full reading", {.place = "a|192.0.2.7", .kind = Kind::status}, {Match::Is::known, 1}},
      {"not at a place where another model answers",
       {.model = "OTHER", .place = "a|192.0.2.7", .kind = Kind::status},
       {}},
      {"not elsewhere", {.place = "a|192.0.2.8", .kind = Kind::status}, {}},
      {"a full one without a name is another device", {.place = "a|192.0.2.7"}, {Match::Is::fresh, 0}},
      {"unless it was cut short", {.place = "a|192.0.2.7", .complete = false}, {}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(match_printer(row.keys, known) == row.want);
  }
}

TEST_CASE("an id says where it comes from") {
  CHECK(fresh_id({.serial = "VNB3K1", .mac = "001122334455"}) == "s-VNB3K1");
  CHECK(fresh_id({.mac = "001122334455"}) == "m-001122334455");
  CHECK(fresh_id({.place = "a|192.0.2.7"}) == "a-a-192.0.2.7");
}
