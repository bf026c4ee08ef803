// Finishers, colorants, localizations, imaging counters, and who is believed when a level and the panel disagree.
#include <algorithm>

#include "rows.h"

using namespace platen;
using namespace platen::snmp;

TEST_CASE("finishers, their supplies and where their media comes from (RFC 3806)") {
  const Reading r = decoded(
      "2.1.43.30.1.1.2.1.1|2|3\n"  // stitcher
      "2.1.43.30.1.1.2.1.3|2|8\n"  // puncher
      "2.1.43.30.1.1.3.1.1|2|3\n"
      "2.1.43.30.1.1.3.1.3|2|5\n"
      "2.1.43.30.1.1.4.1.1|2|18\n"
      "2.1.43.30.1.1.5.1.1|2|100\n"
      "2.1.43.30.1.1.6.1.1|2|-2\n"
      "2.1.43.30.1.1.9.1.1|2|0\n"
      "2.1.43.30.1.1.10.1.1|4|Stapler\n"
      "2.1.43.31.1.1.2.1.1|2|1\n"
      "2.1.43.31.1.1.3.1.1|2|3\n"
      "2.1.43.31.1.1.4.1.1|2|32\n"
      "2.1.43.31.1.1.5.1.1|4|Staples\n"
      "2.1.43.31.1.1.6.1.1|2|18\n"
      "2.1.43.31.1.1.7.1.1|2|5000\n"
      "2.1.43.31.1.1.8.1.1|2|-3\n"
      "2.1.43.32.1.1.2.1.7|2|1\n"
      "2.1.43.32.1.1.4.1.7|2|4\n"
      "2.1.43.32.1.1.9.1.7|4|Cover stock\n"
      "2.1.43.32.1.1.10.1.7|4|Inserter\n");
  REQUIRE(r.finishers.size() == 2);
  CHECK(r.finishers[0].index == "1.1");
  CHECK(r.finishers[0].type == 3);
  CHECK(r.finishers[0].capacity->is == Amount::Is::unknown);
  CHECK(r.finishers[0].description == "Stapler");
  CHECK(r.finishers[1].present == 5);
  CHECK_FALSE(r.finishers[1].max_capacity);
  REQUIRE(r.finisher_supplies.size() == 1);
  CHECK(r.finisher_supplies[0].type == 32);
  CHECK(r.finisher_supplies[0].level->is == Amount::Is::some_remaining);
  CHECK(r.finisher_supplies[0].max_capacity->amount() == 5000);
  REQUIRE(r.finisher_inputs.size() == 1);
  CHECK(r.finisher_inputs[0].index == "1.7");
  CHECK(r.finisher_inputs[0].media == "Cover stock");
  CHECK(r.finisher_inputs[0].name == "Inserter");
}

TEST_CASE("colorants as they stand in their table") {
  const Reading r = decoded(
      "2.1.43.12.1.1.2.1.1|2|1\n2.1.43.12.1.1.3.1.1|2|3\n2.1.43.12.1.1.4.1.1|4|cyan\n2.1.43.12.1.1.5.1.1|2|256\n"
      "2.1.43.12.1.1.3.1.5|2|4\n2.1.43.12.1.1.4.1.5|4|gold\n");
  REQUIRE(r.colorants.size() == 2);
  CHECK(r.colorants[0] == Colorant{"1.1", 1, 3, "cyan", 256});
  CHECK(r.colorants[1] == Colorant{"1.5", std::nullopt, 4, "gold", std::nullopt});
}

TEST_CASE("the panel speaks in prtConsoleLocalization, all else in prtGeneralCurrentLocalization") {
  // "Größe" in Latin-1 and in Latin-2's neighbour, code page 852: F6 and 94 are both ö.
  const char* const texts =
      "2.1.43.5.1.1.2.1|2|1\n2.1.43.7.1.1.2.1.1|4|de\n2.1.43.7.1.1.3.1.1|4|CH\n2.1.43.7.1.1.4.1.1|2|4\n"
      "2.1.43.7.1.1.2.1.2|4|hu\n2.1.43.7.1.1.4.1.2|2|2010\n"
      "2.1.43.8.2.1.13.1.1|4x|4772f6df65\n2.1.43.16.5.1.2.1.1|4x|4772946265\n";
  const Reading general = decoded(texts);
  CHECK(general.status.charset == "iso8859-1");
  CHECK(general.status.language == "de");
  CHECK(general.status.country == "CH");
  REQUIRE(general.inputs.size() == 1);
  CHECK(general.inputs[0].name ==
        "Gr\xC3\xB6\xC3\x9F"
        "e");
  const Reading both = decoded(std::string(texts) + "2.1.43.5.1.1.10.1|2|2\n");
  CHECK(both.status.language == "de");
  CHECK(both.status.console_display == std::vector<std::string>{"Gr\xC3\xB6"
                                                                "be"});
  CHECK(both.inputs[0].name == general.inputs[0].name);
}

