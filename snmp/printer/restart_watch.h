// Has the device started again while it was read? Counters may fall back then, and rows would be of two moments. Pure.
//
//   Source   sysUpTime.0 (RFC 3418), 1/100 s. It rides as the first name of the later asks, so it costs no PDU (one,
//   where answers are small). Its wrap
//            after 497 days looks like a restart: the device is read again, which harms nobody.
#pragma once

#include <cstdint>
#include <optional>

#include "snmp/mib/pdu.h"

namespace platen::snmp {

class RestartWatch {
 public:
  void begin() { watching_ = true; }
  // Looks at the varbinds of one answer. True: sysUpTime is lower than it was.
  [[nodiscard]] bool sees_restart(const VarBinds& answer);
  [[nodiscard]] bool can_ride() const { return rides_ && ticks_; }
  void cannot_ride() { rides_ = false; }                            // the agent does not bear it
  [[nodiscard]] bool in_doubt() const { return ticks_ && doubt_; }  // rows came after the last sysUpTime

 private:
  std::optional<std::int64_t> ticks_;
  bool watching_ = false, rides_ = true, doubt_ = false;
};

[[nodiscard]] const Oid& sys_up_time();          // the only instance
[[nodiscard]] Ask with_up_time(const Ask& ask);  // the same, with sysUpTime as the first name

}  // namespace platen::snmp
