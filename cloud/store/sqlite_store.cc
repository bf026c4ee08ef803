// The Store port over SQLite: who may open it, which connection answers, and faults turned into errors.
#include <cassert>
#include <mutex>
#include <utility>

#include "cloud/store/chain_upkeep.h"
#include "cloud/store/sqlite_reader.h"
#include "cloud/store/sqlite_writer.h"
#include "cloud/store/store.h"
#include "cloud/store/store_file.h"

namespace platen::cloud {
namespace {

using sqlite::Connection;

// The database is well, but does not take these values: trying again would not help.
bool is_about_the_values(const sqlite::Fault& fault) {
  const int kind = fault.sqlite_code & 0xFF;
  return kind == SQLITE_CONSTRAINT || kind == SQLITE_TOOBIG || kind == SQLITE_MISMATCH;
}

// SQLite before 3.51.3 can corrupt a WAL that two connections of one process write and checkpoint: there is one.
class SqliteStore final : public Store {
 public:
  SqliteStore(std::string file, std::optional<WriterLock> lock, std::unique_ptr<SqliteWriter> writer,
              std::unique_ptr<SqliteReader> reader)
      : file_(std::move(file)), lock_(std::move(lock)), writer_(std::move(writer)), reader_(std::move(reader)) {
    assert(lock_.has_value() == (writer_ != nullptr));
    assert(reader_->connection().read_only());
  }

  Expected<Standing> standing(const std::string& agent, const std::string& epoch) override {
    return look([&] { return reader_->standing(agent, epoch); });
  }
  Expected<std::optional<std::string>> octets(const std::string& agent, const std::string& epoch,
                                              std::uint64_t seq) override {
    return look([&] { return reader_->octets(agent, epoch, seq); });
  }
  Expected<PutResult> put(const std::string& agent, const std::string& epoch, std::span<const StoredRecord> records,
                          WallTime now) override {
    return write([&] { return writer_->put(agent, epoch, records, now); });
  }
  Expected<void> preview(const std::string& agent, const std::string& epoch, std::span<const StoredRecord> records,
                         WallTime now) override {
    return write([&] { return writer_->preview(agent, epoch, records, now), true; }).map([](bool) {});
  }
  Expected<void> saw(const std::string& agent, const Greeting& greeting, WallTime now) override {
    return write([&] { return writer_->saw(agent, greeting, now), true; }).map([](bool) {});
  }
  Expected<void> trouble(const std::string& agent, const std::string& text, WallTime now) override {
    return write([&] { return writer_->trouble(agent, text, now), true; }).map([](bool) {});
  }
  Expected<std::vector<EpochProof>> verify() override {
    return look([&] { return verify_epochs(reader_->connection()); });
  }
  Expected<std::vector<AgentRow>> agents() override {
    return look([&] { return reader_->agents(); });
  }
  Expected<std::vector<PrinterRow>> printers() override {
    return look([&] { return reader_->printers(""); });
  }
  Expected<std::optional<PrinterRow>> printer(const std::string& id) override {
    return look([&]() -> std::optional<PrinterRow> {
      if (id.empty()) return std::nullopt;
      auto found = reader_->printers(id);
      return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
    });
  }
  Expected<std::vector<ReadingRow>> readings(const std::string& printer_id, std::size_t newest) override {
    return look([&] { return reader_->readings(printer_id, newest); });
  }
  Expected<std::vector<FleetRow>> fleet() override {
    return look([&] { return reader_->fleet(); });
  }
  Expected<std::vector<HistoryPoint>> history(const std::string& printer_id, std::size_t newest) override {
    return look([&] { return reader_->history(printer_id, newest); });
  }
  Expected<std::vector<FeedRow>> feed(std::int64_t after, std::size_t most) override {
    return look([&] { return reader_->feed(after, most); });
  }
  Expected<std::vector<FeedRow>> task_results(std::int64_t after, std::size_t most) override {
    return look([&] { return reader_->task_results(after, most); });
  }
  Expected<std::int64_t> tasks_seen() override {
    return look([&] { return reader_->tasks_seen(); });
  }
  Expected<void> saw_tasks(std::int64_t progress) override {
    return write([&] { return writer_->saw_tasks(progress), true; }).map([](bool) {});
  }

 private:
  template <class Do>
  auto look(Do act) -> Expected<decltype(act())> try {
    const std::lock_guard hold(reading_);
    return act();
  } catch (const sqlite::Fault& fault) {
    return fail(sqlite::to_error(fault, file_));
  }
  template <class Do>
  auto write(Do act) -> Expected<decltype(act())> try {
    if (writer_ == nullptr) return fail(Code::denied, file_ + ": opened for looking only");
    const std::lock_guard hold(writing_);
    return act();
  } catch (const sqlite::Fault& fault) {
    const bool of_the_records = is_about_the_values(fault);
    return fail(of_the_records ? Code::invalid : Code::unavailable,
                sqlite::to_error(fault, file_).text + "; nothing of it was stored");
  }

  const std::string file_;
  const std::optional<WriterLock> lock_;
  std::mutex writing_, reading_;
  const std::unique_ptr<SqliteWriter> writer_;
  const std::unique_ptr<SqliteReader> reader_;
};

Expected<Inspected> look_at(const std::string& file) try {
  Connection connection(file, Connection::Mode::read_only);
  return inspect(connection, file);
} catch (const sqlite::Fault& fault) {
  return fail(sqlite::to_error(fault, file));
}

Expected<std::unique_ptr<Store>> open_locked(const std::string& file, WriterLock lock) try {
  auto writer = std::make_unique<SqliteWriter>(file);
  auto reader = std::make_unique<SqliteReader>(file);
  return std::make_unique<SqliteStore>(file, std::move(lock), std::move(writer), std::move(reader));
} catch (const sqlite::Fault& fault) {
  return fail(sqlite::to_error(fault, file));
}

Expected<std::unique_ptr<Store>> open_to_look(const std::string& file) try {
  return std::make_unique<SqliteStore>(file, std::nullopt, nullptr, std::make_unique<SqliteReader>(file));
} catch (const sqlite::Fault& fault) {
  return fail(sqlite::to_error(fault, file));
}

}  // namespace

Expected<std::unique_ptr<Store>> open_sqlite_store(const std::string& file) {
  return make_file_if_missing(file)
      .and_then([&] { return check_rights(file, Connection::Mode::read_write); })
      .and_then([&] { return look_at(file); })
      .and_then([&](const Inspected&) { return WriterLock::take(file); })
      .and_then([&](WriterLock&& lock) { return open_locked(file, std::move(lock)); });
}

Expected<std::unique_ptr<Store>> open_sqlite_store_read_only(const std::string& file) {
  return check_rights(file, Connection::Mode::read_only)
      .and_then([&] { return look_at(file); })
      .and_then([&](const Inspected& found) -> Expected<std::unique_ptr<Store>> {
        if (found.empty) return fail(Code::not_found, file + ": nothing is stored in it yet");
        if (found.older)
          return fail(Code::invalid, file + ": of an older version; platen-cloud serve brings it up to date");
        return open_to_look(file);
      });
}

}  // namespace platen::cloud
