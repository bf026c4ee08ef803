#include "agent/network/check.h"

#include <algorithm>
#include <random>
#include <utility>

#include "transport/command/sign_in.h"
#include "transport/egress/connection.h"
#include "transport/egress/http_head.h"

namespace platen::network {
namespace {

using egress::Fault;
using egress::Trouble;

constexpr std::size_t most_octets = 16'384;
constexpr std::chrono::milliseconds longest_listening{2000};

// What is asked once TLS stands. Nothing of the agent is in it.
struct Question {
  Use use;
  const char* alpn;    // must be had
  const char* target;  // "": nothing is asked
};
constexpr Question questions[] = {
    {Use::uplink, "h2", ""}, {Use::enrolment, "", ""},          {Use::time, "", "/"},
    {Use::update, "", "/"},  {Use::command, "", "a WebSocket"},
};

std::string request(std::string_view target, const std::string& host) {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: " + host +
         "\r\nUser-Agent: platen\r\nConnection: close\r\n\r\n";
}

std::string request(const Path& path, const Question& question, const std::string& host) {
  return path.use == Use::command ? channel::upgrade_request(host, path.target, channel::key_for_a_check)
                                  : request(question.target, host);
}

Trouble answer_of(const std::string& octets, egress::Facts facts) {
  const auto head = egress::parse_head(octets);
  if (!head) return {Fault::strange_answer, std::move(facts)};
  facts.status = head->status;
  facts.location = head->field("location");
  if (const auto date = egress::parse_date(head->field("date")))
    facts.clock_ahead = std::chrono::duration_cast<std::chrono::seconds>(system_clock().wall() - *date);
  return {Fault::none, std::move(facts)};
}

// Who answers plain HTTP where a cloud should be: a captive portal sends people elsewhere, or says 511 (RFC 6585 §6).
bool is_portal(const egress::Door& door, const egress::Endpoint& to, std::chrono::milliseconds patience,
               const std::stop_token& stop, egress::Facts& facts) {
  const auto answer = door.ask_plain("captive portal", to, request("/", to.host), patience, stop);
  const auto head = answer ? egress::parse_head(*answer) : std::nullopt;
  if (!head) return false;
  const std::string_view location = head->field("location");
  const bool own = location.find("://" + to.host) != std::string_view::npos || location.starts_with('/');
  const bool elsewhere = head->status / 100 == 3 && !location.empty() && !own;
  if (!elsewhere && head->status != 511) return false;
  facts.location = location;
  facts.status = head->status;
  return true;
}

// Faults that a captive portal shows when it plays the cloud.
bool smells_of_a_portal(Fault fault) {
  constexpr Fault these[] = {Fault::not_tls, Fault::wrong_host, Fault::self_signed, Fault::not_trusted};
  return std::find(std::begin(these), std::end(these), fault) != std::end(these);
}

Trouble trouble_of(const channel::SignIn& answer, egress::Facts facts) {
  using Is = channel::SignIn::Is;
  constexpr std::pair<Is, Fault> faults[] = {{Is::welcome, Fault::none},
                                             {Is::not_authorised, Fault::not_authorised},
                                             {Is::other_version, Fault::mqtt_version},
                                             {Is::refused, Fault::mqtt_refused},
                                             {Is::hung_up, Fault::mqtt_refused},
                                             {Is::nonsense, Fault::mqtt_refused}};
  const auto* found =
      std::find_if(std::begin(faults), std::end(faults), [&](auto& row) { return row.first == answer.is; });
  facts.detail = answer.is == Is::hung_up    ? "it hangs up without a word"
                 : answer.is == Is::nonsense ? "its answer is no MQTT"
                                             : "reason " + std::to_string(answer.reason);
  return {found->second, std::move(facts)};
}

// On a connection whose upgrade was answered.
Trouble sign_in(egress::Connection& connection, channel::Level level, std::chrono::milliseconds patience,
                const std::stop_token& stop) {
  std::random_device random;
  const auto number = random();
  channel::Mask mask{};
  for (std::uint8_t& each : mask) each = static_cast<std::uint8_t>(random());
  const auto answer =
      connection.ask(channel::sign_in_question(level, "platen-netcheck-" + std::to_string(number), mask),
                     channel::sign_in_is_answered, most_octets, patience, stop);
  return answer ? trouble_of(channel::sign_in_answer(level, *answer), connection.facts()) : answer.error();
}

// TLS 1.3 refuses a certificate after the handshake, and what we had said by then can make a reset out of the close, which
// swallows the alert. Asked again, we say nothing and listen.
Trouble why_cut(const egress::Door& door, const egress::Wish& wish, const Trouble& cut, const std::stop_token& stop) {
  const auto again = door.dial(wish, stop);
  if (!again) return again.error();
  const auto heard =
      (*again)->ask("", egress::head_is_whole, most_octets, std::min(wish.patience, longest_listening), stop);
  if (heard || heard.error().fault == Fault::silent) return cut;
  return heard.error();
}

Verdict of(Verdict::Is is, const Trouble& trouble) {
  return {is, egress::word_of(trouble.fault), egress::meaning_of(trouble),
          std::string(egress::way_out_of(trouble.fault))};
}

}  // namespace

Seen try_path(const egress::Door& door, const Path& path, const egress::Tls& tls, std::chrono::milliseconds patience,
              const std::stop_token& stop) {
  Seen seen;
  const auto to = egress::parse_endpoint(path.address);
  const auto* question =
      std::find_if(std::begin(questions), std::end(questions), [&](const Question& q) { return q.use == path.use; });
  if (!to || question == std::end(questions)) return seen.dialled.fault = Fault::bad_settings, seen;
  egress::Wish wish{std::string(path.purpose), *to, tls, patience};
  wish.tls.alpn = question->alpn;
  if (path.use == Use::command) wish.tls.offers.assign(egress::command_offers.begin(), egress::command_offers.end());
  if (path.use == Use::enrolment) wish.tls.certificate_pem.clear();
  const auto made = door.dial(wish, stop);
  if (!made) {
    seen.dialled = made.error();
    egress::Endpoint plain = *to;
    if (seen.dialled.fault != Fault::not_tls) plain.port = 80;
    if (smells_of_a_portal(seen.dialled.fault) && is_portal(door, plain, patience, stop, seen.dialled.facts))
      seen.dialled.fault = Fault::portal;
    return seen;
  }
  seen.dialled.facts = (*made)->facts();
  seen.opened_on_the_way = (*made)->opened_on_the_way();
  seen.answered = *question->target != 0;
  if (!seen.answered) return seen;
  const auto ask = [&](egress::Connection& connection) {
    auto answer =
        connection.ask(request(path, *question, to->host), egress::head_is_whole, most_octets, patience, stop);
    return answer ? answer_of(*answer, connection.facts()) : answer.error();
  };
  seen.answer = ask(**made);
  if (seen.answer.fault == Fault::cut) seen.answer = why_cut(door, wish, seen.answer, stop);
  if (!path.signs_in || tls.certificate_pem.empty() || seen.answer.facts.status != 101) return seen;
  seen.sign_in = sign_in(**made, channel::Level::v5, patience, stop);
  if (seen.sign_in.fault != Fault::mqtt_version) return seen;
  const auto again = door.dial(wish, stop);  // as the agent does
  if (again && ask(**again).facts.status == 101) seen.sign_in = sign_in(**again, channel::Level::v311, patience, stop);
  return seen;
}

Verdict judge(Use use, const Seen& seen) {
  const bool lower_rung = use == Use::uplink && seen.dialled.fault == Fault::no_alpn;  // HTTP/1.1 goes on
  if (seen.dialled.fault != Fault::none) return of(lower_rung ? Verdict::Is::warning : Verdict::Is::bad, seen.dialled);
  Trouble answer = seen.answer;
  if (use == Use::time && answer.fault != Fault::none) answer.facts.clock_ahead.reset();
  if (use != Use::time && seen.answered && answer.fault != Fault::none) return of(Verdict::Is::bad, answer);
  if (use == Use::command && answer.facts.status != 101)
    return answer.fault = Fault::no_upgrade, of(Verdict::Is::bad, answer);
  if (use == Use::command && seen.sign_in.fault != Fault::none) return of(Verdict::Is::bad, seen.sign_in);
  if (use == Use::time) {
    if (!answer.facts.clock_ahead)
      return {Verdict::Is::warning, "clock.unknown", "the answer does not say what time it is", ""};
    if (std::chrono::abs(*answer.facts.clock_ahead) > tolerated_clock_error)
      return answer.fault = Fault::clock, of(Verdict::Is::bad, answer);
  }
  if (use == Use::update && answer.facts.status >= 500)
    return answer.fault = Fault::status, of(Verdict::Is::bad, answer);
  if (seen.opened_on_the_way)
    return of(use == Use::enrolment ? Verdict::Is::bad : Verdict::Is::warning, {Fault::resigned, seen.dialled.facts});
  return of(Verdict::Is::good, {Fault::none, seen.dialled.facts});
}

}  // namespace platen::network
