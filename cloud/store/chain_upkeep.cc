#include "cloud/store/chain_upkeep.h"

#include <fmt/format.h>

#include "proto/chain.h"

namespace platen::cloud {
namespace {

using sqlite::Blob;
using sqlite::Query;
using sqlite::Statement;

constexpr std::size_t most_faults = 10;

std::uint64_t count_at(const Query& query, int column) { return static_cast<std::uint64_t>(query.integer(column)); }

struct Epoch {
  std::int64_t number = 0;
  EpochProof proof;
  std::string hash;  // that the position claims
};

std::vector<Epoch> epochs_of(sqlite::Connection& connection) {
  Statement all(connection,
                "SELECT p.number, a.agent, p.epoch, p.through, p.hash FROM positions p JOIN agents a ON a.number = "
                "p.agent ORDER BY a.agent, p.number");
  std::vector<Epoch> epochs;
  for (Query query(all); query.next();) {
    Epoch epoch{.number = query.integer(0), .proof = {}, .hash = query.text(4)};
    epoch.proof.agent = query.text(1), epoch.proof.epoch = query.text(2), epoch.proof.through = count_at(query, 3);
    epochs.push_back(std::move(epoch));
  }
  return epochs;
}

class Walk {
 public:
  explicit Walk(Epoch& epoch) : epoch_(epoch), hash_(wire::chain_start(epoch.proof.epoch)) {}

  // Columns: seq, first, kind, octets, hash.
  void step(const Query& row) {
    const std::uint64_t seq = count_at(row, 0), first = row.null(1) ? seq : count_at(row, 1);
    const bool follows = first == last_ + 1;
    if (!follows) fault(fmt::format("records {} to {} are missing", last_ + 1, first - 1));
    const bool withheld = row.octets(2) == wire::withheld_kind;
    if (withheld) epoch_.proof.withheld += seq - first + 1;
    if (follows && !withheld && wire::chain_link(hash_, seq, row.octets(2), row.octets(3)) != row.octets(4))
      fault(fmt::format("record {} was changed, or the one before it was", seq));
    hash_ = row.text(4);
    last_ = seq;
    ++epoch_.proof.records;
  }
  void end() {
    if (last_ != epoch_.proof.through)
      fault(fmt::format("records {} to {} are missing", last_ + 1, epoch_.proof.through));
    else if (hash_ != epoch_.hash)
      fault(fmt::format("record {} is not the one that was acknowledged", last_));
  }

 private:
  void fault(std::string text) {
    if (epoch_.proof.faults.size() < most_faults) epoch_.proof.faults.push_back(std::move(text));
  }

  Epoch& epoch_;
  std::string hash_;
  std::uint64_t last_ = 0;
};

}  // namespace

std::vector<EpochProof> verify_epochs(sqlite::Connection& connection) {
  const sqlite::Snapshot snapshot(connection);  // while the server goes on
  std::vector<EpochProof> proofs;
  Statement records(connection, "SELECT seq, first, kind, octets, hash FROM records WHERE position = ?1 ORDER BY seq");
  for (Epoch& epoch : epochs_of(connection)) {
    Walk walk(epoch);
    for (Query query(records, epoch.number); query.next();) walk.step(query);
    walk.end();
    proofs.push_back(std::move(epoch.proof));
  }
  return proofs;
}

void fill_in_hashes(sqlite::Connection& connection) {
  Statement records(connection, "SELECT seq, kind, octets FROM records WHERE position = ?1 ORDER BY seq");
  Statement set_record(connection, "UPDATE records SET hash = ?3 WHERE position = ?1 AND seq = ?2");
  Statement set_position(connection, "UPDATE positions SET hash = ?2 WHERE number = ?1");
  for (const Epoch& epoch : epochs_of(connection)) {
    std::string hash = wire::chain_start(epoch.proof.epoch);
    for (Query query(records, epoch.number); query.next();) {
      hash = wire::chain_link(hash, count_at(query, 0), query.octets(1), query.octets(2));
      Query(set_record, epoch.number, query.integer(0), Blob{hash}).run();
    }
    Query(set_position, epoch.number, Blob{hash}).run();
  }
}

}  // namespace platen::cloud
