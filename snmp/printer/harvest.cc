#include "snmp/printer/harvest.h"

#include <algorithm>
#include <iterator>

namespace platen::snmp {
namespace {

constexpr std::size_t kMostRows = 10'000;
constexpr std::size_t kMostOctets = 8U << 20U;

bool by_name(const VarBind& a, const VarBind& b) { return a.name < b.name; }

// GETNEXT never returns the name it was given: an object given with its instance .0 is asked for by its parent.
Oid start_of(const Oid& root) {
  if (root.size() < 2 || root[root.size() - 1] != 0) return root;
  return Oid(root.ids().first(root.size() - 1));
}

}  // namespace

void Harvest::insert(Cursor cursor) {
  const auto at = std::upper_bound(cursors_.begin(), cursors_.end(), cursor.root,
                                   [](const Oid& root, const Cursor& other) { return root < other.root; });
  if (at != cursors_.begin() && cursor.root.starts_with(std::prev(at)->root)) return;
  if (at != cursors_.end() && at->root.starts_with(cursor.root)) return;
  cursors_.insert(at, std::move(cursor));
}

void Harvest::add(const Subtree& subtree, std::size_t most_rows) {
  Cursor cursor{subtree.name, subtree.shape,       subtree.root, subtree.first,
                subtree.last, subtree.index_parts, most_rows,    subtree.root};
  insert(std::move(cursor));
}

void Harvest::add_instance(std::string_view name, Instance instance) {
  Cursor cursor{name, Subtree::Shape::scalar, std::move(instance.name), 0, 0, 0, 1, std::move(instance.before)};
  insert(std::move(cursor));
}

void Harvest::settle() {
  for (Cursor& cursor : cursors_) cursor.done = true;
}

void Harvest::restart(const Oid& root, const Oid& start) {
  const auto at = std::find_if(cursors_.begin(), cursors_.end(), [&](const Cursor& each) { return each.root == root; });
  if (at == cursors_.end()) return;
  rows_ -= at->rows.size() + at->strays.size();
  at->rows.clear();
  at->strays.clear();
  at->at = start;
  at->done = false;
}

void Harvest::add_roots(std::vector<Oid> roots, Subtree::Shape shape, std::size_t most_rows) {
  std::sort(roots.begin(), roots.end());  // the outer one comes first
  for (Oid& root : roots) {
    if (root.empty()) continue;
    Oid start = start_of(root);
    insert(Cursor{"", shape, std::move(root), 0, 0, 0, most_rows, std::move(start)});
  }
}

void Harvest::split_tables() {
  if (pending(Subtree::Shape::table) == 0) return;
  std::vector<Cursor> parts;
  parts.reserve(cursors_.size() + 120);
  for (Cursor& whole : cursors_) {
    if (whole.shape != Subtree::Shape::table || whole.done || whole.first == 0) {
      if (whole.shape == Subtree::Shape::table && whole.first == 0) whole.shape = Subtree::Shape::column;
      parts.push_back(std::move(whole));
      continue;
    }
    for (std::uint32_t column = whole.first; column <= whole.last; ++column) {
      const Oid root = whole.root + column;
      Cursor part{whole.name, Subtree::Shape::column, root, 0, 0, whole.index_parts, whole.most_rows, root};
      part.done = whole.at > root && !whole.at.starts_with(root);
      if (whole.at.starts_with(root)) part.at = whole.at;
      const auto mine = [&](const VarBind& row) { return row.name.starts_with(root); };
      std::copy_if(whole.rows.begin(), whole.rows.end(), std::back_inserter(part.rows), mine);
      for (const auto& [name, value] : whole.strays) {
        if (name.starts_with(root)) part.strays.emplace(name, value);
      }
      parts.push_back(std::move(part));
    }
  }
  cursors_ = std::move(parts);
  hint_ = 0;
}

Cursor* Harvest::find(const Oid& name) {
  if (hint_ < cursors_.size() && name.starts_with(cursors_[hint_].root)) return &cursors_[hint_];
  const auto after = std::upper_bound(cursors_.begin(), cursors_.end(), name,
                                      [](const Oid& wanted, const Cursor& cursor) { return wanted < cursor.root; });
  if (after == cursors_.begin() || !name.starts_with(std::prev(after)->root)) return nullptr;
  hint_ = static_cast<std::size_t>(std::prev(after) - cursors_.begin());
  return &cursors_[hint_];
}

bool Harvest::count(const VarBind& row) {
  if (rows_ >= kMostRows || octets_ >= kMostOctets) return false;
  ++rows_;
  octets_ +=
      row.name.size() * sizeof(std::uint32_t) + sizeof(VarBind) + (row.value.bytes() ? row.value.bytes()->size() : 0);
  return true;
}

bool Harvest::full() const { return rows_ >= kMostRows || octets_ >= kMostOctets; }

Harvest::Kept Harvest::keep(Cursor* cursor, const VarBind& row) {
  if (cursor == nullptr) return Kept::outside;
  const bool rising = cursor->rows.empty() || cursor->rows.back().name < row.name;
  if (!rising) {
    if (std::binary_search(cursor->rows.begin(), cursor->rows.end(), row, by_name)) return Kept::repeated;
    if (cursor->strays.contains(row.name)) return Kept::repeated;
  }
  if (cursor->rows.size() + cursor->strays.size() >= cursor->most_rows || !count(row)) {
    if (!cursor->done) fail(*cursor, "walk-capped");
    return Kept::full;
  }
  if (rising) {
    cursor->rows.push_back(row);
  } else {
    cursor->strays.emplace(row.name, row.value);
  }
  return Kept::fresh;
}

void Harvest::keep_loose(const VarBind& row) {
  if (count(row)) loose_.push_back(row);
}

bool Harvest::pass(Cursor& from, const Oid& start, const Oid& last, bool anything_fresh) {
  if (from.done) return true;
  if (last.starts_with(from.root)) {  // rising or not: LaserJets return rows out of order, but not for ever
    if (anything_fresh) from.at = last;
    return anything_fresh;
  }
  from.done = true;
  if (last <= start) return true;  // round the corner
  for (Cursor& cursor : cursors_) {
    if (cursor.root <= from.root || cursor.done || cursor.shape != from.shape) continue;
    if (last.starts_with(cursor.root)) {
      cursor.at = last;
      return true;
    }
    if (last < cursor.root) return true;
    cursor.done = true;
  }
  return true;
}

void Harvest::end_of_view(const Cursor& from) {
  const Oid root = from.root;
  for (Cursor& cursor : cursors_) {
    if (cursor.root >= root && cursor.shape == from.shape) cursor.done = true;
  }
}

void Harvest::fail(Cursor& cursor, std::string_view why) {
  cursor.done = cursor.failed = true;
  flag(why, cursor);
}

void Harvest::flag(std::string_view why, const Cursor& cursor) {
  flag(std::string(why) + ' ' + (cursor.name.empty() ? cursor.root.text() : std::string(cursor.name)));
}

void Harvest::flag(std::string text) {
  if (std::find(flags_.begin(), flags_.end(), text) == flags_.end()) flags_.push_back(std::move(text));
}

std::size_t Harvest::pending(Subtree::Shape shape) const {
  return static_cast<std::size_t>(std::count_if(
      cursors_.begin(), cursors_.end(), [&](const Cursor& cursor) { return !cursor.done && cursor.shape == shape; }));
}

VarBinds Harvest::copy() const { return Harvest(*this).release(); }

VarBinds Harvest::release() {
  VarBinds all;
  all.reserve(rows_);
  for (Cursor& cursor : cursors_) {
    std::move(cursor.rows.begin(), cursor.rows.end(), std::back_inserter(all));
    for (auto& [name, value] : cursor.strays) all.push_back({name, std::move(value)});
    cursor.rows.clear();
    cursor.strays.clear();
  }
  std::move(loose_.begin(), loose_.end(), std::back_inserter(all));
  loose_.clear();
  if (!std::is_sorted(all.begin(), all.end(), by_name)) std::stable_sort(all.begin(), all.end(), by_name);
  const auto same = [](const VarBind& a, const VarBind& b) { return a.name == b.name; };
  all.erase(std::unique(all.begin(), all.end(), same), all.end());
  return all;
}

}  // namespace platen::snmp