TEST_CASE("imaging counters: a service's lifetime counts are points with their evidence") {
  const std::string base = "4.1.2699.1.3.1.";
  const std::string keys = base + "2.1.1.2.1|2|3\n" +                               // the system
                           base + "2.1.1.2.2|2|11\n" + base + "2.1.1.2.3|2|12\n" +  // print, scan
                           base + "2.1.1.2.4|2|7\n" +                               // fax in
                           base + "2.1.1.2.5|2|11\n" + base + "2.1.1.5.5|2|1\n" +   // a subunit of printing
                           base + "2.1.1.2.6|2|4\n" + base + "2.1.1.2.7|2|4\n";     // two copiers
  const std::string counts =
      base + "7.1.1.4.3.3.3|2|40\n" + base + "7.1.1.4.2.3.3|2|999\n" +  // scans; images of prints
      base + "8.1.1.4.1.3.3|2|1000\n" + base + "8.1.1.4.2.3.3|2|600\n" + base + "8.1.1.4.2.7.3|2|5\n" +  // maintenance
      base + "8.1.1.4.2.3.4|2|9\n" +  // since power-on
      base + "8.1.1.4.2.3.5|2|1\n" +  // since reset
      base + "8.1.1.4.4.3.3|2|20\n" + base + "8.1.1.4.5.3.3|2|777\n" + base + "8.1.1.4.6.3.3|2|50\n" + base +
      "8.1.1.4.9.3.3|2|66\n" +  // one of two copiers; no key
      base + "8.1.1.5.1.3.3|2|700\n" + base + "8.1.1.7.1.3.3|2|2147483647\n" + base + "9.1.1.4.1.3.3|2|300\n" + base +
      "10.1.1.4.1.3.3|2|850\n";
  std::string all = keys + counts;
  const Reading r = decoded(all);
  using P = CounterPoint;
  const auto value = [&](P::Function function, P::Color color, P::Sides sides, std::string_view part,
                         P::Scope scope = P::Scope::life) -> std::optional<std::uint64_t> {
    for (const P& each : r.counters) {
      if (each.function == function && each.color == color && each.sides == sides && each.part == part &&
          each.scope == scope)
        return each.value;
    }
    return std::nullopt;
  };
  CHECK(value(P::Function::all, P::Color::all, P::Sides::all, "") == 1000U);
  CHECK(value(P::Function::all, P::Color::mono, P::Sides::all, "") == 700U);
  CHECK(value(P::Function::all, P::Color::all, P::Sides::two, "") == 300U);
  CHECK(value(P::Function::all, P::Color::all, P::Sides::all, "sheets") == 850U);
  CHECK(value(P::Function::print, P::Color::all, P::Sides::all, "") == 600U);
  CHECK(value(P::Function::print, P::Color::all, P::Sides::all, "", P::Scope::power_on) == 9U);
  CHECK(value(P::Function::scan, P::Color::all, P::Sides::all, "") == 40U);
  CHECK(value(P::Function::fax, P::Color::all, P::Sides::all, "fax in") == 20U);
  CHECK_FALSE(value(P::Function::copy, P::Color::all, P::Sides::all, ""));
  CHECK(r.counters.size() == 8);
  CHECK(flagged(r, "counter-stopped icImpressionFullColorImps.1.3.3"));
  const auto print = std::find_if(r.counters.begin(), r.counters.end(),
                                  [](const P& each) { return each.function == P::Function::print; });
  REQUIRE(print != r.counters.end());
  CHECK(print->evidence == Evidence{"icImpressionTotalImps.2.3.3", "1.3.6.1.4.1.2699.1.3.1.8.1.1.4.2.3.3", "600", 'B'});
  CHECK(print->unit == 7);
}

