// When which ask times out: a heap that forgets nothing early. Who was answered meanwhile is found out when its entry
// is due.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <vector>

#include "base/clock.h"

namespace platen::snmp {

class Deadlines {
 public:
  struct Entry {
    MonotonicTime at;
    std::uint32_t id;
    friend bool operator>(const Entry& a, const Entry& b) { return a.at > b.at; }
  };

  void add(MonotonicTime at, std::uint32_t id) { heap_.push({at, id}); }
  [[nodiscard]] std::optional<MonotonicTime> next() const {
    if (heap_.empty()) return std::nullopt;
    return heap_.top().at;
  }
  std::optional<Entry> take_due(MonotonicTime now) {
    if (heap_.empty() || heap_.top().at > now) return std::nullopt;
    const Entry entry = heap_.top();
    heap_.pop();
    return entry;
  }

 private:
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> heap_;
};

}  // namespace platen::snmp
