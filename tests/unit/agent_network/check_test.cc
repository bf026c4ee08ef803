#include "agent/network/check.h"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

#include "transport/egress/fault.h"
#include "transport/egress/http_head.h"

using namespace platen;
using namespace std::chrono_literals;
using egress::Fault;
using network::Seen;
using network::Use;
using network::Verdict;

namespace {

Seen not_dialled(Fault fault) {
  Seen seen;
  seen.dialled.fault = fault;
  return seen;
}

Seen answered(int status, std::optional<std::chrono::seconds> ahead = 0s, Fault fault = Fault::none) {
  Seen seen;
  seen.answered = true;
  seen.answer = {fault, {.status = status, .clock_ahead = ahead}};
  return seen;
}

Seen signed_in(Fault fault) {
  Seen seen = answered(101);
  seen.sign_in.fault = fault;
  return seen;
}

Seen resigned(Seen seen) {
  seen.opened_on_the_way = true;
  return seen;
}

}  // namespace

TEST_CASE("what was seen becomes a verdict") {
  struct Row {
    const char* name;
    Use use;
    Seen seen;
    Verdict::Is is;
    const char* code;
  };
  const auto good = Verdict::Is::good, bad = Verdict::Is::bad, warning = Verdict::Is::warning;
  const Row rows[] = {
      {"HTTP/2 stands", Use::uplink, {}, good, "ok"},
      {"only HTTP/1.1", Use::uplink, not_dialled(Fault::no_alpn), warning, "http2.missing"},
      {"no ALPN is no fault elsewhere", Use::command, not_dialled(Fault::no_alpn), bad, "http2.missing"},
      {"407", Use::uplink, not_dialled(Fault::proxy_login), bad, "proxy.login"},
      {"portal", Use::uplink, not_dialled(Fault::portal), bad, "portal"},
      {"opened, uplink", Use::uplink, resigned({}), warning, "tls.resigned"},
      {"opened, enrolment", Use::enrolment, resigned({}), bad, "tls.resigned"},
      {"WebSocket", Use::command, answered(101), good, "ok"},
      {"not let in", Use::command, signed_in(Fault::not_authorised), bad, "mqtt.not-authorised"},
      {"no version in common", Use::command, signed_in(Fault::mqtt_version), bad, "mqtt.version"},
      {"refused at the sign-in", Use::command, signed_in(Fault::mqtt_refused), bad, "mqtt.refused"},
      {"the certificate is refused at the sign-in", Use::command, signed_in(Fault::own_certificate), bad,
       "tls.own-certificate"},
      {"WebSocket refused", Use::command, answered(403), bad, "websocket.refused"},
      {"WebSocket swallowed", Use::command, answered(200), bad, "websocket.refused"},
      {"no HTTP at the broker", Use::command, answered(0, {}, Fault::strange_answer), bad, "http.strange"},
      {"the clock is right", Use::time, answered(404, 300s), good, "ok"},
      {"the clock is ahead", Use::time, answered(200, 301s), bad, "clock"},
      {"the clock is behind", Use::time, answered(200, -86400s), bad, "clock"},
      {"no clock", Use::time, answered(200, {}), warning, "clock.unknown"},
      {"no answer of use to the clock", Use::time, answered(0, {}, Fault::cut), warning, "clock.unknown"},
      {"updates", Use::update, answered(404), good, "ok"},
      {"updates are down", Use::update, answered(503), bad, "http.status"},
  };
  for (const Row& row : rows) {
    const Verdict verdict = network::judge(row.use, row.seen);
    CHECK_MESSAGE(verdict.is == row.is, row.name);
    CHECK_MESSAGE(verdict.code == row.code, row.name);
    CHECK_MESSAGE(!verdict.text.empty(), row.name);
    CHECK_MESSAGE((verdict.way_out.empty() == (verdict.code == "ok" || verdict.code == "clock.unknown")), row.name);
  }
}

