#include "snmp/sources/candidates.h"

#include <doctest/doctest.h>

#include <deque>

#include "snmp/sources/mdns.h"
#include "snmp/sources/wsd.h"
#include "tests/unit/snmp_sources/octets.h"

using namespace platen;
using namespace platen::snmp;
using namespace std::chrono_literals;

namespace {

const QuestionIds ids{0x1234, 7, "0a6dc791-2be6-4991-9af1-454778a1917a"};

IpAddress address(const char* text) { return IpAddress::parse(text).value(); }

// Notes what is asked; says what it was told to say. Its wait moves the clock.
class FakePort final : public GroupPort {
 public:
  explicit FakePort(ManualClock& clock) : clock_(clock) {}
  void ask(Source source, const Peer& group, std::span<const std::uint8_t> asked_octets) override {
    asked.push_back({source, group, {asked_octets.begin(), asked_octets.end()}, clock_.monotonic()});
  }
  std::optional<Arrival> receive() override {
    if (endless) answers.push_back(answers.front());
    if (answers.empty()) return std::nullopt;
    now_ = std::move(answers.front());
    answers.pop_front();
    ++received;
    return Arrival{now_.source, now_.from, 3, now_.octets};
  }
  void wait(std::chrono::milliseconds longest) override { clock_.advance(longest); }

  struct Asked {
    Source source;
    Peer group;
    std::vector<std::uint8_t> octets;
    MonotonicTime at;
  };
  struct Answer {
    Source source;
    Peer from;
    std::vector<std::uint8_t> octets;
  };
  std::vector<Asked> asked;
  std::deque<Answer> answers;
  std::size_t received = 0;
  bool endless = false;

 private:
  ManualClock& clock_;
  Answer now_;
};

// A printer's answer with these address records ("0004 c0000207").
std::vector<std::uint8_t> mdns(const std::vector<std::string>& records) {
  std::string text = "1234 8400 0001 0001 0000 000" + std::to_string(records.size() + 1) +
                     " 04 '_ipp' 04 '_tcp' 05 'local' 00 000c 0001 c00c 000c 0001 0000000a 000a 07 'Floor 2' c00c "
                     "c02d 0021 8001 0000000a 000e 0000 0000 0277 05 'laser' c016 ";
  for (const std::string& record : records) {
    text += std::string("c049 ") + (record.starts_with("0004") ? "0001" : "001c") + " 8001 0000000a " + record + " ";
  }
  return octets(text);
}

struct House {
  ManualClock clock;
  FakePort port{clock};
  std::stop_source stop;
  std::vector<std::string> within = {"192.0.2.0/24", "fe80::/10"}, excluded = {"192.0.2.99"};

  void hears(Source source, const char* from, std::uint16_t from_port, std::vector<std::uint8_t> what) {
    port.answers.push_back({source, {address(from), from_port}, std::move(what)});
  }
  Candidates look(const Sources& sources) {
    return look_around(sources, ids, port, Reach::of({}, within, excluded, {}).value(), clock, stop.get_token());
  }
};

}  // namespace

TEST_CASE("each source asks its groups twice, a second apart, and nothing that was not wanted") {
  House house;
  CHECK(house.look({.mdns = true}).addresses.empty());
  REQUIRE(house.port.asked.size() == 4);
  CHECK(house.port.asked[0].group == Peer{address("224.0.0.251"), 5353});
  CHECK(house.port.asked[1].group == Peer{address("ff02::fb"), 5353});
  CHECK(house.port.asked[0].octets == mdns_question(0x1234));
  CHECK(house.port.asked[2].at == house.port.asked[0].at + 1s);
  CHECK(house.clock.monotonic() == MonotonicTime{} + 3s);
  House others;
  (void)others.look({.wsd = true, .slp = true});
  REQUIRE(others.port.asked.size() == 6);
  CHECK(others.port.asked[0].group == Peer{address("239.255.255.250"), 3702});
  CHECK(others.port.asked[1].group == Peer{address("ff02::c"), 3702});
  CHECK(others.port.asked[2].group == Peer{address("239.255.255.253"), 427});
}

