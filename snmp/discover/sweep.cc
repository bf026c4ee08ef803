#include "snmp/discover/sweep.h"

#include <algorithm>
#include <map>
#include <numeric>

namespace platen::snmp {

Sweep::Sweep(DatagramPort& port, Traffic& traffic, std::span<const IpAddress> targets, std::uint16_t udp_port,
             std::vector<Question> questions, const Patience& patience, const OnLink& on_link, MonotonicTime now)
    : port_(port),
      traffic_(traffic),
      targets_(targets),
      udp_port_(udp_port),
      questions_(std::move(questions)),
      timeout_(patience.timeout),
      main_rounds_(std::max(patience.retries, 0) + 1),
      rounds_(main_rounds_),
      marks_(targets.size()),
      asked_at_(targets.size()),
      unsettled_(targets.size()),
      began_(now),
      round_began_(now),
      last_sent_(now),
      on_link_(on_link.asks_a_second(), kPace.on_link_burst),
      held_(kPace.held_a_second(port.send_buffer()), kPace.on_link_burst),
      answers_(kPace.answers_a_second(port.receive_buffer()), kPace.answers_at_once(port.receive_buffer())),
      not_sent_(targets.size()) {
  for (std::size_t i = 0; i < targets.size(); ++i) marks_[i] = on_link.holds(targets[i]) ? kOnLink : 0;
  make_order();
  make_wards();
  for (const Question& question : questions_) slot_ = std::max(slot_, question.datagram.size());
  slots_.resize(slot_ * (kBatch + most_questions));
  batch_.reserve(kBatch + most_questions);
  batch_to_.reserve(kBatch + most_questions);
  routed_at_ = on_link_at_ = targets.size();
  if (!questions_.empty()) next_round(now);
}

// The first address of every subnet, then the second of every one: a counting sort by the place in the subnet.
void Sweep::make_order() {
  sorted_.resize(targets_.size());
  std::iota(sorted_.begin(), sorted_.end(), 0U);
  std::sort(sorted_.begin(), sorted_.end(),
            [&](std::uint32_t a, std::uint32_t b) { return targets_[a] < targets_[b]; });
  struct Place {
    std::uint32_t subnet, within;
  };
  std::vector<Place> places(targets_.size());
  std::vector<std::uint32_t> starts;
  IpAddress subnet;
  for (std::size_t i = 0; i < sorted_.size(); ++i) {
    const IpAddress here = Traffic::subnet_of(targets_[sorted_[i]]);
    const bool same = i > 0 && here == subnet;
    if (!same) subnets_.push_back(nullptr);
    subnet = here;
    places[i] = {static_cast<std::uint32_t>(subnets_.size() - 1), same ? places[i - 1].within + 1 : 0};
    if (places[i].within + 2 > starts.size()) starts.resize(places[i].within + 2);
    ++starts[places[i].within + 1];
  }
  std::partial_sum(starts.begin(), starts.end(), starts.begin());
  order_.resize(targets_.size());
  for (std::size_t i = 0; i < sorted_.size(); ++i) order_[starts[places[i].within]++] = {sorted_[i], places[i].subnet};
}

Traffic::Subnet& Sweep::subnet_of(const Turn& turn) {
  Traffic::Subnet*& known = subnets_[turn.subnet];
  if (known == nullptr) known = &traffic_.of(targets_[turn.target]);
  return *known;
}

void Sweep::make_wards() {
  const bool all_alike =
      std::all_of(questions_.begin(), questions_.end(), [](const Question& q) { return q.scope.is_everywhere(); });
  std::map<Ward, std::uint16_t> known;
  if (!all_alike) ward_of_.resize(targets_.size());
  for (std::size_t target = 0; target < (all_alike ? 1 : targets_.size()); ++target) {
    Ward ward;
    for (std::size_t q = 0; q < questions_.size() && ward.size() < most_questions; ++q) {
      if (all_alike || questions_[q].scope.holds(targets_[target])) ward.push_back(q);
    }
    const auto [at, is_new] = known.try_emplace(ward, static_cast<std::uint16_t>(wards_.size()));
    if (is_new) wards_.push_back(std::move(ward));
    if (!all_alike) ward_of_[target] = at->second;
  }
  const auto has_further = [&](const Ward& ward) {
    return std::count_if(ward.begin(), ward.end(),
                         [&](std::size_t q) { return questions_[q].role == Question::Role::community; }) > 1;
  };
  if (std::any_of(wards_.begin(), wards_.end(), has_further)) rounds_ += main_rounds_;
}

void Sweep::next_round(MonotonicTime now) {
  ++round_;
  round_began_ = now;
  routed_at_ = on_link_at_ = 0;
}

std::optional<std::size_t> Sweep::find(const IpAddress& address) const {
  const auto at = std::lower_bound(sorted_.begin(), sorted_.end(), address,
                                   [&](std::uint32_t i, const IpAddress& wanted) { return targets_[i] < wanted; });
  if (at == sorted_.end() || targets_[*at] != address) return std::nullopt;
  return *at;
}

bool Sweep::heard(std::size_t target, std::size_t question) const {
  const Ward& here = ward(target);
  const auto at = std::lower_bound(here.begin(), here.end(), question);
  return at != here.end() && *at == question && (marks_[target] & Mark{1} << (at - here.begin())) != 0;
}

void Sweep::settle(std::size_t target) {
  if (settled(target)) return;
  marks_[target] |= kSettled;
  --unsettled_;
}

void Sweep::pump(MonotonicTime now, const OnHeard& on_heard) {
  receive(now, on_heard);
  if (finished(now)) return;
  if (round_sent() && round_ < rounds_ && now >= round_began_ + timeout_ / 2) next_round(now);
  fill(now);
}

void Sweep::receive(MonotonicTime now, const OnHeard& on_heard) {
  while (true) {
    const auto arrived = port_.receive();
    if (arrived.empty()) return;
    for (const InDatagram& datagram : arrived) {
      if (datagram.unreachable || !datagram.send_failure.empty()) {
        note(datagram, on_heard);
        continue;
      }
      ++counts_.received;
      counts_.received_octets += datagram.octets.size();
      traffic_.received(datagram.from.address, datagram.octets.size());
      const auto target = datagram.from.port == udp_port_ ? find(datagram.from.address) : std::nullopt;
      if (target) {
        take(datagram, *target, now, on_heard);
      } else {
        ++counts_.unsolicited;
      }
    }
    if (port_.dropped() == counts_.dropped_by_kernel) continue;
    counts_.dropped_by_kernel = port_.dropped();
    traffic_.too_fast(now);
  }
}

// What is no datagram: ICMP's word, or this machine's own trouble.
void Sweep::note(const InDatagram& datagram, const OnHeard& on_heard) {
  const auto target = datagram.from.port == udp_port_ ? find(datagram.from.address) : std::nullopt;
  if (!target || settled(*target)) return;
  if (datagram.unreachable) return on_heard({*target, datagram.from, std::nullopt, {}});
  not_sent_[*target] = true;
  send_failure_ = datagram.send_failure;
}

// Milliseconds; they start again after a minute, which no answer takes.
std::uint16_t Sweep::tick(MonotonicTime now) const {
  return static_cast<std::uint16_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now - began_).count());
}

