#include "agent/ledger/ledger.h"

#include <fmt/format.h>

#include <filesystem>
#include <mutex>
#include <optional>
#include <utility>

#include "agent/host/lock.h"
#include "agent/ledger/book.h"

namespace platen::ledger {
namespace {

constexpr std::size_t most_record_octets = std::size_t{1} << 20U;  // what the cloud takes in one piece

// These faults leave the connection as good as it was; after any other one (a failed fsync above all) it is opened
// anew.
bool connection_survives(const sqlite::Fault& fault) {
  const int kind = fault.sqlite_code & 0xFF;
  return kind == SQLITE_FULL || kind == SQLITE_NOMEM || kind == SQLITE_TOOBIG;
}

class SqliteLedger final : public Ledger {
 public:
  SqliteLedger(std::string file, const Clock& clock, host::Lock lock, std::unique_ptr<Book> book, Head head)
      : file_(std::move(file)), clock_(clock), lock_(std::move(lock)), book_(std::move(book)), head_(std::move(head)) {}

  Expected<std::uint64_t> append(std::string_view kind, std::span<const std::string> records) override {
    for (const std::string& octets : records) {
      if (octets.size() > most_record_octets)
        return fail(Code::invalid,
                    fmt::format("a {} record of {} octets; at most {}", kind, octets.size(), most_record_octets));
    }
    auto last = append_locked(kind, records);
    if (last && !records.empty()) tell();
    return last;
  }

  Expected<std::vector<Entry>> after(std::uint64_t seq, std::size_t max_octets) override {
    const std::lock_guard guard(mutex_);
    if (seq >= head_.last) return std::vector<Entry>{};
    return attempt("read", [&](Book& book) { return book.after(seq, max_octets); });
  }

  Expected<void> acknowledge(std::string_view epoch, std::uint64_t seq) override {
    const std::lock_guard guard(mutex_);
    if (epoch != head_.epoch)
      return fail(Code::invalid, fmt::format("acknowledgement for epoch {}, this ledger's is {}", epoch, head_.epoch));
    if (seq > head_.last)
      return fail(Code::invalid,
                  fmt::format("acknowledgement through {}, but the newest record is {}", seq, head_.last));
    if (seq < head_.acknowledged)
      return fail(Code::invalid,
                  fmt::format("acknowledgement through {} after one through {}", seq, head_.acknowledged));
    if (seq == head_.acknowledged) return {};
    auto trimmed = attempt("trim", [&](Book& book) { return book.trim(head_, seq); });
    if (!trimmed) return fail(trimmed.error());
    head_ = *std::move(trimmed);
    return {};
  }

  Position position() override {
    const std::lock_guard guard(mutex_);
    return {head_.epoch, head_.acknowledged + 1, head_.last, head_.acknowledged};
  }

  void on_append(std::function<void()> wake) override {
    const std::lock_guard guard(wake_mutex_);
    wake_ = std::move(wake);
  }

 private:
  Expected<std::uint64_t> append_locked(std::string_view kind, std::span<const std::string> records) {
    const std::lock_guard guard(mutex_);
    if (records.empty()) return head_.last;
    auto appended = attempt("append to", [&](Book& book) { return book.append(head_, kind, records, clock_.wall()); });
    if (!appended) return fail(appended.error());
    head_ = *std::move(appended);
    return head_.last;
  }

  void tell() {
    const std::lock_guard guard(wake_mutex_);
    if (wake_) wake_();
  }

  template <class Work>
  auto attempt(const char* doing, Work work) -> Expected<decltype(work(std::declval<Book&>()))> {
    try {
      if (auto open = reopen(); !open) return fail(open.error());
      return work(*book_);
    } catch (const sqlite::Fault& fault) {
      if (!connection_survives(fault)) book_.reset();
      return fail(Code::unavailable, fmt::format("cannot {} the ledger {}: {}", doing, file_, fault.text));
    }
  }

  // A commit that failed may still be found whole in the file: it was never promised, so it goes.
  Expected<void> reopen() {
    if (book_) return {};
    auto opened = Book::open(file_);
    if (!opened) return fail(Code::unavailable, opened.error().text);
    const Head found = (*opened)->head();
    if (found.epoch != head_.epoch || found.last < head_.last)
      return fail(Code::unavailable, "the ledger " + file_ + " was replaced or cut while in use; restart the agent");
    if (found.acknowledged > head_.acknowledged && found.acknowledged <= head_.last) {
      head_.acknowledged = found.acknowledged;
      head_.acknowledged_hash = found.acknowledged_hash;
    }
    if (found.last > head_.last) (*opened)->cut_back_to(head_);
    book_ = *std::move(opened);
    return {};
  }

  const std::string file_;
  const Clock& clock_;
  const host::Lock lock_;  // outlives book_
  std::mutex mutex_;       // guards book_ and head_
  std::unique_ptr<Book> book_;
  Head head_;
  std::mutex wake_mutex_;
  std::function<void()> wake_;
};

// Cheap sentences that must be true before anything is promised on top of the file; verify() reads all of it.
Expected<Head> plausible_head(Book& book, const std::string& file) try {
  const Head head = book.head();
  const auto oldest = book.after(0, 0);
  const bool whole =
      head.acknowledged == head.last ? oldest.empty() : !oldest.empty() && oldest.front().seq == head.acknowledged + 1;
  const bool ends = head.acknowledged == head.last || !book.after(head.last - 1, 0).empty();
  if (whole && ends && book.after(head.last, 0).empty()) return head;
  return fail(Code::corrupt,
              fmt::format("the ledger {} does not hold the records {} to {} that it counts: it was cut or restored "
                          "in part; move it away and a new one is made",
                          file, head.acknowledged + 1, head.last));
} catch (const sqlite::Fault& fault) {
  return fail(Code::corrupt,
              fmt::format("the ledger {} is damaged ({}); move it away and a new one is made", file, fault.text));
}

}  // namespace

Expected<std::unique_ptr<Ledger>> Ledger::open(const std::string& file, const Clock& clock) {
  auto lock = host::Lock::take(file + ".lock", "the ledger " + file);
  if (!lock) return fail(lock.error());
  auto book = Book::open(file);
  if (!book) return fail(book.error());
  auto head = plausible_head(**book, file);
  if (!head) return fail(head.error());
  return std::make_unique<SqliteLedger>(file, clock, *std::move(lock), *std::move(book), *std::move(head));
}

Expected<Position> verify(const std::string& file) {
  if (!std::filesystem::exists(file)) return fail(Code::not_found, "there is no ledger " + file + "; check the path");
  auto lock = host::Lock::take(file + ".lock", "the ledger " + file);
  if (!lock) return fail(lock.error());
  auto book = Book::open(file);
  if (!book) return fail(book.error());
  try {
    if (const std::string fault = (*book)->fault(); !fault.empty())
      return fail(Code::corrupt, "the ledger " + file + ": " + fault);
    const Head head = (*book)->head();
    return Position{head.epoch, head.acknowledged + 1, head.last, head.acknowledged};
  } catch (const sqlite::Fault& fault) {
    return fail(Code::corrupt, "the ledger " + file + ": " + fault.text);
  }
}

}  // namespace platen::ledger
