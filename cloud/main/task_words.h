// The words of `task send` as an order.
//
//   Errors   Code::not_found: nobody of that name, with the nearest one; Code::invalid: what, and how to write it; those of the
//            registry, the store and the files that are read.
//   Effects  reads the registry, the store (for printers) and a configuration file.
#pragma once

#include <string>
#include <vector>

#include "cloud/enroll/registry.h"
#include "cloud/tasks/task_order.h"

namespace platen::cloud {

// The agent's dealer. Removed agents are refused.
[[nodiscard]] Expected<std::string> tenant_of(const std::vector<enroll::AgentEntry>& agents, const std::string& agent);

struct OrderWords {
  std::string agent, kind;
  std::vector<std::string> arguments;
  std::chrono::seconds confirm_within{};
  std::string store_file;
};
[[nodiscard]] Expected<TaskOrder> order_of(const OrderWords& words);

}  // namespace platen::cloud
