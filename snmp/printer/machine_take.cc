// What an answer brings.
#include <algorithm>

#include "snmp/printer/ber_size.h"
#include "snmp/printer/columns.h"
#include "snmp/printer/machine.h"
#include "snmp/printer/profiles.h"

namespace platen::snmp {
namespace {

using Shape = Subtree::Shape;

const Oid kSysObjectId{1, 3, 6, 1, 2, 1, 1, 2, 0};

}  // namespace

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
  if (answer.error_status != 0) return take_error(answer);
  appetite_.answered(ask_.type, answer.varbinds.size(), answer.octets);
  appetite_.measure(answer.varbinds.size(), octets_of(answer.varbinds), answer.octets);
  const bool cut = ask_.type == PduType::get_bulk && answer.varbinds.size() < expected_;
  if (cut && !answer.varbinds.empty() && answer.varbinds.back().value.type != Type::end_of_mib_view)
    appetite_.cut_short(answer.varbinds.size(), answer.octets);
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
  if (asking_ == Asking::gets) {
    take_get(rows);
  } else if (asking_ == Asking::recall) {
    take_recalled(rows);
  } else if (asked(asked_.size() - 1).shape == Shape::table) {
    take_run(rows);
  } else {
    take_columns(rows);
  }
  if (learns_roots_) learn_roots();
  if (learns_counters_) learn_counters();
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

void Machine::take_recalled(Rows varbinds) {
  const std::size_t came = std::min(varbinds.size(), ask_.names.size());
  for (const VarBind& row : varbinds.first(came)) {
    if (recall_->take(&row)) harvest_.keep(harvest_.find(row.name), row);
  }
  if (came == 0 && appetite_.outgrown(expected_) == Appetite::Then::skip) skip_recalled(0);
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
      if (cursor.shape == Shape::probe) cursor.shape = Shape::column;  // it has that one
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
  const std::size_t round = ask_.non_repeaters > 0 ? varbinds.size() : asked_.size();  // riders come in each, or once
  Cursor& from = asked(riding);
  bool fresh = false, end = false;
  const Oid* last = nullptr;
  for (std::size_t i = 0; i < varbinds.size(); ++i) {
    const VarBind& row = varbinds[i];
    if (i % round < riding) {
      take_rider(asked(i % round), row);
      continue;
    }
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
  if (!varbinds.empty() && varbinds.size() <= riding) return;  // the riders took all the room; they will be done soon
  if (!plain_) {  // nothing, or an exception that GETBULK cannot have: column by column
    plain_ = true;
  } else {
    skip(riding, "empty-answer");
  }
}

void Machine::take_rider(Cursor& cursor, const VarBind& row) {
  if (cursor.done) return;
  if (row.value.is_exception() || !row.name.starts_with(cursor.root)) {
    cursor.done = true;
  } else if (harvest_.keep(&cursor, row) == Harvest::Kept::repeated) {
    harvest_.fail(cursor, "walk-repeated");
  } else {
    cursor.at = row.name;
  }
}

void Machine::learn_roots() {
  const Cursor* cursor = harvest_.find(kSysObjectId);
  if (cursor == nullptr || !cursor->done) return;
  const Oid* id = cursor->rows.empty() ? nullptr : cursor->rows.front().value.object();
  harvest_.add_roots(profiles_->roots_for(id == nullptr ? Oid{} : *id), Shape::column, kMostVendorRows);
  learns_roots_ = false;
}

void Machine::learn_counters() {
  const Cursor* keys = harvest_.find(imaging_keys().root);
  if (keys == nullptr || (!keys->done && keys->rows.empty())) return;
  learns_counters_ = false;
  if (keys->rows.empty()) return;
  const auto counters = imaging_counters();
  harvest_.add_roots({counters.begin(), counters.end()}, Shape::column, kMostVendorRows);
}

}  // namespace platen::snmp
