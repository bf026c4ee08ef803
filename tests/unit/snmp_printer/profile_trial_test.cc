#include "snmp/printer/profile_trial.h"

#include "tests/unit/snmp_printer/rows.h"

using namespace platen;
using namespace platen::snmp;

namespace {

constexpr const char* kProfile = R"(name = "mine"
enterprises = [999]
roots = ["999.1", "999.2", "999.3"]
[identity]
serial = ["999.1.9.0", "999.1.8.0"]
[[counter]]
label = "mono"
oid = "999.1.1.0"
color = "mono"
confidence = "A"
[[counter]]
label = "text"
oid = "999.1.2.0"
confidence = "A"
[[counter]]
label = "absent"
oid = "999.1.3.0"
confidence = "A"
[[packed]]
oid = "999.2.0"
record = [{ id = 0x01, label = "black", part = "p", confidence = "A" }, { id = 0x0f, label = "none", part = "p", confidence = "A" }]
[[table]]
by = "type"
values = "999.3.9"
keys = "999.3.2"
labels = "999.3.5"
row = [
  { key = "10", label = "copies", function = "copy", says = ["copy"], confidence = "B" },
  { key = "11", label = "faxes", function = "fax", confidence = "B" },
]
[[sum]]
label = "all of it"
of = ["mono", "absent"]
confidence = "A"
)";
constexpr const char* kRows =
    "2.1.1.2.0|6|1.3.6.1.4.1.999.7\n4.1.999.1.1.0|65|11\n4.1.999.1.2.0|4|many\n4.1.999.1.8.0|4|S123\n"
    "4.1.999.2.0|4x|01010107ff\n4.1.999.3.2.4|2|10\n4.1.999.3.5.4|4|Kopie\n4.1.999.3.9.4|65|5";

const RuleTrial& rule(const ProfileTrial& trial, std::string_view label, std::string_view oid_end = "") {
  for (const RuleTrial& each : trial.rules) {
    if (each.label == label && each.oid.ends_with(oid_end)) return each;
  }
  FAIL(label);
  return trial.rules.front();
}

}  // namespace

TEST_CASE("each rule says what it took, or why it took nothing") {
  const auto trial = try_profile(Profiles{}, "mine.toml", kProfile, rows_of(kRows));
  REQUIRE_MESSAGE(trial, (trial ? "" : trial.error().text));
  CHECK(trial->name == "mine");
  CHECK(trial->used == "mine");
  CHECK(trial->fits);
  CHECK(trial->matched() == 4);
  CHECK(trial->conflicts.empty());
  CHECK(rule(*trial, "mono").value == "11");
  CHECK(rule(*trial, "mono").line == 6);
  CHECK(rule(*trial, "mono").confidence == 'A');
  CHECK(rule(*trial, "serial", "8.0").value == "S123");
  CHECK(rule(*trial, "serial", "9.0").why == "nothing answered there");
  CHECK(rule(*trial, "text").why == "1.3.6.1.4.1.999.1.2.0 = 6d616e79: this is no count");
  CHECK(rule(*trial, "absent").why == "nothing answered there");
  CHECK(rule(*trial, "black").value == "7");
  CHECK(rule(*trial, "none").why == "no such record in what was answered");
  CHECK(rule(*trial, "none").oid == "1.3.6.1.4.1.999.2.0 record 0x0f");
  CHECK(rule(*trial, "copies").matched);
  CHECK(rule(*trial, "copies").confidence == 'C');
  CHECK(rule(*trial, "copies").why == "the row's label does not say so: only shown");
  CHECK(rule(*trial, "faxes").why == "no row has this type");
  CHECK_FALSE(rule(*trial, "all of it").matched);
  CHECK(rule(*trial, "all of it").why == "a part of it is missing, or has another unit");
  CHECK(trial->reading.counters.size() == 3);
  CHECK(trial->reading.identity.serial == "S123");
}

TEST_CASE("conflicts with the profiles that are there already") {
  Profiles there;
  REQUIRE(there.add("maker.toml",
                    "name = \"maker\"\nenterprises = [999]\nroots = [\"999\"]\nmodels = [\"X9\"]\ncounter = [\n"
                    "{ label = \"total\", oid = \"999.1.1.0\", confidence = \"B\" },\n"
                    "{ label = \"duplex\", oid = \"999.1.8.1\", sides = \"two\", confidence = \"B\" }]\n"));
  const std::string rows = std::string(kRows) + "\n4.1.999.1.8.1|65|3\n2.1.1.1.0|4|Acme X9";
  const auto trial = try_profile(std::move(there), "mine.toml", kProfile, rows_of(rows));
  REQUIRE(trial);
  CHECK(trial->used == "maker");
  REQUIRE(trial->conflicts.size() == 3);
  CHECK(trial->conflicts[0] ==
        "1.3.6.1.4.1.999.1.1.0 is all × mono × all sides, A here, and all × all × all sides, B in 'maker'");
  CHECK(trial->conflicts[1] == "'maker duplex' (1.3.6.1.4.1.999.1.8.1 = 3) is read by 'maker' only");
  CHECK(trial->conflicts[2] ==
        "it is not used for this device: 'maker' fits this device better; name the device in 'models', or extend that "
        "profile");
}

TEST_CASE("a profile for another device, and one that is none") {
  const auto other = try_profile(Profiles{}, "mine.toml", kProfile, rows_of("2.1.1.2.0|6|1.3.6.1.4.1.11.2"));
  REQUIRE(other);
  CHECK_FALSE(other->fits);
  CHECK(other->matched() == 0);
  CHECK(other->used.empty());
  CHECK(other->conflicts ==
        std::vector<std::string>{"it is not used for this device: nothing that it asks for was answered"});
  const auto bad = try_profile(Profiles{}, "mine.toml", "name = 7", rows_of(kRows));
  REQUIRE_FALSE(bad);
  CHECK(bad.error().text.starts_with("mine.toml:1: "));
}
