#include "snmp/printer/profile.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include "snmp/printer/built_in_profiles.h"
#include "snmp/printer/profile_trial.h"
#include "tests/unit/snmp_printer/rows.h"

using namespace platen;
using namespace platen::snmp;

namespace {

std::string minimal(const std::string& more) {
  return "name = \"acme\"\nenterprises = [999]\nroots = [\"999.1\"]\n" + more;
}

}  // namespace

TEST_CASE("every built-in profile is valid and has a name of its own") {
  const auto files = built_in_profiles();
  const Profiles all = Profiles::built_in();
  CHECK(files.size() >= 10);
  for (const BuiltInProfile& file : files) {
    CAPTURE(file.file_name);
    const auto profile =
        parse_profile(file.file_name, file.toml, [&](std::string_view name) { return all.find(name); });
    REQUIRE_MESSAGE(profile, (profile ? "" : profile.error().text));
  }
  CHECK(all.names().size() == files.size());
}

TEST_CASE("a Dell has the counters of who built it, and its own serial") {
  const std::string dell =
      "2.1.1.2.0|6|1.3.6.1.4.1.674.10898\n4.1.674.10898.100.1.1.1.0|4|F1\n4.1.674.10898.100.2.1.2.1.6.1|4|DELL123\n";
  struct Row {
    const char *counter, *source;
  };
  for (const Row& row : {Row{"4.1.253.8.53.13.2.1.8.1.20.1|4|900", "xerox-dell total (column 8)"},
                         Row{"4.1.236.11.5.1.1.9.2.0|65|900", "samsung-dell total"},
                         Row{"4.1.641.2.1.5.1.0|65|900", "lexmark total (older models)"}}) {
    CAPTURE(std::string(row.source));
    const Reading got = decoded(dell + row.counter, Profiles::built_in());
    REQUIRE(got.counters.size() == 1);
    CHECK(got.counters[0].evidence.source == row.source);
    CHECK(got.counters[0].value == 900);
    CHECK(got.identity.serial == "DELL123");
    CHECK(got.identity.firmware == "F1");
    CHECK(got.identity.manufacturer == "Dell");
  }
}

namespace {

// The fenced blocks of docs/profiles.md whose fence names this language.
std::vector<std::string> blocks(const std::string& language) {
  std::ifstream page("docs/profiles.md");
  std::vector<std::string> found;
  bool inside = false, wanted = false;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("```")) {
      inside = !inside;
      wanted = inside && line == "```" + language;
      if (wanted) found.emplace_back();
    } else if (wanted) {
      found.back() += line + "\n";
    }
  }
  return found;
}

}  // namespace

TEST_CASE("the worked example of docs/profiles.md does what the page says") {
  const auto toml = blocks("toml");
  REQUIRE(toml.size() == 2);
  const auto rows = parse_snmprec(blocks("").at(0));
  REQUIRE_MESSAGE(rows, (rows ? "" : rows.error().text));
  const auto trial = try_profile(Profiles::built_in(), "acme.toml", toml[0], *rows);
  REQUIRE_MESSAGE(trial, (trial ? "" : trial.error().text));
  CHECK(trial->matched() == 6);
  CHECK(trial->rules.size() == 6);
  CHECK(trial->conflicts.empty());
  CHECK(trial->reading.flags == std::vector<std::string>{"total-differs-from-life-count acme total"});
  using P = CounterPoint;
  CHECK(find_counter(trial->reading, P::Function::all, P::Color::mono)->value == 3000);
  CHECK(find_counter(trial->reading, P::Function::all, P::Color::any_color)->value == 1321);
  CHECK(find_counter(trial->reading, P::Function::copy, P::Color::all)->value == 321);
  CHECK(trial->rules.back().value == "87");
}

TEST_CASE("the whole format of docs/profiles.md is a profile") {
  Profiles profiles;
  REQUIRE(profiles.add("acme.toml", blocks("toml").at(0)));
  const auto added = profiles.add("mine.toml", blocks("toml").at(1));
  REQUIRE_MESSAGE(added, (added ? "" : added.error().text));
  const Profile& mine = *profiles.find("mine");
  CHECK(mine.models == std::vector<std::string>{"LaserThing 5"});
  CHECK(mine.scalars.size() == 3);
  CHECK(mine.tables.size() == 3);
  CHECK(mine.packed.size() == 1);
  CHECK(mine.sums.size() == 1);
}

