#include "tests/zoo/ber.h"

#include <doctest/doctest.h>

#include "base/text.h"

using namespace platen;
using namespace platen::zoo;
using namespace std::string_literals;
using snmp::Oid;
using snmp::Type;
using snmp::Value;

namespace {

std::string written(const Value& value) {
  std::string out;
  ber::Writer(out).value(value);
  return out;
}

}  // namespace

TEST_CASE("values as X.690 writes them, there and back") {
  struct Row {
    const char* name;
    Value value;
    const char* hex;
  };
  const Row rows[] = {
      {"zero", Value::integer(0), "020100"},
      {"127 needs one octet", Value::integer(127), "02017f"},
      {"128 needs two, or it would be negative", Value::integer(128), "02020080"},
      {"minus one", Value::integer(-1), "0201ff"},
      {"-128", Value::integer(-128), "020180"},
      {"-129", Value::integer(-129), "0202ff7f"},
      {"largest INTEGER", Value::integer(2147483647), "02047fffffff"},
      {"Counter32 with its top bit", Value::integer(4294967295, Type::counter32), "410500ffffffff"},
      {"TimeTicks", Value::integer(1, Type::time_ticks), "430101"},
      {"largest Counter64", Value::counter64(18446744073709551615U), "460900ffffffffffffffff"},
      {"text", Value::octets("ab"), "04026162"},
      {"no text", Value::octets(""), "0400"},
      {"IpAddress", Value::octets("\x7f\0\0\x01"s, Type::ip_address), "40047f000001"},
      {"NULL", Value{}, "0500"},
      {"OID: the first two share an octet", Value::oid(Oid{1, 3, 6, 1, 4, 1, 2699}), "06072b06010401950b"},
      {"OID: the largest number", Value::oid(Oid{2, 5, 4294967295}), "0606558fffffff7f"},
      {"OID: a second number above 39", Value::oid(Oid{2, 999, 3}), "0603883703"},
      {"zeroDotZero", Value::oid(Oid{0, 0}), "060100"},
      {"endOfMibView", Value::exception(Type::end_of_mib_view), "8200"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const std::string octets = written(row.value);
    CHECK(to_hex(octets) == row.hex);
    ber::Reader reader(octets);
    CHECK(reader.value() == row.value);
    CHECK(reader.ok());
    CHECK(reader.at_end());
  }
}

TEST_CASE("long elements: lengths of one, two and three octets") {
  for (const std::size_t length : {127U, 128U, 255U, 256U, 65535U}) {
    CAPTURE(length);
    const Value value = Value::octets(std::string(length, 'x'));
    const std::string octets = written(value);
    ber::Reader reader(octets);
    CHECK(reader.value() == value);
  }
}

TEST_CASE("hostile octets are refused and never read past") {
  struct Row {
    const char* name;
    std::string octets;
  };
  const Row rows[] = {
      {"nothing", ""},
      {"a tag alone", "\x02"},
      {"announces more than came",
       "\x04\x05"
       "ab"},
      {"indefinite length",
       "\x04\x80"
       "ab\0\0"s},
      {"length of five octets", "\x04\x85\0\0\0\0\0"s},
      {"length that wraps", "\x04\x84\xff\xff\xff\xff"},
      {"length cut off", "\x04\x82\x01"},
      {"INTEGER without content", "\x02\0"s},
      {"INTEGER of nine octets", "\x02\x09\x01\x02\x03\x04\x05\x06\x07\x08\x09"},
      {"Counter64 too large", "\x46\x09\x01\0\0\0\0\0\0\0\0"s},
      {"OID whose last number does not end", "\x06\x02\x2b\x86"},
      {"OID with a number above 2^32-1", "\x06\x06\x2b\x9f\xff\xff\xff\x7f"},
      {"a type SNMP has not", "\x13\x01x"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    ber::Reader reader(row.octets);
    static_cast<void>(reader.value());
    CHECK_FALSE(reader.ok());
    CHECK(reader.at_end());
    CHECK(reader.integer() == 0);
  }
}

TEST_CASE("an OID of more numbers than SNMP allows is refused") {
  std::string octets = "\x06\x81\x81" + std::string(129, '\x01');
  ber::Reader reader(octets);
  static_cast<void>(reader.oid());
  CHECK_FALSE(reader.ok());
}
