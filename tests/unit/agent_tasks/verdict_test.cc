#include "agent/tasks/verdict.h"

#include <doctest/doctest.h>

#include "tests/unit/agent_tasks/signing.h"

using namespace platen;
using namespace std::chrono_literals;
using tasks::Why;
using test::key;
using test::ms;
using test::now;
using test::sealed;
using test::sign;
using test::task;

namespace {

Expected<tasks::Task, tasks::Refusal> judged(const std::string& octets, WallTime at = now) {
  const std::vector<tasks::TrustedKey> keys = {{key().public_key, std::nullopt}};
  return tasks::judge(octets, {"Example", "agent-1", keys, at});
}

template <class Change>
std::string changed(const Change& change) {
  v1::Task out = task();
  change(out);
  return sign(out);
}

std::string with_octets(const std::string& more) {
  return sealed(task().SerializeAsString() + more).SerializeAsString();
}

}  // namespace

TEST_CASE("a task that is signed, ours and in time is taken as its octets say") {
  v1::Task asked = task();
  v1::PrinterRef& printer = *asked.mutable_read_now()->add_printers();
  printer.set_serial("S1");
  const auto taken = judged(sign(asked));
  REQUIRE_MESSAGE(taken, (taken ? "" : taken.error().text));
  CHECK(taken->id == test::id_of(1));
  CHECK(taken->issued == now - 1s);
  CHECK(taken->not_after == now + 1h);
  CHECK(tasks::kind_of(taken->order) == "read_now");
  CHECK(std::get<tasks::ReadNow>(taken->order).printers == std::vector<tasks::PrinterRef>{{"S1", "", ""}});
  CHECK(taken->signer == key().public_key);
}