TEST_CASE("a root that is one object's instance is read from above: GETNEXT never returns the name it is given") {
  const auto roots = [](const std::string& root, const std::string& object) {
    Profiles profiles;
    REQUIRE(profiles.add("acme.toml", "name = \"a\"\nenterprises = [999]\nroots = [\"" + root +
                                          "\"]\n[identity]\nfirmware = [\"" + object + "\"]\n"));
    return profiles.roots_for(Oid{1, 3, 6, 1, 4, 1, 999, 1});
  };
  const Oid acme{1, 3, 6, 1, 4, 1, 999};
  CHECK(roots("999.5.1.7", "999.5.1.7") == std::vector<Oid>{acme + 5U + 1U});
  CHECK(roots("999.5.1.0", "999.5.1.0") == std::vector<Oid>{acme + 5U + 1U + 0U});
  CHECK(roots("999.5.1", "999.5.1.7") == std::vector<Oid>{acme + 5U + 1U});
}

TEST_CASE("what is wrong with a profile is said with file, line and the nearest key") {
  struct Row {
    std::string toml, want;
  };
  const Row rows[] = {
      {"", "acme.toml:1: 'name' is missing"},
      {"name = \"a\"\nenterprizes = [9]", "acme.toml:2: unknown key 'enterprizes'; did you mean 'enterprises'?"},
      {"name = \"a\"\nfrobnicate = 1", "acme.toml:2: unknown key 'frobnicate'; known are name, about"},
      {"name = \"a\"", "'enterprises' is missing"},
      {"name = 7\nenterprises = [9]", "acme.toml:1: 'name' needs a text"},
      {"name = \"a\"\nenterprises = [\"x\"]", "acme.toml:2: 'enterprises' needs enterprise numbers"},
      {"name = \"a\"\nenterprises = [-1]", "acme.toml:2: 'enterprises' needs enterprise numbers"},
      {"name = \"a\"\nroots = [\"1..2\"]", "acme.toml:2: '1..2' is not an OID"},
      {"name = ", "acme.toml:1:"},
      {"name = \xC3\xA9 ", "acme.toml:1:"},
      {minimal("[[counter]]\nlabel = \"x\"\noid = \"999.2.0\"\nconfidence = \"A\""),
       "acme.toml:6: no root covers 1.3.6.1.4.1.999.2.0"},
      {minimal("[[counter]]\nlabel = \"x\"\noid = \"999.1.0\""), "acme.toml:4: 'confidence' is missing"},
      {minimal("[[counter]]\nlabel = \"x\"\noid = \"999.1.0\"\nconfidence = \"D\""),
       "acme.toml:7: 'confidence' is one of A, B, C"},
      {minimal("[[counter]]\nlabel = \"x\"\nconfidence = \"A\""), "'oid' is missing"},
      {minimal("[[counter]]\nlabel = \"x\"\noid = \"999.1.0\"\nconfidence = \"A\"\nunit = \"pages\""),
       "acme.toml:8: 'unit' is a word of prtMarkerCounterUnit"},
      {minimal("[[counter]]\nlabel = \"x\"\noid = \"999.1.0\"\nconfidence = \"A\"\ncolour = \"mono\""),
       "acme.toml:8: unknown key 'colour'; did you mean 'color'?"},
      {minimal("[[counter]]\nlabel = \"x\"\noid = \"999.1.0\"\nconfidence = \"A\"\ncolor = \"grey\""),
       "acme.toml:8: 'color' is one of all, mono"},
      {minimal("counter = 7"), "acme.toml:4: 'counter' needs a list of tables"},
      {minimal("[[packed]]\noid = \"999.1.0\"\nrecord = [{ id = 300, label = \"x\", confidence = \"A\" }]"),
       "'id' is a number 0x00 to 0xfe"},
      {minimal("[[table]]\nby = \"row\"\nvalues = \"999.1\"\nrow = [{ key = \"1\", label = \"x\", confidence = \"A\" "
               "}, { key = \"1\", label = \"y\", confidence = \"A\" }]"),
       "key '1' stands there twice"},
      {minimal("[[table]]\nby = \"type\"\nvalues = \"999.1\"\n"), "'keys' is missing"},
      {minimal("[[sum]]\nlabel = \"s\"\nof = [\"nobody\"]\nconfidence = \"A\""),
       "acme.toml:4: no counter of this profile has the label 'nobody'"},
      {minimal("[identity]\nserial = [\"999.2.0\"]"), "acme.toml:5: no root covers"},
      {"name = \"a\"\nenterprises = [1347]\nroots = [\"1347\"]",
       "acme.toml:3: root 1.3.6.1.4.1.1347 would read a job log"},
      {"name = \"a\"\nenterprises = [1347]\nroots = [\"1347.47.1\"]", "would read a job log"},
      {"name = \"a\"\nroots = [\"1.3.6.1.2.1.43\"]", "acme.toml:2: 1.3.6.1.2.1.43 is no maker's own object"},
      {"name = \"a\"\nextends = \"nobody\"", "acme.toml:2: there is no profile 'nobody' to extend"},
      {minimal(
           "counter = [{ label = \"x\", oid = \"999.1.0\", confidence = \"A\" },\n{ label = \"x\", oid = \"999.1.1\", "
           "confidence = \"A\" }]"),
       "acme.toml:5: label 'x' stands there twice; the first is in line 4"},
      {minimal("counter = [{ label = \"x\", oid = \"999.1.0\", divide = 0, confidence = \"A\" }]"),
       "'divide' is a number from 1"},
      {minimal("[[table]]\nby = \"row\"\nvalues = \"999.1\"\nrow = [{ key = \"1\", label = \"x\", says = [\"y\"], "
               "confidence "
               "= \"A\" }]"),
       "acme.toml:7: 'says' needs 'labels'"},
      {minimal("[[table]]\nby = \"row\"\nvalues = \"999.1\"\nunits = \"999.1.2\""),
       "acme.toml:4: 'units' (a column) and 'unit_codes'"},
      {minimal("[[table]]\nby = \"row\"\nvalues = \"999.1\"\nunit_codes = { 4 = \"sheets\" }"),
       "acme.toml:4: 'units' (a column) and 'unit_codes'"},
      {minimal("[[table]]\nby = \"row\"\nvalues = \"999.1\"\nunits = \"999.1.2\"\nunit_codes = { four = \"sheets\" }"),
       "acme.toml:8: 'unit_codes' needs numbers on the left"},
      {minimal("[[table]]\nby = \"row\"\nvalues = \"999.1\"\nunits = \"999.1.2\"\nunit_codes = { 4 = \"sides\" }"),
       "acme.toml:8: 'unit' is a word of prtMarkerCounterUnit"},
      {minimal("[[table]]\nby = \"row\"\nvalues = \"999.1\"\nrow = [{ key = [], label = \"x\", confidence = \"A\" }]"),
       "'key' is an empty list"},
      {minimal("[identity]\nserail = [\"999.1.0\"]"), "acme.toml:5: unknown key 'serail'; did you mean 'serial'?"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.toml);
    const auto got = parse_profile("acme.toml", row.toml);
    REQUIRE_FALSE(got);
    CHECK(got.error().code == Code::invalid);
    CHECK_MESSAGE(got.error().text.find(row.want) != std::string::npos, got.error().text);
  }
}

