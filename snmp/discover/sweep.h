// Asks many addresses whether anybody speaks SNMP there, without a record for each: ids are keyed hashes of the
// address, one number an address says what was heard.
//
//   Shapes   Rounds: retries + 1 of them ask every address that is not settled for SNMPv3 discovery and with the first
//            community in whose scope it lies. Where something showed life, every community in scope is asked from the
//            next round on. As many late rounds, at a quarter of the pace, ask everybody else with the further
//            communities; SNMPv1 forms have their turn in the very last round. Where many answered the first question and
//            nobody only a repetition, nothing gets lost: then the silent are spared the last repetition of a v2c
//            community, whose SNMPv1 form is still to come. Rounds begin half a timeout apart (a late answer still
//            counts), after the last one a whole timeout passes; less where nothing gets lost and all were quick.
//            Subnets take turns address by address.
//   Pace     traffic.h, and for the own networks on_link.h. Where many answer, no faster than the receive buffer holds
//            what comes while this program is kept waiting (pace.h). When the kernel loses answers, the pace is halved for a
//            while; who was not heard is asked again in the next round anyhow.
//   Effects  sends and receives on its own port; never waits. No credential leaves its scope.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "snmp/discover/on_link.h"
#include "snmp/engine/engine.h"
#include "snmp/engine/probe.h"
#include "snmp/engine/traffic.h"

namespace platen::snmp {

struct Question {
  enum class Role {
    greeting,   // SNMPv3 discovery that opens nothing: in the first round only
    discovery,  // SNMPv3 discovery on behalf of users
    community,
    as_v1,  // of a community that was given as v2c
  };
  SweepTemplate datagram;
  Version version;  // of its answers
  Role role = Role::community;
  Scope scope{};
  RequestIds ids{};  // of its own, so that an answer tells what was asked
};

class Sweep {
 public:
  static constexpr std::size_t most_questions = 60;  // that one address lies in the scope of; the first ones count
  struct Heard {
    std::size_t target;
    Peer from;
    std::optional<std::size_t> question;  // none: ICMP says that nobody listens
    std::string engine_id{};              // what SNMPv3 discovery was told
  };
  using OnHeard = std::function<void(const Heard&)>;

  Sweep(DatagramPort& port, Traffic& traffic, std::span<const IpAddress> targets, std::uint16_t udp_port,
        std::vector<Question> questions, const Patience& patience, const OnLink& on_link, MonotonicTime now);

  // Takes what has arrived and sends what the pace allows.
  void pump(MonotonicTime now, const OnHeard& on_heard);
  void settle(std::size_t target);  // it needs no more questions
  [[nodiscard]] bool finished(MonotonicTime now) const;
  [[nodiscard]] MonotonicTime due(MonotonicTime now) const;  // when pump has something to do, if nothing arrives
  [[nodiscard]] bool heard(std::size_t target, std::size_t question) const;
  [[nodiscard]] bool heard_anything(std::size_t target) const { return (marks_[target] & kAlive) != 0; }
  [[nodiscard]] bool settled(std::size_t target) const { return (marks_[target] & kSettled) != 0; }
  // Why this machine could not send to it in the last round; empty: it could.
  [[nodiscard]] std::string_view send_failure(std::size_t target) const {
    return not_sent_[target] ? std::string_view(send_failure_) : std::string_view();
  }
  [[nodiscard]] std::size_t asked() const { return asked_; }  // addresses asked at least once
  [[nodiscard]] const EngineCounts& counts() const { return counts_; }

 private:
  using Mark = std::uint64_t;
  using Ward = std::vector<std::size_t>;  // the questions in whose scope an address lies
  static constexpr Mark kSettled = Mark{1} << 63U, kOnLink = Mark{1} << 62U, kAlive = Mark{1} << 61U,
                        kAskedAgain = Mark{1} << 60U;
  static constexpr std::size_t kBatch = 64;
  static constexpr std::size_t kEvidence = 500;  // devices that answered: then, with none late, the loss is below 0.6 %
  static constexpr std::size_t kLate = 4;        // what a late question costs of the budget

  struct Turn {
    std::uint32_t target, subnet;  // in subnets_
  };
  void make_order();
  [[nodiscard]] Traffic::Subnet& subnet_of(const Turn& turn);
  void make_wards();
  void receive(MonotonicTime now, const OnHeard& on_heard);
  void note(const InDatagram& datagram, const OnHeard& on_heard);
  void take(const InDatagram& datagram, std::size_t target, MonotonicTime now, const OnHeard& on_heard);
  void count_sign_of_life(std::size_t target, MonotonicTime now);
  void fill(MonotonicTime now);
  bool fill_from(std::size_t& at, Mark kind, MonotonicTime now);
  [[nodiscard]] double answered_share() const;
  [[nodiscard]] bool is_asked(const Question& question, bool first_community, Mark mark) const;
  [[nodiscard]] bool nothing_gets_lost() const;
  [[nodiscard]] bool has_v1_form(const Ward& ward) const;
  std::size_t stage(std::size_t target, Traffic::Subnet& subnet);
  [[nodiscard]] std::uint16_t tick(MonotonicTime now) const;
  [[nodiscard]] MonotonicTime end() const;  // of the last round, when it is sent
  void flush();
  void next_round(MonotonicTime now);
  [[nodiscard]] bool late() const { return round_ > main_rounds_; }
  [[nodiscard]] bool round_sent() const;
  [[nodiscard]] std::optional<std::size_t> find(const IpAddress& address) const;
  [[nodiscard]] const Ward& ward(std::size_t target) const { return wards_[ward_of_.empty() ? 0 : ward_of_[target]]; }

  DatagramPort& port_;
  Traffic& traffic_;
  std::span<const IpAddress> targets_;
  std::uint16_t udp_port_;
  std::vector<Question> questions_;
  std::chrono::milliseconds timeout_;
  int main_rounds_, rounds_;

  std::vector<Mark> marks_;  // of each target: questions of its ward answered, settled, on-link, alive, asked again
  std::vector<std::uint16_t> asked_at_;  // of each target: the tick of its first question
  std::vector<std::uint16_t> ward_of_;   // of each target; empty when all have the same
  std::vector<Ward> wards_;
  std::vector<std::uint32_t> sorted_;      // targets by address
  std::vector<Turn> order_;                // targets as asked: subnets take turns
  std::vector<Traffic::Subnet*> subnets_;  // by address; nullptr until one of its addresses is asked
  std::size_t unsettled_;
  int round_ = 0;
  std::size_t found_at_once_ = 0, found_later_ = 0;  // before they were asked again, after
  std::chrono::milliseconds slowest_{0};             // of those at once
  std::size_t routed_at_ = 0, on_link_at_ = 0, asked_ = 0;
  MonotonicTime began_, round_began_, last_sent_;
  TokenBucket on_link_, held_;  // addresses of the own networks, datagrams to them
  TokenBucket answers_;         // to be expected
  std::vector<std::uint8_t> slots_;
  std::vector<OutDatagram> batch_;
  std::vector<Traffic::Subnet*> batch_to_;  // the subnet of each
  std::size_t batch_sent_ = 0, slot_ = 0;
  std::vector<bool> not_sent_;  // of each target: in the last round that asked it
  std::string send_failure_;    // the latest one
  EngineCounts counts_;
};

}  // namespace platen::snmp
