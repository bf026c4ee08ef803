// How often the cloud has refused the same record, so that one poisoned record never blocks the rest. Pure.
//
//   Rules    After a refusal that names no record, one record a batch is sent until it is clear which one is meant. The
//            fifth refusal of a record says: park it.
#pragma once

#include <cstdint>

namespace platen::uplink {

class Refusals {
 public:
  static constexpr int most = 5;

  // To be told how each stream ended. Returns the record to park, or 0.
  [[nodiscard]] std::uint64_t count(bool refused_something, std::uint64_t seq) {
    careful_ = refused_something;
    if (!refused_something || seq == 0) return 0;
    times_ = seq == seq_ ? times_ + 1 : 1;
    seq_ = seq;
    if (times_ < most) return 0;
    seq_ = 0;
    return seq;
  }
  [[nodiscard]] bool careful() const { return careful_; }

 private:
  std::uint64_t seq_ = 0;
  int times_ = 0;
  bool careful_ = false;
};

}  // namespace platen::uplink
