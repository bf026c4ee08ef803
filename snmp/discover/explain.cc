#include "snmp/discover/explain.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <memory>
#include <utility>

#include "snmp/discover/questions.h"
#include "snmp/printer/decode.h"

namespace platen::snmp {
namespace {

const Oid kSysObjectId{1, 3, 6, 1, 2, 1, 1, 2, 0};

std::string hex(std::string_view octets) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (const char c : octets) {
    out += digits[static_cast<unsigned char>(c) >> 4U];
    out += digits[static_cast<unsigned char>(c) & 15U];
  }
  return out;
}

std::string counted(int tries) { return tries == 1 ? "1 try" : std::to_string(tries) + " tries"; }

bool is_rubbish(const Answer& answer) {
  return answer.is == Answer::Is::bad || (answer.is == Answer::Is::timeout && !answer.text.empty());
}

std::string what_came(const Answer& answer) {
  switch (answer.is) {
    case Answer::Is::response:
      return answer.error_status == 0 ? "an answer" : "an answer with error " + std::to_string(answer.error_status);
    case Answer::Is::timeout:
      return (is_rubbish(answer) ? answer.text : "nothing") + ", after " + counted(answer.tries);
    case Answer::Is::unreachable: return "ICMP: port unreachable";
    case Answer::Is::send_failed: return "this machine could not send: " + answer.text;
    case Answer::Is::report: return "a Report";
    case Answer::Is::bad: return "an answer that cannot be used: " + answer.text;
  }
  return "";
}

// What a question that came to nothing proves, whatever was asked.
std::optional<Reason> why_nothing(const Answer& answer) {
  if (answer.is == Answer::Is::unreachable) return why_unreachable();
  if (answer.is == Answer::Is::send_failed) return why_not_sent(answer.text);
  return std::nullopt;
}

class Examiner {
 public:
  Examiner(Engine& engine, const Peer& peer, const ScanOptions& options, const std::stop_token& stop)
      : engine_(engine), options_(options), stop_(stop), candidates_(questions_of(options.credentials).in_order) {
    told.peer = peer;
  }

  // Each returns false when there is no point in going on.
  bool discovery() {
    std::optional<Answer> answer;
    const bool users = std::any_of(candidates_.begin(), candidates_.end(), [&](const auto& each) {
      return each->credential.version == Version::v3 && each->credential.scope.holds(told.peer.address);
    });
    engine_.discover(told.peer, patience(users ? 1 : 0), [&](const Answer& got) { answer = got; });
    if (!wait_for(answer)) return false;
    Step& step = add(Step::Is::discovery, "SNMPv3 engine discovery, which needs no credential", *answer);
    step.version = Version::v3;
    speaks_v3_ = answer->is == Answer::Is::report;
    if (speaks_v3_) {
      step.code = "snmp.answered";
      step.came_back = "a Report: engine id " + hex(answer->engine_id);
      step.proves = "the device is there and speaks SNMPv3";
    } else if (!settle(step, *answer)) {
      step.code = is_rubbish(*answer) ? "snmp.bad-answer" : "snmp.silent";
      step.proves = is_rubbish(*answer) ? "something is there, but it speaks no proper SNMPv3"
                                        : "no SNMPv3 there, or nobody at all";
    }
    return !over_;
  }

  bool credentials() {
    for (const auto& candidate : candidates_) {
      const Credential& credential = candidate->credential;
      if (!credential.scope.holds(told.peer.address)) {
        if (!candidate->fallback) withhold(*candidate);
      } else if (credential.version != Version::v3) {
        community(*candidate);
      } else if (speaks_v3_) {
        user(*candidate);
      } else {
        skip(*candidate);
      }
      if (over_) return false;
      if (opened_) return true;
    }
    return false;
  }

