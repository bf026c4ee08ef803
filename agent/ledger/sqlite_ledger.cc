#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include "agent/host/lock.h"
#include "agent/ledger/aside.h"
#include "agent/ledger/book.h"
#include "agent/ledger/ledger.h"
#include "agent/ledger/mark.h"
#include "agent/ledger/salvage.h"
#include "base/log.h"

namespace platen::ledger {
namespace {

constexpr std::size_t most_record_octets = std::size_t{1} << 20U;  // what the cloud takes in one piece
constexpr std::size_t carried_at_once = 2000, carried_octets_at_once = std::size_t{4} << 20U;
// A file whose beginning cannot be read for this long is given up; the next one waits twice as long.
constexpr std::chrono::milliseconds read_patience{5'000}, longest_read_patience{3'600'000}, read_memory{60'000};
constexpr int carries_at_start = 20;  // the rest is carried over by tend(): the agent must be up within seconds

// These faults leave the connection as good as it was; after any other one (a failed fsync above all) it is opened
// anew.
bool connection_survives(const sqlite::Fault& fault) {
  const int kind = fault.sqlite_code & 0xFF;
  return kind == SQLITE_FULL || kind == SQLITE_NOMEM || kind == SQLITE_TOOBIG;
}

// What no second try will cure.
bool is_damage(const sqlite::Fault& fault) {
  const int kind = fault.sqlite_code & 0xFF;
  return kind == SQLITE_CORRUPT || kind == SQLITE_NOTADB || kind == SQLITE_ERROR || kind == SQLITE_FORMAT ||
         kind == SQLITE_CONSTRAINT || kind == SQLITE_MISMATCH;
}

bool is_refused_read(const sqlite::Fault& fault) {
  return fault.sqlite_code == SQLITE_IOERR_READ || fault.sqlite_code == SQLITE_IOERR_CORRUPTFS ||
         fault.sqlite_code == SQLITE_IOERR_SHORT_READ;
}

class SqliteLedger final : public Ledger {
 public:
  SqliteLedger(Options options, const Clock& clock)
      : options_(std::move(options)), clock_(clock), owner_(options_.owner), owned_(!options_.owner_follows) {}

  Expected<void> begin() {
    const std::lock_guard guard(mutex_);
    if (auto opened = ready(); !opened) return opened;
    for (int i = 0; i < carries_at_start && carry_over_some(); ++i) {
    }
    return {};
  }

  using Ledger::after;
  using Ledger::append;

  Expected<std::uint64_t> append(std::span<const Draft> records) override {
    for (const Draft& record : records) {
      if (record.octets.size() > most_record_octets)
        return fail(Code::invalid, fmt::format("a {} record of {} octets; at most {}", record.kind,
                                               record.octets.size(), most_record_octets));
    }
    auto last = append_locked(records);
    if (last && !records.empty()) tell();
    return last;
  }

  Expected<std::vector<Entry>> after(std::string_view epoch, std::uint64_t seq, std::size_t max_octets) override {
    const std::lock_guard guard(mutex_);
    if (epoch != head_.epoch) return fail(over(epoch));
    if (seq >= head_.last) return std::vector<Entry>{};
    return attempt("read", [&](Book& book) { return book.after(head_, seq, max_octets); });
  }

  Expected<std::vector<Entry>> newest_of_each(std::string_view epoch, std::uint64_t after, std::uint64_t before,
                                              std::size_t max_octets) override {
    const std::lock_guard guard(mutex_);
    if (epoch != head_.epoch) return fail(over(epoch));
    return attempt("read", [&](Book& book) {
      return book.newest_of_each(std::max(after, head_.acknowledged), before, max_octets);
    });
  }

  Expected<std::string> hash_at(std::uint64_t seq) override {
    const std::lock_guard guard(mutex_);
    return attempt("read", [&](Book& book) { return book.hash_at(head_, seq); });
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
    return attempt("trim", [&](Book& book) { return book.trim(head_, seq); }).map([this](Head head) {
      take(std::move(head));
    });
  }

  Expected<void> park(std::string_view epoch, std::uint64_t seq, const std::string& why) override {
    const std::lock_guard guard(mutex_);
    if (epoch != head_.epoch) return fail(over(epoch));
    if (seq <= head_.acknowledged || seq > head_.last)
      return fail(Code::invalid, fmt::format("there is no record {} to park", seq));
    const auto parked = attempt("park in", [&](Book& book) { return book.park(head_, seq, why, clock_.wall()); });
    if (!parked) return fail(parked.error());
    if (!*parked) return fail(Code::invalid, fmt::format("record {} is withheld already", seq));
    log::warn("ledger.parked", {{"seq", seq}, {"why", why}});
    trouble_ = fmt::format("record {} is parked: {}", seq, why);
    return {};
  }