void Sweep::count_sign_of_life(std::size_t target, MonotonicTime now) {
  if ((marks_[target] & kAlive) != 0) return;
  if ((marks_[target] & kAskedAgain) != 0) {
    ++found_later_;
    return;
  }
  ++found_at_once_;
  const auto passed = static_cast<std::uint16_t>(tick(now) - asked_at_[target]);
  slowest_ = std::max(slowest_, std::chrono::milliseconds(passed));
}

void Sweep::take(const InDatagram& datagram, std::size_t target, MonotonicTime now, const OnHeard& on_heard) {
  const auto id = peek_probe_id(datagram.octets);
  const Ward& here = ward(target);
  for (std::size_t i = 0; id && i < here.size(); ++i) {
    const Question& question = questions_[here[i]];
    if (*id != question.ids.of(datagram.from)) continue;
    if ((marks_[target] & Mark{1} << i) != 0) return;  // said before
    const auto answer = read_probe_answer(datagram.octets);
    if (!answer || answer->version != question.version) break;
    count_sign_of_life(target, now);
    marks_[target] |= Mark{1} << i | kAlive;
    on_heard({target, datagram.from, here[i], answer->engine_id});
    return;
  }
  ++counts_.unsolicited;
}

void Sweep::fill(MonotonicTime now) {
  on_link_.refill(now);
  held_.refill(now);
  answers_.refill(now);
  while (true) {
    flush();
    if (!batch_.empty()) return;  // the kernel takes no more just now
    bool more = fill_from(on_link_at_, kOnLink, now);
    more = fill_from(routed_at_, 0, now) || more;
    if (batch_.empty()) return;
    last_sent_ = now;
    if (!more) {
      flush();
      return;
    }
  }
}

