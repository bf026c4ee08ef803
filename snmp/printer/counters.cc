#include "snmp/printer/counters.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <set>

#include "base/text.h"
#include "snmp/printer/brands.h"
#include "snmp/printer/octet_text.h"

namespace platen::snmp {
namespace {

CounterPoint point(const Profile& profile, const Meaning& means, std::uint64_t number, std::string oid,
                   std::string raw) {
  CounterPoint made;
  made.function = means.function;
  made.color = means.color;
  made.size = means.size;
  made.sides = means.sides;
  made.scope = means.scope;
  made.unit = means.unit;
  made.part = means.part;
  made.value = number / means.divide;
  made.evidence = {profile.name + " " + means.label, std::move(oid), std::move(raw), means.confidence};
  return made;
}

// Four octets of IEEE 754, most significant first; a count is whole and not negative, anything else is nullopt.
std::optional<std::uint64_t> from_float(const std::string& octets) {
  if (octets.size() != 4) return std::nullopt;
  std::uint32_t bits = 0;
  for (const char c : octets) bits = bits << 8U | static_cast<unsigned char>(c);
  const auto value = static_cast<double>(std::bit_cast<float>(bits));
  if (!(value >= 0) || value > 4294967295.0) return std::nullopt;
  return static_cast<std::uint64_t>(std::llround(value));
}

// Some makers keep their counts in a column of texts (Xerox), padded or ended by NUL.
std::optional<std::uint64_t> from_digits(std::string_view octets) {
  const std::string_view digits = trimmed(octets.substr(0, octets.find('\0')));
  std::uint64_t number = 0;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const bool whole = fault == std::errc{} && end == digits.data() + digits.size();
  return whole ? std::optional(number) : std::nullopt;
}

std::optional<std::uint64_t> count_in(const Value& value, bool is_float = false) {
  if (const auto number = value.unsigned_number()) return number;
  if (value.bytes() == nullptr) return std::nullopt;
  return is_float ? from_float(*value.bytes()) : from_digits(*value.bytes());
}

// Why this number cannot be that; empty: it can.
std::string_view objection(const Meaning& means, std::optional<std::uint64_t> number) {
  constexpr std::int32_t percent = 19;  // PrtMarkerSuppliesSupplyUnitTC
  if (!number) return "this is no count";
  return means.unit == percent && *number / means.divide > 100 ? "this is more than 100 percent" : "";
}

void apply_scalar(const Rows& rows, const Profile& profile, const ScalarCounter& counter, Rules& rules) {
  const Value* value = rows.at(counter.oid);
  if (value == nullptr) return;
  const auto number = count_in(*value, counter.is_float);
  if (const std::string_view why = objection(counter.means, number); !why.empty())
    return rules.left(counter.means, {counter.oid, *value}, why);
  rules.took(counter.means, point(profile, counter.means, *number, counter.oid.text(), value->text()));
}

// Records "id, 01, length, value": a length above 8 or beyond the end stops the reading, and what came before it
// stands.
void apply_packed(const Rows& rows, const Profile& profile, const PackedCounters& counters, Rules& rules) {
  const Value* value = rows.at(counters.oid);
  if (value == nullptr || value->bytes() == nullptr) return;
  constexpr std::uint8_t closing = 0xFF;
  const std::string& octets = *value->bytes();
  const auto octet = [&](std::size_t at) { return static_cast<std::uint8_t>(octets[at]); };
  for (std::size_t at = 0; at + 3 <= octets.size() && octet(at) != closing;) {
    const std::uint8_t id = octet(at);
    const std::size_t length = octet(at + 2);
    if (length > 8 || at + 3 + length > octets.size()) return;
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < length; ++i) number = number << 8U | octet(at + 3 + i);
    const auto means = counters.records.find(id);
    const bool known = means != counters.records.end() && length > 0;
    if (const auto why = known ? objection(means->second, number) : ""; !why.empty()) {
      rules.left(means->second, {counters.oid, *value}, why);
    } else if (known) {
      const std::string name = counters.oid.text() + " record 0x" + to_hex(octets.substr(at, 1));
      rules.took(means->second, point(profile, means->second, number, name, to_hex(octets.substr(at, 3 + length))));
    }
    at += 3 + length;
  }
}

std::optional<std::string> text_in(const Value* value) {
  return value == nullptr || value->bytes() == nullptr ? std::nullopt
                                                       : std::optional(octet_text(*value->bytes(), nullptr));
}

// What a table's row calls itself: a label, a type code or its own index. Absent: it does not say.
std::optional<std::string> key_of(const Rows& rows, const TableCounters& counters,
                                  std::span<const std::uint32_t> index) {
  if (counters.by == TableCounters::By::row) return dotted(index);
  const Value* key = rows.at(counters.keys + index);
  if (counters.by != TableCounters::By::type) return text_in(key);
  const auto number = key == nullptr ? std::nullopt : key->number();
  return number ? std::optional(std::to_string(*number)) : std::nullopt;
}

bool says(const Meaning& means, const std::string& label) {
  return means.says.empty() || std::any_of(means.says.begin(), means.says.end(), [&](const std::string& words) {
           return label.find(words) != std::string::npos;
         });
}

struct Meant {
  const Meaning* means = nullptr;  // nullptr: the profile does not know this row
  bool confirmed = true;           // by the row's own words; else it is only shown (C)
};

Meant meaning_of(const Rows& rows, const TableCounters& counters, const std::string& key,
                 std::span<const std::uint32_t> index) {
  const auto [first, last] = counters.rows.equal_range(counters.any_key() ? "" : lower(key));
  if (first == last) return {};
  if (counters.labels.empty()) return {&first->second, true};
  const auto label = lower(text_in(rows.at(counters.labels + index)).value_or(""));
  const auto confirmed = std::find_if(first, last, [&](const auto& row) { return says(row.second, label); });
  return confirmed != last ? Meant{&confirmed->second, true} : Meant{&first->second, false};
}

// What the row itself says of its unit.
std::optional<std::int32_t> unit_of(const Rows& rows, const TableCounters& counters,
                                    std::span<const std::uint32_t> index) {
  const Value* code = counters.units.empty() ? nullptr : rows.at(counters.units + index);
  const auto number = code == nullptr ? std::nullopt : code->number();
  const auto unit = number ? counters.unit_codes.find(*number) : counters.unit_codes.end();
  return unit == counters.unit_codes.end() ? std::nullopt : std::optional(unit->second);
}

void apply_table(const Rows& rows, const Profile& profile, const TableCounters& counters, Rules& rules) {
  std::set<std::string> met;  // sources: of one size several kinds of paper, of one name several supplies
  for (const VarBind& cell : rows.under(counters.values)) {
    const auto index = cell.name.after(counters.values);
    const auto key = index.empty() ? std::nullopt : key_of(rows, counters, index);
    if (!key || (counters.any_key() && key->empty())) continue;
    const auto [means, confirmed] = meaning_of(rows, counters, *key, index);
    if (means == nullptr) continue;
    const auto number = count_in(cell.value);
    if (const std::string_view why = objection(*means, number); !why.empty()) {
      rules.left(*means, cell, why);
      continue;
    }
    CounterPoint made = point(profile, *means, *number, cell.name.text(), cell.value.text());
    if (const auto unit = unit_of(rows, counters, index)) made.unit = unit;
    if (counters.by == TableCounters::By::size) made.size = CounterPoint::Size::named, made.size_name = *key;
    if (counters.by == TableCounters::By::part) made.part = means->part.empty() ? *key : means->part + ", " + *key;
    if (counters.any_key()) made.evidence.source += " " + *key;
    if (!confirmed) made.evidence.confidence = 'C';
    if (means->size == CounterPoint::Size::named && made.size_name.empty()) made.size_name = means->part;
    if (!met.insert(made.evidence.source).second) made.evidence.source += " row " + dotted(index);
    rules.took(*means, std::move(made));
  }
}

const CounterPoint* labelled(const std::vector<CounterPoint>& points, const Profile& profile,
                             const std::string& label) {
  const std::string source = profile.name + " " + label;
  const auto at = std::find_if(points.begin(), points.end(),
                               [&](const CounterPoint& each) { return each.evidence.source == source; });
  return at == points.end() ? nullptr : &*at;
}

std::optional<CounterPoint> sum_of(const std::vector<CounterPoint>& points, const Profile& profile,
                                   const SumCounter& sum) {
  const auto answers = [&](const std::string& label) { return labelled(points, profile, label) != nullptr; };
  if (std::any_of(sum.unless.begin(), sum.unless.end(), answers)) return std::nullopt;
  std::vector<const CounterPoint*> parts;
  for (const std::string& label : sum.of) {
    const CounterPoint* part = labelled(points, profile, label);
    if (part == nullptr) return std::nullopt;
    parts.push_back(part);
  }
  for (const std::string& label : sum.also) {
    if (const CounterPoint* part = labelled(points, profile, label)) parts.push_back(part);
  }
  CounterPoint made = point(profile, sum.means, 0, "", "");
  for (const CounterPoint* part : parts) {
    if (part->unit != parts[0]->unit) return std::nullopt;  // never across units
    made.value += part->value;
    made.evidence.oid += (made.evidence.oid.empty() ? "" : " + ") + part->evidence.oid;
    made.evidence.raw += (made.evidence.raw.empty() ? "" : " + ") + part->evidence.raw;
    made.evidence.confidence = std::max(made.evidence.confidence, part->evidence.confidence);
  }
  return made;
}

class Points final : public Rules {
 public:
  explicit Points(Rules* told) : told_(told) {}
  void took(const Meaning& means, CounterPoint&& point) override {
    points.push_back(std::move(point));
    if (told_ != nullptr) told_->took(means, CounterPoint(points.back()));
  }
  void left(const Meaning& means, const VarBind& row, std::string_view why) override {
    if (told_ != nullptr) told_->left(means, row, why);
  }
  std::vector<CounterPoint> points;