  void is_it_a_printer() {
    FirstLook look;
    if (!look_at(look, first_rows(opened_->version, {}, gate_names()))) return;
    Gate found = gate(look.rows);
    if (found.is_printer || found.reads_on) {
      if (!look_at(look, walk(opened_->version, {}, gate_subtrees()))) return;
      found = gate(look.rows);
    }
    Step& step = add(Step::Is::gate, "the first rows of the Printer MIB (RFC 3805)", look.last);
    step.tries = look.tries;
    step.came_back = std::to_string(look.rows.size()) + " values in " + std::to_string(look.answers) +
                     (look.answers == 1 ? " answer" : " answers");
    static const Oid sys_descr{1, 3, 6, 1, 2, 1, 1, 1, 0};
    for (const VarBind& row : look.rows) {
      constexpr std::size_t longest = 120;
      if (row.name == sys_descr && row.value.bytes() != nullptr)
        step.came_back += "; it calls itself \"" + row.value.bytes()->substr(0, longest) + "\"";
    }
    Reason reason{"printer", "a printer that can be read"};
    if (!found.is_printer)
      reason = look.complete ? why_not_a_printer(found) : why_failed(look.last, false, look.answers);
    step.code = reason.code;
    step.proves = (reason.code.starts_with("not-printer.") ? "not a printer: " : "") + reason.text;
  }

  void life(const LookForLife& look) {
    const bool silent = std::all_of(told.steps.begin(), told.steps.end(), [](const Step& step) {
      return step.code == "snmp.silent" || step.is == Step::Is::withheld || step.code == "snmp.v3.not-spoken";
    });
    if (!silent || stop_.stop_requested()) return;
    const auto sign = look(told.peer.address);
    Step step{.is = Step::Is::life, .asked = "other signs of a host: ARP, ping, its web page"};
    step.code = sign ? "snmp.alive-silent" : "snmp.silent";
    step.came_back = sign ? std::string(text_of(*sign)) : "nothing";
    const Reason reason = sign ? why_alive_but_silent(*sign) : why_silent();
    step.proves = reason.text;
    told.steps.push_back(std::move(step));
  }

  Explanation told;

 private:
  struct FirstLook {
    VarBinds rows;  // sorted, each name once
    Answer last;    // the latest
    std::size_t answers = 0;
    int tries = 0;
    bool complete = true;
  };
  // Adds what the plan brings; false: asked to stop.
  bool look_at(FirstLook& look, const std::unique_ptr<ReadPlan>& plan) {
    while (auto ask = plan->next()) {
      auto answer = this->ask(*opened_, std::move(*ask), 1);
      if (!answer) return false;
      look.answers += answer->is == Answer::Is::response ? 1U : 0U;
      look.tries += answer->tries;
      plan->take(*answer);
      look.last = std::move(*answer);
    }
    look.complete = look.complete && plan->complete();
    VarBinds both;
    std::ranges::set_union(look.rows, plan->rows(), std::back_inserter(both), {}, &VarBind::name, &VarBind::name);
    look.rows = std::move(both);
    return true;
  }

  [[nodiscard]] Patience patience(int retries) const {
    return {options_.patience.timeout, std::min(options_.patience.retries, retries)};
  }

  bool wait_for(const std::optional<Answer>& answer) {
    while (!answer && !stop_.stop_requested()) static_cast<void>(engine_.step(std::chrono::milliseconds(100)));
    if (!answer) over_ = true;
    return answer.has_value();
  }

  std::optional<Answer> ask(const Credential& credential, Ask question, int retries) {
    auto answer = std::make_shared<std::optional<Answer>>();  // it may come after we have gone
    auto kept = std::make_shared<const Credential>(credential);
    engine_.ask(told.peer, *kept, std::move(question), patience(retries),
                [answer, kept](const Answer& got) { *answer = got; });
    wait_for(*answer);
    return *answer;
  }

