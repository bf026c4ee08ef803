// The cloud's memory, as ingest and portal need it. SQLite fulfils it here; PostgreSQL will later. One contract suite
// for both.
//
//   Exactly once  (agent, epoch, seq) is stored once. One position per (agent, epoch); only last+1 is accepted
//                 ("greater than last" would lose data when one agent has two live streams). A record that was salvaged
//                 from a ledger that was given up is one reading, however often it comes (StoredRecord::origins).
//   Previews      A reading may be shown before its turn in the numbering has come. It is nothing but shown: when the record
//                 itself is stored, everything is as if there had been no preview.
//   Chain         proto/chain.h, kept over every (agent, epoch). Records that differ from those stored under their numbers
//                 are a fork: nothing of the batch is stored.
//   Identity      printer_identity.h says which printer a reading belongs to. What is latest is decided by read_at, but
//   never
//                 later than the moment of the put: an agent whose clock is wrong cannot pin its reading on top.
//   Errors        open: Code::invalid for a newer schema, Code::corrupt for another file, Code::denied for rights,
//                 Code::conflict when another process writes to it (names it);
//                 put: Code::unavailable when it is not durable, Code::invalid when these records cannot be stored as
//                 they are. A batch is stored whole or not at all.
//   Order         agents by name, printers and fleet by id, readings and history newest first.
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
#include "base/reading/supply.h"
#include "proto/ledger_codec.h"

