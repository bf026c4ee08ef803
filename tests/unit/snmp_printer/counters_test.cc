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

TEST_CASE("hundredths are divided, texts of digits are counts, what is left is no life count") {
  Profiles profiles;
  REQUIRE(profiles.add("acme.toml", R"(
name = "acme"
enterprises = [999]
roots = ["999.1", "999.5", "999.6"]
[[counter]]
label = "drum left"
oid = "999.1.1.0"
scope = "remaining"
part = "drum"
unit = "percent"
divide = 100
confidence = "B"
[[counter]]
label = "total"
oid = "999.1.2.0"
confidence = "B"
[[table]]
by = "part"
values = "999.5.5"
keys = "999.5.2"
row = [{ label = "left", scope = "remaining", unit = "percent", confidence = "C" }]
)"));
  const Reading got = decoded(
      "4.1.999.1.1.0|2|7999\n4.1.999.1.2.0|4|0012345\n4.1.999.5.2.1|4|Black "
      "toner\n4.1.999.5.2.2|4|Cyan\n4.1.999.5.5.1|2|"
      "60\n4.1.999.5.5.2|2|-100",
      profiles);
  REQUIRE(got.counters.size() == 3);
  CHECK(from(got, "acme drum left")->value == 79);
  CHECK(from(got, "acme drum left")->evidence.raw == "7999");
  CHECK(from(got, "acme drum left")->scope == P::Scope::remaining);
  CHECK(from(got, "acme total")->value == 12345);
  CHECK(from(got, "acme left Black toner")->part == "Black toner");
  CHECK(find_counter(got, P::Function::all, P::Color::all)->value == 12345);
  for (const char* padded : {"4| 12345 ", "4x|313233343500", "4x|31323334350078"})
    CHECK(from(decoded(std::string("4.1.999.1.2.0|") + padded, profiles), "acme total")->value == 12345);
  for (const char* no_digits : {"4|12 345", "4|12345x", "4|", "4|  "})
    CHECK_FALSE(from(decoded(std::string("4.1.999.1.2.0|") + no_digits, profiles), "acme total"));
  CHECK(from(decoded("4.1.999.1.1.0|2|10099", profiles), "acme drum left")->value == 100);
  CHECK_FALSE(from(decoded("4.1.999.1.1.0|2|10100", profiles), "acme drum left"));  // more than there can be
  CHECK_FALSE(from(decoded("4.1.999.5.2.1|4|Cyan\n4.1.999.5.5.1|2|101", profiles), "acme left Cyan"));
}

TEST_CASE("a table with labels: the row's own words decide, and without them it is only shown") {
  Profiles profiles;
  REQUIRE(profiles.add("acme.toml", R"(
name = "acme"
enterprises = [999]
roots = ["999.5"]
[[table]]
by = "row"
values = "999.5.4"
labels = "999.5.2"
row = [
  { key = "101", label = "total", confidence = "B" },
  { key = "112", label = "black large", color = "mono", size = "large", says = ["black/large", "Noir/Grand"], confidence = "B" },
  { key = "112", label = "copies", function = "copy", says = ["copy"], confidence = "B" },
]
)"));
  struct Row {
    const char* label;  // of row 112; nullptr: the column does not answer
    const char* source;
    char confidence;
  };
  const Row rows[] = {{"Total (Black/Large)", "acme black large", 'B'},
                      {"Total (NOIR/Grand)", "acme black large", 'B'},
                      {"Copy (Black)", "acme copies", 'B'},
                      {"Gesamt", "acme black large", 'C'},
                      {nullptr, "acme black large", 'C'}};
  for (const Row& row : rows) {
    CAPTURE(row.source);
    const std::string label = row.label == nullptr ? "" : std::string("\n4.1.999.5.2.112|4|") + row.label;
    const Reading got = decoded("4.1.999.5.4.101|65|9\n4.1.999.5.4.112|65|7" + label, profiles);
    REQUIRE(got.counters.size() == 2);
    REQUIRE(from(got, row.source));
    CHECK(from(got, row.source)->value == 7);
    CHECK(from(got, row.source)->evidence.confidence == row.confidence);
    CHECK(from(got, "acme total")->evidence.confidence == 'B');
  }
}

TEST_CASE("a table that tells the unit of each row: sides are billed by before sheets") {
  Profiles profiles;
  REQUIRE(profiles.add("acme.toml", R"(
name = "acme"
enterprises = [999]
roots = ["999.3"]
[[table]]
by = "type"
values = "999.3.4"
keys = "999.3.2"
units = "999.3.3"
unit_codes = { 4 = "impressions", 5 = "sheets" }
row = [{ key = "2", label = "total", confidence = "A" }]
)"));
  const std::string types = "4.1.999.3.2.1|2|2\n4.1.999.3.2.2|2|2\n",
                    values = "4.1.999.3.4.1|2|80\n4.1.999.3.4.2|2|120\n";
  const auto total = [&](const char* units) {
    const Reading got = decoded(types + values + units, profiles);
    REQUIRE(got.counters.size() == 2);
    return *find_counter(got, P::Function::all, P::Color::all);
  };
  const P sides = total("4.1.999.3.3.1|2|5\n4.1.999.3.3.2|2|4\n");
  CHECK(sides.value == 120);
  CHECK(sides.unit == 7);
  CHECK(total("4.1.999.3.3.1|2|5\n4.1.999.3.3.2|2|5\n").unit == 8);
  CHECK_FALSE(total("4.1.999.3.3.1|2|9\n4.1.999.3.3.2|4|4\n").unit);
}

TEST_CASE("one row in several languages") {
  Profiles profiles;
  REQUIRE(profiles.add("acme.toml", R"(
name = "acme"
enterprises = [999]
roots = ["999.3"]
[[table]]
by = "label"
values = "999.3.3"
keys = "999.3.4"
row = [{ key = ["Copies", "Kopien"], label = "copies", function = "copy", confidence = "A" }]
)"));
  CHECK(from(decoded("4.1.999.3.3.1|2|5\n4.1.999.3.4.1|4|Kopien", profiles), "acme copies")->value == 5);
  CHECK(from(decoded("4.1.999.3.3.1|2|6\n4.1.999.3.4.1|4|COPIES", profiles), "acme copies")->value == 6);
}

TEST_CASE("what is no count is absent: negative, text, not a number") {
  for (const char* value : {"2|-5", "4|many", "4x|7fc00000", "4x|bf800000", "4x|42c8"}) {
    CAPTURE(value);
    CHECK(decoded(std::string("4.1.999.1.1.0|2|1\n4.1.999.1.2.0|") + value, acme()).counters.size() == 1);
  }
}

TEST_CASE("a sum is not made where what stands in its place answers") {
  Profiles profiles;
  const auto added = profiles.add("acme.toml", R"(
name = "acme"
enterprises = [999]
roots = ["999.1"]
counter = [{ label = "feeder", oid = "999.1.1.0", part = "feeder", confidence = "A" }, { label = "flatbed", oid = "999.1.2.0", part = "flatbed", confidence = "A" }]
[[sum]]
label = "scans"
of = ["flatbed"]
also = ["feeder"]
function = "scan"
confidence = "A"
[[sum]]
label = "scans by feeder"
of = ["feeder"]
unless = ["flatbed"]
function = "scan"
confidence = "A"
)");
  REQUIRE_MESSAGE(added, (added ? "" : added.error().text));
  const auto sums = [&](const char* rows) {
    const Reading got = decoded(rows, profiles);
    return std::count_if(got.counters.begin(), got.counters.end(),
                         [](const P& point) { return point.function == P::Function::scan; });
  };
  CHECK(sums("4.1.999.1.1.0|65|5\n4.1.999.1.2.0|65|7") == 1);
  CHECK(sums("4.1.999.1.1.0|65|5") == 1);
  CHECK(sums("4.1.999.1.2.0|65|7") == 1);
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

TEST_CASE("totals that differ and parts that do not add up all stay, and a flag says so") {
  Profiles profiles;
  REQUIRE(profiles.add("acme.toml", R"(
name = "acme"
enterprises = [999]
roots = ["999.1"]
counter = [
  { label = "total", oid = "999.1.1.0", unit = "impressions", confidence = "A" },
  { label = "mono", oid = "999.1.2.0", color = "mono", confidence = "A" },
  { label = "color", oid = "999.1.3.0", color = "any_color", confidence = "A" },
  { label = "prints", oid = "999.1.4.0", function = "print", confidence = "A" },
  { label = "copies", oid = "999.1.5.0", function = "copy", confidence = "A" },
  { label = "doubtful", oid = "999.1.6.0", color = "mono", confidence = "C" },
  { label = "less sure", oid = "999.1.7.0", color = "mono", confidence = "B" },
  { label = "surer", oid = "999.1.8.0", color = "mono", confidence = "A" },
]
)"));
  struct Row {
    const char* name;
    std::string rows;
    std::vector<std::string> flags;
  };
  const std::string life = "2.1.43.10.2.1.3.1.1|2|7\n2.1.43.10.2.1.4.1.1|65|1000\n";
  const auto vendor = [](int oid, int value) {
    return "4.1.999.1." + std::to_string(oid) + ".0|65|" + std::to_string(value) + "\n";
  };
  const Row rows[] = {
      {"all in order", life + vendor(1, 1000) + vendor(2, 600) + vendor(3, 400) + vendor(4, 900) + vendor(5, 100), {}},
      {"test pages", life + vendor(1, 990), {"total-differs-from-life-count acme total"}},
      {"another unit is no difference", "2.1.43.10.2.1.3.1.1|2|8\n2.1.43.10.2.1.4.1.1|65|1000\n" + vendor(1, 990), {}},
      {"against the maker's total",
       life + vendor(1, 990) + vendor(2, 600) + vendor(3, 400),
       {"total-differs-from-life-count acme total", "colors-differ-from-total acme total"}},
      {"against the life count",
       life + vendor(2, 600) + vendor(3, 401),
       {"colors-differ-from-total prtMarkerLifeCount.1.1"}},
      {"one part is no sum", life + vendor(2, 600), {}},
      {"functions may be missing", life + vendor(4, 900), {}},
      {"but not exceed", life + vendor(4, 900) + vendor(5, 101), {"functions-exceed-total prtMarkerLifeCount.1.1"}},
      {"the surer of two is meant", life + vendor(7, 1) + vendor(8, 600) + vendor(3, 400), {}},
      {"C binds nobody", life + vendor(6, 600) + vendor(3, 500), {}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const Reading got = decoded(row.rows, profiles);
    CHECK(got.flags == row.flags);
    CHECK(total_of(got)->value == 1000);
  }
}
