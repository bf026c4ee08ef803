#include "snmp/printer/object_names.h"

#include <doctest/doctest.h>

#include "base/clock.h"
#include "snmp/printer/columns.h"
#include "snmp/printer/decode.h"
#include "snmp/printer/rows.h"

using namespace platen;
using namespace platen::snmp;

namespace {

std::string wrong_in(VarBinds rows) {
  std::string names;
  for (const std::string_view name : wrong_types(Rows(rows))) names += std::string(name) + " ";
  return names;
}

}  // namespace

TEST_CASE("objects have the names of their standards") {
  struct Row {
    const char *oid, *name, *document;
  };
  const Row rows[] = {
      {"1.3.6.1.2.1.43.10.2.1.4.1.1", "prtMarkerLifeCount.1.1", "RFC 3805"},
      {"1.3.6.1.2.1.43.30.1.1.10.1.2", "finDeviceDescription.1.2", "RFC 3806"},
      {"1.3.6.1.2.1.43.31.1.1.8.1.3", "finSupplyCurrentLevel.1.3", "RFC 3806"},
      {"1.3.6.1.2.1.43.32.1.1.11.1.1", "finSupplyMediaInputDescription.1.1", "RFC 3806"},
      {"1.3.6.1.4.1.2699.1.2.1.2.1.1.2.1", "ppmPrinterName.1", "PWG 5107.1"},
      {"1.3.6.1.4.1.2699.1.3.1.8.1.1.7.1.3", "icImpressionFullColorImps.1.3", "PWG 5106.3"},
      {"1.3.6.1.4.1.2699.1.3.1.8.1.1.6.1.3", "", ""},
      {"1.3.6.1.4.1.99.1", "", ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.oid);
    const ObjectName object = object_name(Oid::parse(row.oid).value());
    CHECK(object.name == row.name);
    CHECK(object.document == row.document);
  }
}

TEST_CASE("a value of another type than its object has is told of, once an object") {
  const Oid prt{1, 3, 6, 1, 2, 1, 43};
  const auto prt_row = [&](std::initializer_list<std::uint32_t> tail, Value value) {
    return VarBind{prt + std::span<const std::uint32_t>(tail.begin(), tail.size()), std::move(value)};
  };
  struct Row {
    const char* what;
    VarBinds rows;
    const char* wrong;
  };
  const Row rows[] = {
      {"any type of number is one",
       {prt_row({10, 2, 1, 4, 1, 1}, Value::integer(5)), prt_row({10, 2, 1, 4, 1, 2}, Value::counter64(~0ULL)),
        prt_row({18, 1, 1, 9, 1, 1}, Value::integer(5, Type::gauge32))},
       ""},
      {"a text for a number, twice",
       {prt_row({10, 2, 1, 4, 1, 1}, Value::octets("5")), prt_row({10, 2, 1, 4, 1, 2}, Value::octets("6")),
        prt_row({11, 1, 1, 9, 1, 1}, Value::octets("7"))},
       "prtMarkerLifeCount prtMarkerSuppliesLevel "},
      {"a number for a text", {prt_row({11, 1, 1, 6, 1, 1}, Value::integer(1))}, "prtMarkerSuppliesDescription "},
      {"a text for an OID", {{Oid{1, 3, 6, 1, 2, 1, 1, 2, 0}, Value::octets("?")}}, "sysObjectID "},
      {"nothing for a number", {prt_row({10, 2, 1, 4, 1, 1}, Value{})}, "prtMarkerLifeCount "},
      {"what is not there is no lie", {prt_row({10, 2, 1, 4, 1, 1}, Value::exception(Type::no_such_instance))}, ""},
      {"nothing in a reading comes from it", {prt_row({5, 1, 1, 18, 1}, Value::octets("3"))}, ""},
      {"objects of makers have no standard", {{Oid{1, 3, 6, 1, 4, 1, 99, 1}, Value::octets("?")}}, ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    CHECK(wrong_in(row.rows) == row.wrong);
  }
}

TEST_CASE("each column that is read has a name and a syntax") {
  for (const Subtree& subtree : full_read_subtrees()) {
    for (std::uint32_t column = subtree.first; column <= subtree.last && column > 0; ++column) {
      const Oid name = subtree.root + column + 1U + 1U;
      CAPTURE(name.text());
      CHECK(!object_name(name).name.empty());
      const bool told = !wrong_in({{name, Value{}}}).empty();
      CHECK((told || !moves(name)));  // what moves is in a Reading
    }
  }
}

TEST_CASE("a reading with a lie about a type is not complete, and has no value from it") {
  const Oid life{1, 3, 6, 1, 2, 1, 43, 10, 2, 1, 4, 1, 1};
  for (const bool lies : {false, true}) {
    const VarBinds rows{{life, lies ? Value::octets("1234") : Value::integer(1234)}};
    const Profiles none;
    const Reading reading = decode(rows, IpAddress::v4(0xC0000207U), WallTime{}, Reading::Kind::full, none);
    CHECK(reading.complete != lies);
    CHECK(reading.counters.empty() == lies);
    CHECK(reading.flags ==
          (lies ? std::vector<std::string>{"wrong-type prtMarkerLifeCount"} : std::vector<std::string>{}));
  }
}