namespace platen::cloud {

struct StoredRecord {
  std::uint64_t seq = 0;
  std::string kind;
  std::string octets;                      // the record as it came, kept whole
  std::optional<Reading> reading;          // decoded by ingest when kind is "reading"
  std::uint64_t first = {};                // withheld records stand for first..seq; 0: for seq alone
  std::string link = {};                   // the agent's hash of seq; "": not said. A withheld record has one.
  std::uint64_t base = {};                 // not 0: `octets` is a patch against that record; ingest makes it whole
  std::vector<wire::Origin> origins = {};  // where it stood before it was salvaged
  std::optional<wire::Gap> gap = {};       // decoded by ingest when kind is "gap"
};

struct PutResult {
  std::uint64_t through_seq = 0;  // position after the call
  bool gap = false;               // not contiguous from last+1 on (seq counts from 1): nothing of it was stored
  bool fork = false;              // other records stand under these numbers: nothing of it was stored
};

// How far an epoch is stored, and the chain's hash there.
struct Standing {
  std::uint64_t through_seq = 0;
  std::string hash;
};

// What an agent says of itself when it comes.
struct Greeting {
  std::string epoch, version;
  std::uint64_t newest = 0;  // the last number that its ledger has
  std::string address = {};  // where it comes from; "": nobody knows
};

// What was found when an epoch's records were read from end to end.
struct EpochProof {
  std::string agent, epoch;
  std::uint64_t from = 1, through = 0, records = 0, withheld = 0;  // numbers; `withheld` of them have no content
  std::vector<std::string> faults;                                 // the first few; none: complete, and every hash fits
};

// One row an agent: its latest epoch and that epoch's position; records of all its epochs.
struct AgentRow {
  std::string agent, epoch, version;
  std::uint64_t through_seq = 0, records = 0;
  // The last number of its latest epoch that is known to exist, through_seq or more: what is between is still to come.
  std::uint64_t newest = 0;
  std::uint64_t withheld = 0;  // numbers of all its epochs that came without content: thinned, parked
  WallTime first_seen{}, last_seen{};
  std::string trouble = {};  // what its ledger last said to be missing, or a fork, in a sentence; "": nothing yet
  WallTime trouble_at{};     // meaningful only then
  std::string address = {};  // where it came from last; "": nobody knows
};

struct PrinterRow {
  std::string id;  // stable: from serial, else MAC, else agent + address
  std::string agent;
  Reading latest;  // the latest full reading, with levels and states of a later status reading merged in
  WallTime first_seen{}, last_read{};
  std::uint64_t readings = 0;
  bool previewed = false;  // `latest` is ahead of what is stored: its history is still on its way
};

// What the list of the fleet shows of one printer, so that ten thousand of them need no decoding. fleet_row() makes it.
struct FleetRow {
  std::string id, agent;
  std::string manufacturer, model, serial, address, name, location;  // "" when the printer did not say
  std::optional<std::uint64_t> total, mono, color;  // impressions over its life, as the printer counts them
  LowestSupply lowest;
  std::uint32_t alerts = 0, critical_alerts = 0;
  std::optional<std::int32_t> device_status, printer_status;  // hrDeviceStatus, hrPrinterStatus
  std::string detected_errors;                                // hrPrinterDetectedErrorState, hex
  bool complete = true;
  WallTime last_read{};
  friend bool operator==(const FleetRow&, const FleetRow&) = default;
};

struct HistoryPoint {
  WallTime read_at{};
  std::optional<std::uint64_t> total;
  friend bool operator==(const HistoryPoint&, const HistoryPoint&) = default;
};

struct ReadingRow {
  std::string printer_id, agent, epoch;
  std::uint64_t seq = 0;
  Reading reading;
};

// One record as the book of meters and the list of tasks take it.
struct FeedRow {
  std::int64_t number = 0;  // rises with each record that is stored; within an (agent, epoch) as seq does
  std::string agent, kind;
  WallTime stored_at{};
  std::string printer_id;          // "" when it is no reading of a printer
  std::optional<Reading> reading;  // when it is one that can be read
  std::string octets;              // the record, whole
  std::string hash = {};           // the chain's at this record
};

class Store {
 public:
  virtual ~Store() = default;
  [[nodiscard]] virtual Expected<Standing> standing(const std::string& agent, const std::string& epoch) = 0;
  [[nodiscard]] Expected<std::uint64_t> position(const std::string& agent,
                                                 const std::string& epoch);  // last seq stored, 0: none
  // The record as it is stored; nothing when it is not there, or withheld.
  [[nodiscard]] virtual Expected<std::optional<std::string>> octets(const std::string& agent, const std::string& epoch,
                                                                    std::uint64_t seq) = 0;
  [[nodiscard]] virtual Expected<PutResult> put(const std::string& agent, const std::string& epoch,
                                                std::span<const StoredRecord> records, WallTime now) = 0;
  // Shows these readings as current (printers, fleet) until their records are stored; those that are, are passed over.
  virtual Expected<void> preview(const std::string& agent, const std::string& epoch,
                                 std::span<const StoredRecord> records, WallTime now) = 0;
  virtual Expected<void> saw(const std::string& agent, const Greeting& greeting, WallTime now) = 0;
  // Something that the operator has to see beside the agent (AgentRow::trouble).
  virtual Expected<void> trouble(const std::string& agent, const std::string& text, WallTime now) = 0;
  [[nodiscard]] virtual Expected<std::vector<AgentRow>> agents() = 0;
  // Reads everything: slow. One row an epoch, by agent, then in the order in which the epochs began.
  [[nodiscard]] virtual Expected<std::vector<EpochProof>> verify() = 0;
  [[nodiscard]] virtual Expected<std::vector<PrinterRow>> printers() = 0;
  [[nodiscard]] virtual Expected<std::optional<PrinterRow>> printer(const std::string& id) = 0;
  [[nodiscard]] virtual Expected<std::vector<ReadingRow>> readings(
      const std::string& printer_id, std::size_t newest) = 0;  // newest first; "" = all printers
  // The same facts as printers() and readings() in the shape the portal's lists need; a store that keeps columns
  // overrides them.
  [[nodiscard]] virtual Expected<std::vector<FleetRow>> fleet();
  [[nodiscard]] virtual Expected<std::vector<HistoryPoint>> history(const std::string& printer_id,
                                                                    std::size_t newest);  // newest first
  // Readings and forecasts stored after the record `after`, oldest first.
  [[nodiscard]] virtual Expected<std::vector<FeedRow>> feed(std::int64_t after, std::size_t most) = 0;
  // Likewise what agents say of their tasks: that they begin one, and its result.
  [[nodiscard]] virtual Expected<std::vector<FeedRow>> task_results(std::int64_t after, std::size_t most) = 0;
  // How far the list of tasks has come (TaskBook::progress), as it last said. One of them may be an older copy than the other.
  [[nodiscard]] virtual Expected<std::int64_t> tasks_seen() = 0;
  virtual Expected<void> saw_tasks(std::int64_t progress) = 0;

  // FeedRow::hash of what that feed has under this number; "": nothing. Who takes a feed by number keeps it with the last one:
  // another hash there is another history, because the store was restored (ADR 39).
  using Feed = Expected<std::vector<FeedRow>> (Store::*)(std::int64_t after, std::size_t most);
  [[nodiscard]] Expected<std::string> hash_at(Feed which, std::int64_t number);
};

// Pure: what the printer shows when `status` was read after `full`; and its row in the list.
[[nodiscard]] Reading with_status(Reading full, const Reading& status);
[[nodiscard]] FleetRow fleet_row(const PrinterRow& printer);

// Makes the file when there is none. One process writes; others read beside it.
[[nodiscard]] Expected<std::unique_ptr<Store>> open_sqlite_store(const std::string& file);
// For looking only, also while another process writes: put and saw answer Code::denied. Code::not_found when there is
// no file.
[[nodiscard]] Expected<std::unique_ptr<Store>> open_sqlite_store_read_only(const std::string& file);

}  // namespace platen::cloud
