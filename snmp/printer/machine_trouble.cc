// What to do when an answer is an error, or there is none; and the end.
#include <algorithm>
#include <iterator>
#include <utility>

#include "snmp/printer/machine.h"

namespace platen::snmp {
namespace {

using Shape = Subtree::Shape;
enum ErrorStatus : std::int32_t { tooBig = 1, noSuchName = 2, genErr = 5 };  // RFC 3416 §3

// `fresh` goes before `carried`.
VarBinds merged(VarBinds fresh, const VarBinds& carried) {
  if (carried.empty()) return fresh;
  VarBinds all;
  all.reserve(fresh.size() + carried.size());
  std::set_union(std::make_move_iterator(fresh.begin()), std::make_move_iterator(fresh.end()), carried.begin(),
                 carried.end(), std::back_inserter(all),
                 [](const VarBind& a, const VarBind& b) { return a.name < b.name; });
  return all;
}

}  // namespace

void Machine::take_silence() {
  const auto then = appetite_.silent(ask_.type, expected_, asking_ == Asking::recall ? recall_->octets() : 0);
  if (then == Appetite::Then::again) return;
  unanswered_ = true;
  if (then == Appetite::Then::skip) return skip(0, "no-answer");
  if (answered_ || rescued_) return lose("silent");
  recall_.reset();
  for (Cursor& cursor : harvest_.cursors()) cursor.done = cursor.odd = cursor.failed = true;  // deaf to GETNEXT?
}

void Machine::take_recall_error(std::int32_t status, std::optional<std::size_t> which) {
  if (!which) {
    for (std::size_t left = ask_.names.size(); left > 0; --left) skip_recalled(0);
  } else if (status == noSuchName) {
    recall_->nothing_follows(*which);
  } else {
    skip_recalled(*which);
  }
}

void Machine::take_error(const Answer& answer) {
  appetite_.heard();
  const auto names = ask_.names.size();
  const std::int32_t first = riding_ ? 2 : 1;
  const bool named = answer.error_index >= first && static_cast<std::size_t>(answer.error_index - first) < names;
  const std::size_t i = named ? static_cast<std::size_t>(answer.error_index - first) : 0;
  if (answer.error_status == tooBig) {
    const auto then = asking_ == Asking::recall ? appetite_.outgrown(expected_) : appetite_.too_big(expected_);
    if (then == Appetite::Then::skip) skip(0, "too-big");
    return;
  }
  if (riding_ && answer.error_index == 1) return watch_.cannot_ride();
  if (ask_.type == PduType::get_bulk && answer.error_status != noSuchName) {
    if (answer.error_status == genErr && appetite_.halves_on_error(expected_)) return;
    if (!appetite_.bulk_proven()) appetite_.refuses_bulk();
    plain_ = true;
    return;
  }
  if (asking_ == Asking::recall) return take_recall_error(answer.error_status, named ? std::optional(i) : std::nullopt);
  if (!named && (names > 1 || riding_)) return isolate(0);
  if (answer.error_status == noSuchName) return no_successor(i);
  if (names > 1) return isolate(i);
  skip(0, "error-" + std::to_string(answer.error_status));
}

// v1's way to say "nothing follows" (GETNEXT) or "no such thing" (GET).
void Machine::no_successor(std::size_t i) {
  alone_ = {};
  if (asking_ == Asking::gets) {
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
  if (asking_ == Asking::recall) return skip_recalled(i);
  alone_ = {};
  lost_ = true;
  if (asking_ == Asking::gets) {
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

// A known row that cannot be asked for again: its subtree is walked later, and what is wrong with it shows there.
void Machine::skip_recalled(std::size_t i) { recall_->give_up(i); }

void Machine::isolate(std::size_t i) {
  alone_ = ask_.names[i];
  if (asking_ == Asking::gets) std::swap(gets_.front(), gets_[i]);
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
  if (!unanswered_) learned_ = appetite_.tolerance();
  if (recall_) carried_ = recall_->carried();
  recall_.reset();
  rows_ = with_what_stands(harvest_.release());
}

VarBinds Machine::with_what_stands(VarBinds fresh) const {
  if (fresh.empty()) return fresh;  // it has not answered
  if (!spoken_.empty()) return merged(std::move(fresh), spoken_);
  return merged(std::move(fresh), recall_ ? recall_->carried() : carried_);
}

const VarBinds& Machine::rows() const {
  if (!finished_) rows_ = with_what_stands(harvest_.copy());
  return rows_;
}

VarBinds Machine::take_rows() {
  if (!finished_) static_cast<void>(rows());
  static_cast<void>(harvest_.release());
  return std::exchange(rows_, {});
}

}  // namespace platen::snmp
