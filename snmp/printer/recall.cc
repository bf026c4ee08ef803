#include "snmp/printer/recall.h"

#include <algorithm>
#include <iterator>

#include "snmp/printer/ber_size.h"

namespace platen::snmp {
namespace {

constexpr std::chrono::hours kDay{24};

const Oid kSystem{1, 3, 6, 1, 2, 1, 1};
const Oid kEnterprises{1, 3, 6, 1, 4, 1};
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

Oid parent_of(const Oid& name) { return Oid(name.ids().first(name.size() - 1)); }

// Sibling columns with no room for a third between them.
bool are_adjacent(const Oid& a, const Oid& b) {
  return a.size() == b.size() && parent_of(a) == parent_of(b) && a[a.size() - 1] + 1 == b[b.size() - 1];
}

int turn_of(const Oid& root) { return root.starts_with(kSystem) ? 0 : root.starts_with(kEnterprises) ? 1 : 2; }

bool by_name(const VarBind& row, const Oid& name) { return row.name < name; }
bool before_row(const Oid& name, const VarBind& row) { return name < row.name; }

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
  plan_all();
}

// sysUpTime and sysObjectID first; then the makers' own subtrees, so that the last question need not guess which empty
// ones the answers before have told.
void Recall::plan_all() {
  for (const int turn : {0, 1, 2}) {
    for (std::size_t area = 0; area < areas_.size(); ++area) {
      if (turn_of(areas_[area].root) == turn && !areas_[area].broken) plan(area);
    }
  }
}

Recall::Link Recall::link_to(Oid name, std::size_t expected, std::size_t area) const {
  const std::size_t octets = expected < known_.size() ? octets_of(known_[expected]) : octets_of({name, {}});
  const auto behind = std::upper_bound(known_.begin(), known_.end(), name, before_row) - known_.begin();
  return {std::move(name), octets, area, static_cast<std::size_t>(behind)};
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
    const bool asks = here.proves_end && (table_moves || (is_whole() && !behind_all));
    if (asks) probes_.push_back(link_to(here.start, row, area));
    return;
  }
  for (; row < known_.size() && known_[row].name.starts_with(here.root); ++row) {
    const bool wanted = is_whole() || moves(known_[row].name);
    if (wanted && !seen_[row].wanted) plan_row(area, row);
  }
}

