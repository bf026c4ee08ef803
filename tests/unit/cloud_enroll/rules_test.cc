#include "cloud/enroll/rules.h"

#include <doctest/doctest.h>

#include "cloud/enroll/challenges.h"
#include "cloud/enroll/limits.h"
#include "cloud/enroll/presence.h"

using namespace platen;
using namespace platen::enroll;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

const WallTime now = from_rfc3339("2026-11-21T12:00:00Z").value();
constexpr MonotonicTime start{std::chrono::hours(100)};

}  // namespace

TEST_CASE("who may use a code") {
  struct Row {
    const char* name;
    std::optional<CodeFacts> code;
    CodeVerdict want;
  };
  const Row rows[] = {
      {"nobody made it", std::nullopt, CodeVerdict::unknown},
      {"waits", CodeFacts{now + hours(1), {}, ""}, CodeVerdict::fresh},
      {"the last moment", CodeFacts{now + std::chrono::milliseconds(1), {}, ""}, CodeVerdict::fresh},
      {"over", CodeFacts{now, {}, ""}, CodeVerdict::expired},
      {"the answer was lost", CodeFacts{now + hours(1), now - hours(1), "key"}, CodeVerdict::again},
      {"another key", CodeFacts{now + hours(1), now - hours(1), "other"}, CodeVerdict::used},
      {"lost for too long", CodeFacts{now, now - hours(23), "key"}, CodeVerdict::expired},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(judge_code(row.code, "key", now) == row.want);
  }
}

TEST_CASE("who may renew") {
  const Issued latest{.fingerprint = "C", .from = "B", .key_hash = "key of C"};
  struct Row {
    const char* name;
    bool revoked;
    WallTime not_after;
    std::optional<Issued> latest;
    const char *shown, *key;
    RenewalVerdict want;
  };
  const Row rows[] = {
      {"in good time", false, now + days(10), latest, "C", "new", RenewalVerdict::fresh},
      {"expired", false, now - days(89), latest, "C", "new", RenewalVerdict::fresh},
      {"the last day of grace", false, now - days(90), latest, "C", "new", RenewalVerdict::fresh},
      {"too late", false, now - days(90) - seconds(1), latest, "C", "new", RenewalVerdict::too_old},
      {"removed", true, now + days(10), latest, "C", "new", RenewalVerdict::revoked},
      {"removed and too late", true, now - days(200), latest, "C", "new", RenewalVerdict::revoked},
      {"the answer was lost", false, now + days(10), latest, "B", "key of C", RenewalVerdict::again},
      {"lost, and the host restarted", false, now + days(10), latest, "B", "new", RenewalVerdict::fresh},
      {"from an old backup", false, now + days(10), latest, "A", "new", RenewalVerdict::superseded},
      {"the old key again", false, now + days(10), latest, "C", "old", RenewalVerdict::same_key},
      {"signed by hand", false, now + days(10), std::nullopt, "X", "new", RenewalVerdict::fresh},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const Issued wanted{.fingerprint = {}, .from = row.shown, .key_hash = row.key};
    CHECK(judge_renewal(row.revoked, row.not_after, row.latest, wanted, "old", now) == row.want);
  }
}

TEST_CASE("so many tries in a window, and then a wait until it ends") {
  Limit limit(2, seconds(60), 2);
  for (int i = 0; i < 2; ++i) {
    CHECK(limit.wait("a", start).count() == 0);
    limit.count("a", start + seconds(i));
  }
  CHECK(limit.wait("a", start + seconds(2)) == seconds(58));
  CHECK(limit.wait("b", start + seconds(2)).count() == 0);
  CHECK(limit.wait("a", start + seconds(60)).count() == 0);
  limit.count("a", start + seconds(60));  // a new window
  CHECK(limit.wait("a", start + seconds(61)).count() == 0);
  limit.count("b", start + seconds(61)), limit.count("b", start + seconds(61));
  limit.count("c", start + seconds(62));  // there is room for two keys: the oldest window goes
  CHECK(limit.wait("b", start + seconds(62)) == seconds(59));
  CHECK(limit.wait("a", start + seconds(62)).count() == 0);
}

TEST_CASE("an IPv6 site is one address") {
  CHECK(address_key("192.0.2.7") == "192.0.2.7");
  CHECK(address_key("2001:db8:1:2::7") == address_key("2001:db8:1:2:ffff::1"));
  CHECK(address_key("2001:db8:1:2::7") != address_key("2001:db8:1:3::7"));
  CHECK(address_key("unknown") == "unknown");
}

TEST_CASE("a challenge is taken once, and in time") {
  Challenges challenges;
  const std::string one = challenges.make(start), two = challenges.make(start);
  CHECK(one.size() == 32);
  CHECK(one != two);
  CHECK(challenges.take(one, start + Challenges::short_life));
  CHECK_FALSE(challenges.take(one, start + Challenges::short_life));
  CHECK_FALSE(challenges.take(two, start + Challenges::short_life + seconds(1)));
  CHECK_FALSE(challenges.take("", start));
  const std::string oldest = challenges.make(start);
  for (std::size_t i = 0; i < Challenges::most; ++i) (void)challenges.make(start);
  CHECK_FALSE(challenges.take(oldest, start));
}

TEST_CASE("two hosts under one name are noticed, a restart is not") {
  struct Said {
    const char* instance;
    int at;  // seconds
    bool noticed;
  };
  struct Row {
    const char* name;
    std::vector<Said> said;
  };
  const Row rows[] = {
      {"one process", {{"x", 0, false}, {"x", 30, false}, {"x", 60, false}}},
      {"restarted", {{"x", 0, false}, {"y", 30, false}, {"y", 60, false}}},
      {"the old one's last words arrive late", {{"x", 0, false}, {"y", 30, false}, {"x", 31, false}, {"y", 60, false}}},
      {"a copy", {{"x", 0, false}, {"y", 30, false}, {"x", 36, true}, {"y", 60, false}, {"x", 66, false}}},
      {"said again after an hour",
       {{"x", 0, false}, {"y", 1, false}, {"x", 9, true}, {"y", 3606, false}, {"x", 3610, true}}},
      {"the copy is gone", {{"x", 0, false}, {"y", 1, false}, {"x", 400, false}}},
      {"nobody in particular", {{"", 0, false}, {"x", 1, false}, {"", 60, false}}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    Presence presence;
    for (const Said& said : row.said) {
      CAPTURE(said.at);
      CHECK(presence.spoke("agent", said.instance, "192.0.2.1", start + seconds(said.at)).has_value() == said.noticed);
    }
    CHECK_FALSE(presence.spoke("another", "y", "192.0.2.1", start + hours(2)).has_value());
  }
}
