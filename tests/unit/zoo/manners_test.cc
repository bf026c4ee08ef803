#include "tests/zoo/manners.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "tests/unit/zoo/talk.h"

using namespace platen;
using namespace platen::zoo;
using namespace std::chrono_literals;
using snmp::Oid;

namespace {

constexpr auto model = "Color LaserJet Enterprise M555dn";
const Question large{.type = ber::tag::get_bulk, .names = {printer_mib}, .max_repetitions = 100};
const Question small{.names = {sys_up_time}};

}  // namespace

TEST_CASE("manners are read") {
  const Manners manners = parse_manners("loss:0.25,latency:30+10,reboot,wrong-id:7,too-big:484").value();
  CHECK(manners.loss == 0.25);
  CHECK(manners.latency == 30ms);
  CHECK(manners.jitter == 10ms);
  CHECK(manners.reboot == 4);
  CHECK(manners.wrong_id == 7);
  CHECK(manners.too_big == 484);
  CHECK(parse_manners("").value() == Manners{});
}

TEST_CASE("what is no manner is refused with what is") {
  for (const char* bad : {"los:0.1", "loss", "loss:2", "loss:-1", "latency:x", "latency:5+", "too-big:5", "v1-only:1",
                          "wrong-id:0", ",", "loss:0.1,,"}) {
    CAPTURE(bad);
    const auto manners = parse_manners(bad);
    REQUIRE_FALSE(manners);
    CHECK(manners.error().code == Code::invalid);
  }
  CHECK(parse_manners("los:0.1").error().text.find("known: loss latency v1-only") != std::string::npos);
}

TEST_CASE("loss: some requests are never seen, the same ones each time") {
  const auto heard = [] {
    Talk talk(model, "loss:0.3");
    std::vector<bool> answered(1000);
    for (auto answer : answered) answer = talk.ask(small).has_value();
    return answered;
  };
  const auto first = heard();
  const auto lost = std::count(first.begin(), first.end(), false);
  CHECK(lost > 240);
  CHECK(lost < 360);
  CHECK(heard() == first);
}

TEST_CASE("latency and jitter") {
  Talk talk(model, "latency:30+10");
  std::set<std::int64_t> delays;
  for (int i = 0; i < 50; ++i) {
    REQUIRE(talk.ask(small));
    const auto delay = talk.last->due - talk.now;
    CHECK(delay >= 30ms);
    CHECK(delay <= 40ms);
    delays.insert(delay.count());
  }
  CHECK(delays.size() > 10);
}

TEST_CASE("v1-only, no-bulk: silence") {
  Talk v1(model, "v1-only");
  CHECK_FALSE(v1.ask(small));
  Question as_v1 = small;
  as_v1.version = 0;
  CHECK(v1.ask(as_v1));
  Talk no_bulk(model, "no-bulk");
  CHECK_FALSE(no_bulk.ask(large));
  CHECK(no_bulk.ask(small));
}

TEST_CASE("too-big refuses where drop-above is silent") {
  Talk too_big(model, "too-big:600");
  const auto refused = too_big.ask(large);
  REQUIRE(refused);
  CHECK(refused->error_status == error_status::too_big);
  CHECK(refused->varbinds.empty());
  CHECK(too_big.ask(small)->error_status == 0);
  Talk drops(model, "drop-above:600");
  CHECK_FALSE(drops.ask(large));
  CHECK(drops.ask(small));
}

TEST_CASE("one-at-a-time: what comes while an answer is on its way is dropped") {
  Talk talk(model, "one-at-a-time,latency:20");
  CHECK(talk.ask(small));
  talk.wait(10ms);
  CHECK_FALSE(talk.ask(small));
  talk.wait(15ms);
  CHECK(talk.ask(small));
}

TEST_CASE("endless: the panel never runs out of lines; other tables do") {
  const Oid console{1, 3, 6, 1, 2, 1, 43, 16};
  CHECK(Talk(model, "endless").walk(console, 5000).size() == 5000);
  CHECK(Talk(model, "").walk(console, 5000).size() == 4);
  Talk bulk(model, "endless");
  const auto said = bulk.ask({.type = ber::tag::get_bulk, .names = {console}, .max_repetitions = 20});
  REQUIRE(said);
  CHECK(said->varbinds.size() == 20);
  CHECK(said->varbinds.back().name == (console + 5U + 1U + 2U + 1U + 20U));
  CHECK(Talk(model, "endless").walk(supplies).size() == Talk(model).walk(supplies).size());
}

TEST_CASE("repeat: the walk stays where it is, and what follows can still be had") {
  Talk talk(model, "repeat");
  const auto seen = talk.walk(supplies + 6U, 50);
  CHECK(seen.size() == 50);
  CHECK(seen[49] == seen[48]);
  CHECK(talk.walk(supplies + 9U).size() == 7);
}

TEST_CASE("out-of-order: every row once, finite, and not sorted") {
  auto odd = Talk(model, "out-of-order").walk(Oid{1, 3});
  auto straight = Talk(model).walk(Oid{1, 3});
  CHECK(odd != straight);
  CHECK_FALSE(std::is_sorted(odd.begin(), odd.end()));
  std::sort(odd.begin(), odd.end());
  CHECK(odd == straight);
  CHECK(Talk(model, "out-of-order").walk(supplies + 9U).size() == 7);
}

TEST_CASE("wrong-id and wrong-source: every third answer") {
  Talk talk(model, "wrong-id:3,wrong-source:3");
  for (int i = 1; i <= 9; ++i) {
    const auto said = talk.ask(small);
    REQUIRE(said);
    CHECK((said->request_id == 4711) == (i % 3 != 0));
    CHECK(talk.last->from_elsewhere == (i % 3 == 0));
  }
}

TEST_CASE("reboot: sysUpTime starts again in mid-walk, once a conversation") {
  Talk talk(model, "reboot:4");
  const auto up_time = [&] { return talk.ask(small)->varbinds[0].value.number().value(); };
  for (int i = 0; i < 3; ++i) CHECK(up_time() > 360'000);
  for (int i = 0; i < 20; ++i) CHECK(up_time() == 0);
  talk.wait(2s);
  CHECK(up_time() == 200);
}

TEST_CASE("wrong-types: a third of the values has another type, and the rest is as it was") {
  Talk liar(model, "wrong-types"), honest(model);
  std::size_t wrong = 0;
  const auto names = honest.walk(printer_mib);
  for (const Oid& name : names) {
    const auto lie = liar.ask({.names = {name}}), truth = honest.ask({.names = {name}});
    if (lie->varbinds[0].value.type != truth->varbinds[0].value.type)
      ++wrong;
    else
      CHECK(lie->varbinds == truth->varbinds);
  }
  CHECK(wrong > names.size() / 5);
  CHECK(wrong < names.size() / 2);
}