  Step& add(Step::Is is, std::string asked, const Answer& answer) {
    Step step{.is = is, .asked = std::move(asked), .came_back = what_came(answer)};
    step.tries = answer.tries;
    step.round_trip = std::chrono::duration_cast<std::chrono::milliseconds>(answer.round_trip);
    told.steps.push_back(std::move(step));
    return told.steps.back();
  }

  // Unreachable, or this machine's own failure: nothing further can be learned.
  bool settle(Step& step, const Answer& answer) {
    const auto reason = why_nothing(answer);
    if (!reason) return false;
    step.code = reason->code;
    step.proves = reason->text;
    over_ = true;
    return true;
  }

  Step& add(const Visit::Candidate& candidate, const Answer& answer) {
    Step& step = add(Step::Is::credential, "GET sysObjectID with " + label_of(candidate.credential), answer);
    step.credential = candidate.index;
    step.version = candidate.credential.version;
    return step;
  }

  void open(Step& step, const Visit::Candidate& candidate) {
    step.code = "snmp.answered";
    step.proves = "this credential opens the device";
    opened_ = candidate.credential;
    told.credential = candidate.index;
  }

  void community(const Visit::Candidate& candidate) {
    const auto answer = ask(candidate.credential, {PduType::get, {kSysObjectId}, 0, 0}, candidate.fallback ? 0 : 1);
    if (!answer) return;
    Step& step = add(candidate, *answer);
    if (answer->is == Answer::Is::response) return open(step, candidate);
    if (settle(step, *answer)) return;
    step.code = is_rubbish(*answer) ? "snmp.bad-answer" : "snmp.silent";
    step.proves = is_rubbish(*answer) ? "something answers, but no proper SNMP"
                  : speaks_v3_        ? "the device does not accept this community"
                                      : "a wrong community, or nobody at all: both are silent";
  }

  void user(const Visit::Candidate& candidate) {
    const auto answer = ask(candidate.credential, {PduType::get, {kSysObjectId}, 0, 0}, 1);
    if (!answer) return;
    Step& step = add(candidate, *answer);
    if (answer->is == Answer::Is::response && answer->error_status != kAuthorizationError) return open(step, candidate);
    if (settle(step, *answer)) return;
    const Reason reason = why_refused(candidate.credential, *answer);
    step.code = reason.code;
    step.proves = reason.text;
    if (answer->is == Answer::Is::report) step.came_back += ": " + std::string(counter_of(answer->report));
    const bool mute = answer->is == Answer::Is::timeout || answer->is == Answer::Is::bad;
    if (mute && candidate.credential.priv != Priv::none) without_privacy(candidate);
  }

  // Some agents are silent to what they cannot decrypt. The same user without privacy tells which pass phrase it is.
  void without_privacy(const Visit::Candidate& candidate) {
    Credential plain = candidate.credential;
    plain.priv = Priv::none;
    plain.priv_pass = {};
    const auto answer = ask(plain, {PduType::get, {kSysObjectId}, 0, 0}, 0);
    if (!answer) return;
    const bool knows_auth = answer->is == Answer::Is::response;
    Step& step = add({candidate.index, plain, false}, *answer);
    step.asked += ", without privacy to tell the pass phrases apart";
    step.code = knows_auth ? "snmp.v3.wrong-priv" : why_refused(plain, *answer).code;
    step.proves = knows_auth
                      ? label_of(candidate.credential) +
                            ": the device accepts the authentication but not this privacy pass phrase or algorithm"
                      : why_refused(plain, *answer).text;
  }

  void withhold(const Visit::Candidate& candidate) {
    Step step{.is = Step::Is::withheld, .code = "snmp.out-of-scope"};
    step.credential = candidate.index;
    step.version = candidate.credential.version;
    step.asked = "nothing with " + label_of(candidate.credential);
    step.proves = "the address lies outside its scope, so it is not shown to it";
    told.steps.push_back(std::move(step));
  }

