#include "snmp/mib/snmprec.h"

#include <doctest/doctest.h>

#include <string>

using namespace platen;
using namespace std::string_literals;
using namespace platen::snmp;

TEST_CASE("a row of each tag, there and back") {
  struct Row {
    const char* text;
    VarBind want;
  };
  const Row rows[] = {
      {"1.3.1|2|-3", {Oid{1, 3, 1}, Value::integer(-3)}},
      {"1.3.2|4|LaserJet | plain", {Oid{1, 3, 2}, Value::octets("LaserJet | plain")}},
      {"1.3.3|4|", {Oid{1, 3, 3}, Value::octets("")}},
      {"1.3.4|4x|00ff0a", {Oid{1, 3, 4}, Value::octets(std::string("\0\xff\n", 3))}},
      {"1.3.5|5|", {Oid{1, 3, 5}, Value{}}},
      {"1.3.6|6|1.3.6.1", {Oid{1, 3, 6}, Value::oid(Oid{1, 3, 6, 1})}},
      {"1.3.7|64|192.0.2.10", {Oid{1, 3, 7}, Value::octets("\xc0\x00\x02\x0a"s.substr(0, 4), Type::ip_address)}},
      {"1.3.8|65|4294967295", {Oid{1, 3, 8}, Value::integer(4294967295, Type::counter32)}},
      {"1.3.9|66|7", {Oid{1, 3, 9}, Value::integer(7, Type::gauge32)}},
      {"1.3.10|67|8", {Oid{1, 3, 10}, Value::integer(8, Type::time_ticks)}},
      {"1.3.11|68|9f78043f800000", {Oid{1, 3, 11}, Value::octets("\x9fx\x04?\x80\0\0"s, Type::opaque)}},
      {"1.3.12|70|18446744073709551615", {Oid{1, 3, 12}, Value::counter64(18446744073709551615U)}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto parsed = parse_snmprec(row.text);
    REQUIRE(parsed);
    CHECK(*parsed == VarBinds{row.want});
    CHECK(to_snmprec(*parsed) == std::string(row.text) + "\n");
  }
}

TEST_CASE("rows come out sorted as SNMP sorts, the last of a name wins") {
  const auto rows = parse_snmprec("# a device\r\n\r\n1.3.10|2|1\r\n1.3.9|2|2\r\n1.3.10|2|3\n.1.3|2|4");
  REQUIRE(rows);
  CHECK(to_snmprec(*rows) == "1.3|2|4\n1.3.9|2|2\n1.3.10|2|3\n");
}

TEST_CASE("what is wrong is named with its line") {
  struct Row {
    const char* text;
    const char* why;
  };
  const Row rows[] = {
      {"1.3|2|1\n1.3.1|2", "line 2: a row is OID|tag|value"},
      {"1.x|2|1", "line 1: '1.x' is not an OID"},
      {"1.3|3|1", "line 1: '3' is not a tag"},
      {"1.3|2x|01", "line 1: '2x' is not a tag"},
      {"1.3|2|", "line 1: '' is not a number"},
      {"1.3|2|2147483648", "line 1: '2147483648' is not a number from -2147483648 to 2147483647"},
      {"1.3|65|-1", "line 1: '-1' is not a number from 0 to 4294967295"},
      {"1.3|65|1 ", "line 1: '1 ' is not a number"},
      {"1.3|4x|0", "line 1: '0' is not pairs of hex digits"},
      {"1.3|4x|0g", "line 1: '0g' is not pairs of hex digits"},
      {"1.3|4x|-1", "line 1: '-1' is not pairs of hex digits"},
      {"1.3|64|2001:db8::1", "line 1: '2001:db8::1' is not an IPv4 address"},
      {"1.3|70|18446744073709551616", "line 1: '18446744073709551616' is not a number"},
      {"1.3|6|1..3", "line 1: '1..3' is not an OID"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto parsed = parse_snmprec(row.text);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().code == Code::invalid);
    CHECK(parsed.error().text.find(row.why) == 0);
  }
}

TEST_CASE("a file has an end") {
  std::string text;
  for (int i = 0; i <= 200'000; ++i) text += "1.3|5|\n";
  const auto rows = parse_snmprec(text);
  REQUIRE_FALSE(rows);
  CHECK(rows.error().text == "line 200001: more than 200000 rows");
}

TEST_CASE("an exception is no row") {
  CHECK(to_snmprec({{Oid{1, 3}, Value::exception(Type::end_of_mib_view)}}).empty());
}
