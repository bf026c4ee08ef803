#include "base/reading/reading.h"

#include <algorithm>
#include <cmath>

namespace platen {
namespace {

bool is_billable(const CounterPoint& point) {
  return point.evidence.confidence != 'C' && point.scope == CounterPoint::Scope::life &&
         point.size == CounterPoint::Size::all;
}

bool is_life_count(const CounterPoint& point) {
  return point.evidence.source.starts_with("prtMarkerLifeCount.") && point.scope == CounterPoint::Scope::life;
}

}  // namespace

std::optional<double> percent_of(const std::optional<Amount>& level, const std::optional<Amount>& max_capacity) {
  if (!level || !max_capacity) return std::nullopt;
  const auto amount = level->amount();
  const auto whole = max_capacity->amount();
  if (!amount || !whole || *whole == 0) return std::nullopt;
  const double percent = 100.0 * static_cast<double>(*amount) / static_cast<double>(*whole);
  return std::round(std::min(percent, 100.0) * 10.0) / 10.0;
}

bool goes_before(const CounterPoint& a, const CounterPoint& b) {
  const auto rank = [](const CounterPoint& point) {
    constexpr std::int32_t impressions = 7;  // PrtMarkerCounterUnitTC
    return std::pair(point.evidence.confidence, point.unit.value_or(impressions) != impressions);
  };
  return rank(a) < rank(b);
}

const CounterPoint* find_counter(const Reading& reading, CounterPoint::Function function, CounterPoint::Color color,
                                 CounterPoint::Sides sides) {
  const CounterPoint* best = nullptr;
  for (const CounterPoint& point : reading.counters) {
    if (point.function != function || point.color != color || point.sides != sides) continue;
    if (!is_billable(point) || !point.part.empty()) continue;
    if (best == nullptr || goes_before(point, *best)) best = &point;
  }
  return best;
}

const CounterPoint* total_of(const Reading& reading) {
  const auto life = std::find_if(reading.counters.begin(), reading.counters.end(), is_life_count);
  if (life != reading.counters.end()) return &*life;
  return find_counter(reading, CounterPoint::Function::all, CounterPoint::Color::all);
}

}  // namespace platen