TEST_CASE("what the panel and the alerts say goes before a level") {
  // black 1.1 at 30 %, cyan 1.2 at 60 %, waste box 1.3 with half its room, drum 1.4 with some left
  const std::string supplies =
      "2.1.43.11.1.1.4.1.1|2|3\n2.1.43.11.1.1.4.1.2|2|3\n2.1.43.11.1.1.4.1.3|2|4\n2.1.43.11.1.1.4.1.4|2|3\n"
      "2.1.43.11.1.1.5.1.1|2|3\n2.1.43.11.1.1.5.1.2|2|21\n2.1.43.11.1.1.5.1.3|2|4\n2.1.43.11.1.1.5.1.4|2|9\n"
      "2.1.43.11.1.1.6.1.1|4|Black Toner\n2.1.43.11.1.1.6.1.2|4|Cyan Toner\n"
      "2.1.43.11.1.1.6.1.3|4|Waste Toner\n2.1.43.11.1.1.6.1.4|4|Drum\n"
      "2.1.43.11.1.1.8.1.1|2|100\n2.1.43.11.1.1.8.1.2|2|100\n2.1.43.11.1.1.8.1.3|2|100\n2.1.43.11.1.1.8.1.4|2|-2\n"
      "2.1.43.11.1.1.9.1.1|2|30\n2.1.43.11.1.1.9.1.2|2|60\n2.1.43.11.1.1.9.1.3|2|50\n2.1.43.11.1.1.9.1.4|2|-3\n";
  struct Row {
    const char* name;
    std::string says;
    std::vector<std::string> flags;
  };
  const auto panel = [](const std::string& text) { return "2.1.43.16.5.1.2.1.1|4|" + text + "\n"; };
  const auto alert = [](int code, int row, const std::string& text = "") {
    return "2.1.43.18.1.1.4.1.9|2|11\n2.1.43.18.1.1.5.1.9|2|" + std::to_string(row) + "\n2.1.43.18.1.1.7.1.9|2|" +
           std::to_string(code) + "\n" + (text.empty() ? "" : "2.1.43.18.1.1.8.1.9|4|" + text + "\n");
  };
  const Row rows[] = {
      {"nothing", panel("Ready"), {}},
      {"toner empty, by code", alert(1101, 2), {"alert-outranks-level supply 1.2"}},
      {"almost empty is no contradiction", alert(1104, 2), {}},
      {"the box is full", alert(1109, 3), {"alert-outranks-level supply 1.3"}},
      {"a code of toner says nothing of a box", alert(1101, 3), {}},
      {"a row that is not there", alert(1101, 8), {}},
      {"by the text of an alert", alert(1, 0, "Replace drum unit"), {"alert-outranks-level supply 1.4"}},
      {"both", panel("Replace black toner") + alert(1101, 1), {"alert-outranks-level supply 1.1"}},
      {"English", panel("Replace Toner (Cyan)"), {"console-outranks-level supply 1.2"}},
      {"German", panel("Toner schwarz ersetzen"), {"console-outranks-level supply 1.1"}},
      {"French", panel("Remplacez le toner noir"), {"console-outranks-level supply 1.1"}},
      {"Spanish", panel("Sustituya el tambor"), {"console-outranks-level supply 1.4"}},
      {"Italian", panel("Toner nero esaurito"), {"console-outranks-level supply 1.1"}},
      {"Portuguese", panel("Substituir toner preto"), {"console-outranks-level supply 1.1"}},
      {"Dutch", panel("Vervang toner zwart"), {"console-outranks-level supply 1.1"}},
      {"waste", panel("Replace waste toner box"), {"console-outranks-level supply 1.3"}},
      {"which of two it does not say", panel("Replace toner"), {}},
      {"not yet", panel("Replace black toner soon"), {}},
      {"low is not empty, and yellow is not low", panel("Black toner low, replace"), {}},
      {"paper", panel("Tray 1 empty"), {}},
      {"noToner", "2.1.25.3.5.1.2.1|4x|10\n", {"error-state-outranks-level"}},
      {"noToner, and the alert says which",
       "2.1.25.3.5.1.2.1|4x|10\n" + alert(1101, 1),
       {"alert-outranks-level supply 1.1"}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(decoded(supplies + row.says).flags == row.flags);
  }
  std::string spent = supplies;
  spent.replace(spent.find("9.1.1|2|30"), 10, "9.1.1|2|0 ").erase(spent.find("9.1.1|2|0 ") + 9, 1);
  CHECK(decoded(spent + panel("Replace black toner") + alert(1101, 1)).flags.empty());
}

TEST_CASE("the interface that holds the address is found in ipAddressTable, too") {
  const std::string interfaces =
      "2.1.2.2.1.6.1|4x|020000000001\n2.1.2.2.1.6.2|4x|020000000002\n2.1.2.2.1.8.1|2|1\n2.1.2.2.1.8.2|2|1\n";
  CHECK(decoded(interfaces).identity.mac == "02:00:00:00:00:01");
  CHECK(decoded(interfaces + "2.1.4.34.1.3.1.4.192.0.2.7|2|2\n").identity.mac == "02:00:00:00:00:02");
  CHECK(decoded(interfaces + "2.1.4.20.1.2.192.0.2.7|2|1\n2.1.4.34.1.3.1.4.192.0.2.7|2|2\n").identity.mac ==
        "02:00:00:00:00:01");
  const auto six = IpAddress::parse("2001:db8::7").value();
  const auto rows = rows_of(interfaces + "2.1.4.34.1.3.2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.7|2|2\n");
  CHECK(decode(rows, six, WallTime{}, Reading::Kind::full, Profiles{}).identity.mac == "02:00:00:00:00:02");
}
