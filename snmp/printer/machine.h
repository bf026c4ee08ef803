// The machine behind every read plan: one device, one question at a time, the next one chosen by the answers so far.
//
//   names to GET          asked first, or when nothing else had an answer
//   known rows            asked again many at once, as long as the device is what it was (recall.h)
//   columns and scalars   many at once: GETBULK with the scalars as non-repeaters, or GETNEXT with many names
//   tables                one after the other, each GETBULK starting where the last one ended (run-on)
//
//   Files    machine_ask.cc chooses, machine_take.cc takes, machine_trouble.cc copes.  Private to this room.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "snmp/printer/appetite.h"
#include "snmp/printer/harvest.h"
#include "snmp/printer/read_plan.h"
#include "snmp/printer/recall.h"
#include "snmp/printer/restart_watch.h"

namespace platen::snmp {

// Rows of one subtree.
inline constexpr std::size_t kMostRowsOfTable = 2'000;
inline constexpr std::size_t kMostRowsOfColumn = 512;
inline constexpr std::size_t kMostVendorRows = 500;

class Machine final : public ReadPlan {
 public:
  Machine(Version version, const Tolerance& tolerance)
      : appetite_(version, tolerance), end_is_an_error_(version == Version::v1), learned_(tolerance) {}

  Harvest& harvest() { return harvest_; }
  void without_bulk() { plain_ = true; }
  void watch_for_restarts() { watch_.begin(); }
  // Everything that a reading is made of, by walking.
  void read_in_full(const Profiles& profiles, const std::optional<IpAddress>& address);
  // The same of a printer whose rows are known; `known` must outlive the plan.
  void recall_all(const VarBinds& known, Depth depth);
  // What is added to the harvest, of a printer whose rows are known. `ends`: subtrees that may have got more rows.
  void recall_these(const VarBinds& known, const Oid& ends);

  std::optional<Ask> next() override;
  void take(const Answer& answer) override;
  const VarBinds& rows() const override;
  VarBinds take_rows() override;
  bool complete() const override { return finished_ && !lost_; }
  bool whole() const override { return finished_ && !lost_ && carried_.empty(); }
  const std::vector<std::string>& flags() const override { return harvest_.flags(); }
  const Tolerance& tolerance() const override { return learned_; }

 private:
  [[nodiscard]] VarBinds with_what_stands(VarBinds fresh) const;

  // machine_ask.cc
  bool choose();
  bool choose_get();
  bool choose_recall();
  bool choose_columns();
  void pick_columns(std::size_t most);
  bool choose_table();
  [[nodiscard]] std::vector<std::size_t> riders();
  bool up_time_rides() const;
  [[nodiscard]] std::size_t room() const;  // varbinds of an answer for what is asked for
  void end_recall();
  void start_over();
  void rescue();

  // machine_take.cc
  using Rows = std::span<const VarBind>;
  void take_rows_of(const VarBinds& varbinds);
  void take_get(Rows varbinds);
  void take_recalled(Rows varbinds);
  void take_columns(Rows varbinds);
  void take_run(Rows varbinds);
  void take_rider(Cursor& cursor, const VarBind& row);
  void learn_roots();
  void learn_counters();

  // machine_trouble.cc
  void take_error(const Answer& answer);
  void take_recall_error(std::int32_t status, std::optional<std::size_t> which);
  void take_silence();
  void no_successor(std::size_t i);
  void hesitate(Cursor& cursor);
  void skip(std::size_t i, std::string_view why);
  void skip_recalled(std::size_t i);
  void isolate(std::size_t i);
  void lose(std::string flag);
  void finish();

  [[nodiscard]] Cursor& asked(std::size_t i) { return harvest_.cursors()[asked_[i]]; }

  Appetite appetite_;
  Harvest harvest_;
  bool end_is_an_error_;  // SNMPv1 knows no endOfMibView
  RestartWatch watch_;
  const Profiles* profiles_ = nullptr;  // of a full read
  std::optional<IpAddress> address_;    // likewise
  bool learns_roots_ = false;           // vendor roots are still to learn of, from sysObjectID
  bool learns_counters_ = false;        // tables of imaging counters likewise, from their keys
  std::optional<Recall> recall_;
  VarBinds carried_;  // rows that stand from the last read
  VarBinds spoken_;   // of a status read: the known rows that tell in which character set its texts are
  std::vector<Oid> gets_;
  Ask ask_;
  enum class Asking { gets, recall, walks } asking_ = Asking::walks;
  std::vector<std::size_t> asked_;  // walks: the cursor of each name of ask_
  std::size_t expected_ = 0;        // varbinds of the answer, at most
  Oid alone_;                       // this name made trouble: ask for it alone
  bool plain_ = false;              // no GETBULK for the rest of this read
  bool riding_ = false;             // sysUpTime is the first name of what was asked, before those of ask_
  bool closing_ = false;            // the last question: sysUpTime alone
  bool answered_ = false, rescued_ = false, finished_ = false, lost_ = false;
  bool unanswered_ = false;  // some question to the end: then silence tells nothing of sizes
  Tolerance learned_;
  mutable VarBinds rows_;
};

}  // namespace platen::snmp
