#include "snmp/mib/oid.h"

#include <doctest/doctest.h>

#include <utility>
#include <vector>

using platen::snmp::Oid;

TEST_CASE("OIDs are read, ordered and cut") {
  const Oid prefix{1, 3, 6, 1};
  const Oid oid = Oid::parse(".1.3.6.1.2.4294967295").value();
  CHECK(oid.text() == "1.3.6.1.2.4294967295");
  CHECK(oid.starts_with(prefix));
  CHECK(platen::snmp::dotted(oid.after(prefix)) == "2.4294967295");
  CHECK(prefix < oid);
  CHECK(Oid{1, 3, 10} > Oid{1, 3, 9, 1});
  CHECK(prefix + 7U == Oid{1, 3, 6, 1, 7});
}

TEST_CASE("an OID of any length is kept, copied, moved, ordered and joined") {
  for (const std::size_t length : {0U, 1U, 19U, 20U, 21U, 127U, 128U}) {
    CAPTURE(length);
    std::vector<std::uint32_t> ids(length);
    for (std::size_t i = 0; i < length; ++i) ids[i] = static_cast<std::uint32_t>(i + 1);
    const Oid oid{std::span<const std::uint32_t>(ids)};
    CHECK(std::vector<std::uint32_t>(oid.ids().begin(), oid.ids().end()) == ids);
    Oid copy = oid;
    CHECK(copy == oid);
    const Oid moved = std::move(copy);
    CHECK(moved == oid);
    copy = moved;  // what was moved from can be used again
    CHECK(copy == oid);
    copy = Oid{9, 9};
    CHECK(copy == Oid{9, 9});
    copy = moved;
    CHECK(copy == oid);
    CHECK(moved < oid + 0U);
    CHECK((oid + 7U).size() == length + 1);
    CHECK((oid + 7U).starts_with(oid));
    CHECK((oid + 7U)[length] == 7);
    if (length > 0) {
      CHECK(Oid::parse(oid.text()).value() == oid);
      ids.back() += 1;
      CHECK(oid < Oid{std::span<const std::uint32_t>(ids)});
      CHECK(oid != Oid{std::span<const std::uint32_t>(ids)});
      CHECK_FALSE(oid.starts_with(Oid{std::span<const std::uint32_t>(ids)}));
    }
  }
}

TEST_CASE("what is no OID is refused") {
  for (const char* bad : {"", ".", "1..3", "1.3.", "1.a", "1.4294967296", "-1.3", "1 .3"}) {
    CAPTURE(bad);
    CHECK_FALSE(Oid::parse(bad));
  }
}
