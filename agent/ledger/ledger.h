// The ledger: the agent's durable, numbered log of records on their way to the cloud.
//
//   Source   docs/ledger.md: exactly once by numbering. SQLite in WAL mode with synchronous=FULL, exactly one connection
//            that writes and checkpoints (SQLite before 3.51.3 can corrupt a WAL written through two).
//   Shapes   A record is opaque octets with a kind. seq counts from 1 within an epoch without gaps; the epoch is a random
//            128-bit id made with the database file. Every record has the hash of the chain up to it (proto/chain.h).
//   Healing  A file that is damaged, cut, gone, of another agent or of a newer version is put aside, what reads is carried
//            over into a new one with a new epoch, and a record of kind "gap" says what is missing. Nobody has to do
//            anything.
//   Errors   open: Code::conflict when another process holds it (names the holder). A folder that is missing, or not ours,
//            and a disk that takes or gives nothing are waited for: every call tries again, and until then position() has
//            no epoch.
//            append: Code::unavailable when it is not durable (nothing has changed then: try again), Code::invalid for a
//            record above 1 MiB.
//   Threads  Callable from any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/expected.h"
#include "proto/ledger_codec.h"

namespace platen::ledger {

struct Position {
  std::string epoch;        // 32 hex digits
  std::uint64_t first = 1;  // oldest record still kept
  std::uint64_t last = 0;   // newest record; 0: none yet
  std::uint64_t acknowledged = 0;
};

// What a record is worth when space ends: it goes in this order.
enum class Worth { status, supplies, meters, always /*never thrown away*/ };

struct Draft {
  std::string kind;  // "reading", "scan", …
  std::string octets;
  std::string device = {};  // whose reading; "": nobody's. Of `meters`, the newest of a device is never thrown away.
  Worth worth = Worth::always;
  std::string origins = {};  // serialised platen.v1.Origins: where it stood before it was salvaged; "" for what is new
};

struct Entry {
  std::uint64_t seq = 0;
  std::string kind;
  std::string octets;
  std::uint64_t first = 0;  // < seq when withheld: it stands for first..seq
  std::string hash;         // of the chain at seq
  std::string origins;      // as in Draft
  std::string device;
  Worth worth = Worth::always;
};

// What the ledger has been through, for the operator.
struct Health {
  std::uint64_t parked = 0;         // records that the cloud refused, kept aside
  std::uint64_t to_carry_over = 0;  // files put aside whose records are still being carried over
  std::string trouble;              // the latest gap in a sentence; "": none since the agent started
  std::uint64_t octets = 0;         // of the file, as far as it is in use
};

struct Options {
  std::string file;
  std::string owner = {};                                 // the agent's id; "": any
  bool owner_follows = false;                             // nothing is opened until own() has said whose it is
  std::uint64_t most_octets = std::uint64_t{256} << 20U;  // of the file; then what is worth least goes
};

class Ledger {
 public:
  [[nodiscard]] static Expected<std::unique_ptr<Ledger>> open(const Options& options, const Clock& clock);
  [[nodiscard]] static Expected<std::unique_ptr<Ledger>> open(const std::string& file, const Clock& clock);
  virtual ~Ledger() = default;

  // Returns only once the records would survive a power cut. Never waits for the network. All of `records` or none.
  [[nodiscard]] virtual Expected<std::uint64_t> append(std::span<const Draft> records) = 0;  // the last seq
  [[nodiscard]] Expected<std::uint64_t> append(std::string_view kind, std::span<const std::string> records);
  // Records after `seq`, oldest first, until `max_octets` is reached (at least one, if there is one).
  // Code::conflict when the epoch is over.
  [[nodiscard]] virtual Expected<std::vector<Entry>> after(std::string_view epoch, std::uint64_t seq,
                                                           std::size_t max_octets) = 0;
  [[nodiscard]] Expected<std::vector<Entry>> after(std::uint64_t seq, std::size_t max_octets);
  // The newest reading of each kind of each device (of 256 octets or more), those between the two numbers (both exclusive), newest first, until
  // `max_octets` is reached (at least one, if there is one). Code::conflict when the epoch is over.
  [[nodiscard]] virtual Expected<std::vector<Entry>> newest_of_each(std::string_view epoch, std::uint64_t after,
                                                                    std::uint64_t before, std::size_t max_octets) = 0;
  // The chain's hash at `seq`; "" when it is not known (any more). 0: of the beginning.
  [[nodiscard]] virtual Expected<std::string> hash_at(std::uint64_t seq) = 0;
  // Marks everything up to and including `seq` as stored by the cloud and trims it. An acknowledgement for another
  // epoch, for something never sent, or lower than before changes nothing and is Code::invalid.
  [[nodiscard]] virtual Expected<void> acknowledge(std::string_view epoch, std::uint64_t seq) = 0;
  // Takes one record that the cloud refuses out of the way: it is kept aside, and withheld in its place.
  [[nodiscard]] virtual Expected<void> park(std::string_view epoch, std::uint64_t seq, const std::string& why) = 0;
  // The numbers of this epoch cannot be used any more. What is not acknowledged goes on in a new one, with a gap record
  // that gives the reason and, where it is known, how many records are `missing` beside those.
  [[nodiscard]] virtual Expected<void> begin_epoch(std::string_view epoch, wire::Gap::Reason reason,
                                                   std::uint64_t missing) = 0;
  virtual void own(const std::string& /*owner*/) {}
  // What can wait, a little of it: to be called every second or so.
  virtual void tend() = 0;
  [[nodiscard]] virtual Position position() = 0;
  [[nodiscard]] virtual Health health() = 0;
  // Called from append(), on its thread, after each durable record.
  virtual void on_append(std::function<void()> wake) = 0;
};

struct Proof {
  Position position;
  std::uint64_t withheld = 0, parked = 0;
  std::vector<std::string> faults;  // the first few; none: complete from position.first to position.last
};
// Reads a ledger that nobody holds, from end to end: every number there, every hash fits. Changes nothing.
//   Errors   Code::conflict, Code::not_found, Code::denied; Code::corrupt when it is no ledger at all.
[[nodiscard]] Expected<Proof> verify(const std::string& file);

}  // namespace platen::ledger
