// A cloud::Store in memory that keeps the numbering promise (the part of it that ingest needs), remembers every record
// as it was taken, and has a bad day when a test wants one.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "cloud/store/store.h"

namespace platen::cloud {

class MemoryStore final : public Store {
 public:
  using Log = std::pair<std::string, std::string>;  // agent, epoch

  // Asked before each put; an Error is what put() then says, and nothing is stored.
  std::function<Expected<void>(std::span<const StoredRecord>)> before_put;
  std::function<void()> after_put;  // after the records are stored, before put() returns

  Expected<std::uint64_t> position(const std::string& agent, const std::string& epoch) override {
    const std::lock_guard guard(mutex_);
    return records_[{agent, epoch}].size();
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

  Expected<void> saw(const std::string& agent, const std::string&, const std::string& version, WallTime) override {
    const std::lock_guard guard(mutex_);
    versions_[agent] = version;
    return {};
  }

  Expected<std::vector<AgentRow>> agents() override {
    const std::lock_guard guard(mutex_);
    std::map<std::string, AgentRow> rows;
    for (const auto& [log, records] : records_) {
      AgentRow& row = rows[log.first];
      row.agent = log.first, row.epoch = log.second, row.version = versions_[log.first];
      row.through_seq = records.size(), row.records += records.size();
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

  std::vector<StoredRecord> taken(const std::string& agent, const std::string& epoch) {
    const std::lock_guard guard(mutex_);
    return records_[{agent, epoch}];
  }

 private:
  PutResult put_locked(const Log& log, std::span<const StoredRecord> records) {
    const std::lock_guard guard(mutex_);
    std::vector<StoredRecord>& kept = records_[log];
    for (std::size_t i = 0; i < records.size(); ++i) {
      const bool follows =
          i == 0 ? records[0].seq >= 1 && records[0].seq <= kept.size() + 1 : records[i].seq == records[i - 1].seq + 1;
      if (!follows) return {kept.size(), true};
    }
    for (const StoredRecord& record : records) {
      if (record.seq > kept.size()) kept.push_back(record);
    }
    return {kept.size(), false};
  }

  std::mutex mutex_;
  std::map<Log, std::vector<StoredRecord>> records_;
  std::map<std::string, std::string> versions_;
};

}  // namespace platen::cloud
