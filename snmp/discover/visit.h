// One device from the first sign of life to its outcome: which credential opens it, is it a printer, what does it say.
//
//   Shapes   Held by shared_ptr: the engine's callbacks keep it alive, so it may be dropped at any time; a closed one
//            does nothing.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "snmp/discover/reasons.h"
#include "snmp/discover/scanner.h"

namespace platen::snmp {

class Visit : public std::enable_shared_from_this<Visit> {
 public:
  // A credential to try.
  struct Candidate {
    std::optional<std::size_t> index;  // in ScanOptions::credentials
    Credential credential;
    bool fallback = false;  // the user gave it as v2c
  };
  using Candidates = std::vector<std::shared_ptr<const Candidate>>;
  struct House {  // what all visits share
    Engine& engine;
    const Profiles& profiles;
    const Clock& clock;
    Patience patience;
    // The one call at the end; nullptr: no credential worked so far, more may come.
    std::function<void(Visit&, std::unique_ptr<Outcome>)> on_end;
    std::function<void(Visit&)> on_opened;
  };

  Visit(std::shared_ptr<House> house, Peer peer, std::size_t target)
      : house_(std::move(house)), peer_(peer), target_(target) {}

  // Tries these one after the other, then the gate, then the full read.
  void open_with(const Candidates& candidates);
  // Reads without a gate: the device is known. When nothing at all is answered to the first candidate, each is proved
  // with one small question, and the first that is answered reads.
  // `known` must outlive the visit.
  void read_known(Candidates candidates, Reading::Kind kind, const Scanner::Known& known);

  void is_engine(const std::string& id) { engine_id_ = id; }  // it says so to SNMPv3 discovery

  void expire();                    // its time is over: the outcome is what there is
  void close() { closed_ = true; }  // no outcome, no more asks
  [[nodiscard]] bool closed() const { return closed_; }
  [[nodiscard]] const Peer& peer() const { return peer_; }
  [[nodiscard]] std::size_t target() const { return target_; }
  [[nodiscard]] const std::optional<Reason>& refusal() const { return refusal_; }  // of the last one refused
  [[nodiscard]] bool tried(const Candidate& candidate) const;

  MonotonicTime began{};  // for the deadline
  bool busy = false;      // counts as one of those being read

 private:
  enum class Stage { opening, gate, proving, read };

  void next_candidate();
  void ask();
  void send(Ask question, const Patience& patience);
  void take(const Answer& answer);
  [[nodiscard]] bool refused(const Answer& answer);
  void prove();
  void take_proof(const Answer& answer);
  void plan_done();
  void gate_done();
  void start_known();
  void start_read(bool bulk);
  void read_done(bool timed_out);
  [[nodiscard]] bool restarted() const;
  void read_again();
  [[nodiscard]] bool bulk_lies(const VarBinds& rows) const;
  [[nodiscard]] Patience patience() const;
  [[nodiscard]] bool is_user() const;
  [[nodiscard]] bool is_second_try() const;  // of its candidate
  void end(Outcome outcome);
  [[nodiscard]] Outcome outcome_of(Outcome::Is is, Reason reason) const;

  std::shared_ptr<House> house_;
  Peer peer_;
  std::size_t target_;
  Candidates candidates_;
  std::size_t at_ = 0;  // of candidates_
  Stage stage_ = Stage::opening;
  Reading::Kind kind_ = Reading::Kind::full;
  std::unique_ptr<ReadPlan> plan_;
  Tolerance tolerance_;
  VarBinds first_rows_;  // of the gate: to compare with what GETBULK says
  std::vector<std::string> flags_;
  std::optional<Reason> refusal_;
  std::optional<Answer> unanswered_;  // what the plan has not been told while its credential is proved
  std::size_t answers_ = 0;
  Answer::Is last_ = Answer::Is::timeout;
  std::string last_text_;
  std::string engine_id_;  // SNMPv3
  std::chrono::microseconds slowest_{0};
  std::optional<WallTime> read_at_;
  const Scanner::Known* known_ = nullptr;
  bool heard_ = false, compared_ = false, reread_ = false, closed_ = false;
};

}  // namespace platen::snmp
