#include "snmp/printer/recall.h"

#include <algorithm>
#include <iterator>

#include "snmp/printer/ber_size.h"

namespace platen::snmp {
namespace {

constexpr std::chrono::hours kDay{24};

const Oid kSysObjectId{1, 3, 6, 1, 2, 1, 1, 2, 0};
const Oid kSysUpTime{1, 3, 6, 1, 2, 1, 1, 3, 0};
const Oid kPhysAddress{1, 3, 6, 1, 2, 1, 2, 2, 1, 6};
const Oid kConfigChanges{1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 1};
const Oid kSerialNumber{1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 17};
const Oid kSuppliesLevel{1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 9};

bool tells_machines_apart(const VarBind& row) {
  if (!row.name.starts_with(kPhysAddress) && !row.name.starts_with(kSerialNumber)) return false;
  const std::string* octets = row.value.bytes();
  return octets != nullptr && octets->find_first_not_of(std::string("\0 0", 3)) != std::string::npos;
}

bool is_identity(const VarBind& row) { return row.name == kSysObjectId || tells_machines_apart(row); }

bool of_one_mib(const Oid& a, const Oid& b) {
  constexpr std::size_t length = 7;  // 1.3.6.1.2.1.43
  return a.size() > length && b.starts_with(Oid(a.ids().first(length)));
}

Oid parent_of(const Oid& name) { return Oid(name.ids().first(name.size() - 1)); }

bool by_name(const VarBind& row, const Oid& name) { return row.name < name; }

}  // namespace

Depth depth_for(const VarBinds& known, std::chrono::milliseconds age) {
  const bool identified = std::any_of(known.begin(), known.end(), tells_machines_apart);
  return identified && age < kDay ? Depth::moving : Depth::everything;
}

Recall::Recall(const VarBinds& known, std::vector<Area> areas, Depth depth, const Wire& wire)
    : known_(known),
      areas_(std::move(areas)),
      depth_(depth),
      end_is_an_error_(wire.end_is_an_error),
      padding_(wire.padding),
      seen_(known.size()) {
  links_.reserve(known.size() + areas_.size());
  for (std::size_t area = 0; area < areas_.size(); ++area) plan(area);
}

Recall::Link Recall::link_to(Oid name, std::size_t expected, std::size_t area) const {
  const std::size_t octets = expected < known_.size() ? octets_of(known_[expected]) : octets_of({name, {}});
  return {std::move(name), octets, area};
}

// What is wanted of one subtree now and was not asked for before.
void Recall::plan(std::size_t area) {
  const Area& here = areas_[area];
  const auto first = std::lower_bound(known_.begin(), known_.end(), here.root, by_name);
  std::size_t row = static_cast<std::size_t>(first - known_.begin());
  const bool empty = row == known_.size() || !known_[row].name.starts_with(here.root);
  const bool table_moves = here.rows_move && here.shape == Subtree::Shape::table;
  if (empty) {
    const bool behind_all = end_is_an_error_ && row == known_.size();
    const bool asks = here.proves_end && (table_moves || (depth_ == Depth::everything && !behind_all));
    // In the same MIB, what follows the last known row is asked for anyway, and mostly tells that this is still empty.
    const bool told = !table_moves && !links_.empty() && row > 0 && links_.back().name >= known_[row - 1].name &&
                      of_one_mib(known_[row - 1].name, here.start);
    if (asks) (told ? probes_ : links_).push_back(link_to(here.start, known_.size(), area));
    return;
  }
  for (; row < known_.size() && known_[row].name.starts_with(here.root); ++row) {
    const bool wanted = depth_ == Depth::everything || moves(known_[row].name);
    if (wanted && !seen_[row].wanted) plan_row(area, row);
  }
}

// The row follows the one before it, when that one's successor is asked for anyway; else its parent. Where the parent is
// a bare column, which some agents know no successor of, the row before will do.
void Recall::plan_row(std::size_t area, std::size_t row) {
  const Area& here = areas_[area];
  const Oid& name = known_[row].name;
  const bool neighbour = row > 0 && known_[row - 1].name.starts_with(here.root);
  const bool linked = neighbour && !links_.empty() && links_.back().name == known_[row - 1].name;
  seen_[row].wanted = true;
  if (here.shape == Subtree::Shape::scalar) return link(here.start, row, area);
  if (linked) {
    links_.back().octets = octets_of(known_[row]);
  } else if (!seen_[row].came) {
    const bool bare = here.shape == Subtree::Shape::table && name.size() == here.root.size() + 2;
    link(bare && neighbour ? known_[row - 1].name : parent_of(name), row, area);
  }
  if (asks_what_follows(here, row)) link(name, row + 1, area);
}

bool Recall::asks_what_follows(const Area& area, std::size_t row) const {
  const Oid parent = parent_of(known_[row].name);
  if (row + 1 < known_.size()) return area.proves_end || parent_of(known_[row + 1].name) == parent;
  if (!area.proves_end || !end_is_an_error_) return area.proves_end;
  const auto first = std::lower_bound(known_.begin(), known_.end(), area.root, by_name);
  return area.rows_move && area.shape == Subtree::Shape::table && parent_of(first->name) == parent;
}

std::vector<Oid> Recall::ask(std::size_t names, std::size_t octets) const {
  std::vector<Oid> asked;
  std::size_t sum = 0;
  for (std::size_t i = at_; i < links_.size() && asked.size() < names; ++i) {
    sum += links_[i].octets;
    if (!asked.empty() && sum + (asked.size() + 1) * padding_ / 10 > octets) break;
    asked.push_back(links_[i].name);
  }
  return asked;
}

std::size_t Recall::index_of(const Oid& name) const {
  const auto row = std::lower_bound(known_.begin(), known_.end(), name, by_name);
  return row == known_.end() || row->name != name ? known_.size() : static_cast<std::size_t>(row - known_.begin());
}

Recall::Area* Recall::area_of(const Oid& name) {
  const auto after = std::upper_bound(areas_.begin(), areas_.end(), name,
                                      [](const Oid& wanted, const Area& area) { return wanted < area.root; });
  return after == areas_.begin() || !name.starts_with(std::prev(after)->root) ? nullptr : &*std::prev(after);
}

bool Recall::belongs(const Area& area, const Oid& name) const {
  if (area.shape != Subtree::Shape::table || area.first == 0) return true;
  const auto tail = name.after(area.root);
  return !tail.empty() && tail[0] >= area.first && tail[0] <= area.last;
}

void Recall::compare(std::size_t row, const Value& now) {
  const VarBind& before = known_[row];
  if (is_identity(before)) {
    if (before.value == now) {
      ++identities_;
    } else {
      another_ = true;
    }
  }
  const auto was = before.value.number(), is = now.number();
  if (before.name == kSysUpTime) another_ = another_ || !is || (was && *is < *was);
  const bool changed = before.name.starts_with(kConfigChanges) && was != is;
  const bool rose = before.name.starts_with(kSuppliesLevel) && is && was && *is > *was;
  config_changed_ = config_changed_ || changed || rose;
}

// Of an agent that walks in order; another one's new tables are found when it has started again.
void Recall::nothing_between(const Oid& name, const Oid* next) {
  std::erase_if(probes_,
                [&](const Link& probe) { return name < probe.name && (next == nullptr || probe.name < *next); });
}

bool Recall::take(const VarBind* row) {
  const bool behind = row != nullptr && !row->value.is_exception() && row->name > links_[at_].name;
  nothing_between(links_[at_].name, behind ? &row->name : nullptr);
  ++at_;
  if (row == nullptr || row->value.is_exception()) return false;
  const std::size_t index = index_of(row->name);
  if (index < known_.size()) {
    if (!seen_[index].came) compare(index, row->value);
    seen_[index].came = true;
    return true;
  }
  Area* area = area_of(row->name);
  if (area != nullptr && belongs(*area, row->name)) area->broken = true;
  return false;
}

void Recall::nothing_follows(std::size_t i) {
  nothing_between(links_[at_ + i].name, nullptr);
  forget(i);
}

void Recall::give_up(std::size_t i) {
  areas_[links_[at_ + i].area].broken = true;
  forget(i);
}

void Recall::forget(std::size_t i) { links_.erase(links_.begin() + static_cast<std::ptrdiff_t>(at_ + i)); }

void Recall::break_missing() {
  for (std::size_t row = 0; row < known_.size(); ++row) {
    if (!seen_[row].wanted || seen_[row].came) continue;
    if (Area* area = area_of(known_[row].name)) area->broken = true;
  }
}

bool Recall::moved_on() const {
  return config_changed_ ||
         std::any_of(areas_.begin(), areas_.end(), [](const Area& area) { return area.broken && !area.rows_move; });
}

bool Recall::goes_on() {
  if (!probes_.empty()) {
    std::move(probes_.begin(), probes_.end(), std::back_inserter(links_));
    probes_.clear();
    return true;
  }
  break_missing();
  if (depth_ == Depth::everything || !moved_on()) return false;
  depth_ = Depth::everything;
  for (std::size_t area = 0; area < areas_.size(); ++area) {
    if (!areas_[area].broken) plan(area);
  }
  return !asked_all() || !probes_.empty();
}

VarBinds Recall::carried() const {
  VarBinds rows;
  const auto expected = std::count_if(known_.begin(), known_.end(), is_identity);
  if (depth_ == Depth::everything || another_ || identities_ < static_cast<std::size_t>(expected)) return rows;
  auto area = areas_.begin();
  for (std::size_t row = 0; row < known_.size(); ++row) {
    while (area != areas_.end() && area->root < known_[row].name && !known_[row].name.starts_with(area->root)) ++area;
    if (area == areas_.end()) break;
    const bool stands = known_[row].name.starts_with(area->root) && !area->broken && !seen_[row].wanted;
    if (stands && !seen_[row].came) rows.push_back(known_[row]);
  }
  return rows;
}

}  // namespace platen::snmp
