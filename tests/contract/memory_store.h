// A cloud::Store in memory that keeps the numbering promise (the part of it that ingest needs), remembers every record
// as it was taken, and has a bad day when a test wants one.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cloud/store/store.h"
#include "proto/chain.h"

namespace platen::cloud {

class MemoryStore final : public Store {
 public:
  using Log = std::pair<std::string, std::string>;  // agent, epoch

  // Asked before each put; an Error is what put() then says, and nothing is stored.
  std::function<Expected<void>(std::span<const StoredRecord>)> before_put;
  std::function<void()> after_preview;
  std::function<void()> after_put;  // after the records are stored, before put() returns

  Expected<Standing> standing(const std::string& agent, const std::string& epoch) override {
    const std::lock_guard guard(mutex_);
    const Epoch& kept = epochs_[{agent, epoch}];
    return Standing{kept.through(), hash_of(epoch, kept)};
  }

  Expected<std::optional<std::string>> octets(const std::string& agent, const std::string& epoch,
                                              std::uint64_t seq) override {
    const std::lock_guard guard(mutex_);
    const auto found = epochs_.find({agent, epoch});
    if (found == epochs_.end()) return std::nullopt;
    for (const StoredRecord& record : found->second.records) {
      if (record.seq == seq && record.kind != wire::withheld_kind) return record.octets;
    }
    return std::nullopt;
  }

  Expected<PutResult> put(const std::string& agent, const std::string& epoch, std::span<const StoredRecord> records,
                          WallTime /*now*/) override {
    if (before_put) {
      if (auto ready = before_put(records); !ready) return fail(ready.error());
    }
    PutResult result = put_locked({agent, epoch}, records);
    if (after_put) after_put();
    return result;
  }

  Expected<void> preview(const std::string& agent, const std::string& epoch, std::span<const StoredRecord> records,
                         WallTime) override {
    {
      const std::lock_guard guard(mutex_);
      const std::uint64_t through = epochs_[{agent, epoch}].through();
      for (const StoredRecord& record : records) {
        if (record.reading && record.seq > through) previewed_[{agent, epoch}].push_back(record);
      }
    }
    if (after_preview) after_preview();
    return {};
  }

  Expected<void> saw(const std::string& agent, const Greeting& greeting, WallTime) override {
    const std::lock_guard guard(mutex_);
    versions_[agent] = greeting.version;
    return {};
  }

  Expected<void> trouble(const std::string& agent, const std::string& text, WallTime) override {
    const std::lock_guard guard(mutex_);
    trouble_[agent] = text;
    return {};
  }

  Expected<std::vector<EpochProof>> verify() override {
    const std::lock_guard guard(mutex_);
    std::vector<EpochProof> proofs;
    for (const auto& [log, epoch] : epochs_) {
      EpochProof proof{.agent = log.first,
                       .epoch = log.second,
                       .through = epoch.through(),
                       .records = epoch.records.size(),
                       .faults = {}};
      for (const StoredRecord& record : epoch.records)
        proof.withheld += record.kind == wire::withheld_kind ? record.seq - first_of(record) + 1 : 0;
      proofs.push_back(std::move(proof));
    }
    return proofs;
  }

  Expected<std::vector<AgentRow>> agents() override {
    const std::lock_guard guard(mutex_);
    std::map<std::string, AgentRow> rows;
    for (const auto& [log, epoch] : epochs_) {
      AgentRow& row = rows[log.first];
      row.agent = log.first, row.epoch = log.second, row.version = versions_[log.first];
      row.through_seq = row.newest = epoch.through(), row.records += epoch.records.size();
      row.trouble = trouble_[log.first];
    }
    std::vector<AgentRow> list;
    for (auto& [agent, row] : rows) {
      if (row.records > 0) list.push_back(row);
    }
    return list;
  }

  // What a fleet is made of is the SQLite store's business.
  Expected<std::vector<PrinterRow>> printers() override { return {}; }
  Expected<std::optional<PrinterRow>> printer(const std::string&) override { return {}; }
  Expected<std::vector<ReadingRow>> readings(const std::string&, std::size_t) override { return {}; }
  Expected<std::vector<FleetRow>> fleet() override { return {}; }
  Expected<std::vector<HistoryPoint>> history(const std::string&, std::size_t) override { return {}; }
  Expected<std::vector<FeedRow>> feed(std::int64_t, std::size_t) override { return {}; }
  Expected<std::vector<FeedRow>> task_results(std::int64_t, std::size_t) override { return {}; }

  // Every preview that was ahead when it came, in their order.
  std::vector<StoredRecord> previewed(const std::string& agent, const std::string& epoch) {
    const std::lock_guard guard(mutex_);
    return previewed_[{agent, epoch}];
  }

  std::vector<StoredRecord> taken(const std::string& agent, const std::string& epoch) {
    const std::lock_guard guard(mutex_);
    return epochs_[{agent, epoch}].records;
  }

 private:
  struct Epoch {
    std::vector<StoredRecord> records;
    std::vector<std::string> hashes;  // of the chain, after each of them
    [[nodiscard]] std::uint64_t through() const { return records.empty() ? 0 : records.back().seq; }
  };

  static std::uint64_t first_of(const StoredRecord& record) { return record.first == 0 ? record.seq : record.first; }
  static bool same(const StoredRecord& a, const StoredRecord& b) { return a.kind == b.kind && a.octets == b.octets; }
  static std::string hash_of(const std::string& name, const Epoch& epoch) {
    return epoch.hashes.empty() ? wire::chain_start(name) : epoch.hashes.back();
  }
  static std::string link(const std::string& before, const StoredRecord& record) {
    if (record.kind == wire::withheld_kind) return record.link;
    return wire::chain_link(before, record.seq, record.kind, record.octets);
  }

  PutResult put_locked(const Log& log, std::span<const StoredRecord> records) {
    const std::lock_guard guard(mutex_);
    Epoch& epoch = epochs_[log];
    for (std::size_t i = 0; i < records.size(); ++i) {
      const std::uint64_t first = first_of(records[i]);
      const bool follows = i == 0 ? first >= 1 && first <= epoch.through() + 1 : first == records[i - 1].seq + 1;
      if (!follows) return {.through_seq = epoch.through(), .gap = true};
    }
    const std::size_t before = epoch.records.size();
    for (const StoredRecord& record : records) {
      if (take(log, epoch, record)) continue;
      epoch.records.resize(before);
      epoch.hashes.resize(before);
      return {.through_seq = epoch.through(), .fork = true};
    }
    return {.through_seq = epoch.through()};
  }

  bool take(const Log& log, Epoch& epoch, const StoredRecord& record) {
    const auto stored = std::find_if(epoch.records.rbegin(), epoch.records.rend(),
                                     [&](const StoredRecord& old) { return old.seq <= record.seq; });
    if (record.seq <= epoch.through()) return stored->seq != record.seq || same(*stored, record);
    std::string hash = link(hash_of(log.second, epoch), record);
    if (!record.link.empty() && hash != record.link) return false;
    epoch.records.push_back(record);
    epoch.hashes.push_back(std::move(hash));
    if (record.gap) trouble_[log.first] = wire::to_text(*record.gap);
    return true;
  }

  std::mutex mutex_;
  std::map<Log, Epoch> epochs_;
  std::map<Log, std::vector<StoredRecord>> previewed_;
  std::map<std::string, std::string> versions_, trouble_;
};

}  // namespace platen::cloud
