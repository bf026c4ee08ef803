// The jobs that the agent's own rounds do: a sweep now, printers read now, the certificate renewed now.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>

#include "agent/main/hands.h"
#include "agent/main/known.h"
#include "snmp/mib/targets.h"

namespace platen::agent {
namespace {

using namespace std::chrono_literals;
using tasks::Ending;
using tasks::Outcome;

constexpr std::uint64_t most_addresses = 65'536;
constexpr std::chrono::milliseconds longest_wait_for_names = 5min;

// The addresses of these ranges, when all of them lie within the site's own targets or are known printers.
Expected<std::set<IpAddress>> within_the_site(const std::vector<std::string>& ranges, Workplace& at) {
  const config::Scan& scan = at.config().scan;
  const snmp::TargetOptions options{.allow_loopback = scan.allow_loopback, .max_addresses = most_addresses};
  const auto addresses = snmp::expand_targets(ranges, {}, options);
  if (!addresses) return fail(addresses.error());
  const auto reach = reach_of(at.config());
  if (!reach) return fail(reach.error());
  const auto port = static_cast<std::uint16_t>(scan.port);
  for (const IpAddress& address : *addresses) {
    if (!reach->holds(address) && at.rounds().fleet().find({address, port}) == nullptr)
      return fail(Code::denied, address.text() + " is not within the configured scan.targets, or is excluded there");
  }
  return std::set<IpAddress>(addresses->begin(), addresses->end());
}

class ScanJob final : public tasks::Job {
 public:
  ScanJob(Workplace& at, std::optional<std::set<IpAddress>> only) : at_(at) {
    number_ = only ? at.rounds().sweep_soon(
                         [addresses = std::move(*only)](const IpAddress& each) { return addresses.contains(each); })
                   : at.rounds().sweep_soon();
  }
  std::optional<Ending> step(bool) override {
    if (cancelled_) return Ending{Outcome::cancelled};
    if (at_.rounds().sweeps_done() < number_) return std::nullopt;
    const schedule::Sweep sweep = at_.rounds().tally().sweep.value_or(schedule::Sweep{});
    return Ending{Outcome::done,
                  fmt::format("{} addresses: {} new printers, {} other devices, {} without access, {} without SNMP; {} "
                              "printers are known",
                              sweep.addresses, sweep.printers, sweep.not_printers, sweep.no_access, sweep.no_snmp,
                              at_.rounds().fleet().size())};
  }
  [[nodiscard]] tasks::Progress progress() const override {
    const auto [asked, of] = at_.rounds().sweep_progress();
    return {static_cast<std::uint32_t>(asked), static_cast<std::uint32_t>(of), "addresses asked"};
  }
  void cancel() override { cancelled_ = true; }  // the sweep itself does nobody harm

 private:
  Workplace& at_;
  std::uint64_t number_ = 0;
  bool cancelled_ = false;
};

// Each printer is due for a full read at once; over when every one was asked.
class ReadJob final : public tasks::Job {
 public:
  ReadJob(Workplace& at, std::vector<tasks::PrinterRef> wanted)
      : at_(at), wanted_(std::move(wanted)), began_(at.clock().monotonic()) {}
  std::optional<Ending> step(bool) override {
    if (cancelled_) return Ending{Outcome::cancelled};
    if (!asked_) return find();
    for (auto each = left_.begin(); each != left_.end();) {
      const schedule::Printer* printer = at_.rounds().fleet().find(*each);
      const bool over = printer == nullptr || (printer->full_at && *printer->full_at >= asked_at_);
      if (over && (printer == nullptr || printer->silent)) ++silent_;
      each = over ? left_.erase(each) : std::next(each);
    }
    if (!left_.empty()) return std::nullopt;
    const std::string text = fmt::format("{} of {} printers answered", all_ - silent_, all_);
    return Ending{silent_ == 0 ? Outcome::done : Outcome::failed, text};
  }
  [[nodiscard]] tasks::Progress progress() const override {
    return {static_cast<std::uint32_t>(all_ - left_.size()), static_cast<std::uint32_t>(all_), "printers read"};
  }
  void cancel() override { cancelled_ = true; }

 private:
  // Printers that were not read since the start are read first: then everybody has a serial.
  std::optional<Ending> find() {
    const std::vector<Known> known = known_printers(at_.rounds().fleet(), at_.site());
    std::set<snmp::Peer> peers;
    for (const tasks::PrinterRef& each : wanted_) {
      const auto found = match(each, known);
      const bool wait = !found && found.error().code == Code::unavailable &&
                        at_.clock().monotonic() - began_ < longest_wait_for_names;
      if (wait) return std::nullopt;
      if (!found) return Ending{Outcome::failed, found.error().text};
      peers.insert(found->peer);
    }
    if (wanted_.empty()) {
      for (const Known& each : known) peers.insert(each.peer);
    }
    asked_ = true;
    asked_at_ = at_.clock().monotonic();
    all_ = peers.size();
    left_ = std::move(peers);
    for (const snmp::Peer& peer : left_) at_.rounds().read_soon(peer.address);
    return left_.empty() ? std::optional(Ending{Outcome::failed, "this agent knows no printer yet"}) : std::nullopt;
  }

  Workplace& at_;
  const std::vector<tasks::PrinterRef> wanted_;
  const MonotonicTime began_;
  MonotonicTime asked_at_{};
  std::set<snmp::Peer> left_;
  std::size_t all_ = 0, silent_ = 0;
  bool asked_ = false, cancelled_ = false;
};

// Over when another certificate is in use.
class RotateJob final : public tasks::Job {
 public:
  RotateJob(Workplace& at, std::uint64_t number) : at_(at), old_(at.certificate_in_use()), number_(number) {}
  std::optional<Ending> step(bool) override {
    if (at_.certificate_in_use() != old_) return Ending{Outcome::done, "a new key and a new certificate are in use"};
    const Renewer* renewer = at_.renewer();
    if (renewer == nullptr) return Ending{Outcome::failed, "the identity was taken away meanwhile"};
    const Renewer::State state = renewer->state();
    if (state.tries < number_ || state.error.empty()) return std::nullopt;
    return Ending{Outcome::failed, state.error};
  }
  void cancel() override {}  // it cannot be called back; the ending tells what came of it

 private:
  Workplace& at_;
  const std::string old_;
  const std::uint64_t number_;
};

}  // namespace

std::unique_ptr<tasks::Job> scan_job(Workplace& at, const tasks::Scan& order) {
  if (order.ranges.empty()) return std::make_unique<ScanJob>(at, std::nullopt);
  auto addresses = within_the_site(order.ranges, at);
  if (!addresses) return ended_job({Outcome::failed, addresses.error().text});
  return std::make_unique<ScanJob>(at, std::move(*addresses));
}

std::unique_ptr<tasks::Job> read_job(Workplace& at, const tasks::ReadNow& order) {
  return std::make_unique<ReadJob>(at, order.printers);
}

std::unique_ptr<tasks::Job> rotate_job(Workplace& at) {
  Renewer* renewer = at.renewer();
  if (renewer == nullptr)
    return ended_job({Outcome::failed, "this agent's certificate was signed by hand; it is renewed by hand"});
  return std::make_unique<RotateJob>(at, renewer->renew_now());
}

}  // namespace platen::agent
