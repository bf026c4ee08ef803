// A ledger::Ledger in memory that keeps the ledger's promise but for durability, and has a bad day when a test wants one.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "agent/ledger/ledger.h"
#include "base/text.h"
#include "proto/chain.h"

namespace platen::ledger {

class MemoryLedger final : public Ledger {
 public:
  Expected<void> disk = {};  // an Error is what append() then says, and nothing is kept

  MemoryLedger() { begin(); }

  using Ledger::after;
  using Ledger::append;

  Expected<std::uint64_t> append(std::span<const Draft> records) override {
    if (!disk) return fail(disk.error());
    for (const Draft& record : records) {
      if (record.octets.size() > (1U << 20U)) return fail(Code::invalid, "a record that is too large");
    }
    std::uint64_t last = 0;
    {
      const std::lock_guard guard(mutex_);
      for (const Draft& record : records) push(record);
      last = position_.last;
    }
    if (wake_ && !records.empty()) wake_();
    return last;
  }

  Expected<std::vector<Entry>> after(std::string_view epoch, std::uint64_t seq, std::size_t max_octets) override {
    const std::lock_guard guard(mutex_);
    if (epoch != position_.epoch) return fail(Code::conflict, "that epoch is over");
    std::vector<Entry> found;
    std::size_t octets = 0;
    for (auto each = entries_.upper_bound(seq); each != entries_.end(); ++each) {
      octets += each->second.octets.size();
      if (!found.empty() && octets > max_octets) break;
      found.push_back(each->second);
    }
    return found;
  }

  Expected<std::vector<Entry>> newest_of_each(std::string_view epoch, std::uint64_t after, std::uint64_t before,
                                              std::size_t max_octets) override {
    const std::lock_guard guard(mutex_);
    if (epoch != position_.epoch) return fail(Code::conflict, "that epoch is over");
    std::set<std::pair<std::string, bool>> seen;
    std::vector<Entry> found;
    std::size_t octets = 0;
    for (auto each = entries_.rbegin(); each != entries_.rend() && each->first > after; ++each) {
      const Entry& entry = each->second;
      if (entry.device.empty() || !seen.emplace(entry.device, entry.worth == Worth::status).second) continue;
      if (entry.seq >= before || entry.kind != wire::reading_kind) continue;
      octets += entry.octets.size();
      if (!found.empty() && octets > max_octets) break;
      found.push_back(entry);
    }
    return found;
  }

  Expected<std::string> hash_at(std::uint64_t seq) override {
    const std::lock_guard guard(mutex_);
    if (seq == 0) return wire::chain_start(position_.epoch);
    const auto found = hashes_.find(seq);
    return found == hashes_.end() ? "" : found->second;
  }

  Expected<void> acknowledge(std::string_view epoch, std::uint64_t seq) override {
    const std::lock_guard guard(mutex_);
    if (epoch != position_.epoch || seq > position_.last || seq < position_.acknowledged)
      return fail(Code::invalid, "an acknowledgement that cannot be true");
    entries_.erase(entries_.begin(), entries_.upper_bound(seq));
    position_.acknowledged = seq;
    position_.first = seq + 1;
    return {};
  }

  Expected<void> park(std::string_view epoch, std::uint64_t seq, const std::string& why) override {
    const std::lock_guard guard(mutex_);
    if (epoch != position_.epoch) return fail(Code::conflict, "that epoch is over");
    const auto found = entries_.find(seq);
    if (found == entries_.end() || found->second.kind == wire::withheld_kind)
      return fail(Code::invalid, "nothing to park");
    found->second.kind = wire::withheld_kind;
    found->second.octets = wire::encode_gap({.reason = wire::Gap::Reason::parked, .records = 1, .text = why});
    ++health_.parked;
    return {};
  }

  Expected<void> begin_epoch(std::string_view epoch, wire::Gap::Reason reason, std::uint64_t missing) override {
    const std::lock_guard guard(mutex_);
    if (epoch != position_.epoch) return fail(Code::conflict, "that epoch is over");
    const auto old = std::exchange(entries_, {});
    const std::string old_epoch = position_.epoch;
    begin();
    for (const auto& [seq, entry] : old) {
      push({.kind = entry.kind,
            .octets = entry.octets,
            .origins = wire::encode_origins({old_epoch, seq, entry.hash}, entry.origins)});
    }
    push({.kind = std::string(wire::gap_kind), .octets = wire::encode_gap({.reason = reason, .records = missing})});
    return {};
  }

  void tend() override {}
  Position position() override {
    const std::lock_guard guard(mutex_);
    return position_;
  }
  Health health() override {
    const std::lock_guard guard(mutex_);
    return health_;
  }
  void on_append(std::function<void()> wake) override { wake_ = std::move(wake); }

 private:
  void begin() {
    static std::atomic<std::uint64_t> made = 0;
    const std::string name = wire::chain_start("memory " + std::to_string(++made));
    position_ = {.epoch = to_hex(name.substr(0, 16))};
    hashes_.clear();
  }
  void push(const Draft& record) {
    const std::string before = position_.last == 0 ? wire::chain_start(position_.epoch) : hashes_.at(position_.last);
    const std::uint64_t seq = ++position_.last;
    hashes_[seq] = wire::chain_link(before, seq, record.kind, record.octets);
    entries_[seq] = {.seq = seq,
                     .kind = record.kind,
                     .octets = record.octets,
                     .first = seq,
                     .hash = hashes_[seq],
                     .origins = record.origins,
                     .device = record.device,
                     .worth = record.worth};
  }

  std::mutex mutex_;
  Position position_;
  Health health_;
  std::map<std::uint64_t, Entry> entries_;
  std::map<std::uint64_t, std::string> hashes_;
  std::function<void()> wake_;
};

}  // namespace platen::ledger
