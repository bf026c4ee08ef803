// Previews over what is stored: what is newest of a printer while its history is still on its way.
//
//   Rules    printer_identity.h says whose they are, anew at each look: what is stored meanwhile may change it. A printer
//            of which nothing is stored yet is shown when a full reading of it is there; a status that is nobody's is not.
//   Errors   throws sqlite::Fault.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "base/sqlite/sqlite.h"
#include "cloud/store/store.h"

namespace platen::cloud {

// Times in Unix milliseconds, as the tables have them.
struct Timed {
  std::int64_t at = 0;
  Reading reading;
};

struct Ahead {
  std::optional<Timed> full, status;  // the newest
};

class Previews {
 public:
  explicit Previews(sqlite::Connection& connection);
  [[nodiscard]] const Ahead* of(std::int64_t printer) const;  // nullptr: nothing is ahead
  // Printers of which nothing is stored yet.
  [[nodiscard]] const std::vector<PrinterRow>& strangers() const { return strangers_; }
  [[nodiscard]] bool none() const { return ahead_.empty() && strangers_.empty(); }

 private:
  std::map<std::int64_t, Ahead> ahead_;
  std::vector<PrinterRow> strangers_;
};

// What is newest of a printer. `row.latest` is the stored full reading of `full_at`.
void take_newest(PrinterRow& row, std::int64_t full_at, std::optional<Timed> status, const Ahead* ahead);

}  // namespace platen::cloud
