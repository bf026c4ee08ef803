// What cannot be, and what does not add up: said, never corrected.
#include <algorithm>

#include "snmp/printer/counters.h"

namespace platen::snmp {
namespace {

using Points = std::vector<CounterPoint>;
using P = CounterPoint;

bool is_life_count(const P& point) {
  return point.scope == P::Scope::life && point.evidence.source.starts_with("prtMarkerLifeCount.");
}

// Pages printed cannot be far more than the engine counted; scans can, but not by thousands.
std::uint64_t most_likely_at(const P& counter, std::uint64_t life) {
  constexpr std::uint64_t slack = 10'000;
  return counter.function == P::Function::scan ? 100 * life + 10 * slack : 10 * life + slack;
}

void doubt_the_far(Points& counters, std::vector<std::string>& flags) {
  std::uint64_t life = 0;
  for (const P& each : counters) {
    if (is_life_count(each)) life = std::max(life, each.value);
  }
  if (life == 0 || life > 1'000'000'000) return;  // nothing to compare with
  for (P& each : counters) {
    if (each.scope != P::Scope::life || each.function == P::Function::other || each.value <= most_likely_at(each, life))
      continue;
    each.evidence.confidence = 'C';
    flags.push_back("far-above-life-count " + each.evidence.source);
  }
}

// The whole count of that kind that is billed, the surest one; the maker's own unless `standard`.
const P* whole(const Points& counters, P::Function function, P::Color color, bool standard = false) {
  const P* best = nullptr;
  for (const P& each : counters) {
    const bool fits = each.function == function && each.color == color && each.scope == P::Scope::life &&
                      each.part.empty() && each.size == P::Size::all && each.sides == P::Sides::all &&
                      each.evidence.confidence != 'C' && is_life_count(each) == standard;
    if (fits && (best == nullptr || goes_before(each, *best))) best = &each;
  }
  return best;
}

bool one_unit(const P& a, const P& b) { return !a.unit || !b.unit || a.unit == b.unit; }

}  // namespace

void doubt(Points& counters, std::vector<std::string>& flags) {
  using F = P::Function;
  using C = P::Color;
  doubt_the_far(counters, flags);
  const P* life = whole(counters, F::all, C::all, true);
  const P* makers = whole(counters, F::all, C::all);
  if (life != nullptr && makers != nullptr && one_unit(*life, *makers) && life->value != makers->value)
    flags.push_back("total-differs-from-life-count " + makers->evidence.source);
  const P* total = makers != nullptr ? makers : life;
  if (total == nullptr) return;

  const P* mono = whole(counters, F::all, C::mono);
  const P* color = whole(counters, F::all, C::any_color);
  if (mono != nullptr && color != nullptr && one_unit(*mono, *total) && one_unit(*color, *total) &&
      mono->value + color->value != total->value)
    flags.push_back("colors-differ-from-total " + total->evidence.source);

  std::uint64_t paper = 0;
  for (const F function : {F::print, F::copy, F::fax}) {
    const P* part = whole(counters, function, C::all);
    if (part != nullptr && one_unit(*part, *total)) paper += part->value;
  }
  if (paper > total->value) flags.push_back("functions-exceed-total " + total->evidence.source);
}

}  // namespace platen::snmp
