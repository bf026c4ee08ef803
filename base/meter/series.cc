#include "base/meter/series.h"

#include <algorithm>
#include <array>

namespace platen::meter {

std::string_view word_of(Standing standing) {
  constexpr std::array<std::string_view, 4> words = {"trusted", "proposed", "rejected", "withdrawn"};
  return words.at(static_cast<std::size_t>(standing));
}

bool acceptable(const Epoch& epoch, std::int64_t carry) {
  const std::uint64_t now = carried(epoch.first.count, carry);
  return now >= epoch.before && now - epoch.before < std::uint64_t{1} << 63U;
}

std::optional<std::size_t> Series::ancestor(std::size_t from, bool (*wanted)(Standing)) const {
  std::optional<std::size_t> at = from;
  while (at && !wanted(epochs_[*at].standing)) at = epochs_[*at].parent;
  return at;
}

// A step back up over at least half of what was lost, or down again after a jump, onto the old counter's own way.
bool Series::fits_again(const Epoch& old, const Sample& sample) const {
  const std::uint64_t old_count = old.last.count, now = sample.value.count;
  const std::uint64_t left_at = epochs_[*current_].last.count, fell_to = epochs_[*current_].first.count;
  if (change_between(old.who, sample.who) != Change::none || !runs_on(old.last, sample.value)) return false;
  if (fell_to >= old_count) return now < left_at;
  return now >= left_at && now - left_at >= (old_count - fell_to + 1) / 2;
}

Series::Took Series::come_back(std::size_t to, const Sample& sample) {
  for (std::optional<std::size_t> at = current_; at && *at != to; at = epochs_[*at].parent) {
    if (epochs_[*at].standing == Standing::proposed) epochs_[*at].standing = Standing::withdrawn;
  }
  Epoch& epoch = epochs_[to];
  epoch.last = sample.value, epoch.ended = sample.order, epoch.who = completed(sample.who, epoch.who);
  current_ = to;
  return Took::came_back;
}

void Series::begin(const Sample& sample, std::optional<std::size_t> parent, const Leap& leap) {
  Epoch epoch{.began = sample.order,
              .reason = leap.reason,
              .standing = parent ? Standing::proposed : Standing::trusted,
              .parent = parent,
              .before = parent ? epochs_[*parent].last.count : 0,
              .carry = leap.carry,
              .first = sample.value,
              .last = sample.value,
              .ended = sample.order,
              .who = parent && leap.reason != Reason::device_swapped ? completed(sample.who, epochs_[*parent].who)
                                                                     : sample.who};
  for (const Decision& decision : decisions_) {
    if (decision.epoch != sample.order || !parent) continue;
    const std::int64_t carry = decision.carry.value_or(epoch.carry);
    if (!decision.confirmed) {
      epoch.standing = Standing::rejected;
    } else if (acceptable(epoch, carry)) {
      epoch.standing = Standing::trusted, epoch.carry = carry;
    }
  }
  epochs_.push_back(std::move(epoch));
  current_ = epochs_.size() - 1;
}

Series::Took Series::take(const Sample& sample) {
  if (!current_) {
    begin(sample, std::nullopt, {});
    last_ = sample.order;
    return Took::ran_on;
  }
  if (sample.order == last_) return Took::twice;
  if (sample.order < last_) return Took::late;
  last_ = sample.order;
  Epoch& here = epochs_[*current_];
  if (here.standing != Standing::trusted) {
    const auto trusted = ancestor(*current_, [](Standing is) { return is == Standing::trusted; });
    if (trusted && fits_again(epochs_[*trusted], sample)) return come_back(*trusted, sample);
  }
  const auto leap = leap_between(here.last, sample.value, change_between(here.who, sample.who));
  if (!leap) {
    here.last = sample.value, here.ended = sample.order, here.who = completed(sample.who, here.who);
    return Took::ran_on;
  }
  const std::size_t base = ancestor(*current_, [](Standing is) { return is != Standing::rejected; }).value_or(0);
  const Epoch& from = epochs_[base];
  const auto since = leap_between(from.last, sample.value, change_between(from.who, sample.who));
  // Back on a proposed counter's way after values that were rejected: the leap is over, and the epoch goes on.
  if (!since) return come_back(base, sample);
  begin(sample, base, *since);
  return Took::leapt;
}

std::optional<std::int64_t> Series::carry_since(std::size_t since, std::size_t epoch) const {
  std::uint64_t sum = 0;
  std::optional<std::size_t> at = epoch;
  for (; at && *at != since; at = epochs_[*at].parent) {
    if (epochs_[*at].standing != Standing::trusted) return std::nullopt;
    sum += static_cast<std::uint64_t>(epochs_[*at].carry);
  }
  return at ? std::optional(static_cast<std::int64_t>(sum)) : std::nullopt;
}

History replay(std::span<const Sample> samples, std::vector<Decision> decisions) {
  std::vector<const Sample*> sorted;
  for (const Sample& sample : samples) sorted.push_back(&sample);
  std::stable_sort(sorted.begin(), sorted.end(), [](const Sample* a, const Sample* b) { return a->order < b->order; });
  History history{.series = Series(std::move(decisions)), .samples = {}};
  for (const Sample* sample : sorted) {
    if (history.series.take(*sample) == Series::Took::twice) continue;
    history.samples.push_back({*sample, *history.series.current()});
  }
  return history;
}

}  // namespace platen::meter
