#include "snmp/sources/candidates.h"

#include <algorithm>
#include <array>
#include <random>
#include <unordered_set>

#include "base/text.h"
#include "snmp/sources/mdns.h"
#include "snmp/sources/slp.h"
#include "snmp/sources/wsd.h"

namespace platen::snmp {
namespace {

using namespace std::chrono_literals;

constexpr auto patience = 3s, between_askings = 1s;
constexpr int askings = 2;
constexpr std::size_t most_answers = 4096, most_candidates = 4096, most_octets = 9000;

Peer group(const char* address, std::uint16_t port) { return {IpAddress::parse(address).value(), port}; }

std::vector<Peer> groups_of(Source source) {
  switch (source) {
    case Source::mdns: return {group("224.0.0.251", mdns_port), group("ff02::fb", mdns_port)};
    case Source::wsd: return {group("239.255.255.250", wsd_port), group("ff02::c", wsd_port)};
    case Source::slp:
      break;  // over IPv6 each service type has a group of its own (RFC 3111), which no printer was seen in
  }
  return {group("239.255.255.253", slp_port)};
}

std::vector<std::uint8_t> question_of(Source source, const QuestionIds& ids) {
  switch (source) {
    case Source::mdns: return mdns_question(ids.mdns);
    case Source::slp: return slp_request(ids.slp);
    case Source::wsd: break;
  }
  const std::string probe = wsd_probe(ids.wsd);
  return {probe.begin(), probe.end()};
}

std::optional<std::vector<IpAddress>> named_in(const GroupPort::Arrival& arrival, const QuestionIds& ids) {
  if (arrival.octets.size() > most_octets) return std::nullopt;
  switch (arrival.source) {
    case Source::mdns: return arrival.from.port == mdns_port ? mdns_answer(arrival.octets, ids.mdns) : std::nullopt;
    case Source::slp: return slp_reply(arrival.octets, ids.slp);
    case Source::wsd: break;
  }
  return wsd_matches(arrival.octets, ids.wsd);
}

// Answers become candidates, each address once.
class Gathering {
 public:
  explicit Gathering(const Reach& reach) : reach_(reach) {}

  void take(const GroupPort::Arrival& arrival, const QuestionIds& ids) {
    auto named = named_in(arrival, ids);
    if (!named) return;
    ++found_.answers;
    named->push_back(arrival.from.address);
    for (IpAddress& address : *named) {
      if (address.is_link_local() && address.scope() == 0) address = address.with_scope(arrival.interface);
    }
    const bool excluded = std::any_of(named->begin(), named->end(),
                                      [this](const IpAddress& address) { return reach_.excludes(address); });
    std::vector<IpAddress> fit;
    for (const IpAddress& address : *named) {
      if (!excluded && reach_.holds(address)) {
        fit.push_back(address);
      } else if (outside_.size() < most_candidates && outside_.insert(address).second) {
        ++found_.outside;
      }
    }
    const bool four = std::any_of(fit.begin(), fit.end(), [](const IpAddress& address) { return address.is_v4(); });
    for (const IpAddress& address : fit) {
      if (four && !address.is_v4()) continue;
      if (known_.size() < most_candidates && known_.insert(address).second) found_.addresses.push_back(address);
    }
  }
  [[nodiscard]] Candidates found() && { return std::move(found_); }

 private:
  const Reach& reach_;
  Candidates found_;
  std::unordered_set<IpAddress> known_, outside_;
};

std::vector<Source> chosen(const Sources& sources) {
  std::vector<Source> out;
  if (sources.mdns) out.push_back(Source::mdns);
  if (sources.wsd) out.push_back(Source::wsd);
  if (sources.slp) out.push_back(Source::slp);
  return out;
}

}  // namespace

QuestionIds QuestionIds::drawn() {
  std::random_device device;
  std::array<char, 16> octets{};
  for (char& octet : octets) octet = static_cast<char>(device() & 0xFFU);
  octets[6] = static_cast<char>((octets[6] & 0x0F) | 0x40);  // RFC 4122 §4.4
  octets[8] = static_cast<char>((octets[8] & 0x3F) | 0x80);
  std::string uuid = to_hex({octets.data(), octets.size()});
  for (const std::size_t at : {8U, 13U, 18U, 23U}) uuid.insert(at, 1, '-');
  return {static_cast<std::uint16_t>(device() & 0xFFFFU), static_cast<std::uint16_t>(device() & 0xFFFFU),
          std::move(uuid)};
}

Candidates look_around(const Sources& sources, const QuestionIds& ids, GroupPort& port, const Reach& reach,
                       const Clock& clock, const std::stop_token& stop) {
  const MonotonicTime began = clock.monotonic();
  Gathering gathering(reach);
  std::size_t arrived = 0;
  int asked = 0;
  while (!stop.stop_requested() && arrived < most_answers) {
    const MonotonicTime now = clock.monotonic();
    if (now >= began + patience) break;
    if (asked < askings && now >= began + asked * between_askings) {
      ++asked;
      for (const Source source : chosen(sources)) {
        const auto question = question_of(source, ids);
        for (const Peer& peer : groups_of(source)) port.ask(source, peer, question);
      }
    }
    const MonotonicTime next = asked < askings ? began + asked * between_askings : began + patience;
    port.wait(std::min<std::chrono::milliseconds>(next - now, 100ms));  // a stop is not kept waiting
    while (arrived < most_answers) {
      const auto arrival = port.receive();
      if (!arrival) break;
      ++arrived;
      gathering.take(*arrival, ids);
    }
  }
  return std::move(gathering).found();
}

Expected<Reach> reach_of(const Surroundings& around) {
  std::vector<std::string> within = around.within;
  if (around.targets.empty() && within.empty()) {
    for (const OwnNetwork& network : own_networks(around.options.allow_loopback))
      within.push_back(target_text(network));
  }
  return Reach::of(around.targets, within, around.excluded, around.options);
}

Expected<Candidates> find_candidates(const Sources& sources, const Surroundings& around, const Clock& clock,
                                     const std::stop_token& stop) {
  const auto reach = reach_of(around);
  if (!reach) return fail(reach.error());
  const auto port = open_group_port(own_networks(around.options.allow_loopback), chosen(sources));
  if (!port) return fail(port.error());
  return look_around(sources, QuestionIds::drawn(), **port, *reach, clock, stop);
}

}  // namespace platen::snmp
