#include "tests/simulation/drain.h"

#include <cstdio>
#include <cstdlib>

#include "platen/v1/uplink.pb.h"

namespace platen::tests {
namespace {

Sent sent(const v1::AgentMessage& message) {
  switch (message.message_case()) {
    case v1::AgentMessage::kPreview: return {Sent::Is::preview, message.ByteSizeLong(), 0};
    case v1::AgentMessage::kBatch: return {Sent::Is::batch, message.ByteSizeLong(), 0};
    case v1::AgentMessage::kHeartbeat: return {Sent::Is::heartbeat, message.ByteSizeLong(), 0};
    default: return {Sent::Is::hello, message.ByteSizeLong(), 0};
  }
}

std::string series_of(const ledger::Entry& entry) {
  return entry.device.empty() ? "" : entry.device + "/" + std::to_string(static_cast<int>(entry.worth));
}

}  // namespace

void give_up(const std::string& why) {
  std::fprintf(stderr, "FAILED: %s\n", why.c_str());
  std::exit(1);
}

void must(const Expected<void>& done) {
  if (!done) give_up(done.error().text);
}

std::vector<uplink::Outgoing> Records::after(const std::string& epoch, std::uint64_t seq, std::size_t max_octets) {
  auto entries = ledger_.after(epoch, seq, max_octets);
  if (!entries) give_up(entries.error().text);
  std::vector<uplink::Outgoing> out;
  for (ledger::Entry& entry : *entries)
    out.push_back({entry.seq, std::move(entry.kind), std::move(entry.octets), entry.first, std::move(entry.hash),
                   std::move(entry.origins), series_of(entry)});
  return out;
}

std::vector<uplink::Outgoing> Records::newest_of_each(const std::string& epoch, std::uint64_t after,
                                                      std::uint64_t before, std::size_t max_octets) {
  auto entries = ledger_.newest_of_each(epoch, after, before, max_octets);
  if (!entries) give_up(entries.error().text);
  std::vector<uplink::Outgoing> out;
  for (ledger::Entry& entry : *entries) out.push_back({entry.seq, std::move(entry.kind), std::move(entry.octets)});
  return out;
}

void Records::acknowledged(const std::string& epoch, std::uint64_t through_seq) {
  must(ledger_.acknowledge(epoch, through_seq));
  told_();
}
void Records::park(const std::string&, std::uint64_t seq, const std::string& why) {
  give_up("record " + std::to_string(seq) + " would be parked: " + why);
}
void Records::begin_epoch(const std::string&, uplink::Break, std::uint64_t) { give_up("the epoch was given up"); }

Drain::Drain(uplink::Options options, ledger::Ledger& ledger, cloud::Store& store, const Clock& clock)
    : options_(std::move(options)),
      clock_(clock),
      records_(ledger),
      visit_(store, clock, options_.agent_id),
      talk_(options_, records_, clock.monotonic()) {}

std::optional<Sent> Drain::step() {
  v1::AgentMessage message;
  const auto more = talk_.next(clock_.monotonic(), message);
  if (!more) give_up(more.error().text);
  if (!*more) return std::nullopt;
  Sent said = sent(message);
  const std::uint64_t before = talk_.acknowledged();
  v1::CloudMessage answer;
  if (visit_.take(message, answer) != cloud::Visit::Then::go_on) must(talk_.take(answer, clock_.monotonic()));
  talk_.settle();
  if (said.is == Sent::Is::batch) said.records = talk_.acknowledged() - before;
  return said;
}

}  // namespace platen::tests