// The row follows the one before it, when that one's successor is asked for anyway; else its parent. Where the parent is
// a bare column, which some agents know no successor of, the row before will do.
void Recall::plan_row(std::size_t area, std::size_t row) {
  const Area& here = areas_[area];
  const Oid& name = known_[row].name;
  const bool neighbour = row > 0 && known_[row - 1].name.starts_with(here.root);
  const bool next_door = row > 0 && area > 0 && known_[row - 1].name.starts_with(areas_[area - 1].root) &&
                         are_adjacent(areas_[area - 1].root, here.root);
  const bool linked = (neighbour || next_door) && !links_.empty() && links_.back().name == known_[row - 1].name;
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

std::vector<Oid> Recall::ask(std::size_t names, std::size_t octets) {
  std::vector<Oid> asked;
  octets_ = 0;
  const auto fits = [&](const Link& link) {
    const std::size_t sum = octets_ + link.octets;
    if (asked.size() == names || (!asked.empty() && sum + (asked.size() + 1) * padding_ / 10 > octets)) return false;
    octets_ = sum;
    asked.push_back(link.name);
    return true;
  };
  if (!std::all_of(links_.begin() + static_cast<std::ptrdiff_t>(at_), links_.end(), fits)) return asked;
  ask_probes([&](const Link& probe) { return !is_told(probe) && fits(probe); });
  ask_probes(fits);  // the room is there
  return asked;
}

// What is still to ask is expected to tell: the row that follows is behind this one, too.
bool Recall::is_told(const Link& probe) const {
  return std::any_of(links_.begin() + static_cast<std::ptrdiff_t>(at_), links_.end(),
                     [&](const Link& link) { return link.behind == probe.behind && link.name < probe.name; });
}

void Recall::ask_probes(const std::function<bool(const Link&)>& wanted) {
  std::erase_if(probes_, [&](const Link& probe) {
    if (!wanted(probe)) return false;
    links_.push_back(probe);
    links_.back().probe = probing_ = true;
    return true;
  });
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
  if (before.name == kSysUpTime && depth_ != Depth::restarted) another_ = another_ || (was && (!is || *is < *was));
  const bool changed = before.name.starts_with(kConfigChanges) && was != is;
  const bool rose = before.name.starts_with(kSuppliesLevel) && is && was && *is > *was;
  config_changed_ = config_changed_ || changed || rose;
}

// Of an agent that walks in order; another one's new tables are found when it has started again.
void Recall::nothing_between(const Oid& name, const Oid* next) {
  const auto told = [&](const Link& probe) { return name < probe.name && (next == nullptr || probe.name < *next); };
  std::erase_if(probes_, told);
  for (std::size_t i = at_; probing_ && i < links_.size(); ++i)
    links_[i].told = links_[i].told || (links_[i].probe && told(links_[i]));
}

bool Recall::asked_all() {
  links_.erase(std::remove_if(links_.begin() + static_cast<std::ptrdiff_t>(at_), links_.end(),
                              [](const Link& link) { return link.told; }),
               links_.end());
  return at_ == links_.size();
}

bool Recall::take(const VarBind* row) {
  const Link& asked = links_[at_];
  const bool round_the_corner =
      row != nullptr && row->name < asked.name && !row->name.starts_with(areas_[asked.area].root);
  const bool ends = row == nullptr || row->value.type == Type::end_of_mib_view || round_the_corner;
  const bool behind = !ends && !row->value.is_exception() && row->name > asked.name;
  if (ends || behind) nothing_between(asked.name, behind ? &row->name : nullptr);
  another_ = another_ || (depth_ == Depth::restarted && !behind && (!ends || round_the_corner));
  ++at_;
  if (row == nullptr || row->value.is_exception()) return false;
  const std::size_t index = index_of(row->name);
  if (index < known_.size()) {
    if (row->name == links_[at_ - 1].name) stands_still(Link(links_[at_ - 1]));
    if (!seen_[index].came) compare(index, row->value);
    seen_[index].came = true;
    return true;
  }
  Area* area = area_of(row->name);
  if (area != nullptr && belongs(*area, row->name)) (is_full(*area) ? area->capped : area->broken) = true;
  return false;
}

// A known row was said to follow itself.
void Recall::stands_still(const Link& at) {
  Area& area = areas_[at.area];
  area.repeats = true;
  const bool hides = at.behind < known_.size() && seen_[at.behind].wanted && !seen_[at.behind].came;
  if (!hides || !known_[at.behind].name.starts_with(area.root)) return;
  Oid parent = parent_of(known_[at.behind].name);
  if (parent != at.name) link(std::move(parent), at.behind, at.area);
}

bool Recall::is_full(const Area& area) const {
  const auto first = std::lower_bound(known_.begin(), known_.end(), area.root, by_name);
  const auto inside = [&](const VarBind& row) { return row.name.starts_with(area.root); };
  return area.most_rows > 0 &&
         std::count_if(first, known_.end(), inside) >= static_cast<std::ptrdiff_t>(area.most_rows);
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
  ask_probes([this](const Link& probe) { return !is_told(probe); });
  if (!asked_all()) return true;
  break_missing();
  if (is_whole() || !moved_on()) return false;
  depth_ = Depth::everything;
  probing_ = false;
  plan_all();
  return !asked_all() || !probes_.empty();
}

VarBinds Recall::carried() const {
  VarBinds rows;
  const auto expected = std::count_if(known_.begin(), known_.end(), is_identity);
  if (is_whole() || another_ || identities_ < static_cast<std::size_t>(expected)) return rows;
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
