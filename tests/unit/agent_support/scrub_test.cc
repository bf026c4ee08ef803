#include "agent/support/scrub.h"

#include <doctest/doctest.h>

#include "agent/support/scrub_text.h"

using namespace platen;
using namespace platen::support;
using snmp::Oid;
using snmp::Value;

namespace {

std::string text_of(const Scrubbed& scrubbed, const char* oid) {
  for (const snmp::VarBind& row : scrubbed.rows) {
    if (row.name == Oid::parse(oid).value())
      return row.value.bytes() == nullptr ? row.value.text() : *row.value.bytes();
  }
  return "(no row)";
}

snmp::VarBind row(const char* oid, Value value) { return {Oid::parse(oid).value(), std::move(value)}; }

const IpAddress here = IpAddress::parse("10.1.1.9").value();

}  // namespace

TEST_CASE("personal objects are replaced, numbers and identity stay") {
  const snmp::VarBinds rows = {
      row("1.3.6.1.2.1.1.1.0", Value::octets("Acme Laser 9000 V1.2.3.4")),
      row("1.3.6.1.2.1.1.4.0", Value::octets("Ada Lovelace")),
      row("1.3.6.1.2.1.1.5.0", Value::octets("prn-floor3")),
      row("1.3.6.1.2.1.1.6.0", Value::octets("")),
      row("1.3.6.1.2.1.43.5.1.1.17.1", Value::octets("ACM0001234")),
      row("1.3.6.1.2.1.43.10.2.1.4.1.1", Value::integer(4711, snmp::Type::counter32)),
      row("1.3.6.1.2.1.43.16.5.1.2.1.1", Value::octets("Hello prn-floor3, ask Ada Lovelace")),
  };
  const Scrubbed got = scrub(rows, here);
  CHECK(text_of(got, "1.3.6.1.2.1.1.1.0") == "Acme Laser 9000 V1.2.3.4");
  CHECK(text_of(got, "1.3.6.1.2.1.1.4.0") == "scrubbed");
  CHECK(text_of(got, "1.3.6.1.2.1.1.5.0") == "scrubbed");
  CHECK(text_of(got, "1.3.6.1.2.1.1.6.0").empty());
  CHECK(text_of(got, "1.3.6.1.2.1.43.5.1.1.17.1") == "ACM0001234");
  CHECK(text_of(got, "1.3.6.1.2.1.43.10.2.1.4.1.1") == "4711");
  CHECK(text_of(got, "1.3.6.1.2.1.43.16.5.1.2.1.1") == "Hello scrubbed, ask scrubbed");
  CHECK(got.what ==
        std::map<std::string, std::size_t>{{"sysContact", 1}, {"sysName", 1}, {"names seen in personal objects", 2}});
}

TEST_CASE("a name that is the product's name does not wipe the product") {
  const snmp::VarBinds rows = {row("1.3.6.1.2.1.1.1.0", Value::octets("Acme Laser")),
                               row("1.3.6.1.2.1.1.5.0", Value::octets("Acme")),
                               row("1.3.6.1.2.1.25.3.2.1.3.1", Value::octets("Acme Laser"))};
  CHECK(text_of(scrub(rows, here), "1.3.6.1.2.1.25.3.2.1.3.1") == "Acme Laser");
}

TEST_CASE("job logs, routes, neighbours and connections are left out") {
  for (const char* oid :
       {"1.3.6.1.4.1.1347.47.1.1.0", "1.3.6.1.4.1.11.2.3.9.4.2.1.1.6.5.1.0", "1.3.6.1.4.1.2699.1.1.1.0",
        "1.3.6.1.4.1.236.11.5.1.12.14.1", "1.3.6.1.2.1.4.22.1.2.1.10.1.1.1", "1.3.6.1.2.1.4.21.1.1.0.0.0.0",
        "1.3.6.1.2.1.6.13.1.1.10.1.1.9.9100.10.1.1.7.5000", "1.3.6.1.2.1.7.5.1.1.0.0.0.0.161"}) {
    CAPTURE(oid);
    const Scrubbed got = scrub({row(oid, Value::octets("bob: payroll.doc"))}, here);
    CHECK(got.rows.empty());
    CHECK(got.what.size() == 1);
  }
}

