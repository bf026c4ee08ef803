// The cloud's memory, as ingest and portal need it. SQLite fulfils it here; PostgreSQL will later. One contract suite for both.
//
//   Exactly once  (agent, epoch, seq) is stored once. One position per (agent, epoch); only last+1 is accepted ("greater than
//                 last" would lose data when one agent has two live streams).
//   Errors        open: Code::invalid for a newer schema, Code::corrupt for another file, Code::denied for rights;
//                 put: Code::unavailable when it is not durable. A batch is stored whole or not at all.
//   Threads       Callable from any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/expected.h"
#include "base/reading/reading.h"

namespace platen::cloud {

struct StoredRecord {
  std::uint64_t seq = 0;
  std::string kind;
  std::string octets;                // the record as it came, kept whole
  std::optional<Reading> reading;    // decoded by ingest when kind is "reading"
};

struct PutResult {
  std::uint64_t through_seq = 0;     // position after the call
  bool gap = false;                  // the batch began beyond last+1: nothing of it was stored
};

struct AgentRow {
  std::string agent, epoch, version;
  std::uint64_t through_seq = 0, records = 0;
  WallTime first_seen{}, last_seen{};
};

struct PrinterRow {
  std::string id;                    // stable: from serial, else MAC, else agent + address
  std::string agent;
  Reading latest;                    // the latest full reading, with levels and states of a later status reading merged in
  WallTime first_seen{}, last_read{};
  std::uint64_t readings = 0;
};

struct ReadingRow {
  std::string printer_id, agent, epoch;
  std::uint64_t seq = 0;
  Reading reading;
};

class Store {
 public:
  virtual ~Store() = default;
  [[nodiscard]] virtual Expected<std::uint64_t> position(const std::string& agent, const std::string& epoch) = 0;  // last seq stored, 0: none
  [[nodiscard]] virtual Expected<PutResult> put(const std::string& agent, const std::string& epoch, std::span<const StoredRecord> records, WallTime now) = 0;
  virtual Expected<void> saw(const std::string& agent, const std::string& epoch, const std::string& version, WallTime now) = 0;
  [[nodiscard]] virtual Expected<std::vector<AgentRow>> agents() = 0;
  [[nodiscard]] virtual Expected<std::vector<PrinterRow>> printers() = 0;
  [[nodiscard]] virtual Expected<std::optional<PrinterRow>> printer(const std::string& id) = 0;
  [[nodiscard]] virtual Expected<std::vector<ReadingRow>> readings(const std::string& printer_id, std::size_t newest) = 0;  // newest first; "" = all printers
};

[[nodiscard]] Expected<std::unique_ptr<Store>> open_sqlite_store(const std::string& file);

}  // namespace platen::cloud
