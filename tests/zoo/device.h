// One simulated device: its data, its clock, who may ask it, and how it misbehaves. No sockets: datagrams in and out.
//
//   Time     sysUpTime stands still while a conversation goes on and jumps to the fleet's time only when the device was
//   idle
//            for `Talk::idle`, so that everything in one read belongs to the sysUpTime in it. SNMPv3's engine time runs
//            on.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "tests/zoo/answer.h"
#include "tests/zoo/usm.h"

namespace platen::zoo {

using Time = std::chrono::steady_clock::time_point;

// A model or a recording with its rows; shared by all devices of that kind.
struct Species {
  std::string name;  // the model, or the recording's file name
  std::optional<Model> model;
  std::shared_ptr<const Template> rows;
};

struct Access {
  bool v1 = true, v2c = true;
  std::vector<std::string> communities = {"public"};
  UsmUsers users;  // none: no SNMPv3
};

struct DeviceSpec {
  std::shared_ptr<const Species> species;
  IpAddress address;
  std::uint32_t number = 0;
  std::shared_ptr<const Access> access;
  Manners manners;
};

struct Counters {
  std::uint64_t requests = 0, answers = 0;
};

struct FleetClock {
  Time started;
  std::uint32_t speed = 1;
  std::chrono::milliseconds idle{1000};
};

// sysUpTime that a device has when its fleet starts.
[[nodiscard]] std::uint32_t first_ticks(std::uint32_t number);

// Every row that a device has at a moment, as a patient reader would get them all.
[[nodiscard]] snmp::VarBinds rows_of(const DeviceSpec& device, std::uint32_t ticks);

struct Reply {
  std::string datagram;
  Time due;
  bool from_elsewhere = false;  // the wrong-source manner
};

class Device {
 public:
  explicit Device(DeviceSpec spec);

  // nullopt: silence. `random` decides loss and jitter.
  [[nodiscard]] std::optional<Reply> handle(std::string_view datagram, Time now, const FleetClock& clock,
                                            std::minstd_rand& random);
  [[nodiscard]] const DeviceSpec& spec() const { return spec_; }
  [[nodiscard]] const Who& who() const { return who_; }
  [[nodiscard]] const Counters& counters() const { return counters_; }
  [[nodiscard]] std::uint32_t ticks() const { return moment_.ticks; }

 private:
  void listen(Time now, const FleetClock& clock);  // moves the device's clock when its conversation is over
  void set_ticks(std::uint32_t ticks);
  [[nodiscard]] std::string reply(std::string_view datagram);
  [[nodiscard]] std::string reply_v3(std::string_view datagram);
  [[nodiscard]] std::string answer(const Pdu& question, bool is_v1, std::size_t overhead, std::size_t manager_takes);
  [[nodiscard]] bool nth(std::uint32_t every) const { return every != 0 && (counters_.answers + 1) % every == 0; }

  DeviceSpec spec_;
  Who who_;
  Moment moment_;
  UsmEngine engine_;
  Counters counters_;
  std::uint32_t boot_ticks_;   // sysUpTime at `booted_`
  std::uint32_t in_talk_ = 0;  // requests of this conversation
  Time booted_{}, heard_{}, busy_until_{};
};

}  // namespace platen::zoo
