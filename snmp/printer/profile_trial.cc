#include "snmp/printer/profile_trial.h"

#include <algorithm>
#include <array>
#include <map>

#include "snmp/printer/counters.h"
#include "snmp/printer/decode.h"
#include "snmp/printer/identity.h"
#include "snmp/printer/profile.h"
#include "snmp/printer/profile_fit.h"

namespace platen::snmp {
namespace {

constexpr std::string_view kNoAnswer = "nothing answered there";

// Which rule took what, by rule.
class Told final : public Rules {
 public:
  void took(const Meaning& means, CounterPoint&& point) override { taken[&means].push_back(std::move(point)); }
  void left(const Meaning& means, const VarBind& row, std::string_view why) override {
    refused[&means] = row.name.text() + " = " + row.value.text() + ": " + std::string(why);
  }
  std::map<const Meaning*, std::vector<CounterPoint>> taken;
  std::map<const Meaning*, std::string> refused;
};

class Trier {
 public:
  Trier(const Profile& profile, const VarBinds& varbinds) : profile_(profile), rows_(varbinds) {
    apply(rows_, profile, told_);
  }

  std::vector<RuleTrial> run() {
    for (std::size_t i = 0; i < Profile::kIdentities; ++i) {
      for (const Oid& oid : profile_.identity[i]) add_identity(identity_words()[i], oid);
    }
    for (const ScalarCounter& each : profile_.scalars) add("counter", each.means, each.oid.text(), kNoAnswer);
    for (const PackedCounters& each : profile_.packed) add_packed(each);
    for (const TableCounters& each : profile_.tables) add_table(each);
    for (const SumCounter& each : profile_.sums)
      add("sum", each.means, "", "a part of it is missing, or has another unit");
    std::stable_sort(out_.begin(), out_.end(), [](const RuleTrial& a, const RuleTrial& b) { return a.line < b.line; });
    return std::move(out_);
  }

 private:
  void add_identity(std::string_view word, const Oid& oid) {
    RuleTrial rule;
    rule.kind = "identity";
    rule.label = word;
    rule.oid = oid.text();
    Profile alone;
    alone.identity[0] = {oid};
    const auto text = vendor_text(rows_, &alone, Profile::Identity::device_id, nullptr);
    rule.matched = text.has_value();
    rule.value = text.value_or("");
    if (const Value* value = rows_.at(oid)) rule.raw = value->text();
    if (!rule.matched) rule.why = rows_.at(oid) == nullptr ? kNoAnswer : "this is no text, or an empty one";
    out_.push_back(std::move(rule));
  }

  void add(std::string_view kind, const Meaning& means, std::string oid, std::string_view why_not) {
    RuleTrial rule;
    rule.line = means.line;
    rule.kind = kind;
    rule.label = means.label;
    rule.oid = std::move(oid);
    rule.confidence = means.confidence;
    const auto taken = told_.taken.find(&means);
    if (taken == told_.taken.end()) {
      const auto refused = told_.refused.find(&means);
      rule.why = refused == told_.refused.end() ? std::string(why_not) : refused->second;
      out_.push_back(std::move(rule));
      return;
    }
    for (const CounterPoint& point : taken->second) {
      RuleTrial each = rule;
      each.matched = true;
      each.label = point.evidence.source.substr(std::min(profile_.name.size() + 1, point.evidence.source.size()));
      each.oid = point.evidence.oid;
      each.value = std::to_string(point.value);
      each.raw = point.evidence.raw;
      each.confidence = point.evidence.confidence;
      if (each.confidence > means.confidence && kind == "sum") each.why = "as sure as its least sure part";
      if (each.confidence > means.confidence && kind == "table")
        each.why = "the row's label does not say so: only shown";
      out_.push_back(std::move(each));
    }
  }

  void add_packed(const PackedCounters& counters) {
    const Value* value = rows_.at(counters.oid);
    for (const auto& [id, means] : counters.records) {
      constexpr std::string_view digits = "0123456789abcdef";
      const std::string record = std::string(" record 0x") + digits[id >> 4U] + digits[id & 15U];
      add("packed", means, counters.oid.text() + record,
          value == nullptr ? kNoAnswer : "no such record in what was answered");
    }
  }