  Expected<void> begin_epoch(std::string_view epoch, wire::Gap::Reason reason, std::uint64_t missing) override {
    const std::lock_guard guard(mutex_);
    if (epoch != head_.epoch) return fail(over(epoch));
    if (auto done = begin_anew(wire::name_of(reason), std::string(wire::name_of(reason)), missing); !done) return done;
    return ready();
  }

  void own(const std::string& owner) override {
    const std::lock_guard guard(mutex_);
    if (!owned_) owner_ = owner;
    owned_ = true;
  }

  void tend() override {
    bool carried = false;
    {
      const std::lock_guard guard(mutex_);
      carried = ready() && carry_over_some();
    }
    if (carried) tell();
  }

  Position position() override {
    const std::lock_guard guard(mutex_);
    return {head_.epoch, head_.acknowledged + 1, head_.last, head_.acknowledged};
  }

  Health health() override {
    const std::lock_guard guard(mutex_);
    Health health{.to_carry_over = rescues_.size(), .trouble = trouble_};
    const auto counts = attempt("look at", [](Book& book) { return std::pair(book.parked(), book.octets_in_use()); });
    if (counts) std::tie(health.parked, health.octets) = *counts;
    if (!counts) health.trouble = counts.error().text;
    return health;
  }

  void on_append(std::function<void()> wake) override {
    const std::lock_guard guard(wake_mutex_);
    wake_ = std::move(wake);
  }

 private:
  [[nodiscard]] Error over(std::string_view epoch) const {
    return {Code::conflict, fmt::format("epoch {} is over, this ledger's is {}", epoch, head_.epoch)};
  }

  Expected<std::uint64_t> append_locked(std::span<const Draft> records) {
    const std::lock_guard guard(mutex_);
    if (records.empty()) return head_.last;
    const auto work = [&](Book& book) { return book.append(head_, records, clock_.wall()); };
    auto appended = attempt("append to", work);
    if (!appended && appended.error().code == Code::corrupt) appended = attempt("append to", work);  // to the new one
    if (!appended) return fail(Code::unavailable, appended.error().text);
    take(*std::move(appended));
    keep_within_bounds();
    return head_.last;
  }

  // A little with each append, so that none takes long. What is never thrown away may outgrow the bounds.
  void keep_within_bounds() {
    const auto thinned = attempt("thin", [&](Book& book) {
      const bool over = book.octets_in_use() > options_.most_octets;
      return over ? book.thin(head_, clock_.wall()) : std::pair(head_, std::size_t{0});
    });
    if (!thinned || thinned->second == 0) return;
    if (!std::exchange(thinning_, true))
      log::warn("ledger.thinning", {{"file", options_.file}, {"most_octets", options_.most_octets}});
    trouble_ = "the ledger is full: what is worth least goes";
    take(thinned->first);
  }

  void tell() {
    const std::lock_guard guard(wake_mutex_);
    if (wake_) wake_();
  }

  void take(Head head) {
    head_ = std::move(head);
    if (mark_) mark_->write({head_.epoch, head_.last, head_.acknowledged, head_.acknowledged_hash});
  }

  // Code::corrupt: the ledger was damaged, and has begun anew.
  template <class Work>
  auto attempt(const char* doing, Work work) -> Expected<decltype(work(std::declval<Book&>()))> {
    try {
      if (auto open = ready(); !open) return fail(open.error());
      return work(*book_);
    } catch (const sqlite::Fault& fault) {
      Error error{Code::unavailable, fmt::format("cannot {} the ledger {}: {}", doing, options_.file, fault.text)};
      if (!connection_survives(fault)) book_.reset();
      if (gives_up_on(fault) && begin_anew("damaged", fault.text, 0) && ready()) error.code = Code::corrupt;
      return fail(std::move(error));
    }
  }

  bool gives_up_on(const sqlite::Fault& fault) { return is_damage(fault) || is_unreadable_for_long(fault); }

  // SQLite calls a page that cannot be read damaged at once, but for the first ones: those are tried again for a while.
  bool is_unreadable_for_long(const sqlite::Fault& fault) {
    if (!is_refused_read(fault)) return false;
    const MonotonicTime now = clock_.monotonic();
    if (!unreadable_since_ || now - unreadable_at_ > read_memory) unreadable_since_ = now;
    unreadable_at_ = now;
    if (now - *unreadable_since_ < patience_) return false;
    patience_ = std::min(2 * patience_, longest_read_patience);
    unreadable_since_.reset();
    return true;
  }

