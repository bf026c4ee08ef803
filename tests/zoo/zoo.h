// The zoo: many simulated devices behind one UDP port, each at a loopback address of its own.
//
//   Use      auto zoo = Zoo::start(fleet, {}).value();  … ask fleet.devices[i].address at zoo->port() …
//   zoo->counters(address);
//   Effects  binds one UDP socket to all addresses, answers only what was sent to 127.0.0.0/8
//   (from that address), and runs one
//            thread until it is destroyed. Counters may be read from any thread.
//   Errors   Code::conflict when the port is in use, Code::denied when it may not be had, Code::unavailable otherwise.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "base/expected.h"
#include "tests/zoo/device.h"

namespace platen::zoo {

struct Fleet {
  std::vector<DeviceSpec> devices;  // at ascending addresses without gaps
};

struct Options {
  std::uint16_t port = 0;  // 0: a free one
  std::uint32_t speed = 1;
  std::chrono::milliseconds idle{1000};
  std::uint32_t seed = 1;  // of loss and jitter
};

class Zoo {
 public:
  virtual ~Zoo() = default;
  [[nodiscard]] static Expected<std::unique_ptr<Zoo>> start(Fleet fleet, const Options& options);
  [[nodiscard]] virtual std::uint16_t port() const = 0;
  [[nodiscard]] virtual const Fleet& fleet() const = 0;
  [[nodiscard]] virtual Counters counters(IpAddress address) const = 0;
  [[nodiscard]] virtual std::uint64_t requests() const = 0;  // of all devices
};

}  // namespace platen::zoo