TEST_CASE(
    "the profile of what answers: the maker's own first, then the one most of which answers, a model's before a "
    "maker's") {
  Profiles profiles;
  const auto profile = [](const char* name, const char* enterprise, const char* more) {
    return std::string("name = \"") + name + "\"\nenterprises = [" + enterprise + "]\nroots = [\"" + enterprise +
           ".1\"]\n" + more + "\n[identity]\nserial = [\"" + enterprise + ".1.1.0\"]\nmodel = [\"" + enterprise +
           ".1.2.0\"]\n";
  };
  REQUIRE(profiles.add("a", profile("builder", "100", "")));
  REQUIRE(profiles.add("b", profile("brand", "200", "")));
  REQUIRE(profiles.add("c", profile("special", "100", "models = [\"X9\"]")));
  const auto name_of_match = [&](const char* rows) {
    const Profile* found = profiles.match(rows_of(rows));
    return found == nullptr ? std::string("none") : found->name;
  };
  CHECK(name_of_match("2.1.1.2.0|6|1.3.6.1.4.1.200.1\n4.1.100.1.1.0|4|S\n4.1.100.1.2.0|4|M\n4.1.200.1.1.0|4|S") ==
        "brand");
  CHECK(name_of_match("2.1.1.2.0|6|1.3.6.1.4.1.200.1\n4.1.100.1.1.0|4|S") == "builder");
  CHECK(name_of_match("4.1.100.1.1.0|4|S\n4.1.100.1.2.0|4|M\n4.1.200.1.1.0|4|S") == "builder");
  CHECK(name_of_match("2.1.1.1.0|4|Acme x9\n4.1.100.1.1.0|4|S") == "special");
  CHECK(name_of_match("2.1.1.2.0|6|1.3.6.1.4.1.200.1\n4.1.300.1.1.0|4|S") == "none");
  CHECK(profiles.roots_for(Oid{1, 3, 6, 1, 4, 1, 200, 5}) == std::vector<Oid>{Oid{1, 3, 6, 1, 4, 1, 200, 1}});
  CHECK(profiles.roots_for(Oid{1, 3, 6, 1, 4, 1, 300, 5}).empty());
  // Whose it is, is told by nobody, or the agent's software speaks of itself: all of them, the shared one once.
  for (const Oid& nobodys : {Oid{}, Oid{0, 0}, Oid{1, 3, 6, 1, 2, 1}, Oid{1, 3, 6, 1, 4, 1, 8072, 3, 2, 10}})
    CHECK(profiles.roots_for(nobodys).size() == 2);
}

