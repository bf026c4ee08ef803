// The SQLite store on an empty file of its own, for tests that want to see what was put into it, or to give it a bad day.
//
//   Effects  a folder under the temporary one while it lives.
#pragma once

#include <stdlib.h>  // NOLINT(modernize-deprecated-headers): mkdtemp is POSIX

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "cloud/store/store.h"

namespace platen::cloud {

class WatchedStore final : public Store {
 public:
  // Asked before each put; an Error is what put() then says, and nothing is stored.
  std::function<Expected<void>(std::span<const StoredRecord>)> before_put;
  std::function<void()> after_preview;
  std::function<void()> after_put;  // after the records are stored, before put() returns

  Expected<Standing> standing(const std::string& agent, const std::string& epoch) override {
    return store().standing(agent, epoch);
  }
  Expected<std::optional<std::string>> octets(const std::string& agent, const std::string& epoch,
                                              std::uint64_t seq) override {
    return store().octets(agent, epoch, seq);
  }
  Expected<PutResult> put(const std::string& agent, const std::string& epoch, std::span<const StoredRecord> records,
                          WallTime now) override {
    if (before_put) {
      if (auto ready = before_put(records); !ready) return fail(ready.error());
    }
    auto result = put_and_note(agent, epoch, records, now);
    if (after_put) after_put();
    return result;
  }
  Expected<void> preview(const std::string& agent, const std::string& epoch, std::span<const StoredRecord> records,
                         WallTime now) override {
    {
      const std::lock_guard guard(mutex_);
      const std::uint64_t through = store().position(agent, epoch).value();
      for (const StoredRecord& record : records) {
        if (record.reading && record.seq > through) previewed_[{agent, epoch}].push_back(record);
      }
    }
    auto shown = store().preview(agent, epoch, records, now);
    if (after_preview) after_preview();
    return shown;
  }
  Expected<void> saw(const std::string& agent, const Greeting& greeting, WallTime now) override {
    return store().saw(agent, greeting, now);
  }
  Expected<void> trouble(const std::string& agent, const std::string& text, WallTime now) override {
    return store().trouble(agent, text, now);
  }
  Expected<std::vector<AgentRow>> agents() override { return store().agents(); }
  Expected<std::vector<EpochProof>> verify() override { return store().verify(); }
  Expected<std::vector<PrinterRow>> printers() override { return store().printers(); }
  Expected<std::optional<PrinterRow>> printer(const std::string& id) override { return store().printer(id); }
  Expected<std::vector<ReadingRow>> readings(const std::string& id, std::size_t newest) override {
    return store().readings(id, newest);
  }
  Expected<std::vector<FleetRow>> fleet() override { return store().fleet(); }
  Expected<std::vector<HistoryPoint>> history(const std::string& id, std::size_t newest) override {
    return store().history(id, newest);
  }
  Expected<std::vector<FeedRow>> feed(std::int64_t after, std::size_t most) override {
    return store().feed(after, most);
  }
  Expected<std::vector<FeedRow>> task_results(std::int64_t after, std::size_t most) override {
    return store().task_results(after, most);
  }
  Expected<std::int64_t> tasks_seen() override { return store().tasks_seen(); }
  Expected<void> saw_tasks(std::int64_t progress) override { return store().saw_tasks(progress); }

  // Every preview that was ahead when it came, in their order.
  std::vector<StoredRecord> previewed(const std::string& agent, const std::string& epoch) {
    const std::lock_guard guard(mutex_);
    return previewed_[{agent, epoch}];
  }
  // Every record as it was when it was stored, in their order.
  std::vector<StoredRecord> taken(const std::string& agent, const std::string& epoch) {
    const std::lock_guard guard(mutex_);
    return taken_[{agent, epoch}];
  }

 private:
  using Log = std::pair<std::string, std::string>;  // agent, epoch

  class File {
   public:
    File() {
      if (::mkdtemp(folder_.data()) == nullptr) throw std::runtime_error("no temporary folder");
      store_ = open_sqlite_store(folder_ + "/store.db").value();
    }
    ~File() {
      store_.reset();
      std::filesystem::remove_all(folder_);
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    Store& operator*() { return *store_; }

   private:
    std::string folder_ = std::filesystem::temp_directory_path() / "platen-store.XXXXXX";
    std::unique_ptr<Store> store_;
  };

  Expected<PutResult> put_and_note(const std::string& agent, const std::string& epoch,
                                   std::span<const StoredRecord> records, WallTime now) {
    const std::lock_guard guard(mutex_);
    const std::uint64_t before = store().position(agent, epoch).value();
    auto result = store().put(agent, epoch, records, now);
    if (!result) return result;
    for (const StoredRecord& record : records) {
      if (record.seq > before && record.seq <= result->through_seq) taken_[{agent, epoch}].push_back(record);
    }
    return result;
  }
  Store& store() { return *file_; }

  File file_;
  std::mutex mutex_;
  std::map<Log, std::vector<StoredRecord>> previewed_, taken_;
};

}  // namespace platen::cloud