  // Held for as long as the file is in use, unless its folder is another one by now.
  Expected<void> lock() {
    const std::string path = options_.file + ".lock";
    if (lock_ && lock_->is_at(path)) return {};
    lock_.reset();
    auto taken = host::Lock::take(path, "the ledger " + options_.file);
    if (!taken) return fail(taken.error());
    lock_.emplace(*std::move(taken));
    return {};
  }

  // Opens the file when it is not open, or is not the one any more that its name says.
  Expected<void> ready() {
    if (book_ && !book_->moved()) return {};
    book_.reset();
    mark_.reset();
    if (!owned_) return fail(Code::unavailable, "whose ledger is to be opened is not known yet");
    if (auto locked = lock(); !locked) return locked;
    if (auto whole = finish_putting_aside(options_.file); !whole) return whole;
    auto opened = open();
    if (opened) return opened;
    if (opened.error().code != Code::corrupt) {
      lock_.reset();  // nothing of ours may keep somebody from unmounting and repairing this disk
      return opened;
    }
    if (auto aside = begin_anew("damaged", opened.error().text, 0); !aside) return aside;
    return open().map_error([](Error error) { return Error{Code::unavailable, std::move(error.text)}; });
  }

  // Code::corrupt: what stands there has to go.
  Expected<void> open() {
    try {
      auto book = Book::open(options_.file, owner_);
      if (!book) return fail(book.error());
      if (const std::string why = suspicion(**book); !why.empty()) return fail(Code::corrupt, why);
      adopt(*std::move(book));
      return {};
    } catch (const sqlite::Fault& fault) {
      return fail(gives_up_on(fault) ? Code::corrupt : Code::unavailable,
                  fmt::format("cannot open the ledger {}: {}", options_.file, fault.text));
    }
  }

  std::string suspicion(Book& book) {
    const Head head = book.head();
    const auto mark = read_mark(options_.file);
    if (mark && mark->epoch != head.epoch) return "another ledger stands there than the one that was used last";
    const std::uint64_t known = std::max(mark ? mark->last : 0, head.epoch == head_.epoch ? head_.last : 0);
    if (head.last < known) return fmt::format("it ends at record {}, but had come to {}", head.last, known);
    return book.implausible(head);
  }

  void adopt(std::unique_ptr<Book> book) {
    Head found = book->head();
    if (found.epoch == head_.epoch && found.last > head_.last) found = cut_back(*book, found);
    const auto asides = files_aside(options_.file);
    for (const std::string& aside : asides) {
      const auto missing = missing_.find(aside);
      book->begin_rescue({.file = aside, .missing = missing == missing_.end() ? 0 : missing->second});
    }
    rescues_ = book->rescues();
    book->forget_old_devices(found);
    if (found.epoch != head_.epoch && asides.empty()) found = count_what_is_gone(*book, found);
    book_ = std::move(book);
    mark_.emplace(options_.file);
    take(std::move(found));
  }

  // A commit that failed may still be found whole in the file: it was never promised, so it goes.
  Head cut_back(Book& book, const Head& found) {
    Head promised = head_;
    if (found.acknowledged > promised.acknowledged && found.acknowledged <= promised.last) {
      promised.acknowledged = found.acknowledged;
      promised.acknowledged_hash = found.acknowledged_hash;
    }
    book.cut_back_to(promised);
    return promised;
  }

  // Another ledger than the one in use, and nothing was put aside: its folder is gone, with what waited there.
  Head count_what_is_gone(Book& book, Head found) {
    const std::uint64_t waited = head_.last - head_.acknowledged;  // 0: none was in use
    if (waited == 0) return found;
    const wire::Gap gap{
        .reason = wire::Gap::Reason::damaged, .records = waited, .from = std::nullopt, .through = clock_.wall()};
    trouble_ = wire::to_text(gap);
    log::warn("ledger.replaced", {{"file", options_.file}, {"gap", trouble_}});
    const Draft draft{.kind = std::string(wire::gap_kind), .octets = wire::encode_gap(gap)};
    return book.append(std::move(found), {&draft, 1}, clock_.wall());
  }

