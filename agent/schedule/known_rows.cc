#include "agent/schedule/known_rows.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "snmp/printer/columns.h"

namespace platen::schedule {
namespace {

using snmp::Oid;
using snmp::Type;
using snmp::Value;
using snmp::VarBind;
using snmp::VarBinds;

constexpr std::size_t kMostRows = 2'000, kMostOctets = 64U << 10U, kMostNames = 1'000;

enum class Place {
  own,         // name and value: rows that come and go, or have the printer's address in their names
  named_here,  // the name on the shelf, the value its own
  standing,    // both on the shelf
};

Place place_of(const Oid& name) {
  static const Oid general{1, 3, 6, 1, 2, 1, 43, 5};
  static const Oid addresses{1, 3, 6, 1, 2, 1, 4};
  const snmp::Subtree* subtree = snmp::subtree_of(name);
  if (name.starts_with(addresses) || (subtree != nullptr && subtree->rows_move)) return Place::own;
  const bool in_table = subtree != nullptr && subtree->shape == snmp::Subtree::Shape::table;
  return in_table && !name.starts_with(general) && !snmp::moves(name) ? Place::standing : Place::named_here;
}

void put(std::string& out, std::uint64_t number) {
  for (; number >= 0x80; number >>= 7U) out += static_cast<char>(number | 0x80U);
  out += static_cast<char>(number);
}

std::uint64_t get(const std::string& in, std::size_t& at) {
  std::uint64_t number = 0;
  for (unsigned shift = 0; at < in.size() && shift < 64; shift += 7) {
    const auto octet = static_cast<unsigned char>(in[at++]);
    number |= static_cast<std::uint64_t>(octet & 0x7FU) << shift;
    if (octet < 0x80) break;
  }
  return number;
}

// Names one after the other, each as its difference to the one before.
struct Names {
  std::vector<std::uint32_t> before{};

  void put_into(std::string& out, const Oid& name) {
    const auto ids = name.ids();
    const auto shared = static_cast<std::size_t>(
        std::distance(ids.begin(), std::mismatch(ids.begin(), ids.end(), before.begin(), before.end()).first));
    put(out, shared);
    put(out, ids.size() - shared);
    for (const std::uint32_t id : ids.subspan(shared)) put(out, id);
    before.assign(ids.begin(), ids.end());
  }
  Oid get_from(const std::string& in, std::size_t& at) {
    before.resize(std::min<std::uint64_t>(get(in, at), before.size()));
    const std::uint64_t fresh = get(in, at);
    for (std::uint64_t i = 0; i < fresh; ++i) before.push_back(static_cast<std::uint32_t>(get(in, at)));
    return Oid(std::span<const std::uint32_t>(before));
  }
};

// 0 1 2 3 … as 0 -1 1 -2 …, so that small negative numbers are short, too.
std::uint64_t zigzag(std::int64_t number) {
  return number < 0 ? ~(static_cast<std::uint64_t>(number) << 1U) : static_cast<std::uint64_t>(number) << 1U;
}
std::int64_t unzigzag(std::uint64_t number) {
  return static_cast<std::int64_t>((number >> 1U) ^ ((number & 1U) != 0 ? ~std::uint64_t{0} : 0));
}

void put_value(std::string& out, const Value& value) {
  out += static_cast<char>(static_cast<unsigned>(value.type) << 3U | static_cast<unsigned>(value.data.index()));
  if (const auto* number = std::get_if<std::int64_t>(&value.data)) {
    put(out, zigzag(*number));
  } else if (const auto* count = std::get_if<std::uint64_t>(&value.data)) {
    put(out, *count);
  } else if (value.bytes() != nullptr) {
    put(out, value.bytes()->size());
    out += *value.bytes();
  } else if (value.object() != nullptr) {
    Names().put_into(out, *value.object());
  }
}

Value get_value(const std::string& in, std::size_t& at) {
  if (at >= in.size()) return {};
  const auto head = static_cast<unsigned char>(in[at++]);
  Value value{static_cast<Type>(head >> 3U), {}};
  switch (head & 7U) {
    case 1: value.data = unzigzag(get(in, at)); break;
    case 2: value.data = get(in, at); break;
    case 3: {
      const std::size_t size = std::min<std::uint64_t>(get(in, at), in.size() - at);
      value.data = in.substr(at, size);
      at += size;
      break;
    }
    case 4: value.data = Names().get_from(in, at); break;
    default: break;
  }
  return value;
}

// What a status read asks for, by name alone.
VarBinds names_for_status(const VarBinds& rows) {
  const std::span<const Oid> columns = snmp::status_read_columns();
  VarBinds kept;
  for (const VarBind& row : rows) {
    const auto after = std::upper_bound(columns.begin(), columns.end(), row.name);
    const bool asked = after != columns.begin() && row.name.starts_with(*std::prev(after));
    if (asked && kept.size() < kMostNames) kept.push_back({row.name, {}});
  }
  return kept;
}

}  // namespace

KnownRows::Shelf::Text KnownRows::Shelf::keep(std::string text) {
  if (const auto known = texts_.find(std::string_view(text)); known != texts_.end()) return *known;
  if (texts_.size() >= clean_at_) {
    std::erase_if(texts_, [](const Text& each) { return each.use_count() == 1; });
    clean_at_ = 64 + 2 * texts_.size();
  }
  return *texts_.insert(std::make_shared<const std::string>(std::move(text))).first;
}

KnownRows::KnownRows(const VarBinds& rows, Shelf& shelf) {
  if (rows.empty()) return;
  std::string shared_names, standing, own_rows;
  Names of_all, of_own;
  std::size_t count = 0;
  for (const VarBind& row : rows) {
    const Place place = place_of(row.name);
    if (place == Place::own) {
      of_own.put_into(own_rows, row.name);
      put_value(own_rows, row.value);
      ++count;
      continue;
    }
    of_all.put_into(shared_names, row.name);
    put_value(place == Place::standing ? standing : own_, row.value);
  }
  const std::size_t octets = shared_names.size() + standing.size() + own_rows.size() + own_.size();
  if (rows.size() > kMostRows || octets > kMostOctets) {
    *this = KnownRows(names_for_status(rows), shelf);
    return;
  }
  std::string head;
  put(head, count);
  own_ = head + own_rows + own_;
  own_.shrink_to_fit();
  names_ = shelf.keep(std::move(shared_names));
  standing_ = shelf.keep(std::move(standing));
}

VarBinds KnownRows::unpack() const {
  if (empty()) return {};
  VarBinds own, rows;
  std::size_t in_own = 0, in_names = 0, in_standing = 0;
  Names of_own, of_all;
  for (std::uint64_t left = get(own_, in_own); left > 0; --left) {
    Oid name = of_own.get_from(own_, in_own);
    own.push_back({std::move(name), get_value(own_, in_own)});
  }
  VarBinds others;
  while (in_names < names_->size()) {
    Oid name = of_all.get_from(*names_, in_names);
    const bool stands = place_of(name) == Place::standing;
    others.push_back({std::move(name), stands ? get_value(*standing_, in_standing) : get_value(own_, in_own)});
  }
  rows.reserve(own.size() + others.size());
  std::merge(std::make_move_iterator(own.begin()), std::make_move_iterator(own.end()),
             std::make_move_iterator(others.begin()), std::make_move_iterator(others.end()), std::back_inserter(rows),
             [](const VarBind& a, const VarBind& b) { return a.name < b.name; });
  return rows;
}

}  // namespace platen::schedule
