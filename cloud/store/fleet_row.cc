// The pure half of the store: merging a status into the last full reading, and the row of a printer in the fleet's
// list.
#include <algorithm>

#include "cloud/store/store.h"

namespace platen::cloud {
namespace {

template <class T>
void take(std::optional<T>& into, const std::optional<T>& newer) {
  if (newer) into = newer;
}

void take_row(Supply& into, const Supply& newer) {
  take(into.level, newer.level);
  take(into.max_capacity, newer.max_capacity);
  take(into.description, newer.description);
}
void take_row(Input& into, const Input& newer) {
  take(into.level, newer.level);
  take(into.max_capacity, newer.max_capacity);
  take(into.media, newer.media);
  take(into.status, newer.status);
}
void take_row(Output& into, const Output& newer) {
  take(into.remaining, newer.remaining);
  take(into.max_capacity, newer.max_capacity);
  take(into.status, newer.status);
}
void take_row(Cover& into, const Cover& newer) { take(into.status, newer.status); }

// Rows are the same when their table index is: what the newer one says replaces, what it leaves out stays.
template <class Row>
void take_rows(std::vector<Row>& into, const std::vector<Row>& newer) {
  for (const Row& row : newer) {
    const auto same = std::find_if(into.begin(), into.end(), [&](const Row& old) { return old.index == row.index; });
    if (same == into.end())
      into.push_back(row);
    else
      take_row(*same, row);
  }
}

void take_status(Status& into, const Status& newer, bool complete) {
  take(into.device_status, newer.device_status);
  take(into.printer_status, newer.printer_status);
  take(into.detected_error_octets, newer.detected_error_octets);
  take(into.config_changes, newer.config_changes);
  if (complete || !newer.console_display.empty()) into.console_display = newer.console_display;
}

std::optional<std::uint64_t> count(const CounterPoint* point) {
  return point == nullptr ? std::nullopt : std::optional<std::uint64_t>(point->value);
}

constexpr std::int32_t critical = 3;  // prtAlertSeverityLevel: the printer has stopped

}  // namespace

// Counters stay those of the full reading, with its time: a total of now beside a colour split of then would not add
// up.
Reading with_status(Reading full, const Reading& status) {
  take_status(full.status, status.status, status.complete);
  take_rows(full.supplies, status.supplies);
  take_rows(full.inputs, status.inputs);
  take_rows(full.outputs, status.outputs);
  take_rows(full.covers, status.covers);
  // Only active alerts stand in prtAlertTable, so a complete reading without alerts says that they have gone.
  if (status.complete || !status.alerts.empty()) full.alerts = status.alerts;
  for (const std::string& flag : status.flags) {
    if (std::find(full.flags.begin(), full.flags.end(), flag) == full.flags.end()) full.flags.push_back(flag);
  }
  full.address = status.address;
  return full;
}

FleetRow fleet_row(const PrinterRow& printer) {
  const Reading& reading = printer.latest;
  using Function = CounterPoint::Function;
  using Color = CounterPoint::Color;
  FleetRow row{.id = printer.id,
               .agent = printer.agent,
               .manufacturer = reading.identity.manufacturer.value_or(""),
               .model = reading.identity.model.value_or(""),
               .serial = reading.identity.serial.value_or(""),
               .address = reading.address,
               .name = reading.identity.printer_name.value_or(reading.system.sys_name.value_or("")),
               .location = reading.system.sys_location.value_or(""),
               .total = count(total_of(reading)),
               .mono = count(find_counter(reading, Function::all, Color::mono)),
               .color = count(find_counter(reading, Function::all, Color::any_color)),
               .lowest = lowest_supply(reading),
               .alerts = static_cast<std::uint32_t>(reading.alerts.size()),
               .critical_alerts = 0,
               .device_status = reading.status.device_status,
               .printer_status = reading.status.printer_status,
               .detected_errors = reading.status.detected_error_octets.value_or(""),
               .complete = reading.complete,
               .last_read = printer.last_read};
  for (const Alert& alert : reading.alerts) row.critical_alerts += alert.severity == critical ? 1U : 0U;
  return row;
}

Expected<std::uint64_t> Store::position(const std::string& agent, const std::string& epoch) {
  return standing(agent, epoch).map([](const Standing& standing) { return standing.through_seq; });
}

Expected<std::string> Store::hash_at(Feed which, std::int64_t number) {
  if (number == 0) return "";
  return (this->*which)(number - 1, 1).map([&](const std::vector<FeedRow>& rows) {
    return rows.empty() || rows.front().number != number ? "" : rows.front().hash;
  });
}

Expected<std::vector<FleetRow>> Store::fleet() {
  return printers().map([](const std::vector<PrinterRow>& all) {
    std::vector<FleetRow> rows;
    rows.reserve(all.size());
    for (const PrinterRow& printer : all) rows.push_back(fleet_row(printer));
    return rows;
  });
}

Expected<std::vector<HistoryPoint>> Store::history(const std::string& printer_id, std::size_t newest) {
  return readings(printer_id, newest).map([](const std::vector<ReadingRow>& all) {
    std::vector<HistoryPoint> points;
    points.reserve(all.size());
    for (const ReadingRow& row : all) points.push_back({row.reading.read_at, count(total_of(row.reading))});
    return points;
  });
}

}  // namespace platen::cloud
