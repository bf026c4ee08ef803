// What goes to each subnet and comes back, and how much may go: a token bucket for each subnet and one for all.
//
//   Shapes   A subnet is a /24 (IPv6: a /64), whatever masks the site uses: what shares a switch or a slow line.
//   Units    datagrams, and octets of UDP payload.
//   Effects  none. Subnets are made for addresses that are asked, never for what arrives.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "base/ip_address.h"
#include "snmp/engine/pace.h"

namespace platen::snmp {

struct SubnetUse {
  IpAddress network;
  unsigned prefix = 24;
  std::uint64_t sent = 0, sent_octets = 0, received = 0, received_octets = 0;
  double budget = 0;  // datagrams a second
};

class Traffic {
 public:
  class Subnet {
   public:
    explicit Subnet(double a_second) : bucket_(a_second, burst_of(a_second)) {}

   private:
    friend class Traffic;
    [[nodiscard]] static double burst_of(double a_second) {
      return std::clamp(a_second / 100, 2.0, kPace.subnet_burst);
    }
    TokenBucket bucket_;
    std::uint64_t sent_ = 0, sent_octets_ = 0, received_ = 0, received_octets_ = 0;
  };

  // Datagrams a second to one subnet from now on.
  void allow(double a_second);

  [[nodiscard]] static IpAddress subnet_of(const IpAddress& address) { return address.first_of(prefix_of(address)); }
  [[nodiscard]] Subnet& of(const IpAddress& address);  // stays where it is
  [[nodiscard]] bool may_send(Subnet& subnet, MonotonicTime now);
  void take(Subnet& subnet, std::size_t datagrams);  // their tokens
  static void sent(Subnet& subnet, std::size_t octets);
  static void received(Subnet& subnet, std::size_t octets);
  void received(const IpAddress& from, std::size_t octets);  // nothing when nobody there was asked
  // The kernel lost what arrived: a while at half the rate in all.
  void too_fast(MonotonicTime now);

  [[nodiscard]] std::vector<SubnetUse> uses() const;  // in the order of the addresses

 private:
  [[nodiscard]] static unsigned prefix_of(const IpAddress& address) { return address.is_v4() ? 24 : 64; }
  std::map<IpAddress, Subnet> subnets_;  // by their first address
  TokenBucket all_{kPace.all_a_second, kPace.all_burst};
  double subnet_a_second_ = kPace.subnet_a_second;
  MonotonicTime slow_until_{};
};

// What `now` has more than `before`; subnets without any are left out.
[[nodiscard]] std::vector<SubnetUse> used_since(const std::vector<SubnetUse>& before, std::vector<SubnetUse> now);

}  // namespace platen::snmp