// Stages the questions of further targets of one kind; false when the pace or the round ends it.
bool Sweep::fill_from(std::size_t& at, Mark kind, MonotonicTime now) {
  for (; at < order_.size(); ++at) {
    const std::size_t target = order_[at].target;
    if ((marks_[target] & (kSettled | kOnLink)) != kind) continue;
    if (batch_.size() >= kBatch) return true;
    Traffic::Subnet& subnet = subnet_of(order_[at]);
    if (!traffic_.may_send(subnet, now) || !answers_.has_one()) return false;
    if (kind == kOnLink && !(on_link_.has_one() && held_.has_one())) return false;
    const std::size_t staged = stage(target, subnet);
    traffic_.take(subnet, late() ? staged * kLate : staged);
    answers_.take(static_cast<double>(staged) * answered_share());
    if (kind == kOnLink && staged > 0) {
      on_link_.take(1);
      held_.take(static_cast<double>(staged));
    }
    if (round_ == 1) {
      ++asked_;
      asked_at_[target] = tick(now);
    }
  }
  return false;
}

// How many of the questions are answered; before there is evidence, all might be.
double Sweep::answered_share() const {
  constexpr double evidence = 1'000;
  return std::min(1.0, (static_cast<double>(counts_.received) + evidence) /
                           (static_cast<double>(counts_.sent + batch_.size()) + evidence));
}

bool Sweep::nothing_gets_lost() const { return found_at_once_ >= kEvidence && found_later_ == 0; }

bool Sweep::has_v1_form(const Ward& ward) const {
  return std::any_of(ward.begin(), ward.end(),
                     [&](std::size_t q) { return questions_[q].role == Question::Role::as_v1; });
}

bool Sweep::is_asked(const Question& question, bool first_community, Mark mark) const {
  const bool alive = (mark & kAlive) != 0 && round_ > 1;
  switch (question.role) {
    case Question::Role::greeting: return round_ == 1;
    case Question::Role::discovery: return !late();
    case Question::Role::community: return alive || first_community != late();
    case Question::Role::as_v1: return alive || round_ == rounds_;
  }
  return false;
}

std::size_t Sweep::stage(std::size_t target, Traffic::Subnet& subnet) {
  const Peer peer{targets_[target], udp_port_};
  const Ward& here = ward(target);
  const std::size_t before = batch_.size();
  not_sent_[target] = false;
  const bool spared = round_ == main_rounds_ && round_ > 2 && (marks_[target] & kAlive) == 0 && nothing_gets_lost() &&
                      has_v1_form(here);
  bool first_community = true;
  for (std::size_t i = 0; i < here.size(); ++i) {
    const Question& question = questions_[here[i]];
    const bool community = question.role == Question::Role::community;
    const bool asked = is_asked(question, first_community, marks_[target]) &&
                       !(spared && community && question.version == Version::v2c);
    if (community) first_community = false;
    if (!asked || (marks_[target] & Mark{1} << i) != 0) continue;
    const std::span<std::uint8_t> slot = std::span(slots_).subspan(batch_.size() * slot_, slot_);
    batch_.push_back({peer, question.datagram.stamp(question.ids.of(peer), slot)});
    batch_to_.push_back(&subnet);
  }
  if (round_ > 1) marks_[target] |= kAskedAgain;
  return batch_.size() - before;
}

void Sweep::flush() {
  while (batch_sent_ < batch_.size()) {
    const std::size_t taken = port_.send(std::span(batch_).subspan(batch_sent_));
    if (taken == 0) return;
    for (std::size_t i = 0; i < taken; ++i) {
      const std::size_t octets = batch_[batch_sent_ + i].octets.size();
      counts_.sent_octets += octets;
      Traffic::sent(*batch_to_[batch_sent_ + i], octets);
    }
    batch_sent_ += taken;
    counts_.sent += taken;
  }
  batch_.clear();
  batch_to_.clear();
  batch_sent_ = 0;
}

bool Sweep::round_sent() const { return batch_.empty() && routed_at_ == order_.size() && on_link_at_ == order_.size(); }

MonotonicTime Sweep::end() const {
  return last_sent_ + (nothing_gets_lost() ? std::min(timeout_, kPace.wait_after(slowest_)) : timeout_);
}

bool Sweep::finished(MonotonicTime now) const {
  if (unsettled_ == 0 || questions_.empty()) return true;
  return round_ == rounds_ && round_sent() && now >= end();
}

MonotonicTime Sweep::due(MonotonicTime now) const {
  if (!round_sent()) return now + kPace.nap;
  return round_ < rounds_ ? std::max(now, round_began_ + timeout_ / 2) : end();
}

}  // namespace platen::snmp
