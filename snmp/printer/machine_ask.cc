// Which question comes next.
#include <algorithm>
#include <iterator>

#include "snmp/printer/columns.h"
#include "snmp/printer/machine.h"
#include "snmp/printer/profiles.h"

namespace platen::snmp {
namespace {

using Shape = Subtree::Shape;

constexpr std::size_t kMostRiders = 8, kRowsOfRider = 6, kLongRiders = 2;
constexpr std::size_t kFewestToRide = 16;  // varbinds of an answer; where less fits, one more ask at the end is cheaper
constexpr std::size_t kOctetsOfRider = 18;
const Oid kSysObjectId{1, 3, 6, 1, 2, 1, 1, 2, 0};
const Oid kShortTables{1, 3, 6, 1, 2, 1, 43, 16};  // the panel, alerts, finishers

}  // namespace

std::optional<Ask> Machine::next() {
  if (finished_ || !choose()) return std::nullopt;
  riding_ = up_time_rides();
  return riding_ ? with_up_time(ask_) : ask_;
}

bool Machine::choose() {
  if (plain_ || !appetite_.knows_bulk()) harvest_.split_tables();
  if (harvest_.full()) lose("walk-capped");
  while (!finished_) {
    if (choose_get() || choose_recall() || choose_columns() || choose_table()) return true;
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

bool Machine::up_time_rides() const {
  return watch_.can_ride() && alone_.empty() && appetite_.varbinds() >= kFewestToRide;
}

std::size_t Machine::room() const { return alone_.empty() ? appetite_.varbinds() - (up_time_rides() ? 1U : 0U) : 1; }

bool Machine::choose_get() {
  if (gets_.empty()) return false;
  appetite_.runs(false);
  const std::size_t most = room();
  const auto end = gets_.begin() + static_cast<std::ptrdiff_t>(std::min(most, gets_.size()));
  ask_ = {PduType::get, {gets_.begin(), end}};
  asking_ = Asking::gets;
  expected_ = ask_.names.size();
  return true;
}

// Known rows, as long as the device is the known one; then what has changed is walked.
bool Machine::choose_recall() {
  if (!recall_) return false;
  if (recall_->is_another() && profiles_ != nullptr) return start_over(), false;
  while (recall_->asked_all()) {
    if (!recall_->goes_on()) return end_recall(), false;
  }
  const std::size_t rider = up_time_rides() ? kOctetsOfRider : 0;
  const std::size_t octets = appetite_.most_octets();
  ask_ = {PduType::get_next, recall_->ask(appetite_.most_names(), octets - std::min(octets, rider))};
  if (!plain_ && appetite_.bulk() && !appetite_.cuts_rows()) {
    // The same, but what does not fit is left out, where GETNEXT refuses all of it.
    ask_.type = PduType::get_bulk;
    ask_.max_repetitions = 1;
  }
  asking_ = Asking::recall;
  expected_ = ask_.names.size();
  return true;
}

void Machine::end_recall() {
  carried_ = recall_->carried();
  for (const Recall::Area& area : recall_->areas()) {
    if (area.broken) {
      harvest_.restart(area.root, area.start);
    } else if (Cursor* cursor = harvest_.find(area.root); cursor != nullptr && (area.capped || area.repeats)) {
      harvest_.fail(*cursor, area.capped ? "walk-capped" : "walk-repeated");
    }
  }
  recall_.reset();
  if (plain_ || !appetite_.knows_bulk()) harvest_.split_tables();
}

// It is another machine, or it has started again: what was known of it may all be different.
void Machine::start_over() {
  recall_.reset();
  harvest_ = Harvest();
  read_in_full(*profiles_, address_);
  if (plain_ || !appetite_.knows_bulk()) harvest_.split_tables();
}

void Machine::read_in_full(const Profiles& profiles, const std::optional<IpAddress>& address) {
  profiles_ = &profiles;
  address_ = address;
  learns_roots_ = learns_counters_ = true;
  for (const Subtree& subtree : full_read_subtrees()) {
    const std::size_t most = subtree.shape == Shape::table ? kMostRowsOfTable : kMostRowsOfColumn;
    harvest_.add(subtree, subtree.most_rows > 0 ? subtree.most_rows : most);
  }
  if (address) harvest_.add_instance("ipAddressIfIndex", address_interface(*address));
}

void Machine::recall_all(const VarBinds& known, Depth depth) {
  const auto is_key = [](const VarBind& row) { return row.name.starts_with(imaging_keys().root); };
  const auto id = std::find_if(known.begin(), known.end(), [](const VarBind& row) { return row.name == kSysObjectId; });
  const Oid* object = id == known.end() ? nullptr : id->value.object();
  harvest_.add_roots(profiles_->roots_for(object == nullptr ? Oid{} : *object), Shape::column, kMostVendorRows);
  learns_roots_ = false;
  if (std::any_of(known.begin(), known.end(), is_key)) {
    const auto counters = imaging_counters();
    harvest_.add_roots({counters.begin(), counters.end()}, Shape::column, kMostVendorRows);
    learns_counters_ = false;
  }
  std::vector<Recall::Area> areas;
  for (const Cursor& cursor : harvest_.cursors()) {
    const Subtree* subtree = subtree_of(cursor.root);
    const bool rows_move = cursor.name.empty() || (subtree != nullptr && subtree->rows_move);
    const bool one_row = cursor.name.empty() && cursor.at != cursor.root;  // a vendor's object, given with its instance
    areas.push_back(
        {cursor.root, cursor.at, cursor.shape, cursor.first, cursor.last, rows_move, !one_row, cursor.most_rows});
  }
  harvest_.settle();
  recall_.emplace(known, std::move(areas), depth, Recall::Wire{end_is_an_error_, appetite_.padding()});
}

void Machine::recall_these(const VarBinds& known, const Oid& ends) {
  std::vector<Recall::Area> areas;
  for (const Cursor& cursor : harvest_.cursors()) {
    areas.push_back(
        {cursor.root, cursor.at, cursor.shape, cursor.first, cursor.last, true, cursor.root == ends, cursor.most_rows});
  }
  const Oid general{1, 3, 6, 1, 2, 1, 43, 5, 1, 1}, localizations{1, 3, 6, 1, 2, 1, 43, 7, 1, 1};
  for (const VarBind& row : known) {
    const bool tells = row.name.starts_with(general + 2U) || row.name.starts_with(general + 10U) ||
                       row.name.starts_with(localizations);
    if (tells && row.value.type != Type::null) spoken_.push_back(row);
  }
  harvest_.settle();
  recall_.emplace(known, std::move(areas), Depth::everything, Recall::Wire{end_is_an_error_, appetite_.padding()});
}

// Columns that have shown a few rows and not yet their end: they ride along with a table, one row an ask, instead of
// paying an ask of their own. Empty where that does not fit.
std::vector<std::size_t> Machine::riders() {
  std::vector<std::size_t> few;
  std::size_t longest = 0;
  if (plain_ || !alone_.empty() || !appetite_.bulk() || harvest_.pending(Shape::table) == 0) return few;
  const std::vector<Cursor>& cursors = harvest_.cursors();
  for (std::size_t i = 0; i < cursors.size(); ++i) {
    if (cursors[i].done || cursors[i].shape == Shape::table) continue;
    if (cursors[i].rows.empty()) return {};
    longest = std::max(longest, cursors[i].rows.size());
    few.push_back(i);
  }
  if (longest > kRowsOfRider && few.size() > kLongRiders) return {};
  const std::size_t most = std::min(kMostRiders, appetite_.varbinds() / 2);
  return few.size() > most ? std::vector<std::size_t>() : few;
}

// Scalars and probes first: they are worth one row; then the columns.
void Machine::pick_columns(std::size_t most) {
  const std::vector<Cursor>& cursors = harvest_.cursors();
  asked_.clear();
  for (const Shape shape : {Shape::scalar, Shape::probe, Shape::column}) {
    for (std::size_t i = 0; i < cursors.size() && asked_.size() < most; ++i) {
      if (cursors[i].done || cursors[i].shape != shape) continue;
      if (alone_.empty() || cursors[i].at == alone_) asked_.push_back(i);
    }
  }
}

bool Machine::choose_columns() {
  if (!riders().empty()) return false;
  appetite_.runs(false);
  const std::vector<Cursor>& cursors = harvest_.cursors();
  const std::size_t most = room();
  pick_columns(most);
  if (asked_.empty() && !alone_.empty()) {
    alone_ = {};  // what made trouble is gone
    pick_columns(most);
  }
  if (asked_.empty()) return false;
  asking_ = Asking::walks;
  ask_ = {PduType::get_next, {}};
  std::size_t repeaters = 0, longest = 0;
  for (const std::size_t i : asked_) {
    ask_.names.push_back(cursors[i].at);
    repeaters += cursors[i].shape == Shape::column ? 1U : 0U;
    longest = std::max(longest, cursors[i].rows.size());
  }
  expected_ = asked_.size();
  if (plain_ || !alone_.empty() || !appetite_.bulk()) return true;

  // More in the first ask, so that columns of one or two rows also show their end; later at most a few rows beyond what
  // has been seen.
  const std::size_t single = asked_.size() - repeaters;
  const std::size_t fit = repeaters == 0 ? 0 : (most - single + repeaters - 1) / repeaters + (answered_ ? 0 : 1);
  const std::size_t repetitions = std::clamp<std::size_t>(fit, 1, 4 + 2 * longest) + appetite_.spare_rows();
  ask_.type = PduType::get_bulk;
  ask_.non_repeaters = static_cast<std::int32_t>(single);
  ask_.max_repetitions = static_cast<std::int32_t>(repetitions);
  expected_ = single + repeaters * repetitions;
  return true;
}

bool Machine::choose_table() {
  std::vector<Cursor>& cursors = harvest_.cursors();
  const auto first = std::find_if(cursors.begin(), cursors.end(),
                                  [](const Cursor& cursor) { return !cursor.done && cursor.shape == Shape::table; });
  if (first == cursors.end()) return false;
  asking_ = Asking::walks;
  appetite_.runs(true);
  asked_ = riders();
  const std::size_t riding = asked_.size();
  asked_.push_back(static_cast<std::size_t>(first - cursors.begin()));
  ask_ = {PduType::get_next, {}};
  for (const std::size_t i : asked_) ask_.names.push_back(cursors[i].at);
  expected_ = 1;
  if (!appetite_.bulk()) return true;
  const std::size_t most = appetite_.varbinds() - (up_time_rides() ? 1U : 0U);
  ask_.type = PduType::get_bulk;
  if (riding > 0 && first->root >= kShortTables) {  // then there is room for the rest of the riders, too
    const std::size_t repetitions = std::max<std::size_t>(most / (riding + 1), 1);
    ask_.max_repetitions = static_cast<std::int32_t>(repetitions);
    expected_ = repetitions * (riding + 1);
    return true;
  }
  expected_ = std::max(most, riding + 1);
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

}  // namespace platen::snmp
