#include "tests/delivery/site.h"

#include <doctest/doctest.h>

#include <array>
#include <filesystem>
#include <fstream>

#include "agent/identity/identity.h"
#include "base/log.h"
#include "proto/reading_codec.h"

namespace platen::tests {
namespace {

std::string content(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// Test code waits for what it needs; a value that is not there ends the test with the reason.
template <class T>
T must(Expected<T> value) {
  REQUIRE_MESSAGE(value, (value ? "" : value.error().text));
  return *std::move(value);
}

std::string series_of(const ledger::Entry& entry) { return entry.device; }

std::string copied(const std::string& from, const std::string& to) {
  if (!from.empty()) std::filesystem::copy_file(from, to);
  return to;
}

}  // namespace

bool Watch::until(const std::function<bool()>& holds, std::chrono::seconds deadline) {
  const auto end = std::chrono::steady_clock::now() + deadline;
  std::unique_lock lock(mutex_);
  for (;;) {
    const std::uint64_t seen = changes_;
    lock.unlock();  // `holds` may look at things whose owners call changed()
    const bool held = holds();
    lock.lock();
    if (held) return true;
    if (!condition_.wait_until(lock, end, [&] { return changes_ != seen; })) return false;
  }
}

Certificates::Certificates() {
  const WallTime now = system_clock().wall();
  const std::array<std::string, 2> names = {"localhost", "127.0.0.1"};
  ca_ = must(enroll::make_ca(now));
  server_ = must(enroll::make_server(ca_, names, now));
}

uplink::Options Certificates::agent(const std::string& id) const {
  const Folder folder;
  const auto request = must(identity::make_key_and_csr(folder / "key", folder / "csr", id));
  uplink::Options options;
  options.agent_id = id;
  options.agent_version = "0.0.0-test";
  options.roots_pem = ca_.certificate_pem;
  options.certificate_pem =
      must(enroll::sign_agent(ca_, request.csr_pem, {id, "Dealer"}, enroll::agent_lifetime, system_clock().wall()));
  options.key_pem = Secret(content(folder / "key"));
  options.backoff_first = std::chrono::milliseconds(10);
  options.backoff_longest = std::chrono::milliseconds(100);
  return options;
}

cloud::IngestOptions Certificates::server(const std::string& address) const {
  return {.address = address,
          .certificate_pem = server_.certificate_pem,
          .key_pem = server_.key_pem,
          .client_ca_pem = ca_.certificate_pem};
}

std::vector<uplink::Outgoing> LedgerSource::after(const std::string& epoch, std::uint64_t seq, std::size_t max_octets) {
  std::vector<uplink::Outgoing> records;
  auto entries = ledger_.after(epoch, seq, max_octets);
  if (!entries) return records;
  for (ledger::Entry& entry : *entries)
    records.push_back({entry.seq, std::move(entry.kind), std::move(entry.octets), entry.first, std::move(entry.hash),
                       std::move(entry.origins), series_of(entry)});
  return records;
}

std::vector<uplink::Outgoing> LedgerSource::newest_of_each(const std::string& epoch, std::uint64_t after,
                                                           std::uint64_t before, std::size_t max_octets) {
  std::vector<uplink::Outgoing> records;
  auto entries = ledger_.newest_of_each(epoch, after, before, max_octets);
  if (!entries) return records;
  for (ledger::Entry& entry : *entries) records.push_back({entry.seq, std::move(entry.kind), std::move(entry.octets)});
  return records;
}

void LedgerSource::park(const std::string& epoch, std::uint64_t seq, const std::string& why) {
  REQUIRE(ledger_.park(epoch, seq, why));
  told_();
}

void LedgerSource::begin_epoch(const std::string& epoch, uplink::Break why, std::uint64_t missing) {
  using Reason = wire::Gap::Reason;
  REQUIRE(ledger_.begin_epoch(epoch, why == uplink::Break::forked ? Reason::restored : Reason::cloud_lost, missing));
  ledger_.tend();
  ledger_.tend();
  told_();
}

void LedgerSource::acknowledged(const std::string& epoch, std::uint64_t through_seq) {
  if (const auto done = ledger_.acknowledge(epoch, through_seq); !done)
    log::warn("test.acknowledge", {{"why", done.error().text}});
  told_();
}

Agent::Agent(uplink::Options options, Watch& watch, const std::string& copy_of)
    : file_(copied(copy_of, folder_ / "ledger.db")),
      ledger_(must(ledger::Ledger::open(file_, system_clock()))),
      source_(*ledger_, [&watch] { watch.changed(); }),
      uplink_(must(uplink::Uplink::make(std::move(options), source_))) {
  ledger_->on_append([this] { uplink_->wake(); });
  uplink_->on_change([&watch](const uplink::State&) { watch.changed(); });
  thread_ = std::jthread([this](const std::stop_token& stop) { uplink_->run(stop); });
}

void Agent::append(std::size_t count) {
  for (; count > 0; --count) {
    Reading reading;
    reading.address = std::to_string(ledger_->position().last + 1);
    append_raw("reading", wire::encode_reading(reading));
  }
}

void Agent::append_of(const std::string& device, const std::string& octets) {
  const ledger::Draft draft{.kind = "reading", .octets = octets, .device = device, .worth = ledger::Worth::status};
  must(ledger_->append(std::array{draft}));
}

void Agent::append_raw(const std::string& kind, const std::string& octets) {
  must(ledger_->append(kind, std::array{octets}));
}

void Agent::stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

std::vector<std::string> addresses(cloud::WatchedStore& store, const std::string& agent, const std::string& epoch) {
  std::vector<std::string> found;
  const auto records = store.taken(agent, epoch);
  found.reserve(records.size());
  for (const cloud::StoredRecord& record : records) found.push_back(record.reading ? record.reading->address : "");
  return found;
}

std::vector<std::string> numbers(std::size_t count) {
  std::vector<std::string> made;
  for (std::size_t i = 1; i <= count; ++i) made.push_back(std::to_string(i));
  return made;
}

}  // namespace platen::tests
