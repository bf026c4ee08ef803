#include "snmp/printer/read_plan.h"

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

#include "snmp/printer/appetite.h"
#include "snmp/printer/columns.h"
#include "snmp/printer/harvest.h"
#include "snmp/printer/profiles.h"
#include "snmp/printer/restart_watch.h"

namespace platen::snmp {
namespace {

constexpr std::size_t kMostRowsOfTable = 2'000;
constexpr std::size_t kMostRowsOfColumn = 512;
constexpr std::size_t kMostVendorRows = 500;
constexpr std::size_t kMostRows = 10'000;
constexpr std::size_t kMostRiders = 8, kRowsOfRider = 6;
constexpr std::size_t kMostInstances = 1'000;  // of a status read
constexpr std::size_t kFewestToRide = 16;  // varbinds of an answer; where less fits, one more ask at the end is cheaper
const Oid kSysObjectId{1, 3, 6, 1, 2, 1, 1, 2, 0};

using Shape = Subtree::Shape;
enum ErrorStatus : std::int32_t { noError = 0, tooBig = 1, noSuchName = 2, genErr = 5 };  // RFC 3416 §3

// The three plans are one machine with other things to do: names to GET, subtrees to walk, roots to learn of.
//
//   columns and scalars   many at once: GETBULK with the scalars as non-repeaters, or GETNEXT with many names
//   tables                one after the other, each GETBULK starting where the last one ended (run-on)
class Machine final : public ReadPlan {
 public:
  Machine(Version version, const Tolerance& tolerance, const Profiles* profiles)
      : appetite_(version, tolerance), profiles_(profiles) {}

  Harvest& harvest() { return harvest_; }
  void get_first(std::vector<Oid> names) { gets_ = std::move(names); }
  void without_bulk() { plain_ = true; }
  void watch_for_restarts() { watch_.begin(); }

  std::optional<Ask> next() override;
  void take(const Answer& answer) override;
  const VarBinds& rows() const override;
  VarBinds take_rows() override;
  bool complete() const override { return finished_ && !lost_; }
  const std::vector<std::string>& flags() const override { return harvest_.flags(); }
  const Tolerance& tolerance() const override { return learned_; }

 private:
  bool choose();
  bool choose_get();
  bool choose_columns();
  bool choose_table();
  [[nodiscard]] std::vector<std::size_t> riders();
  bool up_time_rides() const { return watch_.can_ride() && alone_.empty() && appetite_.varbinds() >= kFewestToRide; }
  [[nodiscard]] std::size_t room() const;  // varbinds of an answer for what is asked for
  void rescue();

  void take_error(const Answer& answer);
  void take_silence();
  using Rows = std::span<const VarBind>;
  void take_rows_of(const VarBinds& varbinds);
  void take_get(Rows varbinds);
  void take_columns(Rows varbinds);
  void take_run(Rows varbinds);
  void take_rider(Cursor& cursor, const VarBind& row);
  void learn_roots();

  [[nodiscard]] Cursor& asked(std::size_t i) { return harvest_.cursors()[asked_[i]]; }
  void no_successor(std::size_t i);
  void hesitate(Cursor& cursor);
  void skip(std::size_t i, std::string_view why);
  void isolate(std::size_t i);
  void lose(std::string flag);
  void finish();

