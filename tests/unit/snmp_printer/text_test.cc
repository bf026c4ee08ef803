#include <doctest/doctest.h>

#include "snmp/printer/device_id.h"
#include "snmp/printer/model_text.h"
#include "snmp/printer/octet_text.h"
#include "snmp/printer/tables.h"

using namespace platen;
using namespace platen::snmp;

TEST_CASE("octets become text by what they are, then by what the printer names") {
  struct Row {
    const char* name;
    std::string octets;
    std::int32_t set;
    std::string want;
  };
  const Row rows[] = {
      {"ASCII", "Ready", 3, "Ready"},
      {"UTF-8 though Latin-2 is named", "U\xC5\x9APIENIA", 5, "UŚPIENIA"},
      {"Latin-2", "U\xA6PIENIA", 5, "UŚPIENIA"},
      {"Latin-5", "uyku \xFE", 12, "uyku ş"},
      {"Cyrillic", "\xB3\xD1", 8, "Гб"},
      {"hp-roman8", "Kopie\xCDn", 2004, "Kopieën"},
      {"Shift-JIS", "\x83g\x83i\x81[", 17, "トナー"},
      {"windows-1252", "\x80 5", 2252, "€ 5"},
      {"a set nobody knows: Latin-1", "Caf\xE9", 9999, "Café"},
      {"an impossible octet in the named set: Latin-1", "\x81\xFF", 2252, "\xC2\x81ÿ"},
      {"UTF-8 cut in the middle of a character", "Kopi\xC3\xABn \xE2\x82", 5, "Kopiën"},
      {"announced UTF-8, cut in its only special character", "Caf\xC3", 106, "Caf"},
      {"cut at NUL, blanks after the text go", std::string("Toner \r\n\0junk", 12), 106, "Toner"},
      {"blanks before it stay", "  x", 106, "  x"},
      {"nothing", "", 106, ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(octet_text(row.octets, charset_of(row.set)) == row.want);
  }
  CHECK(octet_text(std::string(300, 'x'), nullptr).size() == 255);
}

TEST_CASE("a description names one colour or none") {
  struct Row {
    const char* text;
    std::optional<std::string> want;
  };
  const Row rows[] = {{"Toner (Cyan)", "cyan"},
                      {"Schwarz Patrone", "black"},
                      {"Black/Color Drum and Black Box", "black"},
                      {"Black and Cyan", std::nullopt},
                      {"Drum Unit", std::nullopt},
                      {"Blackbird 7", std::nullopt},
                      {"Light Cyan Ink", "light cyan"},
                      {"", std::nullopt}};
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(color_named_in(row.text) == row.want);
  }
}

TEST_CASE("1284 device ids: keys in any order and spelling") {
  const auto id = parse_device_id("CMD:PJL; SERN: 77X ;MODEL:Acme One;MANUFACTURER:Acme Inc.;");
  REQUIRE(id);
  CHECK(id->manufacturer == "Acme Inc.");
  CHECK(id->model == "Acme One");
  CHECK(id->serial == "77X");
  CHECK(parse_device_id("MDL:B").value().model == "B");
  for (const char* not_one : {"", ";;;", "Acme LaserThing 5", "MFG:;MDL: ;", ":", "http://x;y"})
    CHECK_FALSE(parse_device_id(not_one));
}

TEST_CASE("the model in what printers say about themselves") {
  struct Row {
    const char* text;
    const char* serial;
    std::optional<std::string> want;
  };
  const Row rows[] = {
      {"HP LaserJet 9999 color Z99", "", "LaserJet 9999 color Z99"},
      {"Hewlett-Packard HP LaserJet 9999", "", "LaserJet 9999"},
      {"Lexmark T999 version AB.CD.E123 kernel 2.6.6 All-N-1", "", "T999"},
      {"Lexmark MX999de 7012345XYZ AB9.CD.E123", "7012345XYZ001", "MX999de"},
      {"Lexmark MS999dn 451444HH0ABCD LW41.PR4.P463", "", "MS999dn"},
      {"Lexmark MS999dn LW41.PR4.P463", "", "MS999dn"},
      {"Acme ONE 1234567 X.5", "", "Acme ONE 1234567 X.5"},
      {"Dell B9990dn Laser Printer version AB1.CD kernel 3.0.0", "", "B9990dn"},
      {"RICOH Aficio MP 999 1.04 / RICOH Network Printer C model", "", "Aficio MP 999"},
      {"Canon iR-ADV C9999 /P", "", "iR-ADV C9999"},
      {"Canon LBP9999 /PS", "", "LBP9999"},
      {"Canon iR9999 /UFR2", "", "iR9999"},
      {"Dell 9999cn Color Laser; System 1.0", "", "9999cn"},
      {"Dell B9999dnf Mono MFP", "", "B9999dnf"},
      {"Dell 9999dn Mono Laser Printer", "", "9999dn"},
      {"Xerox VersaLink C999 Color MFP", "", "VersaLink C999"},
      {"HP LaserJet 999 color MFP M999nw", "", "LaserJet 999 color MFP M999nw"},
      {"Xerox Phaser 9999; System 35.004, MCB 2.5", "", "Phaser 9999"},
      {"Xerox WorkCentre 9999 v1 Multifunction System; OS 10", "", "WorkCentre 9999"},
      {"Samsung CLX-9999 Series;V1.00.01.64", "", "CLX-9999 Series"},
      {"OKI OkiLAN 8500e Rev.01.23 PrintServer: Attached to MC999 Rev.02.70 : Copyright", "", "MC999"},
      {"KONICA MINOLTA bizhub C999i", "", "bizhub C999i"},
      {"Zebra Wired", "", std::nullopt},
      {"TTP999CE Version: 7.02 EZD", "", "TTP999CE"},
      {"HP", "", std::nullopt},
      {"", "", std::nullopt},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(model_in(row.text, row.serial) == row.want);
  }
  for (const char* card : {"Brother NC-9999w, Firmware Ver.1", "HP ETHERNET MULTI-ENVIRONMENT,ROM none,JETDIRECT",
                           "KYOCERA Document Solutions Printing System", "EPSON Built-in 10Base-T Print Server",
                           "Generic 28C-1", "Linux host 5.10"}) {
    CAPTURE(card);
    CHECK(says_no_model(card));
  }
}

TEST_CASE("serials in a description") {
  CHECK(serial_in("HP X,ROM none,SN:AB12CD,FN:1") == "AB12CD");
  CHECK(serial_in("Samsung X;NIC V4;S/N 4F61ABC ") == "4F61ABC");
  CHECK(serial_in("Samsung X;NIC V4;S/N 4F61ABC.") == "4F61ABC");
  CHECK_FALSE(serial_in("Samsung X;S/N 000000000"));
  CHECK_FALSE(serial_in("no serial here"));
}