  // What stands there is put aside; the next ready() makes a new one.
  Expected<void> begin_anew(std::string_view reason, const std::string& why, std::uint64_t missing) {
    book_.reset();
    mark_.reset();
    salvage_.reset();
    auto aside = put_aside(options_.file, reason);
    if (!aside) return fail(aside.error());
    log::warn("ledger.begun_anew", {{"file", options_.file}, {"why", why}, {"put_aside", *aside}});
    if (missing > 0) missing_[*aside] = missing;
    return {};
  }

  // A few of the records that wait in files put aside. False: nothing waits, or nothing can be written now.
  bool carry_over_some() {
    if (rescues_.empty()) return false;
    Rescue& rescue = rescues_.front();
    if (!salvage_) salvage_ = Salvage::open(rescue.file, owner_);
    auto found = salvage_->after(rescue.after, carried_at_once, carried_octets_at_once);
    if (found.empty()) return end_rescue(rescue);
    Rescue then = rescue;
    std::vector<Draft> records;
    for (Salvage::Found& each : found) {
      then.after = each.seq;
      then.carried += each.seq - each.first + 1;
      records.push_back(std::move(each.record));
    }
    auto carried =
        attempt("carry over to", [&](Book& book) { return book.carry_over(head_, then, records, clock_.wall()); });
    if (!carried) return false;  // damage has begun another ledger, and rescues_ is that one's
    rescues_.front() = std::move(then);
    take(*std::move(carried));
    return true;
  }

  bool end_rescue(const Rescue& rescue) {
    wire::Gap gap{.reason = reason_named(reason_of(rescue.file)), .from = std::nullopt, .through = clock_.wall()};
    if (const auto due = salvage_->due()) gap.records = *due - std::min(*due, rescue.carried) + rescue.missing;
    const Draft draft{.kind = std::string(wire::gap_kind), .octets = wire::encode_gap(gap)};
    auto ended =
        attempt("end a rescue in", [&](Book& book) { return book.end_rescue(head_, rescue, draft, clock_.wall()); });
    if (!ended) return false;
    take(*std::move(ended));
    log::warn("ledger.carried_over", {{"from", rescue.file}, {"records", rescue.carried}, {"gap", wire::to_text(gap)}});
    trouble_ = wire::to_text(gap);
    salvage_.reset();
    keep_for_a_while(options_.file, rescue.file);
    rescues_.erase(rescues_.begin());
    return true;
  }

  static wire::Gap::Reason reason_named(const std::string& name) {
    using Reason = wire::Gap::Reason;
    for (const Reason reason : {Reason::restored, Reason::cloud_lost}) {
      if (wire::name_of(reason) == name) return reason;
    }
    return Reason::damaged;
  }

  const Options options_;
  const Clock& clock_;
  std::mutex mutex_;  // guards all below
  std::string owner_;
  bool owned_;
  std::optional<host::Lock> lock_;  // outlives book_
  std::unique_ptr<Book> book_;
  std::optional<MarkWriter> mark_;
  Head head_;  // as promised last; no epoch: not opened yet
  std::vector<Rescue> rescues_;
  std::map<std::string, std::uint64_t> missing_;  // beside what the files put aside should hold
  std::unique_ptr<Salvage> salvage_;              // of rescues_.front()
  std::string trouble_;
  bool thinning_ = false;  // said so already
  std::chrono::milliseconds patience_ = read_patience;
  std::optional<MonotonicTime> unreadable_since_;
  MonotonicTime unreadable_at_{};
  std::mutex wake_mutex_;
  std::function<void()> wake_;
};

}  // namespace

Expected<std::uint64_t> Ledger::append(std::string_view kind, std::span<const std::string> records) {
  std::vector<Draft> drafts;
  for (const std::string& octets : records) drafts.push_back({.kind = std::string(kind), .octets = octets});
  return append(drafts);
}

Expected<std::vector<Entry>> Ledger::after(std::uint64_t seq, std::size_t max_octets) {
  return after(position().epoch, seq, max_octets);
}

Expected<std::unique_ptr<Ledger>> Ledger::open(const Options& options, const Clock& clock) {
  auto ledger = std::make_unique<SqliteLedger>(options, clock);
  const auto begun = ledger->begin();
  if (begun) return ledger;
  if (begun.error().code == Code::conflict) return fail(begun.error());
  log::error("ledger.not_yet", {{"why", begun.error().text}});
  return ledger;
}

Expected<std::unique_ptr<Ledger>> Ledger::open(const std::string& file, const Clock& clock) {
  return open(Options{.file = file}, clock);
}

}  // namespace platen::ledger
