// Do two hosts speak under one name? Each process of an agent has a number of its own (Hello.instance). A process that was
// restarted falls silent; two that keep speaking are copies of one identity.
//
//   Rules    Noticed when a process speaks 5 s or more after a younger one of the same name began, and that one spoke within
//            the last 5 minutes. Said once an hour for each agent.
//   Bounds   two processes are remembered for each agent, 100,000 agents.
//   Effects  none; time is an argument.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"

namespace platen::enroll {

class Presence {
 public:
  static constexpr std::chrono::seconds settled{5};
  static constexpr std::chrono::minutes recent{5};
  static constexpr std::chrono::hours said_again{1};
  static constexpr std::size_t most_agents = 100'000;

  // `instance` "" is nobody. `address`: where it speaks from. The sentence when a copy is noticed.
  [[nodiscard]] std::optional<std::string> spoke(const std::string& agent, const std::string& instance,
                                                 const std::string& address, MonotonicTime now);

 private:
  struct Process {
    std::string instance, address;
    MonotonicTime began{}, last{};
  };
  struct Agent {
    std::vector<Process> processes;  // the oldest first
    std::optional<MonotonicTime> said;
  };
  std::map<std::string, Agent, std::less<>> agents_;
};

}  // namespace platen::enroll