TEST_CASE("an answer leads to the answering and the named addresses within reach, and to no other") {
  struct Row {
    const char* name;
    const char* from;
    std::uint16_t port;
    std::vector<std::string> records;
    const char* want;
    std::size_t outside;
  };
  const Row rows[] = {
      {"the answering one", "192.0.2.5", 5353, {}, "192.0.2.5", 0},
      {"the named one, too", "192.0.2.5", 5353, {"0004 c0000207"}, "192.0.2.7 192.0.2.5", 0},
      {"somebody else's address", "192.0.2.5", 5353, {"0004 08080808"}, "192.0.2.5", 1},
      {"loopback, multicast, broadcast",
       "192.0.2.5",
       5353,
       {"0004 7f000001", "0004 e0000001", "0004 ffffffff"},
       "192.0.2.5",
       3},
      {"an excluded one", "192.0.2.99", 5353, {"0004 c0000263"}, "", 1},
      {"another address of an excluded device", "192.0.2.5", 5353, {"0004 c0000263"}, "", 2},
      {"from outside about an inside one", "198.51.100.1", 5353, {"0004 c0000207"}, "192.0.2.7", 1},
      {"IPv6 of the same device is left out", "fe80::5", 5353, {"0004 c0000207"}, "192.0.2.7", 0},
      {"a link-local name belongs to the interface it came in by",
       "192.0.9.9",
       5353,
       {"0010 fe800000000000000000000000000007"},
       "fe80::7",
       1},
      {"not from port 5353 (RFC 6762 §6)", "192.0.2.5", 5354, {}, "", 0},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    House house;
    house.hears(Source::mdns, row.from, row.port, mdns(row.records));
    const Candidates found = house.look({.mdns = true});
    std::string said;
    for (const IpAddress& each : found.addresses) {
      said += (said.empty() ? "" : " ") + each.with_scope(0).text();
      CHECK(each.scope() == (each.is_link_local() ? 3 : 0));
    }
    CHECK(said == row.want);
    CHECK(found.outside == row.outside);
  }
}

TEST_CASE("an answer counts only on the socket of its own source, and each address once") {
  House house;
  house.hears(Source::slp, "192.0.2.5", 5353, mdns({}));
  house.hears(Source::wsd, "192.0.2.5", 3702, mdns({}));
  CHECK(house.look({.mdns = true, .wsd = true, .slp = true}).addresses.empty());
  House twice;
  twice.hears(Source::mdns, "192.0.2.5", 5353, mdns({"0004 c0000205"}));
  twice.hears(Source::mdns, "192.0.2.5", 5353, mdns({}));
  const Candidates found = twice.look({.mdns = true});
  CHECK(found.addresses == std::vector{address("192.0.2.5")});
  CHECK(found.answers == 2);
}

TEST_CASE("a flood ends the asking, and so does a stop") {
  House house;
  house.hears(Source::mdns, "192.0.2.5", 5353, mdns({}));
  house.port.endless = true;
  CHECK(house.look({.mdns = true}).addresses.size() == 1);
  CHECK(house.port.received == 4096);
  House stopped;
  stopped.stop.request_stop();
  CHECK(stopped.look({.mdns = true}).addresses.empty());
  CHECK(stopped.port.asked.empty());
}

TEST_CASE("ids are drawn anew; the UUID is one of version 4") {
  const QuestionIds a = QuestionIds::drawn(), b = QuestionIds::drawn();
  CHECK(a.wsd != b.wsd);
  REQUIRE(a.wsd.size() == 36);
  CHECK(a.wsd[14] == '4');
  CHECK(std::string_view("89ab").find(a.wsd[19]) != std::string_view::npos);
}