TEST_CASE("counters decide which profile fits, not what many makers copy of each other's identity") {
  Profiles profiles;
  const auto profile = [](const char* name, const char* identity, const char* counter) {
    return std::string("name = \"") + name +
           "\"\nenterprises = [100]\nroots = [\"100.1\", \"100.2\", \"100.3\", \"100.4\"]\n[identity]\n" + identity +
           "[[counter]]\nlabel = \"total\"\noid = \"" + counter + "\"\nconfidence = \"B\"\n";
  };
  const char* all_names = "serial = [\"100.1.1.0\"]\nmodel = [\"100.1.2.0\"]\nfirmware = [\"100.1.3.0\"]\n";
  REQUIRE(profiles.add("a", profile("named", all_names, "100.2.1.0")));
  REQUIRE(profiles.add("b", profile("counted", "serial = [\"100.1.1.0\"]\n", "100.3.1.0")));
  const auto used = [&](const char* counter) {
    const Profile* found = profiles.match(
        rows_of(std::string("4.1.100.1.1.0|4|S\n4.1.100.1.2.0|4|M\n4.1.100.1.3.0|4|F\n") + counter + "|65|7\n"));
    return found == nullptr ? std::string("none") : found->name;
  };
  CHECK(used("4.1.100.2.1.0") == "named");
  CHECK(used("4.1.100.3.1.0") == "counted");
  CHECK(used("4.1.100.4.1.0") == "named");
}

TEST_CASE("a folder adds and replaces; what is refused is named and stops nobody") {
  const auto folder = std::filesystem::temp_directory_path() / "platen_profile_test";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "acme.toml") << minimal("");
  std::ofstream(folder / "bad.toml") << "name = \"bad\"\nrots = []\n";
  std::ofstream(folder / "notes.txt") << "not a profile";
  Profiles profiles;
  REQUIRE(profiles.add("old.toml", minimal("models = [\"M\"]")));
  const auto refused = profiles.add_folder(folder.string());
  REQUIRE(refused.size() == 1);
  CHECK(refused[0].text.find("bad.toml:2: unknown key 'rots'; did you mean 'roots'?") != std::string::npos);
  CHECK(profiles.names() == std::vector<std::string>{"acme"});
  CHECK(profiles.add_folder((folder / "missing").string()).size() == 1);
  std::filesystem::remove_all(folder);
}