  void add_table(const TableCounters& counters) {
    constexpr std::array<std::string_view, 5> missing = {"no row has this label", "no row has this type",
                                                         "there is no such row", "no row names a size",
                                                         "no row names a part"};
    const bool answered = rows_.any_under(counters.values);
    for (const auto& [key, means] : counters.rows) {
      const std::string where = counters.values.text() + (key.empty() ? "" : " \"" + key + "\"");
      add("table", means, where, answered ? missing.at(static_cast<std::size_t>(counters.by)) : kNoAnswer);
    }
  }

  const Profile& profile_;
  Rows rows_;
  Told told_;
  std::vector<RuleTrial> out_;
};

std::string words_of(const CounterPoint& point) {
  static constexpr std::string_view functions[] = {"all", "print", "copy", "fax", "scan", "other"};
  static constexpr std::string_view colors[] = {"all", "mono", "full", "single", "two", "any_color"};
  static constexpr std::string_view sides[] = {"all", "one", "two"};
  std::string out(functions[static_cast<std::size_t>(point.function)]);
  out.append(" × ").append(colors[static_cast<std::size_t>(point.color)]);
  out.append(" × ").append(sides[static_cast<std::size_t>(point.sides)]).append(" sides");
  if (!point.part.empty()) out += " (" + point.part + ")";
  return out + ", " + point.evidence.confidence;
}

// What this profile reads in another way than `other` would, and what only `other` reads.
void compare(const std::vector<CounterPoint>& ours, const std::vector<CounterPoint>& theirs, const std::string& other,
             std::vector<std::string>& conflicts) {
  for (const CounterPoint& their : theirs) {
    const auto same_place = std::find_if(
        ours.begin(), ours.end(), [&](const CounterPoint& our) { return our.evidence.oid == their.evidence.oid; });
    if (same_place == ours.end())
      conflicts.push_back("'" + their.evidence.source + "' (" + their.evidence.oid + " = " +
                          std::to_string(their.value) + ") is read by '" + other + "' only");
    else if (words_of(*same_place) != words_of(their))
      conflicts.push_back(their.evidence.oid + " is " + words_of(*same_place) + " here, and " + words_of(their) +
                          " in '" + other + "'");
  }
}

std::string not_used(const ProfileTrial& trial, const Fit& fit) {
  if (!fit.right_model) return "none of its 'models' occurs in what the device calls itself";
  if (fit.answered == 0) return "nothing that it asks for was answered";
  return "'" + trial.used + "' fits this device better; name the device in 'models', or extend that profile";
}

}  // namespace

std::size_t ProfileTrial::matched() const {
  return static_cast<std::size_t>(
      std::count_if(rules.begin(), rules.end(), [](const RuleTrial& rule) { return rule.matched; }));
}

Expected<ProfileTrial> try_profile(Profiles others, std::string_view file_name, std::string_view toml,
                                   const VarBinds& rows) {
  const auto find = [&](std::string_view name) { return others.find(name); };
  const auto profile = parse_profile(file_name, toml, find);
  if (!profile) return fail(profile.error());
  const DeviceFacts device = device_in(rows);
  const Fit fit = fit_of(*profile, device, rows);
  ProfileTrial trial;
  trial.name = profile->name;
  trial.extends = profile->extends;
  trial.fits = fit.right_maker && fit.right_model;
  trial.device = device.sys_object_id.empty() ? "" : device.sys_object_id.text();
  trial.rules = Trier(*profile, rows).run();
  if (others.find(profile->name) != nullptr)
    trial.conflicts.push_back("it replaces the profile '" + profile->name + "' that is there already");
  const Profile* rival = others.match(rows);
  const Rows sorted(rows);
  if (rival != nullptr)
    compare(vendor_counters(sorted, *profile), vendor_counters(sorted, *rival), rival->name, trial.conflicts);
  if (const auto added = others.add(file_name, toml); !added) return fail(added.error());
  const Profile* used = others.match(rows);
  trial.used = used == nullptr ? "" : used->name;
  if (trial.used != trial.name) trial.conflicts.push_back("it is not used for this device: " + not_used(trial, fit));
  trial.reading = decode(rows, IpAddress::v4(0xC0000201U), WallTime{}, Reading::Kind::full, others);
  return trial;
}

}  // namespace platen::snmp
