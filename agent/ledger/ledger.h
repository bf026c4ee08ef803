// The ledger: the agent's durable, numbered log of records on their way to the cloud.
//
//   Source   docs/design: exactly once by numbering. SQLite in WAL mode with synchronous=FULL, exactly one connection
//   that
//            writes and checkpoints (SQLite before 3.51.3 can corrupt a WAL written through two).
//   Shapes   A record is opaque octets (a serialised platen.v1.Record without epoch and seq) with a kind. seq counts
//   from 1
//            within an epoch without gaps; the epoch is a random 128-bit id made with the database file.
//   Errors   open: Code::conflict when another process holds it (names the holder), Code::corrupt when the file is no
//   ledger,
//            Code::invalid when its schema is newer than this program. append: Code::unavailable when it is not durable
//            (nothing has changed then: try again), Code::invalid for a record above 1 MiB.
//            A folder that is missing or not ours: Code::not_found, Code::denied.
//   Threads  Callable from any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/expected.h"

namespace platen::ledger {

struct Position {
  std::string epoch;        // 32 hex digits
  std::uint64_t first = 1;  // oldest record still kept
  std::uint64_t last = 0;   // newest record; 0: none yet
  std::uint64_t acknowledged = 0;
};

struct Entry {
  std::uint64_t seq = 0;
  std::string kind;  // "reading", "scan", "gap", …
  std::string octets;
};

class Ledger {
 public:
  [[nodiscard]] static Expected<std::unique_ptr<Ledger>> open(const std::string& file, const Clock& clock);
  virtual ~Ledger() = default;

  // Returns only once the records would survive a power cut. Never waits for the network. All of `records` or none.
  [[nodiscard]] virtual Expected<std::uint64_t> append(std::string_view kind,
                                                       std::span<const std::string> records) = 0;  // the last seq
  // Records after `seq`, oldest first, until `max_octets` is reached (at least one, if there is one).
  [[nodiscard]] virtual Expected<std::vector<Entry>> after(std::uint64_t seq, std::size_t max_octets) = 0;
  // Marks everything up to and including `seq` as stored by the cloud and trims it. An acknowledgement for another
  // epoch, for something never sent, or lower than before changes nothing and is Code::invalid.
  [[nodiscard]] virtual Expected<void> acknowledge(std::string_view epoch, std::uint64_t seq) = 0;
  [[nodiscard]] virtual Position position() = 0;
  // Called from append(), on its thread, after each durable record.
  virtual void on_append(std::function<void()> wake) = 0;
};

// Reads a ledger that nobody holds, from end to end: every number there, every hash fits. Errors: as open();
// Code::corrupt with the first sentence that is not true.
[[nodiscard]] Expected<Position> verify(const std::string& file);

}  // namespace platen::ledger