TEST_CASE("identity by profile: HP's two octets before a text are dropped, the first OID that answers counts") {
  Profiles profiles;
  REQUIRE(profiles.add(
      "acme.toml",
      minimal(
          "[identity]\nserial = [\"999.1.1.0\", \"999.1.2.0\"]\nmodel = [\"999.1.3.0\"]\nfirmware = [\"999.1.4.0\"]\n"
          "console = [\"999.1.5.0\"]\ndevice_id = [\"999.1.6.0\"]")));
  const Reading got = decoded(
      "4.1.999.1.2.0|4x|01155337\n4.1.999.1.3.0|4x|fde84d37\n4.1.999.1.4.0|4|F1\n4.1.999.1.5.0|4|Hello  "
      "\n4.1.999.1.6.0|4|MFG:Acme;MDL:family;",
      profiles);
  CHECK(got.identity.serial == "S7");
  CHECK(got.identity.model == "M7");
  CHECK(got.identity.firmware == "F1");
  CHECK(got.identity.manufacturer == "Acme");
  CHECK(got.status.console_display == std::vector<std::string>{"Hello"});
}

TEST_CASE("a profile that extends another has its rules, but for those it has itself") {
  Profiles profiles;
  REQUIRE(profiles.add(
      "base.toml",
      minimal("models = [\"Old\"]\n[identity]\nserial = [\"999.1.9.0\"]\n"
              "[[counter]]\nlabel = \"mono\"\noid = \"999.1.1.0\"\ncolor = \"mono\"\nconfidence = \"A\"\n"
              "[[counter]]\nlabel = \"scans\"\noid = \"999.1.2.0\"\nfunction = \"scan\"\nconfidence = \"A\"\n")));
  const auto added =
      profiles.add("more.toml",
                   "name = \"more\"\nextends = \"acme\"\nmodels = [\"New\"]\nroots = [\"999.7\"]\n"
                   "[[counter]]\nlabel = \"mono\"\noid = \"999.7.1.0\"\ncolor = \"mono\"\nconfidence = \"B\"\n"
                   "[[sum]]\nlabel = \"both\"\nof = [\"mono\", \"scans\"]\nfunction = \"other\"\nconfidence = \"C\"\n");
  REQUIRE_MESSAGE(added, (added ? "" : added.error().text));
  const Reading got = decoded(
      "2.1.1.1.0|4|Acme New\n2.1.1.2.0|6|1.3.6.1.4.1.999.3\n4.1.999.1.1.0|65|1\n4.1.999.1.2.0|65|2\n4.1.999.1.9.0|4|"
      "S123\n4.1.999.7.1.0|65|3",
      profiles);
  CHECK(got.identity.serial == "S123");
  REQUIRE(got.counters.size() == 3);
  CHECK(got.counters[0].evidence.source == "more scans");
  CHECK(got.counters[1].evidence.source == "more mono");
  CHECK(got.counters[1].value == 3);
  CHECK(got.counters[2].value == 5);
  CHECK_FALSE(profiles.add("self.toml", "name = \"more\"\nextends = \"more\"\n"));
}

TEST_CASE("of two that fit equally the dealer's own is taken before a built-in one") {
  Profiles profiles = Profiles::built_in();
  const char* rows = "2.1.1.2.0|6|1.3.6.1.4.1.2001.1\n4.1.2001.1.1.1.1.100.1.1.1.3.1|65|7";
  REQUIRE(profiles.match(rows_of(rows)));
  CHECK(profiles.match(rows_of(rows))->name == "oki");
  REQUIRE(profiles.add("mine.toml", "name = \"mine\"\nextends = \"oki\"\n"));
  CHECK(profiles.match(rows_of(rows))->name == "mine");
}

TEST_CASE("what a folder holds beside profiles cannot be read, or is too large, is refused alone") {
  const auto folder = std::filesystem::temp_directory_path() / "platen_profile_folder_test";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder / "a.toml");
  std::ofstream(folder / "b.toml") << std::string((1 << 20) + 1, '#');
  std::ofstream(folder / "c.toml") << minimal("");
  Profiles profiles;
  const auto refused = profiles.add_folder(folder.string());
  REQUIRE(refused.size() == 2);
  CHECK(refused[0].text.find("a.toml: this is no file") != std::string::npos);
  CHECK(refused[1].text.find("a profile is at most 1 MiB") != std::string::npos);
  CHECK(profiles.names() == std::vector<std::string>{"acme"});
  std::filesystem::remove_all(folder);
}
