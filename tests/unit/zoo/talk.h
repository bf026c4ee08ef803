// Talks to one device without a socket, with a clock of its own.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/zoo/fleets.h"

namespace platen::zoo {

struct Said {
  std::int32_t request_id = 0, error_status = 0, error_index = 0;
  snmp::VarBinds varbinds;
  std::size_t octets = 0;
};

struct Question {
  std::uint8_t type = ber::tag::get;
  std::vector<snmp::Oid> names;
  std::int32_t non_repeaters = 0, max_repetitions = 0;
  std::int64_t version = 1;  // v2c
  std::int32_t request_id = 4711;
  std::string community = "public";
};
[[nodiscard]] std::string datagram_of(const Question& question);
[[nodiscard]] std::optional<Said> said_in(std::string_view datagram);

class Talk {
 public:
  explicit Talk(std::string_view model, std::string_view manners = "");
  std::optional<Said> ask(const Question& question);
  // GETNEXT from `root` until it ends or `most` rows came.
  std::vector<snmp::Oid> walk(const snmp::Oid& root, std::size_t most = 10'000);
  void wait(std::chrono::milliseconds time) { now += time; }

  DeviceSpec spec;
  Device device;
  Time now = Time{} + std::chrono::hours(1);
  FleetClock clock{now, 1, std::chrono::milliseconds(1000)};
  std::minstd_rand random{1};
  std::optional<Reply> last;
};

[[nodiscard]] DeviceSpec device_named(std::string_view model, std::string_view manners = "");

inline const snmp::Oid sys_up_time{1, 3, 6, 1, 2, 1, 1, 3, 0};
inline const snmp::Oid sys_name{1, 3, 6, 1, 2, 1, 1, 5, 0};
inline const snmp::Oid supplies{1, 3, 6, 1, 2, 1, 43, 11, 1, 1};
inline const snmp::Oid printer_mib{1, 3, 6, 1, 2, 1, 43};

}  // namespace platen::zoo