  Appetite appetite_;
  Harvest harvest_;
  RestartWatch watch_;
  const Profiles* profiles_;  // nullptr: no vendor roots to learn of
  std::vector<Oid> gets_;
  Ask ask_;
  std::vector<std::size_t> asked_;  // the cursor of each name of ask_; empty for a GET
  std::size_t expected_ = 0;        // varbinds of the answer, at most
  Oid alone_;                       // this name made trouble: ask for it alone
  bool plain_ = false;              // no GETBULK for the rest of this read
  bool riding_ = false;             // sysUpTime is the first name of what was asked, before those of ask_
  bool closing_ = false;            // the last question: sysUpTime alone
  bool answered_ = false, rescued_ = false, finished_ = false, lost_ = false;
  Tolerance learned_;
  mutable VarBinds rows_;
};

// ---- what to ask ----

std::optional<Ask> Machine::next() {
  if (finished_ || !choose()) return std::nullopt;
  riding_ = up_time_rides();
  return riding_ ? with_up_time(ask_) : ask_;
}

bool Machine::choose() {
  if (plain_ || !appetite_.knows_bulk()) harvest_.split_tables();
  if (harvest_.full()) lose("walk-capped");
  while (!finished_) {
    if (choose_get() || choose_columns() || choose_table()) return true;
    if (rescued_) break;
    rescue();
  }
  if (!watch_.in_doubt() || finished_) return finish(), false;
  if (closing_) return lose("restart-not-ruled-out"), false;
  closing_ = true;
  alone_ = sys_up_time();
  gets_ = {alone_};
  return choose_get();
}

std::size_t Machine::room() const { return alone_.empty() ? appetite_.varbinds() - (up_time_rides() ? 1U : 0U) : 1; }

bool Machine::choose_get() {
  if (gets_.empty()) return false;
  const std::size_t most = room();
  const auto end = gets_.begin() + static_cast<std::ptrdiff_t>(std::min(most, gets_.size()));
  ask_ = {PduType::get, {gets_.begin(), end}};
  asked_.clear();
  expected_ = ask_.names.size();
  return true;
}

// Columns that have shown a few rows and not yet their end: they ride along with a table, one row an ask, instead of
// paying an ask of their own. Empty where that does not fit.
std::vector<std::size_t> Machine::riders() {
  std::vector<std::size_t> few;
  if (plain_ || !alone_.empty() || !appetite_.bulk() || harvest_.pending(Shape::table) == 0) return few;
  const std::vector<Cursor>& cursors = harvest_.cursors();
  for (std::size_t i = 0; i < cursors.size(); ++i) {
    if (cursors[i].done || cursors[i].shape == Shape::table) continue;
    if (cursors[i].rows.empty() || cursors[i].rows.size() > kRowsOfRider) return {};
    few.push_back(i);
  }
  return few.size() > kMostRiders ? std::vector<std::size_t>() : few;
}

bool Machine::choose_columns() {
  if (!riders().empty()) return false;
  std::vector<Cursor>& cursors = harvest_.cursors();
  const std::size_t most = room();
  asked_.clear();
  std::size_t scalars = 0, longest = 0;
  const auto pick = [&](Shape shape) {
    for (std::size_t i = 0; i < cursors.size() && asked_.size() < most; ++i) {
      if (cursors[i].done || cursors[i].shape != shape) continue;
      if (!alone_.empty() && cursors[i].at != alone_) continue;
      asked_.push_back(i);
      longest = std::max(longest, cursors[i].rows.size());
    }
  };
  pick(Shape::scalar);
  scalars = asked_.size();
  pick(Shape::column);
  if (asked_.empty()) {
    if (alone_.empty() || harvest_.pending(Shape::scalar) + harvest_.pending(Shape::column) == 0) return false;
    alone_ = {};  // what made trouble is gone
    return choose_columns();
  }
  ask_ = {PduType::get_next, {}};
  for (const std::size_t i : asked_) ask_.names.push_back(cursors[i].at);
  expected_ = asked_.size();
  if (plain_ || !alone_.empty() || !appetite_.bulk()) return true;

  const std::size_t repeaters = asked_.size() - scalars;
  // More in the first ask, so that columns of one or two rows also show their end; later at most a few rows beyond what
  // has been seen.
  const std::size_t fit = repeaters == 0 ? 0 : (most - scalars + repeaters - 1) / repeaters + (answered_ ? 0 : 1);
  const std::size_t repetitions = std::clamp<std::size_t>(fit, 1, 4 + 2 * longest);
  ask_.type = PduType::get_bulk;
  ask_.non_repeaters = static_cast<std::int32_t>(scalars);
  ask_.max_repetitions = static_cast<std::int32_t>(repetitions);
  expected_ = scalars + repeaters * repetitions;
  return true;
}

bool Machine::choose_table() {
  std::vector<Cursor>& cursors = harvest_.cursors();
  const auto first = std::find_if(cursors.begin(), cursors.end(),
                                  [](const Cursor& cursor) { return !cursor.done && cursor.shape == Shape::table; });
  if (first == cursors.end()) return false;
  asked_ = riders();
  const std::size_t riding = asked_.size();
  asked_.push_back(static_cast<std::size_t>(first - cursors.begin()));
  ask_ = {PduType::get_next, {}};
  for (const std::size_t i : asked_) ask_.names.push_back(cursors[i].at);
  expected_ = 1;
  if (!appetite_.bulk()) return true;
  expected_ = std::max(appetite_.varbinds() - (up_time_rides() ? 1U : 0U), riding + 1);
  ask_.type = PduType::get_bulk;
  ask_.non_repeaters = static_cast<std::int32_t>(riding);
  ask_.max_repetitions = static_cast<std::int32_t>(expected_ - riding);
  return true;
}

// Where GETNEXT had no proper answer, a GET of the likeliest instance may have one.
void Machine::rescue() {
  rescued_ = true;
  for (const Cursor& cursor : harvest_.cursors()) {
    if (!cursor.odd || !cursor.rows.empty() || cursor.shape == Shape::table) continue;
    const bool scalar = cursor.shape == Shape::scalar;
    Oid name = scalar ? cursor.root + 0U : cursor.index_parts == 0 ? cursor.root : cursor.root + 1U;
    if (!scalar && cursor.index_parts == 2) name = name + 1U;
    gets_.push_back(std::move(name));
  }
}

// ---- what came ----

void Machine::take(const Answer& answer) {
  if (finished_) return;
  switch (answer.is) {
    case Answer::Is::timeout:
    case Answer::Is::bad: return take_silence();
    case Answer::Is::unreachable: return lose("unreachable");
    case Answer::Is::send_failed: return lose("send-failed");
    case Answer::Is::report: return lose("refused");
    case Answer::Is::response: break;
  }
  answered_ = true;
  if (answer.error_status != noError) return take_error(answer);
  appetite_.answered(ask_.type, answer.varbinds.size(), answer.octets);
  if (watch_.sees_restart(answer.varbinds)) return lose(std::string(kRestarted));
  take_rows_of(answer.varbinds);
}

void Machine::take_rows_of(const VarBinds& varbinds) {
  Rows rows(varbinds);
  if (riding_ && !rows.empty()) {
    if (rows.size() == 1 || rows.front().name != sys_up_time()) watch_.cannot_ride();
    if (rows.size() == 1) return;  // it has taken the only place
    rows = rows.subspan(1);
  }
  if (asked_.empty()) {
    take_get(rows);
  } else if (asked(asked_.size() - 1).shape == Shape::table) {
    take_run(rows);
  } else {
    take_columns(rows);
  }
  learn_roots();
}

void Machine::take_silence() {
  switch (appetite_.silent(ask_.type, expected_)) {
    case Appetite::Then::again: return;
    case Appetite::Then::skip: return skip(0, "no-answer");
    case Appetite::Then::give_up: break;
  }
  if (answered_ || rescued_) return lose("silent");
  for (Cursor& cursor : harvest_.cursors()) cursor.done = cursor.odd = cursor.failed = true;  // deaf to GETNEXT?
}

void Machine::take_error(const Answer& answer) {
  appetite_.heard();
  const auto names = ask_.names.size();
  const std::int32_t first = riding_ ? 2 : 1;
  const bool named = answer.error_index >= first && static_cast<std::size_t>(answer.error_index - first) < names;
  const std::size_t i = named ? static_cast<std::size_t>(answer.error_index - first) : 0;
  if (answer.error_status == tooBig) {
    if (appetite_.too_big(expected_) == Appetite::Then::skip) skip(0, "too-big");
    return;
  }
  if (riding_ && answer.error_index == 1) return watch_.cannot_ride();
  if (ask_.type == PduType::get_bulk && answer.error_status != noSuchName) {
    if (answer.error_status == genErr && appetite_.halves_on_error(expected_)) return;
    if (!appetite_.bulk_proven()) appetite_.refuses_bulk();
    plain_ = true;
    return;
  }
  if (!named && (names > 1 || riding_)) return isolate(0);
  if (answer.error_status == noSuchName) return no_successor(i);
  if (names > 1) return isolate(i);
  skip(0, "error-" + std::to_string(answer.error_status));
}

void Machine::take_get(Rows varbinds) {
  for (const VarBind& row : varbinds) {
    const bool wanted = std::find(ask_.names.begin(), ask_.names.end(), row.name) != ask_.names.end();
    if (wanted && !row.value.is_exception()) harvest_.keep_loose(row);
  }
  // An answer of fewer names than asked for has no more to say about the others either.
  gets_.erase(gets_.begin(), gets_.begin() + static_cast<std::ptrdiff_t>(ask_.names.size()));
  alone_ = {};
}

void Machine::take_columns(Rows varbinds) {
  const std::size_t names = asked_.size();
  const auto scalars = static_cast<std::size_t>(ask_.non_repeaters);
  std::vector<bool> fresh(names), repeated(names), excused(names);
  bool moved = false;
  for (std::size_t v = 0; v < varbinds.size(); ++v) {
    if (v >= names && (ask_.type != PduType::get_bulk || names == scalars)) break;  // more than was asked for
    const std::size_t i = v < names ? v : scalars + (v - scalars) % (names - scalars);
    Cursor& cursor = asked(i);
    const VarBind& row = varbinds[v];
    if (cursor.done) continue;
    moved = true;
    if (row.value.is_exception()) {
      cursor.done = row.value.type == Type::end_of_mib_view;
      excused[i] = !cursor.done;
    } else if (!row.name.starts_with(cursor.root)) {
      cursor.done = true;
    } else if (harvest_.keep(&cursor, row) == Harvest::Kept::repeated) {
      repeated[i] = true;
    } else {
      fresh[i] = true;
      cursor.at = row.name;
      cursor.done = cursor.done || cursor.shape == Shape::scalar;
    }
  }
  for (std::size_t i = 0; i < names; ++i) {
    if (fresh[i] || asked(i).done) continue;
    if (excused[i]) {
      hesitate(asked(i));
    } else if (repeated[i]) {
      harvest_.fail(asked(i), "walk-repeated");
    }
  }
  if (!moved && appetite_.too_big(expected_) == Appetite::Then::skip) skip(0, "empty-answer");
  alone_ = {};
}

void Machine::take_run(Rows varbinds) {
  const std::size_t riding = asked_.size() - 1;
  for (std::size_t i = 0; i < std::min(riding, varbinds.size()); ++i) take_rider(asked(i), varbinds[i]);
  Cursor& from = asked(riding);
  bool fresh = false, end = false;
  const Oid* last = nullptr;
  for (std::size_t i = riding; i < varbinds.size(); ++i) {
    const VarBind& row = varbinds[i];
    if (row.value.is_exception()) {
      end = row.value.type == Type::end_of_mib_view;
      break;
    }
    Cursor* owner = harvest_.find(row.name);
    if (owner != nullptr && owner->shape != Shape::table)
      owner = nullptr;  // round the corner: columns have their own turn
    fresh |= harvest_.keep(owner, row) == Harvest::Kept::fresh;
    last = &row.name;
  }
  if (last != nullptr && !harvest_.pass(from, ask_.names[riding], *last, fresh)) return skip(riding, "walk-repeated");
  if (end) return harvest_.end_of_view(from);
  if (last != nullptr) return;
  if (!plain_) {  // nothing, or an exception that GETBULK cannot have: column by column
    plain_ = true;
  } else {
    skip(riding, "empty-answer");
  }
}

void Machine::take_rider(Cursor& cursor, const VarBind& row) {
  if (row.value.is_exception() || !row.name.starts_with(cursor.root)) {
    cursor.done = true;
  } else if (harvest_.keep(&cursor, row) == Harvest::Kept::repeated) {
    harvest_.fail(cursor, "walk-repeated");
  } else {
    cursor.at = row.name;
  }
}

void Machine::learn_roots() {
  if (profiles_ == nullptr) return;
  const Cursor* cursor = harvest_.find(kSysObjectId);
  if (cursor == nullptr || !cursor->done) return;
  const Oid* id = cursor->rows.empty() ? nullptr : cursor->rows.front().value.object();
  harvest_.add_roots(profiles_->roots_for(id == nullptr ? Oid{} : *id), Shape::column, kMostVendorRows);
  profiles_ = nullptr;
}

// ---- when it does not go well ----

// v1's way to say "nothing follows" (GETNEXT) or "no such thing" (GET).
void Machine::no_successor(std::size_t i) {
  alone_ = {};
  if (asked_.empty()) {
    gets_.erase(gets_.begin() + static_cast<std::ptrdiff_t>(i));
    return;
  }
  Cursor& cursor = asked(i);
  cursor.done = true;
  if (cursor.shape != Shape::column || cursor.name.empty()) return;
  for (const std::size_t other : asked_) {  // nothing follows in the later columns of that table either
    Cursor& later = harvest_.cursors()[other];
    if (later.name == cursor.name && later.root > cursor.root && later.rows.empty()) later.done = true;
  }
}

// An exception where GETNEXT can have none: some agents want the first index (hrDeviceIndex) with the column.
void Machine::hesitate(Cursor& cursor) {
  cursor.odd = true;
  if (cursor.index_parts == 2 && !cursor.nudged) {
    cursor.nudged = true;
    cursor.at = cursor.root + 1U;
  } else {
    cursor.done = true;
  }
}

void Machine::skip(std::size_t i, std::string_view why) {
  alone_ = {};
  lost_ = true;
  if (asked_.empty()) {
    harvest_.flag(std::string(why) + ' ' + gets_[i].text());
    gets_.erase(gets_.begin() + static_cast<std::ptrdiff_t>(i));
    return;
  }
  if (asked(i).shape == Shape::table) {
    const Oid at = asked(i).at, root = asked(i).root;
    harvest_.split_tables();  // the other columns may be well
    for (Cursor& cursor : harvest_.cursors()) {
      if (cursor.done || !cursor.root.starts_with(root)) continue;
      cursor.odd = true;
      return harvest_.fail(cursor, why);
    }
    return;
  }
  asked(i).odd = true;
  harvest_.fail(asked(i), why);
}

void Machine::isolate(std::size_t i) {
  alone_ = ask_.names[i];
  if (asked_.empty()) std::swap(gets_.front(), gets_[i]);
}

void Machine::lose(std::string flag) {
  harvest_.flag(std::move(flag));
  lost_ = true;
  finish();
}

void Machine::finish() {
  if (finished_) return;
  finished_ = true;
  const auto& cursors = harvest_.cursors();
  lost_ = lost_ || std::any_of(cursors.begin(), cursors.end(), [](const Cursor& cursor) { return cursor.failed; });
  learned_ = appetite_.tolerance();
  rows_ = harvest_.release();
}

const VarBinds& Machine::rows() const {
  if (!finished_) rows_ = harvest_.copy();
  return rows_;
}

VarBinds Machine::take_rows() { return finished_ ? std::exchange(rows_, {}) : harvest_.release(); }

}  // namespace

std::unique_ptr<ReadPlan> full_read(Version version, const Tolerance& tolerance, const Profiles& profiles) {
  auto plan = std::make_unique<Machine>(version, tolerance, &profiles);
  plan->watch_for_restarts();
  for (const Subtree& subtree : full_read_subtrees()) {
    plan->harvest().add(subtree, subtree.shape == Shape::table ? kMostRowsOfTable : kMostRowsOfColumn);
  }
  return plan;
}

std::unique_ptr<ReadPlan> status_read(Version version, const Tolerance& tolerance, const VarBinds& known) {
  auto plan = std::make_unique<Machine>(version, tolerance, nullptr);
  plan->watch_for_restarts();
  const auto columns = status_read_columns();
  std::vector<Oid> names;
  for (const VarBind& row : known) {
    const auto after = std::upper_bound(columns.begin(), columns.end(), row.name);
    if (after == columns.begin() || !row.name.starts_with(*std::prev(after)) || names.size() == kMostInstances)
      continue;
    names.push_back(row.name);
  }
  plan->get_first(std::move(names));
  plan->harvest().add(alert_table(), kMostRowsOfTable);
  return plan;
}

std::unique_ptr<ReadPlan> first_rows(Version version, const Tolerance& tolerance, std::vector<Oid> roots) {
  auto plan = std::make_unique<Machine>(version, tolerance, nullptr);
  plan->harvest().add_roots(std::move(roots), Shape::scalar, 1);
  plan->without_bulk();
  return plan;
}

std::unique_ptr<ReadPlan> walk(Version version, const Tolerance& tolerance, std::vector<Oid> roots) {
  auto plan = std::make_unique<Machine>(version, tolerance, nullptr);
  plan->harvest().add_roots(std::move(roots), Shape::table, kMostRows);
  return plan;
}

}  // namespace platen::snmp
