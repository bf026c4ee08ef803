// What the writer remembers of the printers that it wrote last: a status then needs neither decode the full reading that it
// renews, nor write a row of the list that has not changed.
//
//   Memory   some 5 kB a printer, 4,096 printers at most.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>

#include "cloud/store/store.h"

namespace platen::cloud {

class RowMemory {
 public:
  class Printer {
   public:
    [[nodiscard]] std::int64_t full_record() const { return full_record_; }
    void take_full(std::int64_t record, const Reading& full);
    // The row after the full reading, or after a status on top of it. Equal to fleet_row(with_status(full, status)).
    [[nodiscard]] FleetRow row(const Reading* status) const;
    std::optional<FleetRow> written = {};  // as it stands in the table

   private:
    std::int64_t full_record_ = 0;
    Reading full_;  // without what the list does not show
    FleetRow of_full_;
  };
  [[nodiscard]] Printer& of(std::int64_t printer);
  void forget() { printers_.clear(); }  // what was written is not there

 private:
  std::unordered_map<std::int64_t, Printer> printers_;
};

}  // namespace platen::cloud
