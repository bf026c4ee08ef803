// One vendor profile in memory: which OIDs carry which counters and which identity. The TOML behind it:
// docs/profiles.md.
//
//   Source   snmp/profiles/*.toml.  Known to this room only; others hold `const Profile*`.
//   Errors   parse_profile: Code::invalid, "FILE:LINE: what is wrong; nearest key".
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "base/reading/reading.h"
#include "snmp/mib/oid.h"

namespace platen::snmp {

// What a number means: everything of a CounterPoint but the number. `label` names it within the profile: "mono".
struct Meaning {
  std::string label;
  CounterPoint::Function function = CounterPoint::Function::all;
  CounterPoint::Color color = CounterPoint::Color::all;
  CounterPoint::Size size = CounterPoint::Size::all;
  CounterPoint::Sides sides = CounterPoint::Sides::all;
  CounterPoint::Scope scope = CounterPoint::Scope::life;
  std::optional<std::int32_t> unit;
  std::string part;
  char confidence = 'C';
  std::uint32_t divide = 1;       // the printer counts this many to one: 100 when it says hundredths
  std::vector<std::string> says;  // in a table with labels: one of these stands in the row's label, in lower case
  std::uint32_t line = 0;         // of the file; 0: of the profile that this one extends
};

// One OID. `is_float`: the value may come as four octets of IEEE 754 (HP accounting).
struct ScalarCounter {
  Meaning means;
  Oid oid;
  bool is_float = false;
};

// Octets "id, 01, length, value big-endian", repeated, closed by ff (Brother).
struct PackedCounters {
  Oid oid;
  std::map<std::uint8_t, Meaning> records;
};

// A table whose rows say themselves what they count: `values` is the column of numbers; the key of a row is its text in
// the column `keys` (by = label), its number there (type), its index (row), or any text there that names a paper size
// (size) or a part (part). `units`, where given, is the column of the maker's own codes for the unit of each row.
struct TableCounters {
  enum class By { label, type, row, size, part };
  By by = By::label;
  Oid values;
  Oid keys;                                         // empty when by = row
  Oid labels;                                       // what the row calls itself, to check `says` against; may be empty
  Oid units;                                        // may be empty
  std::map<std::int64_t, std::int32_t> unit_codes;  // of that column; what is not in here leaves the row's own unit
  std::multimap<std::string, Meaning> rows;  // by key, labels in lower case; by size and part: one, with the key ""

  [[nodiscard]] bool any_key() const { return by == By::size || by == By::part; }
};

// A sum that the maker's own documents state: `of` all needed, `also` added where they answer, none where any of `unless`
// answers.
struct SumCounter {
  Meaning means;
  std::vector<std::string> of, also, unless;  // labels
};

class Profile {
 public:
  enum class Identity { device_id, model, serial, firmware, console };
  static constexpr std::size_t kIdentities = 5;

  std::string name;     // "hp"
  std::string extends;  // whose rules it has besides its own; "" none
  bool built_in = false;
  std::vector<std::uint32_t> enterprises;
  std::vector<std::string> models;  // when not empty: one of these must occur in what the device calls itself
  std::vector<Oid> roots;           // subtrees to read; every OID below lies in one
  std::array<std::vector<Oid>, kIdentities> identity;
  std::vector<ScalarCounter> scalars;
  std::vector<PackedCounters> packed;
  std::vector<TableCounters> tables;
  std::vector<SumCounter> sums;

  [[nodiscard]] const std::vector<Oid>& oids_of(Identity what) const {
    return identity[static_cast<std::size_t>(what)];
  }
};

[[nodiscard]] std::span<const std::string_view> identity_words();  // "device_id", "model", …: in the enum's order
// Job logs: names of people and documents. No root may hold or touch one.
[[nodiscard]] std::span<const Oid> job_logs();

// Every rule of the profile, whatever its kind. `P` is Profile, const or not.
template <class P, class Visit>
void for_each_rule(P& profile, Visit visit) {
  for (auto& each : profile.scalars) visit(each.means);
  for (auto& each : profile.packed)
    for (auto& [id, means] : each.records) visit(means);
  for (auto& each : profile.tables)
    for (auto& [key, means] : each.rows) visit(means);
  for (auto& each : profile.sums) visit(each.means);
}

// OIDs are written from the enterprise number on ("11.2.3"), which stands for 1.3.6.1.4.1.11.2.3. `find` has the
// profiles that this one may extend; nullptr: unknown.
using FindProfile = std::function<const Profile*(std::string_view name)>;
[[nodiscard]] Expected<Profile> parse_profile(std::string_view file_name, std::string_view toml,
                                              const FindProfile& find = {});

}  // namespace platen::snmp