TEST_CASE("addresses change in values, indexes and texts, consistently; masks stay") {
  const auto four = [](unsigned char a, unsigned char b, unsigned char c, unsigned char d) {
    return std::string{static_cast<char>(a), static_cast<char>(b), static_cast<char>(c), static_cast<char>(d)};
  };
  const snmp::VarBinds rows = {
      row("1.3.6.1.2.1.4.20.1.1.10.1.1.9", Value::octets(four(10, 1, 1, 9), snmp::Type::ip_address)),
      row("1.3.6.1.2.1.4.20.1.3.10.1.1.9", Value::octets(four(255, 255, 255, 0), snmp::Type::ip_address)),
      row("1.3.6.1.4.1.99.1.0", Value::octets("gateway 10.1.1.1, me 10.1.1.9.")),
      row("1.3.6.1.4.1.99.2.0", Value::octets(four(10, 1, 1, 9))),
      row("1.3.6.1.4.1.99.3.0", Value::octets("ABCD")),
  };
  const Scrubbed got = scrub(rows, here);
  CHECK(text_of(got, "1.3.6.1.2.1.4.20.1.1.192.0.2.1") == four(192, 0, 2, 1));
  CHECK(text_of(got, "1.3.6.1.2.1.4.20.1.3.192.0.2.1") == four(255, 255, 255, 0));
  CHECK(text_of(got, "1.3.6.1.4.1.99.1.0") == "gateway 192.0.2.2, me 192.0.2.1.");
  CHECK(text_of(got, "1.3.6.1.4.1.99.2.0") == four(192, 0, 2, 1));
  CHECK(text_of(got, "1.3.6.1.4.1.99.3.0") == "ABCD");
}

TEST_CASE("personal words in texts") {
  struct Row {
    const char* in;
    const char* out;
  };
  const Row rows[] = {
      {"mail ada@corp.example now", "mail someone@example.org now"},
      {"ipp://srv01.corp.example:631/q1", "ipp://host.example:631/q1"},
      {"http://10.1.1.7/x", "http://192.0.2.1/x"},
      {"\\\\srv01\\scans", "\\\\host.example\\scans"},
      {"on srv01.corp.example", "on host.example"},
      {"fe80::1 here", "2001:db8::1 here"},
      {"AA:BB:CC:DD:EE:FF", "AA:BB:CC:DD:EE:FF"},
      {"call +49 30 1234567.", "call scrubbed."},
      {"fax (555) 123-4567", "fax scrubbed"},
      {"tel 030/1234567", "tel scrubbed"},
      {"2026-11-21 10:00", "2026-11-21 10:00"},
      {"serial 12345678", "serial 12345678"},
      {"S/N 0123456789", "S/N 0123456789"},
      {"Toner HP 508A CF360A", "Toner HP 508A CF360A"},
      {"127.0.0.1 0.0.0.0", "127.0.0.1 0.0.0.0"},
      {"firmware 1.2.3", "firmware 1.2.3"},
      {"", ""},
      {"@", "@"},
      {"\x01\x02 10.1.1.7", "\x01\x02 10.1.1.7"},
  };
  for (const Row& r : rows) {
    CAPTURE(r.in);
    Places places;
    std::map<std::string, std::size_t> what;
    CHECK(scrub_text(r.in, {}, places, true, what) == r.out);
  }
}

TEST_CASE("hostile texts end: long runs, only separators") {
  Places places;
  std::map<std::string, std::size_t> what;
  for (const std::string& text :
       {std::string(70'000, '('), std::string(70'000, '.'), std::string(70'000, '0'), std::string(70'000, '@')}) {
    CHECK(scrub_text(text, {}, places, true, what).size() <= text.size() + 32);
  }
}
