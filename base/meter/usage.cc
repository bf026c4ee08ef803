#include "base/meter/usage.h"

#include <fmt/format.h>

#include <algorithm>

namespace platen::meter {
namespace {

std::string day(WallTime time) { return to_rfc3339(time).substr(0, 16) + "Z"; }

class Count {
 public:
  explicit Count(const History& history) : history_(history) {}

  Usage between(std::size_t first, std::size_t last) {
    for (std::size_t i = first; i <= last; ++i) visit(history_.samples[i]);
    if (pending_) refuse(*pending_);
    return std::move(out_);
  }

 private:
  void visit(const Placed& placed) {
    const Epoch& epoch = history_.series.epochs()[placed.epoch];
    if (epoch.standing == Standing::withdrawn) return;
    if (epoch.standing != Standing::trusted) {
      pending_ = placed.epoch;
      return;
    }
    if (before_ != nullptr) {
      step(*before_, placed);
    } else if (pending_) {
      refuse(*pending_);
    }
    if (out_.from == std::nullopt) out_.from = placed.sample;
    out_.to = placed.sample;
    before_ = &placed;
    pending_.reset();
  }

  void step(const Placed& before, const Placed& now) {
    const auto carry = history_.series.carry_since(before.epoch, now.epoch);
    if (!carry) return refuse(pending_.value_or(now.epoch));
    const std::uint64_t up = carried(now.sample.value.count, *carry);
    if (up >= before.sample.value.count) out_.counted = out_.counted.value_or(0) + (up - before.sample.value.count);
  }

  void refuse(std::size_t at) {
    const Epoch& epoch = history_.series.epochs()[at];
    const std::string_view state = epoch.standing == Standing::rejected ? "rejected" : "not confirmed";
    out_.why.push_back(fmt::format("{}, {}{}", sentence(epoch.reason, epoch.before, epoch.first.count), state,
                                   epoch.first.at ? ", read " + day(*epoch.first.at) : ""));
  }

  const History& history_;
  Usage out_;
  const Placed* before_ = nullptr;
  std::optional<std::size_t> pending_;  // an epoch that nothing was counted in
};

bool at_or_before(const Placed& placed, WallTime time) {
  return placed.sample.value.at && *placed.sample.value.at <= time;
}

}  // namespace

Usage usage_between(const History& history, WallTime from, WallTime to) {
  const auto& samples = history.samples;
  // A withdrawn reading is no begin and no end: the step over it would be in no period.
  const auto counts = [&](const Placed& each) {
    return history.series.epochs()[each.epoch].standing != Standing::withdrawn;
  };
  const auto last_before = [&](WallTime time) {
    return std::find_if(samples.rbegin(), samples.rend(),
                        [&](const Placed& each) { return at_or_before(each, time) && counts(each); });
  };
  const auto end = last_before(to);
  const auto begin = last_before(from);
  const auto clocked = std::find_if(samples.begin(), samples.end(), [&](const Placed& each) {
    return each.sample.value.at.has_value() && counts(each);
  });
  if (end == samples.rend())
    return {.counted = {}, .from = {}, .to = {}, .why = {"no reading with a trusted clock up to " + day(to)}};
  const bool whole = begin != samples.rend();
  const auto first = static_cast<std::size_t>(whole ? samples.rend() - begin - 1 : clocked - samples.begin());
  const auto last = static_cast<std::size_t>(samples.rend() - end - 1);
  if (first >= last)
    return {.counted = {},
            .from = {},
            .to = {},
            .why = {fmt::format("no two readings between {} and {}", day(from), day(to))}};
  Usage usage = Count(history).between(first, last);
  if (!whole)
    usage.why.insert(usage.why.begin(), fmt::format("no reading at or before {}: counted from the first one, {}",
                                                    day(from), day(*clocked->sample.value.at)));
  return usage;
}

}  // namespace platen::meter
