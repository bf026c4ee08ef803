#include "snmp/printer/restart_watch.h"

#include <algorithm>

namespace platen::snmp {

const Oid& sys_up_time() {
  static const Oid name{1, 3, 6, 1, 2, 1, 1, 3, 0};
  return name;
}

Ask with_up_time(const Ask& ask) {
  static const Oid object{1, 3, 6, 1, 2, 1, 1, 3};
  Ask more = ask;
  more.names.insert(more.names.begin(), ask.type == PduType::get ? sys_up_time() : object);
  if (ask.type == PduType::get_bulk) ++more.non_repeaters;
  return more;
}

bool RestartWatch::sees_restart(const VarBinds& answer) {
  if (!watching_) return false;
  const auto row =
      std::find_if(answer.begin(), answer.end(), [](const VarBind& varbind) { return varbind.name == sys_up_time(); });
  const auto ticks = row == answer.end() ? std::nullopt : row->value.number();
  doubt_ = !ticks;
  if (!ticks) return false;
  const bool restarted = ticks_ && *ticks < *ticks_;
  ticks_ = ticks;
  return restarted;
}

}  // namespace platen::snmp
