#include "snmp/printer/counters.h"

#include <bit>
#include <cmath>

#include "base/text.h"
#include "snmp/printer/brands.h"
#include "snmp/printer/octet_text.h"

namespace platen::snmp {
namespace {

CounterPoint point(const Profile& profile, const Meaning& means, std::uint64_t value, std::string oid,
                   std::string raw) {
  CounterPoint made;
  made.function = means.function;
  made.color = means.color;
  made.size = means.size;
  made.sides = means.sides;
  made.scope = means.scope;
  made.unit = means.unit;
  made.part = means.part;
  made.value = value;
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

void add_scalar(std::vector<CounterPoint>& out, const Rows& rows, const Profile& profile,
                const ScalarCounter& counter) {
  const Value* value = rows.at(counter.oid);
  if (value == nullptr) return;
  auto number = value->unsigned_number();
  if (!number && counter.is_float && value->bytes() != nullptr) number = from_float(*value->bytes());
  if (number) out.push_back(point(profile, counter.means, *number, counter.oid.text(), value->text()));
}

// Records "id, 01, length, value": a length above 8 or beyond the end stops the reading, and what came before it
// stands.
void add_packed(std::vector<CounterPoint>& out, const Rows& rows, const Profile& profile,
                const PackedCounters& counters) {
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
    if (means != counters.records.end() && length > 0) {
      const std::string name = counters.oid.text() + " record 0x" + to_hex(octets.substr(at, 1));
      out.push_back(point(profile, means->second, number, name, to_hex(octets.substr(at, 3 + length))));
    }
    at += 3 + length;
  }
}

// What a table's row calls itself: a label, a type code or its own index. Absent: it does not say.
std::optional<std::string> key_of(const Rows& rows, const TableCounters& counters,
                                  std::span<const std::uint32_t> index) {
  if (counters.by == TableCounters::By::row) return dotted(index);
  const Value* key = rows.at(counters.keys + index);
  if (key == nullptr) return std::nullopt;
  if (counters.by == TableCounters::By::type) {
    const auto number = key->number();
    return number ? std::optional(std::to_string(*number)) : std::nullopt;
  }
  return key->bytes() == nullptr ? std::nullopt : std::optional(octet_text(*key->bytes(), nullptr));
}

void add_table(std::vector<CounterPoint>& out, const Rows& rows, const Profile& profile,
               const TableCounters& counters) {
  const bool sizes = counters.by == TableCounters::By::size;
  for (const VarBind& cell : rows.under(counters.values)) {
    const auto number = cell.value.unsigned_number();
    const auto index = cell.name.after(counters.values);
    const auto key = number && !index.empty() ? key_of(rows, counters, index) : std::nullopt;
    if (!key || (sizes && key->empty())) continue;
    const auto means = counters.rows.find(sizes ? "" : lower(*key));
    if (means == counters.rows.end()) continue;
    CounterPoint made = point(profile, means->second, *number, cell.name.text(), cell.value.text());
    if (sizes) {
      made.size = CounterPoint::Size::named;
      made.size_name = *key;
      made.evidence.source += " " + *key;
    }
    out.push_back(std::move(made));
  }
}

const CounterPoint* labelled(const std::vector<CounterPoint>& points, const Profile& profile,
                             const std::string& label) {
  const std::string source = profile.name + " " + label;
  for (const CounterPoint& each : points) {
    if (each.evidence.source == source) return &each;
  }
  return nullptr;
}

void add_sum(std::vector<CounterPoint>& points, const Profile& profile, const SumCounter& sum) {
  std::vector<const CounterPoint*> parts;
  for (const std::string& label : sum.of) {
    const CounterPoint* part = labelled(points, profile, label);
    if (part == nullptr) return;
    parts.push_back(part);
  }
  for (const std::string& label : sum.also) {
    if (const CounterPoint* part = labelled(points, profile, label)) parts.push_back(part);
  }
  CounterPoint made = point(profile, sum.means, 0, "", "");
  for (const CounterPoint* part : parts) {
    if (part->unit != parts[0]->unit) return;  // never across units
    made.value += part->value;
    made.evidence.oid += (made.evidence.oid.empty() ? "" : " + ") + part->evidence.oid;
    made.evidence.raw += (made.evidence.raw.empty() ? "" : " + ") + part->evidence.raw;
    made.evidence.confidence = std::max(made.evidence.confidence, part->evidence.confidence);
  }
  points.push_back(std::move(made));
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

// Pages printed cannot be far more than the engine counted; scans can, but not by thousands.
std::uint64_t most_likely_at(const CounterPoint& counter, std::uint64_t life) {
  constexpr std::uint64_t slack = 10'000;
  return counter.function == CounterPoint::Function::scan ? 100 * life + 10 * slack : 10 * life + slack;
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
  std::vector<CounterPoint> points;
  for (const ScalarCounter& counter : profile.scalars) add_scalar(points, rows, profile, counter);
  for (const PackedCounters& counters : profile.packed) add_packed(points, rows, profile, counters);
  for (const TableCounters& counters : profile.tables) add_table(points, rows, profile, counters);
  for (const SumCounter& sum : profile.sums) add_sum(points, profile, sum);
  return points;
}

void doubt(std::vector<CounterPoint>& counters, std::vector<std::string>& flags) {
  std::uint64_t life = 0;
  for (const CounterPoint& each : counters) {
    if (each.scope == CounterPoint::Scope::life && each.evidence.source.starts_with("prtMarkerLifeCount."))
      life = std::max(life, each.value);
  }
  if (life == 0 || life > 1'000'000'000) return;  // nothing to compare with
  for (CounterPoint& each : counters) {
    if (each.scope != CounterPoint::Scope::life || each.function == CounterPoint::Function::other ||
        each.value <= most_likely_at(each, life))
      continue;
    each.evidence.confidence = 'C';
    flags.push_back("far-above-life-count " + each.evidence.source);
  }
}

}  // namespace platen::snmp
