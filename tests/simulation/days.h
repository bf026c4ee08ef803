// A simulated fleet over simulated days: what an agent would keep of it, reading by reading, without any waiting.
//
//   Source   the truth of tests/zoo, with the evidence that a real reading has. Pages are printed on working days from 8 to 18
//            o'clock UTC; outside of that a reading differs from the one before in its time and sysUpTime only.
//   Time     an argument.
#pragma once

#include <string>
#include <vector>

#include "agent/ledger/ledger.h"
#include "base/reading/reading.h"
#include "tests/zoo/zoo.h"

namespace platen::tests {

class Days {
 public:
  explicit Days(std::size_t printers);
  [[nodiscard]] std::size_t printers() const { return fleet_.devices.size(); }
  [[nodiscard]] Reading reading(std::size_t printer, ledger::Worth worth, WallTime now) const;
  [[nodiscard]] ledger::Draft draft(std::size_t printer, ledger::Worth worth, WallTime now) const;
  // What is due in the quarter of an hour that begins at `now`: status always, supplies hourly, meters at midnight.
  [[nodiscard]] std::vector<ledger::Draft> due(WallTime now) const;

 private:
  zoo::Fleet fleet_;
};

inline const WallTime a_monday = from_rfc3339("2026-06-01T00:00:00Z").value();

}  // namespace platen::tests
