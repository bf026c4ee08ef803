#include "tests/unit/snmp_printer/rows.h"

using namespace platen;
using namespace platen::snmp;
using P = CounterPoint;

namespace {

constexpr const char* kAcme = R"(
name = "acme"
enterprises = [999]
roots = ["999.1", "999.2", "999.3", "999.4"]
[[counter]]
label = "mono"
oid = "999.1.1.0"
color = "mono"
unit = "impressions"
confidence = "A"
[[counter]]
label = "usage"
oid = "999.1.2.0"
function = "print"
confidence = "B"
float = true
[[packed]]
oid = "999.2.0"
record = [{ id = 0x01, label = "black", color = "mono", part = "packed", confidence = "A" }, { id = 0x06, label = "duplex", sides = "two", confidence = "A" }]
[[table]]
by = "label"
values = "999.3.3"
keys = "999.3.4"
row = [{ key = "Copies", function = "copy", confidence = "A" }, { key = "Color Copies", function = "copy", color = "any_color", confidence = "B" }]
[[table]]
by = "type"
values = "999.3.9"
keys = "999.3.8"
row = [{ key = "300", label = "faxes", function = "fax", confidence = "B" }]
[[table]]
by = "row"
values = "999.4.1"
row = [{ key = "1.2", label = "scans", function = "scan", confidence = "B" }]
[[table]]
by = "size"
values = "999.4.5"
keys = "999.4.4"
row = [{ label = "pages", unit = "impressions", confidence = "A" }]
[[sum]]
label = "copies and faxes"
of = ["Copies"]
also = ["faxes"]
function = "other"
confidence = "A"
)";

Profiles acme() {
  Profiles profiles;
  const auto added = profiles.add("acme.toml", kAcme);
  REQUIRE_MESSAGE(added, (added ? "" : added.error().text));
  return profiles;
}

const P* from(const Reading& reading, std::string_view source) {
  for (const P& point : reading.counters) {
    if (point.evidence.source == source) return &point;
  }
  return nullptr;
}

}  // namespace

TEST_CASE("the standard's counters: unit with the value, every marker for itself") {
  const Reading one = decoded("2.1.43.10.2.1.3.1.1|2|8\n2.1.43.10.2.1.4.1.1|65|1512\n2.1.43.10.2.1.5.1.1|65|10");
  REQUIRE(one.counters.size() == 2);
  CHECK(total_of(one)->value == 1512);
  CHECK(total_of(one)->unit == 8);
  CHECK(one.counters[1].scope == P::Scope::power_on);
  CHECK(one.counters[0].evidence == Evidence{"prtMarkerLifeCount.1.1", "1.3.6.1.2.1.43.10.2.1.4.1.1", "1512", 'A'});
  const Reading two =
      decoded("2.1.43.10.2.1.3.1.1|2|7\n2.1.43.10.2.1.4.1.1|65|5\n2.1.43.10.2.1.3.1.2|2|17\n2.1.43.10.2.1.4.1.2|65|3");
  CHECK(total_of(two)->value == 5);
  CHECK(two.counters[1].part == "marker 1.2");
}

TEST_CASE("vendor counters: integers, floats, packed records, tables by label, type, row and size, sums") {
  const Reading got = decoded(
      "2.1.1.2.0|6|1.3.6.1.4.1.999.7\n4.1.999.1.1.0|65|11\n4.1.999.1.2.0|4x|42c80000\n4.1.999.2.0|4x|"
      "010102000706010119ff0101040000ffff\n"
      "4.1.999.3.3.5|2|21\n4.1.999.3.4.5|4|copies\n4.1.999.3.3.6|2|22\n4.1.999.3.4.6|4|Unheard "
      "of\n4.1.999.3.8.3|2|300\n4.1.999.3.9.3|2|33\n"
      "4.1.999.4.1.1.2|2|44\n4.1.999.4.1.1.3|2|45\n4.1.999.4.4.1|4|Letter\n4.1.999.4.5.1|2|55",
      acme());
  REQUIRE(from(got, "acme mono"));
  CHECK(from(got, "acme mono")->value == 11);
  CHECK(from(got, "acme mono")->unit == 7);
  CHECK(from(got, "acme usage")->value == 100);  // 0x42c80000
  CHECK(from(got, "acme usage")->evidence.raw == "42c80000");
  CHECK(from(got, "acme black")->value == 7);
  CHECK(from(got, "acme black")->evidence.oid == "1.3.6.1.4.1.999.2.0 record 0x01");
  CHECK(from(got, "acme duplex")->value == 0x19);
  CHECK(from(got, "acme Copies")->value == 21);
  CHECK(from(got, "acme faxes")->value == 33);
  CHECK(from(got, "acme scans")->value == 44);
  CHECK(from(got, "acme pages Letter")->size_name == "Letter");
  CHECK(from(got, "acme pages Letter")->size == P::Size::named);
  CHECK(from(got, "acme copies and faxes")->value == 54);
  CHECK(from(got, "acme copies and faxes")->evidence.oid == "1.3.6.1.4.1.999.3.3.5 + 1.3.6.1.4.1.999.3.9.3");
  CHECK(from(got, "acme copies and faxes")->evidence.confidence == 'B');
  CHECK(got.counters.size() == 9);  // rows of other labels and codes are no points
}

TEST_CASE("broken packed records stop where they break") {
  struct Row {
    const char* name;
    const char* octets;
    std::size_t points;
  };
  const Row rows[] = {{"empty", "", 0},
                      {"closed at once", "ff", 0},
                      {"length beyond the end", "0101040000", 0},
                      {"length 0", "010100ff", 0},
                      {"nine octets", "010109000000000000000001", 0},
                      {"no closing octet", "01010105", 1},
                      {"good, then cut", "0101010506", 1}};
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(decoded(std::string("4.1.999.2.0|4x|") + row.octets, acme()).counters.size() == row.points);
  }
}

TEST_CASE("what is no count is absent: negative, text, not a number") {
  for (const char* value : {"2|-5", "4|many", "4x|7fc00000", "4x|bf800000", "4x|42c8"}) {
    CAPTURE(value);
    CHECK(decoded(std::string("4.1.999.1.1.0|2|1\n4.1.999.1.2.0|") + value, acme()).counters.size() == 1);
  }
}

TEST_CASE("a sum without one of its needed parts is not made") {
  const Reading got = decoded("4.1.999.3.8.3|2|300\n4.1.999.3.9.3|2|33", acme());
  CHECK(from(got, "acme faxes"));
  CHECK_FALSE(from(got, "acme copies and faxes"));
}

TEST_CASE("a counter far above the life count is flagged and no longer billed by") {
  const std::string life = "2.1.43.10.2.1.4.1.1|65|1000\n";
  const Reading lie = decoded(life + "4.1.999.1.1.0|65|10884743", acme());
  CHECK(flagged(lie, "far-above-life-count acme mono"));
  CHECK(from(lie, "acme mono")->value == 10884743);
  CHECK_FALSE(find_counter(lie, P::Function::all, P::Color::mono));
  const Reading fine = decoded(life + "4.1.999.1.1.0|65|1100", acme());
  CHECK(fine.flags.empty());
  CHECK(find_counter(fine, P::Function::all, P::Color::mono)->value == 1100);
}
