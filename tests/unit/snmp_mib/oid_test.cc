#include "snmp/mib/oid.h"

#include <doctest/doctest.h>

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

TEST_CASE("what is no OID is refused") {
  for (const char* bad : {"", ".", "1..3", "1.3.", "1.a", "1.4294967296", "-1.3", "1 .3"}) {
    CAPTURE(bad);
    CHECK_FALSE(Oid::parse(bad));
  }
}