  void skip(const Visit::Candidate& candidate) {
    Step step{.is = Step::Is::credential, .code = "snmp.v3.not-spoken"};
    step.credential = candidate.index;
    step.version = Version::v3;
    step.asked = "nothing with " + label_of(candidate.credential);
    step.proves = "without an engine id no SNMPv3 user can log in";
    told.steps.push_back(std::move(step));
  }

  Engine& engine_;
  const ScanOptions& options_;
  const std::stop_token& stop_;
  Visit::Candidates candidates_;
  std::optional<Credential> opened_;
  bool speaks_v3_ = false, over_ = false;
};

// The most telling refusal stands last.
constexpr std::array<std::string_view, 9> kRefusals = {
    "snmp.v3.no-answer",         "snmp.v3.refused",        "snmp.v3.unknown-engine",
    "snmp.v3.unknown-user",      "snmp.v3.time-window",    "snmp.v3.wrong-auth",
    "snmp.v3.unsupported-level", "snmp.v3.not-authorized", "snmp.v3.wrong-priv"};

std::size_t weight(const Step& step) {
  const auto* const at = std::find(kRefusals.begin(), kRefusals.end(), step.code);
  return at == kRefusals.end() ? 0 : static_cast<std::size_t>(at - kRefusals.begin()) + 1;
}

}  // namespace

void judge(Explanation& told) {
  const auto verdict = [&](Outcome::Is is, std::string_view code, std::string reason) {
    told.is = is;
    told.code = code;
    told.reason = std::move(reason);
  };
  const auto step_with = [&](const auto& fits) { return std::find_if(told.steps.begin(), told.steps.end(), fits); };
  const auto end = told.steps.end();
  if (const auto step = step_with([](const Step& s) { return s.is == Step::Is::gate; }); step != end) {
    const auto is = step->code == "printer"                  ? Outcome::Is::printer
                    : step->code.starts_with("not-printer.") ? Outcome::Is::not_a_printer
                                                             : Outcome::Is::failed;
    return verdict(is, step->code, step->proves);
  }
  for (const auto& [code, is] :
       {std::pair{"snmp.unreachable", Outcome::Is::unreachable}, {"snmp.send-failed", Outcome::Is::failed}}) {
    const auto step = step_with([&, wanted = code](const Step& s) { return s.code == wanted; });
    if (step != end) return verdict(is, step->code, step->proves);
  }
  const auto refusal =
      std::max_element(told.steps.begin(), end, [](const Step& a, const Step& b) { return weight(a) < weight(b); });
  if (refusal != end && weight(*refusal) > 0) return verdict(Outcome::Is::no_access, refusal->code, refusal->proves);
  const bool alive = step_with([](const Step& s) { return s.code == "snmp.answered"; }) != end;
  const bool offered = step_with([](const Step& s) { return s.is == Step::Is::credential; }) != end;
  if (alive) {
    const Reason reason = offered ? why_wrong_community() : why_no_credential();
    return verdict(Outcome::Is::no_access, reason.code, reason.text);
  }
  if (const auto step = step_with([](const Step& s) { return s.code == "snmp.bad-answer"; }); step != end)
    return verdict(Outcome::Is::failed, step->code, step->proves);
  if (const auto sign = step_with([](const Step& s) { return s.code == "snmp.alive-silent"; }); sign != end)
    return verdict(Outcome::Is::silent, sign->code, sign->proves);
  const Reason reason = why_silent();
  verdict(Outcome::Is::silent, reason.code, reason.text);
}

std::optional<Explanation> explain(Engine& engine, const Peer& peer, const ScanOptions& options,
                                   const LookForLife& look, const std::stop_token& stop) {
  Examiner examiner(engine, peer, options, stop);
  if (examiner.discovery()) {
    if (examiner.credentials()) {
      examiner.is_it_a_printer();
    } else {
      examiner.life(look);
    }
  }
  if (stop.stop_requested()) return std::nullopt;
  judge(examiner.told);
  return std::move(examiner.told);
}

}  // namespace platen::snmp
