// Whose turn it is to be asked: subnets one after the other, the devices of one in order. A subnet without budget is
// passed over until it has some; a device that needs a rest comes back after it.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <queue>
#include <utility>
#include <vector>

#include "snmp/engine/job.h"

namespace platen::snmp {

class Turns {
 public:
  void add(Device& device, MonotonicTime now) {
    if (device.rest_until > now) {
      resting_.emplace(device.rest_until, &device);
      return;
    }
    std::deque<Device*>& line = lines_[device.subnet];
    if (line.empty()) in_turn_.push_back(device.subnet);
    line.push_back(&device);
  }

  // nullptr: nobody may be asked now.
  [[nodiscard]] Device* next(Traffic& traffic, MonotonicTime now) {
    while (!resting_.empty() && resting_.top().first <= now) {
      Device& rested = *resting_.top().second;
      resting_.pop();
      add(rested, now);
    }
    for (std::size_t i = in_turn_.size(); i > 0; --i) {
      Traffic::Subnet* subnet = in_turn_.front();
      in_turn_.pop_front();
      if (!traffic.may_send(*subnet, now)) {
        in_turn_.push_back(subnet);
        continue;
      }
      const auto line = lines_.find(subnet);
      Device* device = line->second.front();
      line->second.pop_front();
      line->second.empty() ? static_cast<void>(lines_.erase(line)) : in_turn_.push_back(subnet);
      return device;
    }
    return nullptr;
  }

  // When next() is worth another try.
  [[nodiscard]] std::optional<MonotonicTime> due(MonotonicTime now) const {
    if (!in_turn_.empty()) return now + std::chrono::milliseconds(1);
    if (!resting_.empty()) return resting_.top().first;
    return std::nullopt;
  }

 private:
  using Resting = std::pair<MonotonicTime, Device*>;
  std::deque<Traffic::Subnet*> in_turn_;
  std::map<Traffic::Subnet*, std::deque<Device*>> lines_;
  std::priority_queue<Resting, std::vector<Resting>, std::greater<>> resting_;
};

}  // namespace platen::snmp
