#include "snmp/engine/traffic.h"

namespace platen::snmp {

void Traffic::allow(double a_second) {
  subnet_a_second_ = a_second;
  for (auto& [network, subnet] : subnets_) subnet.bucket_.set(a_second, Subnet::burst_of(a_second));
}

Traffic::Subnet& Traffic::of(const IpAddress& address) {
  return subnets_.try_emplace(subnet_of(address), subnet_a_second_).first->second;
}

bool Traffic::may_send(Subnet& subnet, MonotonicTime now) {
  const double rate = now < slow_until_ ? kPace.all_a_second / 2 : kPace.all_a_second;
  if (all_.a_second() != rate) all_.set(rate, kPace.all_burst);
  all_.refill(now);
  subnet.bucket_.refill(now);
  return all_.has_one() && subnet.bucket_.has_one();
}

void Traffic::take(Subnet& subnet, std::size_t datagrams) {
  all_.take(static_cast<double>(datagrams));
  subnet.bucket_.take(static_cast<double>(datagrams));
}

void Traffic::sent(Subnet& subnet, std::size_t octets) {
  ++subnet.sent_;
  subnet.sent_octets_ += octets;
}

void Traffic::received(Subnet& subnet, std::size_t octets) {
  ++subnet.received_;
  subnet.received_octets_ += octets;
}

void Traffic::received(const IpAddress& from, std::size_t octets) {
  const auto asked = subnets_.find(subnet_of(from));
  if (asked != subnets_.end()) received(asked->second, octets);
}

void Traffic::too_fast(MonotonicTime now) { slow_until_ = now + std::chrono::seconds(1); }

std::vector<SubnetUse> Traffic::uses() const {
  std::vector<SubnetUse> all;
  all.reserve(subnets_.size());
  for (const auto& [network, subnet] : subnets_) {
    all.push_back({network, prefix_of(network), subnet.sent_, subnet.sent_octets_, subnet.received_,
                   subnet.received_octets_, subnet_a_second_});
  }
  return all;
}

std::vector<SubnetUse> used_since(const std::vector<SubnetUse>& before, std::vector<SubnetUse> now) {
  auto old = before.begin();
  for (SubnetUse& use : now) {
    while (old != before.end() && old->network < use.network) ++old;
    if (old == before.end() || old->network != use.network) continue;
    use.sent -= old->sent;
    use.sent_octets -= old->sent_octets;
    use.received -= old->received;
    use.received_octets -= old->received_octets;
  }
  std::erase_if(now, [](const SubnetUse& use) { return use.sent == 0 && use.received == 0; });
  return now;
}

}  // namespace platen::snmp
