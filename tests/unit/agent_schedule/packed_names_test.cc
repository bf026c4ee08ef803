#include "agent/schedule/packed_names.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

using namespace platen;  // NOLINT: a test
using schedule::pack_names;
using schedule::unpack_names;

namespace {

snmp::VarBinds named(std::vector<snmp::Oid> names) {
  snmp::VarBinds rows;
  for (snmp::Oid& name : names) rows.push_back({std::move(name), {}});
  return rows;
}

}  // namespace

TEST_CASE("names come back as they went in") {
  CHECK(unpack_names(pack_names({})).empty());
  const auto rows = named({{1}, {1, 3}, {1, 3, 6, 1, 4294967295}, {1, 3, 6, 2}, {2, 0, 128, 16383, 16384}});
  CHECK(unpack_names(pack_names(rows)) == rows);
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    std::vector<snmp::Oid> names;
    for (std::size_t i = 0; i < random() % 100; ++i) {
      std::vector<std::uint32_t> ids(1 + random() % 128);
      std::generate(ids.begin(), ids.end(), [&] { return static_cast<std::uint32_t>(random() >> (random() % 32)); });
      names.emplace_back(std::span<const std::uint32_t>(ids));
    }
    std::sort(names.begin(), names.end());
    const auto expected = named(std::move(names));
    CHECK(unpack_names(pack_names(expected)) == expected);
  }
}

TEST_CASE("a table's names take few octets") {
  std::vector<snmp::Oid> names;
  for (std::uint32_t column = 2; column <= 9; ++column) {
    for (std::uint32_t row = 1; row <= 30; ++row) names.push_back({1, 3, 6, 1, 2, 1, 43, 11, 1, 1, column, 1, row});
  }
  CHECK(pack_names(named(std::move(names))).size() < 240 * 4);
}
