// GET, GETNEXT and GETBULK as RFC 1157 and RFC 3416 have them.
#include <doctest/doctest.h>

#include "tests/unit/zoo/talk.h"

using namespace platen;
using namespace platen::zoo;
using snmp::Oid;
using snmp::Type;

namespace {

const Oid nothing{1, 3, 6, 1, 2, 1, 1, 99, 0};
const Oid beyond{1, 4};
constexpr auto model = "LaserJet Enterprise M611dn";

}  // namespace

TEST_CASE("GET answers what there is, and says what is not") {
  Talk talk(model);
  const auto said = talk.ask({.names = {sys_name, nothing}});
  REQUIRE(said);
  CHECK(said->request_id == 4711);
  CHECK(said->error_status == 0);
  REQUIRE(said->varbinds.size() == 2);
  CHECK(*said->varbinds[0].value.bytes() == talk.device.who().name);
  CHECK(said->varbinds[1].value.type == Type::no_such_instance);
}

TEST_CASE("v1: one missing name fails the whole GET, GETNEXT at the end likewise") {
  Talk talk(model);
  const auto get = talk.ask({.names = {sys_name, nothing}, .version = 0});
  REQUIRE(get);
  CHECK(get->error_status == error_status::no_such_name);
  CHECK(get->error_index == 2);
  CHECK(get->varbinds.size() == 2);
  const auto next = talk.ask({.type = ber::tag::get_next, .names = {beyond}, .version = 0});
  REQUIRE(next);
  CHECK(next->error_status == error_status::no_such_name);
}

TEST_CASE("a walk visits every row once, in order, and the address has its own row") {
  Talk talk(model);
  const auto seen = talk.walk(Oid{1, 3});
  const auto rows = rows_of(talk.spec, talk.device.ticks());
  REQUIRE(seen.size() == rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) CHECK(seen[i] == rows[i].name);
  const auto octets = talk.spec.address.octets();
  const auto said =
      talk.ask({.names = {Oid{1, 3, 6, 1, 2, 1, 4, 20, 1, 2, octets[0], octets[1], octets[2], octets[3]}}});
  REQUIRE(said);
  CHECK(said->varbinds[0].value.number() == 1);
}

TEST_CASE("GETBULK: non-repeaters, repetitions, the end, and the size that a datagram may have") {
  Talk talk(model);
  const auto said =
      talk.ask({.type = ber::tag::get_bulk, .names = {sys_name, supplies}, .non_repeaters = 1, .max_repetitions = 3});
  REQUIRE(said);
  REQUIRE(said->varbinds.size() == 4);
  CHECK(said->varbinds[0].name == Oid{1, 3, 6, 1, 2, 1, 1, 6, 0});
  CHECK(said->varbinds[1].name == (supplies + 2U + 1U + 1U));
  CHECK(said->varbinds[3].name == (supplies + 2U + 1U + 11U));
  const auto large = talk.ask({.type = ber::tag::get_bulk, .names = {printer_mib}, .max_repetitions = 500});
  REQUIRE(large);
  CHECK(large->octets <= 1472);
  CHECK(large->octets > 1300);
  const auto end = talk.ask({.type = ber::tag::get_bulk, .names = {beyond}, .max_repetitions = 5});
  REQUIRE(end);
  REQUIRE(end->varbinds.size() == 1);
  CHECK(end->varbinds[0].value.type == Type::end_of_mib_view);
  CHECK(end->varbinds[0].name == beyond);
}

TEST_CASE("a GET that does not fit is answered tooBig") {
  Talk talk("LaserJet P3015");  // 484 octets at most, v1 only
  std::vector<Oid> names(60, sys_name);
  const auto said = talk.ask({.names = names, .version = 0});
  REQUIRE(said);
  CHECK(said->error_status == error_status::too_big);
}

TEST_CASE("whoever may not ask hears nothing") {
  CHECK_FALSE(Talk(model).ask({.names = {sys_name}, .community = "private"}));
  CHECK_FALSE(Talk("LaserJet P3015").ask({.names = {sys_name}}));  // v1 only
  CHECK_FALSE(Talk("VersaLink C405").ask({.names = {sys_name}}));  // v3 only
  CHECK_FALSE(Talk("VersaLink C405").ask({.names = {sys_name}, .version = 0}));
  CHECK_FALSE(Talk("bizhub 958").ask({.names = {sys_name}}));
  CHECK(Talk("bizhub 958").ask({.names = {sys_name}, .community = "zoo-office"}));
}

TEST_CASE("SET is refused") {
  const auto said = Talk(model).ask({.type = ber::tag::set, .names = {sys_name}});
  REQUIRE(said);
  CHECK(said->error_status == error_status::no_access);
}
