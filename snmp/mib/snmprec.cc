#include "snmp/mib/snmprec.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>

#include "base/ip_address.h"
#include "base/text.h"

namespace platen::snmp {
namespace {

constexpr std::size_t max_rows = 200'000;

struct Tag {
  std::string_view text;
  Type type;
  std::int64_t lowest = 0, highest = 0;  // of the number types
};
constexpr std::int64_t max_u32 = std::numeric_limits<std::uint32_t>::max();
constexpr std::array tags = {
    Tag{"2", Type::integer, std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max()},
    Tag{"4", Type::octets},
    Tag{"5", Type::null},
    Tag{"6", Type::oid},
    Tag{"64", Type::ip_address},
    Tag{"65", Type::counter32, 0, max_u32},
    Tag{"66", Type::gauge32, 0, max_u32},
    Tag{"67", Type::time_ticks, 0, max_u32},
    Tag{"68", Type::opaque},
    Tag{"70", Type::counter64},
};

template <class Number>
std::optional<Number> whole_number(std::string_view text) {
  Number number{};
  const auto [stop, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc{} || stop != text.data() + text.size() || text.empty()) return std::nullopt;
  return number;
}

std::optional<std::string> octets_of_hex(std::string_view hex) {
  if (hex.size() % 2 != 0) return std::nullopt;
  std::string octets;
  octets.reserve(hex.size() / 2);
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    unsigned octet = 0;
    const auto [stop, fault] = std::from_chars(hex.data() + i, hex.data() + i + 2, octet, 16);
    if (fault != std::errc{} || stop != hex.data() + i + 2) return std::nullopt;
    octets += static_cast<char>(octet);
  }
  return octets;
}

std::optional<std::string> octets_of_address(std::string_view text) {
  const auto address = IpAddress::parse(text);
  if (!address || !address->is_v4()) return std::nullopt;
  return std::string(address->octets().begin(), address->octets().begin() + 4);
}

std::string bad_value(std::string_view text, std::string_view wanted) {
  return "'" + for_terminal(text) + "' is not " + std::string(wanted);
}

Expected<Value> number_value(const Tag& tag, std::string_view text) {
  const auto number = whole_number<std::int64_t>(text);
  if (number && *number >= tag.lowest && *number <= tag.highest) return Value::integer(*number, tag.type);
  return fail(Code::invalid,
              bad_value(text, "a number from " + std::to_string(tag.lowest) + " to " + std::to_string(tag.highest)));
}

Expected<Value> value_of(const Tag& tag, bool hex, std::string_view text) {
  const auto octets = [&](std::optional<std::string> bytes, std::string_view wanted) -> Expected<Value> {
    if (!bytes) return fail(Code::invalid, bad_value(text, wanted));
    return Value::octets(std::move(*bytes), tag.type);
  };
  switch (tag.type) {
    case Type::octets: return octets(hex ? octets_of_hex(text) : std::string(text), "pairs of hex digits");
    case Type::opaque: return octets(octets_of_hex(text), "pairs of hex digits");
    case Type::ip_address: return octets(octets_of_address(text), "an IPv4 address");
    case Type::null: return Value{};
    case Type::oid: {
      if (text.empty()) return Value::oid({});  // some agents send an empty sysObjectID
      auto oid = Oid::parse(text);
      if (!oid) return fail(oid.error());
      return Value::oid(std::move(*oid));
    }
    case Type::counter64: {
      const auto number = whole_number<std::uint64_t>(text);
      if (!number) return fail(Code::invalid, bad_value(text, "a number from 0 to 18446744073709551615"));
      return Value::counter64(*number);
    }
    default: return number_value(tag, text);
  }
}

Expected<VarBind> parse_row(std::string_view line) {
  const std::size_t first = line.find('|');
  const std::size_t second = first == std::string_view::npos ? first : line.find('|', first + 1);
  if (second == std::string_view::npos) return fail(Code::invalid, "a row is OID|tag|value");
  auto name = Oid::parse(line.substr(0, first));
  if (!name) return fail(name.error());
  std::string_view tag_text = line.substr(first + 1, second - first - 1);
  const bool hex = tag_text.size() > 1 && tag_text.back() == 'x';
  if (hex) tag_text.remove_suffix(1);
  const auto tag = std::find_if(tags.begin(), tags.end(), [&](const Tag& t) { return t.text == tag_text; });
  if (tag == tags.end() || (hex && tag->type != Type::octets && tag->type != Type::opaque)) {
    return fail(Code::invalid,
                bad_value(line.substr(first + 1, second - first - 1), "a tag: 2 4 4x 5 6 64 65 66 67 68 70"));
  }
  auto value = value_of(*tag, hex, line.substr(second + 1));
  if (!value) return fail(value.error());
  return VarBind{std::move(*name), std::move(*value)};
}

void sort_last_wins(VarBinds& rows) {
  std::stable_sort(rows.begin(), rows.end(), [](const VarBind& a, const VarBind& b) { return a.name < b.name; });
  std::size_t kept = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i + 1 < rows.size() && rows[i].name == rows[i + 1].name) continue;
    if (kept != i) rows[kept] = std::move(rows[i]);
    ++kept;
  }
  rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(kept), rows.end());
}

bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

std::string value_text(const Value& value) {
  const std::string* bytes = value.bytes();
  if (value.type == Type::octets && bytes != nullptr && is_plain(*bytes)) return *bytes;
  if (value.type != Type::ip_address || bytes == nullptr || bytes->size() != 4) return value.text();
  std::array<std::uint32_t, 4> parts{};
  std::transform(bytes->begin(), bytes->end(), parts.begin(), [](char c) { return static_cast<unsigned char>(c); });
  return dotted(parts);
}

}  // namespace

Expected<VarBinds> parse_snmprec(std::string_view text) {
  VarBinds rows;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.empty() || line.front() == '#') continue;
    const std::string where = "line " + std::to_string(number);
    if (rows.size() == max_rows) return fail(Code::invalid, where + ": more than 200000 rows");
    auto row = parse_row(line);
    if (!row) return fail(row.error().in(where));
    rows.push_back(std::move(*row));
  }
  sort_last_wins(rows);
  return rows;
}

std::string to_snmprec(const VarBinds& rows) {
  std::string out;
  for (const VarBind& row : rows) {
    const Value& value = row.value;
    const auto tag = std::find_if(tags.begin(), tags.end(), [&](const Tag& t) { return t.type == value.type; });
    if (tag == tags.end()) continue;  // an exception says that there is no value
    const bool hex = value.type == Type::octets && value.bytes() != nullptr && !is_plain(*value.bytes());
    out += row.name.text() + '|' + std::string(tag->text) + (hex ? "x|" : "|") + value_text(value) + '\n';
  }
  return out;
}

}  // namespace platen::snmp
