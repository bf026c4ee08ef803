#include <fmt/format.h>

#include <filesystem>

#include "agent/host/lock.h"
#include "agent/ledger/book.h"
#include "agent/ledger/ledger.h"
#include "proto/chain.h"

namespace platen::ledger {
namespace {

using sqlite::Query;
using sqlite::Statement;

constexpr std::size_t most_faults = 10;

class Walk {
 public:
  Walk(const Head& head, Proof& proof) : proof_(proof), last_(head.acknowledged), hash_(head.acknowledged_hash) {}

  void step(const Entry& entry) {
    if (entry.first != last_ + 1) fault(fmt::format("records {} to {} are missing", last_ + 1, entry.first - 1));
    const bool withheld = entry.kind == wire::withheld_kind;
    if (withheld) proof_.withheld += entry.seq - entry.first + 1;
    const bool follows = entry.first == last_ + 1 && !hash_.empty();
    if (follows && !withheld && wire::chain_link(hash_, entry.seq, entry.kind, entry.octets) != entry.hash)
      fault(fmt::format("record {} was changed, or the one before it was cut out", entry.seq));
    hash_ = entry.hash;
    last_ = entry.seq;
  }
  void end(const Head& head) {
    if (last_ != head.last)
      fault(fmt::format("records {} to {} are missing", last_ + 1, head.last));
    else if (hash_ != head.last_hash)
      fault("the newest record is not the one that was written last");
  }
  void fault(std::string text) {
    if (proof_.faults.size() < most_faults) proof_.faults.push_back(std::move(text));
  }

 private:
  Proof& proof_;
  std::uint64_t last_;
  std::string hash_;
};

Proof prove(Book& book) {
  const Head head = book.head();
  Proof proof{.position = {head.epoch, head.acknowledged + 1, head.last, head.acknowledged}, .faults = {}};
  Walk walk(head, proof);
  Statement check(book.connection(), "PRAGMA integrity_check(1)");
  if (Query integrity(check); integrity.next() && integrity.text(0) != "ok") walk.fault(integrity.text(0));
  book.each([&](const Entry& entry) { walk.step(entry); });
  walk.end(head);
  proof.parked = book.parked();
  return proof;
}

}  // namespace

Expected<Proof> verify(const std::string& file) {
  if (!std::filesystem::exists(file)) return fail(Code::not_found, "there is no ledger " + file + "; check the path");
  auto lock = host::Lock::take(file + ".lock", "the ledger " + file);
  if (!lock) return fail(lock.error());
  auto book = Book::open_to_look(file);
  if (!book) return fail(book.error());
  try {
    return prove(**book);
  } catch (const sqlite::Fault& fault) {
    return fail(Code::corrupt, "the ledger " + file + ": " + fault.text);
  }
}

}  // namespace platen::ledger
