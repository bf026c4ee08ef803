// Between the readings and the ledger: while the disk takes nothing, records are held in memory, and polling goes on.
//
//   Rules    Held records go into the ledger in their order as soon as it takes them. When the memory for them is full, the
//            oldest of what is worth least goes (ledger.h: Worth), and a gap record for each device says so afterwards.
//   Effects  what is held does not survive the agent. Logged once when it begins and once when it is over.
//   Threads  one.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>

#include "agent/ledger/ledger.h"

namespace platen::ledger {

class Shelf {
 public:
  Shelf(Ledger& ledger, const Clock& clock, std::size_t most_octets = std::size_t{8} << 20U)
      : ledger_(ledger), clock_(clock), most_octets_(most_octets) {}

  // Durable when it returns, unless state().held says otherwise. Errors: Code::invalid for a record that no ledger takes.
  [[nodiscard]] Expected<void> keep(Draft record);
  void tend();  // tries again what is held; to be called every second or so

  struct State {
    std::uint64_t held = 0, lost = 0;  // records: waiting in memory now, gone since the start
    std::string why;                   // the disk takes nothing; "": all is well
  };
  [[nodiscard]] const State& state() const { return state_; }

 private:
  struct Lost {
    std::uint64_t records = 0;
    WallTime from{}, through{};
  };
  struct Held {
    Draft record;
    WallTime at{};
  };
  void flush();
  [[nodiscard]] Expected<void> append_some();
  void make_room();
  void lose(const Held& held);
  [[nodiscard]] std::vector<Draft> gaps() const;

  Ledger& ledger_;
  const Clock& clock_;
  const std::size_t most_octets_;
  std::deque<Held> held_;
  std::size_t octets_ = 0;
  std::map<std::string, Lost> lost_;  // by device; their gap records are not written yet
  State state_;
};

}  // namespace platen::ledger
