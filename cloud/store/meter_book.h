// The book of meters: the values of every meter of every printer, the epochs they make, and what people decided about
// them.
//
//   Source   Taken from the store's feed, record by record; a file of its own (meters.db) beside the store, because people
//            decide while the server holds the store. base/meter says what an epoch is.
//   Restored The store, or the book, may be an older copy than the other. An older store is noticed when the book is opened, and
//            read from its beginning: what the book has stays, with what people said; what comes again, under whatever
//            number, is known by its octets and not taken twice; what is new stands behind what was there. An older book
//            reads on; what people said since is open again.
//   Shapes   An epoch is named "1042.7": the record that it began with, and its meter. "1042" names all that began there. A
//            record has the store's number, or a higher one after the store was restored.
//            Only changes are kept: of a run of equal values the first and the last one.
//   Errors   open: Code::denied, Code::not_found, Code::corrupt, Code::invalid as the store's. The rest:
//            Code::unavailable, or what the store says; decide(): Code::not_found, Code::invalid for a carry.
//   Threads  Callable from any thread, and by several processes at once.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/meter/usage.h"
#include "cloud/store/store.h"

namespace platen::cloud {

struct MeterRow {
  std::string printer, meter, source;  // the printer's id; the meter as base/meter/names.h calls it
  std::optional<std::int32_t> unit;    // prtMarkerCounterUnit
};

struct MeterEpochRow {
  std::string id;
  MeterRow meter;
  meter::Epoch epoch;
};

struct UsageRow {
  MeterRow meter;
  meter::Usage usage;
};

struct ForecastRow {
  std::string agent;
  WallTime stored_at{};
  std::string octets;  // platen.v1.Forecast
};

class MeterBook {
 public:
  // Makes the file when there is none. `store` must outlive the book.
  [[nodiscard]] static Expected<std::unique_ptr<MeterBook>> open(const std::string& file, Store& store);
  virtual ~MeterBook() = default;

  // Takes what the store has got since, until `stop`; each of the functions below does it first.
  virtual Expected<void> catch_up(const std::stop_token& stop) = 0;
  // Epochs after a meter's first one, newest first; only those that wait for a decision unless `all`. "": every printer.
  [[nodiscard]] virtual Expected<std::vector<MeterEpochRow>> epochs(const std::string& printer, bool all) = 0;
  // By printer and meter; only the total and its split into mono and colour unless `all`.
  [[nodiscard]] virtual Expected<std::vector<UsageRow>> usage(const std::string& printer, WallTime from, WallTime to,
                                                              bool all) = 0;
  // A person's word about what `id` names; it may be taken back by another one. Says how many epochs it was about.
  [[nodiscard]] virtual Expected<std::size_t> decide(const std::string& id, bool confirmed,
                                                     std::optional<std::int64_t> carry, WallTime now) = 0;
  [[nodiscard]] virtual Expected<std::vector<ForecastRow>> forecasts() = 0;  // each agent's latest, by agent
};

}  // namespace platen::cloud
