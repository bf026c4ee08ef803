#include "tests/unit/snmp_printer/rows.h"

using namespace platen;
using namespace platen::snmp;

TEST_CASE("make and model: the case's brand, not the builder; the printer, not its network card") {
  struct Row {
    const char* name;
    const char* rows;
    std::optional<std::string> manufacturer, model;
  };
  const std::string card = "2.1.1.1.0|4|Brother NC-9999w, Firmware Ver.1\n";
  const Row cases[] = {
      {"hrDeviceDescr over the card's text",
       "2.1.1.1.0|4|Brother NC-9999w, Firmware Ver.1\n2.1.25.3.2.1.3.1|4|Brother HL-9999 series", "Brother",
       "HL-9999 series"},
      {"generic hrDeviceDescr", "2.1.1.1.0|4|KONICA MINOLTA bizhub C9999\n2.1.25.3.2.1.3.1|4|Generic 28C-1",
       "KONICA MINOLTA", "bizhub C9999"},
      {"a brand under its builder's number",
       "2.1.1.1.0|4|TA_UTAX Printing System\n2.1.1.2.0|6|1.3.6.1.4.1.1347.41\n2.1.25.3.2.1.3.1|4|P-9999DN", "UTAX",
       "P-9999DN"},
      {"brand from the 1284 id",
       "2.1.1.2.0|6|1.3.6.1.4.1.1347.41\n4.1.2699.1.2.1.2.1.1.3.1|4|MFG:TA Triumph-Adler;MDL:P-9990;",
       "TA Triumph-Adler", "P-9990"},
      {"1284 id in sysDescr", "2.1.1.1.0|4|MFG:Pantum;MDL:M999DW series;CLS:PRINTER;", "Pantum", "M999DW series"},
      {"maker by number alone", "2.1.1.2.0|6|1.3.6.1.4.1.2385.3\n2.1.43.5.1.1.16.1|4|MX-9999", "SHARP", "MX-9999"},
      {"a host name is no model", "2.1.1.5.0|4|floor-2\n2.1.43.5.1.1.16.1|4|floor-2", std::nullopt, std::nullopt},
      {"firmware after the model, serial unknown",
       "2.1.1.1.0|4|Lexmark T999 version A kernel 2\n2.1.25.3.2.1.3.1|4|Lexmark T999 991AB22 NS.NP", "Lexmark", "T999"},
      {"the printer among the devices",
       "2.1.25.3.2.1.2.1|6|1.3.6.1.2.1.25.3.1.4\n2.1.25.3.2.1.2.3|6|1.3.6.1.2.1.25.3.1.5\n2.1.25.3.2.1.3.1|4|Ethernet\n"
       "2.1.25.3.2.1.3.3|4|OKI C999",
       "OKI", "C999"},
      {"nothing", "2.1.43.5.1.1.1.1|65|0", std::nullopt, std::nullopt},
  };
  for (const Row& row : cases) {
    CAPTURE(row.name);
    const Identity got = decoded(row.rows).identity;
    CHECK(got.manufacturer == row.manufacturer);
    CHECK(got.model == row.model);
  }
}

TEST_CASE("the serial: prtGeneralSerialNumber, the 1284 id, sysDescr; placeholders are absent and flagged") {
  CHECK(decoded("2.1.43.5.1.1.17.1|4|AB12 ").identity.serial == "AB12");
  CHECK(decoded("2.1.43.5.1.1.17.1|4|XXXXXX\n2.1.1.1.0|4|HP X,SN:CD34,FN:1").identity.serial == "CD34");
  CHECK(decoded("4.1.2699.1.2.1.2.1.1.3.1|4|MFG:A;MDL:B;SN:EF56;").identity.serial == "EF56");
  const Reading none = decoded("2.1.43.5.1.1.17.1|4|0000000");
  CHECK_FALSE(none.identity.serial);
  CHECK(flagged(none, "serial-placeholder"));
}

TEST_CASE("a placeholder at the maker's first place does not hide the serial at its second") {
  const Reading reading = decoded(
      "2.1.1.2.0|6|1.3.6.1.4.1.11.2.3.9.1\n4.1.11.2.3.9.4.2.1.1.3.3.0|4|XXXXXXXXXX\n4.1.11.2.4.3.1.25.0|4|CNB1234567",
      Profiles::built_in());
  CHECK(reading.identity.serial == "CNB1234567");
  CHECK(flagged(reading, "serial-placeholder"));
}

TEST_CASE("the maker of the objects that answered, where nothing else names one") {
  CHECK(decoded("4.1.2435.2.3.9.4.2.1.5.5.1.0|4|U12345A6N789012", Profiles::built_in()).identity.manufacturer ==
        "Brother");
  CHECK_FALSE(decoded("4.1.2435.2.3.9.4.2.1.5.5.1.0|4|U12345A6N789012").identity.manufacturer);
}

TEST_CASE("a device id after its length in two octets") {
  const std::string id = "4d46473a41636d653b4d444c3a4f6e653b";  // MFG:Acme;MDL:One;
  for (const char* length : {"0011", "0013", ""}) {
    CAPTURE(std::string(length));
    const Identity found = decoded("4.1.2699.1.2.1.2.1.1.3.1|4x|" + (length + id)).identity;
    CHECK(found.manufacturer == "Acme");
    CHECK(found.model == "One");
  }
}

TEST_CASE("the MAC is of the interface that holds the scanned address, unless it is down") {
  const std::string two = "2.1.2.2.1.6.1|4x|020000000001\n2.1.2.2.1.6.2|4x|020000000002\n";
  CHECK(decoded(two).identity.mac == "02:00:00:00:00:01");
  CHECK(decoded(two + "2.1.2.2.1.8.1|2|1\n2.1.2.2.1.8.2|2|1\n2.1.4.20.1.2.192.0.2.7|2|2").identity.mac ==
        "02:00:00:00:00:02");
  CHECK(decoded(two + "2.1.2.2.1.8.1|2|1\n2.1.2.2.1.8.2|2|2\n2.1.4.20.1.2.192.0.2.7|2|2").identity.mac ==
        "02:00:00:00:00:01");
  CHECK(decoded(two + "2.1.4.20.1.2.192.0.2.7|2|2").identity.mac == "02:00:00:00:00:02");  // says no status
  // Without the address the first one, up or not: a cable makes no other printer.
  CHECK(decoded(two + "2.1.2.2.1.8.1|2|2\n2.1.2.2.1.8.2|2|1").identity.mac == "02:00:00:00:00:01");
  const Identity odd = decoded(
                           "2.1.2.2.1.6.1|4x|000000000000\n2.1.2.2.1.6.2|4x|ffffffffffff\n2.1.2.2.1.6.3|4x|0102\n"
                           "2.1.2.2.1.6.4|4x|020000000004\n2.1.2.2.1.6.5|4x|020000000004\n2.1.2.2.1.6.6|2|7")
                           .identity;
  CHECK(odd.macs == std::vector<std::string>{"02:00:00:00:00:04"});
}
