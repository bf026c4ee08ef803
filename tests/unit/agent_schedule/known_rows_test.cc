#include "agent/schedule/known_rows.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "snmp/printer/columns.h"
#include "snmp/printer/recall.h"

using namespace platen;  // NOLINT: a test
using schedule::KnownRows;
using snmp::Oid;
using snmp::Type;
using snmp::Value;

namespace {

// A printer of a model with 30 supplies: the same as another one of it but for serial number, levels and an alert.
snmp::VarBinds printer(std::uint32_t number) {
  snmp::VarBinds rows{{{1, 3, 6, 1, 2, 1, 1, 2, 0}, Value::oid({1, 3, 6, 1, 4, 1, 99999, 1})},
                      {{1, 3, 6, 1, 2, 1, 1, 3, 0}, Value::integer(1000 + number, Type::time_ticks)},
                      {{1, 3, 6, 1, 2, 1, 4, 20, 1, 2, 192, 0, 2, number}, Value::integer(1)},
                      {{1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 17, 1}, Value::octets("SN" + std::to_string(number))}};
  for (std::uint32_t column = 2; column <= 9; ++column) {
    for (std::uint32_t row = 1; row <= 30; ++row) {
      const Oid name{1, 3, 6, 1, 2, 1, 43, 11, 1, 1, column, 1, row};
      rows.push_back({name, column == 6   ? Value::octets("A rather long description of supply " + std::to_string(row))
                            : column == 9 ? Value::integer((number + row) % 100)
                                          : Value::integer(column * row)});
    }
  }
  for (std::uint32_t column = 2; column <= 9; ++column)
    rows.push_back({{1, 3, 6, 1, 2, 1, 43, 18, 1, 1, column, 1, 1 + number}, Value::integer(-2)});
  return rows;
}

}  // namespace

TEST_CASE("rows come back as they went in, whatever their type") {
  KnownRows::Shelf shelf;
  CHECK(KnownRows({}, shelf).unpack().empty());
  CHECK(KnownRows({}, shelf).empty());
  snmp::VarBinds rows;
  const Value values[] = {Value::integer(0),
                          Value::integer(-3),
                          Value::integer(std::numeric_limits<std::int64_t>::min()),
                          Value::integer(std::numeric_limits<std::int64_t>::max(), Type::gauge32),
                          Value::counter64(std::numeric_limits<std::uint64_t>::max()),
                          Value::octets(""),
                          Value::octets(std::string("\0\xFF\x80", 3), Type::opaque),
                          Value::oid({}),
                          Value::oid({1, 3, 4294967295}),
                          Value::exception(Type::no_such_instance),
                          Value{}};
  for (std::uint32_t i = 0; i < std::size(values); ++i) {
    for (const Oid& column : {Oid{1, 3, 6, 1, 2, 1, 1, 9}, Oid{1, 3, 6, 1, 2, 1, 4, 20, 1, 2},
                              Oid{1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 13, 1}, Oid{1, 3, 6, 1, 2, 1, 43, 18, 1, 1, 2}})
      rows.push_back({column + i, values[i]});
  }
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    std::vector<std::uint32_t> ids(1 + random() % 128);
    std::generate(ids.begin(), ids.end(), [&] { return static_cast<std::uint32_t>(random() >> (random() % 32)); });
    rows.push_back({Oid(std::span<const std::uint32_t>(ids)), values[random() % std::size(values)]});
  }
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  rows.erase(std::unique(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.name == b.name; }),
             rows.end());
  CHECK(KnownRows(rows, shelf).unpack() == rows);
}

TEST_CASE("what printers of a model have in common is kept once, and not longer than they are") {
  KnownRows::Shelf shelf;
  std::vector<KnownRows> fleet;
  for (std::uint32_t number = 1; number <= 200; ++number) fleet.emplace_back(printer(number), shelf);
  CHECK(shelf.size() == 2);  // names and what stands still
  for (std::uint32_t number = 1; number <= 200; ++number) {
    CHECK(fleet[number - 1].unpack() == printer(number));
    CHECK(fleet[number - 1].own_octets() < 300);
  }
  fleet.clear();
  for (std::uint32_t number = 0; number < 500; ++number) {
    snmp::VarBinds other = printer(1);
    other.push_back({{1, 3, 6, 1, 4, 1, number}, Value::integer(1)});
    CHECK(KnownRows(other, shelf).unpack() == other);
  }
  CHECK(shelf.size() < 200);
}

TEST_CASE("of a device with too much to tell, only names are kept, and nothing of them can be carried over") {
  KnownRows::Shelf shelf;
  snmp::VarBinds many = printer(1), much = printer(2);
  for (std::uint32_t i = 0; i < 3'000; ++i) many.push_back({{1, 3, 6, 1, 4, 1, 5, i}, Value::integer(1)});
  for (std::uint32_t i = 0; i < 40; ++i)
    much.push_back({{1, 3, 6, 1, 4, 1, 5, i}, Value::octets(std::string(2'000, 'x'))});
  for (const snmp::VarBinds& rows : {many, much}) {
    const KnownRows kept(rows, shelf);
    const snmp::VarBinds names = kept.unpack();
    CHECK(names.size() == 33);  // sysObjectID, sysUpTime, serial number, 30 levels
    CHECK(std::all_of(names.begin(), names.end(), [](const auto& row) { return row.value == Value{}; }));
    CHECK(snmp::depth_for(names, std::chrono::hours(1)) == snmp::Depth::everything);
  }
}
