#include "snmp/discover/sweep.h"

#include <algorithm>
#include <numeric>

namespace platen::snmp {

Sweep::Sweep(DatagramPort& port, std::span<const IpAddress> targets, std::uint16_t udp_port,
             std::vector<Question> questions, const Patience& patience, const OnLink& on_link, MonotonicTime now)
    : port_(port),
      targets_(targets),
      udp_port_(udp_port),
      questions_(std::move(questions)),
      timeout_(patience.timeout),
      rounds_(std::max(patience.retries, 0) + 1),
      marks_(targets.size()),
      sorted_(targets.size()),
      unsettled_(targets.size()),
      round_began_(now),
      last_sent_(now),
      all_(kPace.probes_a_second, kPace.probe_burst, now),
      on_link_(kPace.on_link_a_second, kPace.on_link_burst, now) {
  if (questions_.size() > most_questions) questions_.resize(most_questions, questions_.front());
  for (std::size_t i = 0; i < targets.size(); ++i) marks_[i] = on_link.holds(targets[i]) ? kOnLink : 0;
  std::iota(sorted_.begin(), sorted_.end(), 0U);
  std::sort(sorted_.begin(), sorted_.end(),
            [&](std::uint32_t a, std::uint32_t b) { return targets_[a] < targets_[b]; });
  for (const Question& question : questions_) slot_ = std::max(slot_, question.datagram.size());
  slots_.resize(slot_ * (kBatch + most_questions));
  batch_.reserve(kBatch + most_questions);
  routed_at_ = on_link_at_ = targets.size();
  if (!questions_.empty()) next_round(now);
}

void Sweep::next_round(MonotonicTime now) {
  ++round_;
  round_began_ = now;
  routed_at_ = on_link_at_ = 0;
  const auto asked_now = [&](const Question& question) { return !question.last_round || round_ == rounds_; };
  questions_this_round_ = static_cast<std::size_t>(std::count_if(questions_.begin(), questions_.end(), asked_now));
}

std::optional<std::size_t> Sweep::find(const IpAddress& address) const {
  const auto at = std::lower_bound(sorted_.begin(), sorted_.end(), address,
                                   [&](std::uint32_t i, const IpAddress& wanted) { return targets_[i] < wanted; });
  if (at == sorted_.end() || targets_[*at] != address) return std::nullopt;
  return *at;
}

void Sweep::settle(std::size_t target) {
  if (settled(target)) return;
  marks_[target] |= kSettled;
  --unsettled_;
}

void Sweep::pump(MonotonicTime now, const OnHeard& on_heard) {
  receive(on_heard);
  if (finished(now)) return;
  if (round_sent() && round_ < rounds_ && now >= round_began_ + timeout_ / 2) next_round(now);
  fill(now);
}

void Sweep::receive(const OnHeard& on_heard) {
  while (true) {
    const auto arrived = port_.receive();
    if (arrived.empty()) return;
    for (const InDatagram& datagram : arrived) {
      ++counts_.received;
      counts_.received_octets += datagram.octets.size();
      const auto target = datagram.from.port == udp_port_ ? find(datagram.from.address) : std::nullopt;
      if (target) {
        take(datagram, *target, on_heard);
      } else {
        ++counts_.unsolicited;
      }
    }
  }
}

void Sweep::take(const InDatagram& datagram, std::size_t target, const OnHeard& on_heard) {
  if (datagram.unreachable) {
    if (!settled(target)) on_heard({target, datagram.from, std::nullopt});
    return;
  }
  const auto id = peek_probe_id(datagram.octets);
  for (std::size_t q = 0; id && q < questions_.size(); ++q) {
    if (*id != questions_[q].ids.of(datagram.from)) continue;
    if ((marks_[target] & 1U << q) != 0) return;  // said before
    const auto answer = read_probe_answer(datagram.octets);
    if (!answer || answer->version != questions_[q].version) break;
    marks_[target] |= 1U << q;
    on_heard({target, datagram.from, q});
    return;
  }
  ++counts_.unsolicited;
}

void Sweep::fill(MonotonicTime now) {
  all_.refill(now);
  on_link_.refill(now);
  while (true) {
    flush();
    if (!batch_.empty()) return;  // the kernel takes no more just now
    bool more = fill_from(on_link_at_, kOnLink, &on_link_);
    more = fill_from(routed_at_, 0, nullptr) || more;
    if (batch_.empty()) return;
    last_sent_ = now;
    if (!more) {
      flush();
      return;
    }
  }
}

// Stages the questions of further targets of one kind; false when the pace or the round ends it.
bool Sweep::fill_from(std::size_t& at, std::uint32_t kind, TokenBucket* extra) {
  const auto cost = static_cast<double>(questions_this_round_);
  for (; at < targets_.size(); ++at) {
    if ((marks_[at] & (kSettled | kOnLink)) != kind) continue;
    if (batch_.size() >= kBatch) return true;
    if (!all_.has(cost) || (extra != nullptr && !extra->has(1))) return false;
    all_.take(cost);
    if (extra != nullptr) extra->take(1);
    stage(at);
    if (round_ == 1) ++asked_;
  }
  return false;
}

void Sweep::stage(std::size_t target) {
  const Peer peer{targets_[target], udp_port_};
  for (std::size_t q = 0; q < questions_.size(); ++q) {
    const Question& question = questions_[q];
    if ((question.last_round && round_ != rounds_) || (marks_[target] & 1U << q) != 0) continue;
    const std::span<std::uint8_t> slot = std::span(slots_).subspan(batch_.size() * slot_, slot_);
    batch_.push_back({peer, question.datagram.stamp(question.ids.of(peer), slot)});
  }
}

void Sweep::flush() {
  while (batch_sent_ < batch_.size()) {
    const std::size_t taken = port_.send(std::span(batch_).subspan(batch_sent_));
    if (taken == 0) return;
    for (std::size_t i = 0; i < taken; ++i) counts_.sent_octets += batch_[batch_sent_ + i].octets.size();
    batch_sent_ += taken;
    counts_.sent += taken;
  }
  batch_.clear();
  batch_sent_ = 0;
}

bool Sweep::round_sent() const {
  return batch_.empty() && routed_at_ == targets_.size() && on_link_at_ == targets_.size();
}

bool Sweep::finished(MonotonicTime now) const {
  if (unsettled_ == 0 || questions_.empty()) return true;
  return round_ == rounds_ && round_sent() && now >= last_sent_ + timeout_;
}

MonotonicTime Sweep::due(MonotonicTime now) const {
  if (!round_sent()) return now + std::chrono::milliseconds(1);
  return round_ < rounds_ ? std::max(now, round_began_ + timeout_ / 2) : last_sent_ + timeout_;
}

}  // namespace platen::snmp