TEST_CASE("verdicts are sentences with the facts in them; what a stranger said is escaped") {
  struct Row {
    egress::Trouble trouble;
    const char* says;
  };
  const Row rows[] = {
      {{Fault::proxy_login, {.proxy = "p:3128", .offered = "Basic, NTLM"}},
       "the proxy p:3128 wants a login (407, it takes Basic, NTLM)"},
      {{Fault::proxy_login, {.proxy = "p:3128", .signed_in = true}}, "the proxy p:3128 refuses user or password (407)"},
      {{Fault::resigned, {.peer = {.issuer = "Evil\x1b[2J CA"}}},
       "TLS is opened on the way and signed anew by 'Evil\\x1b[2J CA'"},
      {{Fault::wrong_host, {.peer = {.names = "a.example, b.example"}}},
       "the cloud's certificate is for another host name than cloud.address: it is for 'a.example, b.example'"},
      {{Fault::portal, {.location = "http://portal.example/login"}},
       "a captive portal answers in place of the cloud and sends people to 'http://portal.example/login'"},
      {{Fault::clock, {.clock_ahead = 7200s}}, "the clock of this host is 2 h 0 min further than the cloud's"},
      {{Fault::clock, {.clock_ahead = -345600s}}, "the clock of this host is 4 days further back than the cloud's"},
      {{Fault::expired, {.peer = {.not_after = WallTime{}}, .now = WallTime{1h}}},
       "the cloud's certificate expired 1970-01-01T00:00:00.000Z, and it is 1970-01-01T01:00:00.000Z here"},
      {{Fault::no_upgrade, {.status = 403}}, "the way to WebSocket is barred: the answer to the upgrade is HTTP 403"},
  };
  for (const Row& row : rows) CHECK(egress::meaning_of(row.trouble) == row.says);
}

TEST_CASE("the head of an answer") {
  const auto head = egress::parse_head(
      "HTTP/1.1 302 Found\r\nLocation:  http://x/ \r\nlocation: second\r\nbroken\r\n: y\r\nDate: Sat, 21 Nov 2026 "
      "09:00:00 GMT\r\n\r\nbody");
  REQUIRE(head);
  CHECK(head->status == 302);
  CHECK(head->field("location") == "http://x/");
  CHECK(head->field("none").empty());
  CHECK(egress::parse_date(head->field("date")) == from_rfc3339("2026-11-21T09:00:00Z").value());
  for (const char* octets : {"", "HTTP/1.1 200 OK\r\n", "HTTP/2 200\r\n\r\n", "HTTP/1.1 999 x\r\n\r\n",
                             "HTTP/1.1 20x OK\r\n\r\n", "HTTP/1.1 200OK\r\n\r\n", "SSH-2.0-x\r\n\r\n", "\r\n\r\n"}) {
    CAPTURE(octets);
    CHECK_FALSE(egress::parse_head(octets));
  }
  for (const char* date :
       {"", "Sat, 21 Nov 2026 09:00:00 UTC", "Sat, 31 Feb 2026 09:00:00 GMT", "Sat, 21 Nov 2026 25:00:00 GMT",
        "Saturday, 21-Nov-26 09:00:00 GMT", "Sat, 21 Nov 2026 09-00-00 GMT", "Sat, +1 Nov 2026 09:00:00 GMT "}) {
    CAPTURE(date);
    CHECK_FALSE(egress::parse_date(date));
  }
  CHECK(egress::head_is_whole("SSH-2.0"));
  CHECK_FALSE(egress::head_is_whole("HTTP/1.1 200"));
  CHECK_FALSE(egress::head_is_whole(""));
}

TEST_CASE("every word of a verdict stands in docs/network.md") {
  std::ifstream in("docs/network.md");
  const std::string page{std::istreambuf_iterator<char>(in), {}};
  for (int fault = 0; fault <= static_cast<int>(Fault::clock); ++fault) {
    const std::string word(egress::word_of(static_cast<Fault>(fault)));
    CHECK_MESSAGE((word == "stopped" || page.find("`" + word + "`") != std::string::npos), word);
  }
}