 private:
  Rules* told_;
};

std::vector<CounterPoint> applied(const Rows& rows, const Profile& profile, Rules* told) {
  Points rules(told);
  for (const ScalarCounter& counter : profile.scalars) apply_scalar(rows, profile, counter, rules);
  for (const PackedCounters& counters : profile.packed) apply_packed(rows, profile, counters, rules);
  for (const TableCounters& counters : profile.tables) apply_table(rows, profile, counters, rules);
  for (const SumCounter& sum : profile.sums) {
    if (auto made = sum_of(rules.points, profile, sum)) rules.took(sum.means, std::move(*made));
  }
  return std::move(rules.points);
}

CounterPoint of_marker(const Marker& marker, bool alone, CounterPoint::Scope scope, std::uint64_t value) {
  const bool life = scope == CounterPoint::Scope::life;
  CounterPoint made;
  made.scope = scope;
  made.unit = marker.counter_unit;
  made.part = alone ? "" : "marker " + marker.index;
  made.value = value;
  made.evidence.source = (life ? "prtMarkerLifeCount." : "prtMarkerPowerOnCount.") + marker.index;
  made.evidence.oid = (life ? "1.3.6.1.2.1.43.10.2.1.4." : "1.3.6.1.2.1.43.10.2.1.5.") + marker.index;
  return made;
}

}  // namespace

std::vector<CounterPoint> standard_counters(const Rows& rows, const std::vector<Marker>& markers) {
  std::vector<CounterPoint> points;
  const bool alone = markers.size() == 1;
  for (const Marker& marker : markers) {
    if (marker.life_count) points.push_back(of_marker(marker, alone, CounterPoint::Scope::life, *marker.life_count));
    if (marker.power_on_count)
      points.push_back(of_marker(marker, alone, CounterPoint::Scope::power_on, *marker.power_on_count));
  }
  for (CounterPoint& each : points) {
    const auto oid = Oid::parse(each.evidence.oid);
    const Value* value = oid ? rows.at(*oid) : nullptr;
    if (value != nullptr) each.evidence.raw = value->text();
  }
  return points;
}

std::vector<CounterPoint> vendor_counters(const Rows& rows, const Profile& profile) {
  return applied(rows, profile, nullptr);
}

void apply(const Rows& rows, const Profile& profile, Rules& rules) {
  static_cast<void>(applied(rows, profile, &rules));
}

}  // namespace platen::snmp