TEST_CASE("every kind is read, and named as the policy file names it") {
  using Make = void (*)(v1::Task&);
  struct Row {
    const char* kind;
    Make make;
  };
  const Row rows[] = {
      {"scan", [](v1::Task& t) { t.mutable_scan()->add_ranges("192.0.2.0/24"); }},
      {"read_now", [](v1::Task& t) { t.mutable_read_now()->add_printers()->set_mac("AA"); }},
      {"set_config", [](v1::Task& t) { t.mutable_set_config()->set_toml("[scan]\n"); }},
      {"send_diagnostics", [](v1::Task& t) { t.mutable_send_diagnostics()->set_log_lines(10'000); }},
      {"explain", [](v1::Task& t) { t.mutable_explain()->set_address("192.0.2.7"); }},
      {"record", [](v1::Task& t) { t.mutable_record()->mutable_printer()->set_address("192.0.2.7"); }},
      {"rotate_credentials", [](v1::Task& t) { t.mutable_rotate_credentials(); }},
      {"check_update", [](v1::Task& t) { t.mutable_check_update(); }},
      {"open_web_session", [](v1::Task& t) { t.mutable_open_web_session()->mutable_printer()->set_serial("S"); }},
      {"cancel", [](v1::Task& t) { t.mutable_cancel()->set_task_id(test::id_of(2)); }},
      {"trust_key", [](v1::Task& t) { t.mutable_trust_key()->set_public_key(std::string(32, 'k')); }},
  };
  CHECK(std::size(rows) == tasks::kinds().size());
  for (const Row& row : rows) {
    CAPTURE(row.kind);
    const auto taken = judged(changed(row.make));
    REQUIRE_MESSAGE(taken, (taken ? "" : taken.error().text));
    CHECK(tasks::kind_of(taken->order) == row.kind);
  }
}

TEST_CASE("what must not be believed is refused, each for its reason") {
  struct Row {
    const char* name;
    std::string octets;
    Why why;
    bool proven;
    bool named;  // the refusal names the task
  };
  const std::string good = sign(task());
  v1::SignedTask bent = sealed(task().SerializeAsString()), unsigned_one = bent, other_id = bent;
  std::string octets = bent.task();
  octets.back() = static_cast<char>(octets.back() ^ 1);
  bent.mutable_signature()->at(5) = static_cast<char>(bent.signature()[5] ^ 1);
  unsigned_one.clear_signature();
  other_id.set_key_id("unknown.");
  const auto time = [](auto set) { return changed([&](v1::Task& t) { set(t); }); };
  const Row rows[] = {
      {"nothing", "", Why::unknown_key, false, false},
      {"noise", "\xFF\xFF\xFF", Why::malformed, false, false},
      {"oversize", good + std::string(tasks::most_signed_octets, 'x'), Why::malformed, false, false},
      {"octets behind the end", good + '\0', Why::malformed, false, false},
      {"an unknown field around it", good + std::string("\x7A\x01x", 3), Why::malformed, false, false},
      {"the task twice around it", good + good, Why::malformed, false, false},
      {"a bent signature", bent.SerializeAsString(), Why::bad_signature, false, true},
      {"no signature", unsigned_one.SerializeAsString(), Why::bad_signature, false, true},
      {"another key", sign(task(), test::other_key()), Why::unknown_key, false, true},
      {"a key id of nobody", other_id.SerializeAsString(), Why::unknown_key, false, true},
      {"an unknown field within", with_octets(std::string("\xA2\x06\x01x", 4)), Why::malformed, true, true},
      {"the id twice", with_octets("\x1A\x20" + test::id_of(1)), Why::malformed, true, true},
      {"two kinds", with_octets(std::string("\x52\x00", 2)), Why::malformed, true, true},
      {"the kind twice", with_octets(std::string("\x5A\x00", 2)), Why::malformed, true, true},
      {"a number longer than need be", with_octets(std::string("\x20\x80\x00", 3)), Why::malformed, true, true},
      {"an unknown kind", changed([](v1::Task& t) { t.clear_kind(); }), Why::unknown_kind, true, true},
      {"octets that are no task", sealed("\xFF").SerializeAsString(), Why::malformed, true, false},
      {"for another agent", changed([](v1::Task& t) { t.set_agent_id("agent-2"); }), Why::readdressed, true, false},
      {"for another tenant", changed([](v1::Task& t) { t.set_tenant("Elsewhere"); }), Why::readdressed, true, false},
      {"for nobody", changed([](v1::Task& t) { t.clear_agent_id(); }), Why::readdressed, true, false},
      {"without an id", changed([](v1::Task& t) { t.clear_task_id(); }), Why::malformed, true, false},
      {"with an id in capitals", changed([](v1::Task& t) { t.set_task_id(std::string(32, 'A')); }), Why::malformed,
       true, false},
      {"from the future", time([](v1::Task& t) { t.set_issued_ms(ms(now) + 10'001); }), Why::future, true, true},
      {"expired", time([](v1::Task& t) { t.set_not_after_ms(ms(now)); }), Why::expired, true, true},
      {"good for 31 days", time([](v1::Task& t) { t.set_not_after_ms(ms(now) + 31LL * 86'400'000); }), Why::too_long,
       true, true},
      {"never issued", time([](v1::Task& t) { t.set_issued_ms(0); }), Why::malformed, true, true},
      {"issued after its end", time([](v1::Task& t) { t.set_not_after_ms(t.issued_ms() - 1); }), Why::malformed, true,
       true},
      {"at the end of numbers", time([](v1::Task& t) { t.set_not_after_ms(INT64_MAX); }), Why::malformed, true, true},
      {"before all time", time([](v1::Task& t) { t.set_issued_ms(INT64_MIN); }), Why::malformed, true, true},
      {"not before a time below zero", time([](v1::Task& t) { t.set_not_before_ms(-1); }), Why::malformed, true, true},
      {"257 ranges", changed([](v1::Task& t) {
         for (int i = 0; i < 257; ++i) t.mutable_scan()->add_ranges("192.0.2.1");
       }),
       Why::bad_arguments, true, true},
      {"an empty range", changed([](v1::Task& t) { t.mutable_scan()->add_ranges(""); }), Why::bad_arguments, true,
       true},
      {"a printer of which nothing is said", changed([](v1::Task& t) { t.mutable_read_now()->add_printers(); }),
       Why::bad_arguments, true, true},
      {"a record of nobody", changed([](v1::Task& t) { t.mutable_record(); }), Why::bad_arguments, true, true},
      {"a serial without end",
       changed([](v1::Task& t) { t.mutable_record()->mutable_printer()->set_serial(std::string(129, 's')); }),
       Why::bad_arguments, true, true},
      {"a configuration of 64 KiB and one",
       changed([](v1::Task& t) { t.mutable_set_config()->set_toml(std::string(65'537, '#')); }), Why::bad_arguments,
       true, true},
      {"two days to confirm", changed([](v1::Task& t) { t.mutable_set_config()->set_confirm_within_s(172'800); }),
       Why::bad_arguments, true, true},
      {"10,001 lines", changed([](v1::Task& t) { t.mutable_send_diagnostics()->set_log_lines(10'001); }),
       Why::bad_arguments, true, true},
      {"a network to explain", changed([](v1::Task& t) { t.mutable_explain()->set_address("192.0.2.0/24"); }),
       Why::bad_arguments, true, true},
      {"nothing to cancel", changed([](v1::Task& t) { t.mutable_cancel(); }), Why::bad_arguments, true, true},
      {"a short key", changed([](v1::Task& t) { t.mutable_trust_key()->set_public_key("short"); }), Why::bad_arguments,
       true, true},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const auto taken = judged(row.octets);
    REQUIRE_FALSE(taken);
    CHECK(tasks::name_of(taken.error().why) == tasks::name_of(row.why));
    CHECK(taken.error().proven == row.proven);
    CHECK(taken.error().task_id.empty() == !row.named);
    CHECK_FALSE(taken.error().text.empty());
  }
}

TEST_CASE("every octet of a signed task counts: none can be changed, left out or put in") {
  const std::string good = sign(task());
  REQUIRE(judged(good));
  for (std::size_t at = 0; at < good.size(); ++at) {
    CAPTURE(at);
    for (const unsigned mask : {0x01U, 0x80U, 0xFFU}) {
      std::string bent = good;
      bent[at] = static_cast<char>(static_cast<unsigned char>(bent[at]) ^ mask);
      CHECK_FALSE(judged(bent));
    }
    CHECK_FALSE(judged(good.substr(0, at)));
    CHECK_FALSE(judged(std::string(good).insert(at, 1, '\0')));
  }
}

TEST_CASE("a key counts until its end, by the cloud's clock") {
  const std::vector<tasks::TrustedKey> keys = {{key().public_key, now}, {test::other_key().public_key, std::nullopt}};
  const auto at = [&](WallTime time, const wire::TaskKey& with) {
    return tasks::judge(sign(task(), with), {"Example", "agent-1", keys, time}).has_value();
  };
  CHECK(at(now - 1ms, key()));
  CHECK_FALSE(at(now, key()));
  CHECK(at(now, test::other_key()));
}
