#include "tests/simulation/days.h"

#include <algorithm>

#include "proto/ledger_codec.h"
#include "proto/reading_codec.h"
#include "tests/zoo/fleets.h"
#include "tests/zoo/truth.h"

namespace platen::tests {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr milliseconds day = 24h, opens = 8h, closes = 18h;

// How long people have printed since a_monday.
milliseconds worked(WallTime now) {
  const milliseconds since = now - a_monday;
  const std::int64_t days = since / day, weeks = days / 7, weekday = days % 7;
  const milliseconds today = weekday >= 5 ? 0ms : std::clamp<milliseconds>(since % day - opens, 0ms, closes - opens);
  return (weeks * 5 + std::min<std::int64_t>(weekday, 5)) * (closes - opens) + today;
}

std::uint32_t ticks(milliseconds time) { return static_cast<std::uint32_t>(time / 10ms); }

}  // namespace

Days::Days(std::size_t printers) {
  zoo::FleetOptions options{.name = "printers"};
  options.count = static_cast<std::uint32_t>(printers);
  fleet_ = zoo::make_fleet(options).value();
}

Reading Days::reading(std::size_t printer, ledger::Worth worth, WallTime now) const {
  // A day's pages are printed while people work.
  Reading made = zoo::truth_of(fleet_.devices[printer], ticks(worked(now) * (day / (closes - opens)))).value();
  made.read_at = now;
  made.clock_suspect = false;
  made.system.sys_up_time = ticks(now - a_monday);
  for (CounterPoint& point : made.counters) {
    point.evidence.source = "prtMarkerLifeCount.1.1";
    point.evidence.raw = std::to_string(point.value);
  }
  if (worth != ledger::Worth::status) return made;
  made.kind = Reading::Kind::status;
  Identity name;
  name.serial = made.identity.serial;
  made.identity = name;
  made.markers.clear(), made.colorants.clear(), made.finishers.clear();
  made.finisher_supplies.clear(), made.finisher_inputs.clear();
  return made;
}

ledger::Draft Days::draft(std::size_t printer, ledger::Worth worth, WallTime now) const {
  const Reading made = reading(printer, worth, now);
  return {.kind = std::string(wire::reading_kind),
          .octets = wire::encode_reading(made),
          .device = made.identity.serial.value_or(made.address),
          .worth = worth};
}

std::vector<ledger::Draft> Days::due(WallTime now) const {
  const bool midnight = (now - a_monday) % day == 0ms, hour = (now - a_monday) % 1h == 0ms;
  std::vector<ledger::Draft> drafts;
  for (std::size_t printer = 0; printer < printers(); ++printer) {
    drafts.push_back(draft(printer, ledger::Worth::status, now));
    if (midnight) drafts.push_back(draft(printer, ledger::Worth::meters, now));
    if (hour && !midnight) drafts.push_back(draft(printer, ledger::Worth::supplies, now));
  }
  return drafts;
}

}  // namespace platen::tests
