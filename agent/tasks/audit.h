// What was refused, and what became of the rest: counted always, logged and answered within bounds, so that forgeries fill
// neither the log nor the ledger. Pure: time is an argument.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "base/clock.h"

namespace platen::tasks {

// So many at once, and then one each `pause`.
class Allowance {
 public:
  Allowance(unsigned most, std::chrono::milliseconds pause) : most_(most), left_(most), pause_(pause) {}
  [[nodiscard]] bool take(MonotonicTime now);

 private:
  unsigned most_, left_;
  std::chrono::milliseconds pause_;
  MonotonicTime filled_{};
};

class Audit {
 public:
  // Counts, and logs where the log has room; what went unlogged is told with the next line.
  void refused(std::string_view why, std::string_view text, std::string_view task_id, MonotonicTime now);
  [[nodiscard]] bool may_answer(MonotonicTime now) { return answers_.take(now); }
  [[nodiscard]] const std::map<std::string, std::uint64_t, std::less<>>& counts() const { return counts_; }
  [[nodiscard]] std::uint64_t total() const;

 private:
  std::map<std::string, std::uint64_t, std::less<>> counts_;  // by reason
  std::uint64_t unlogged_ = 0;
  Allowance lines_{20, std::chrono::seconds(10)}, answers_{64, std::chrono::minutes(1)};
};

}  // namespace platen::tasks
