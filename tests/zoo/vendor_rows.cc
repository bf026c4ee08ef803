// What stands under the makers' own numbers: the IEEE 1284 id and the page meters.
#include "tests/zoo/rows.h"

namespace platen::zoo {
namespace {

using snmp::Oid;
using snmp::Type;
using snmp::Value;

// Printer Port Monitor MIB (PWG 5107.1)
void put_port_monitor(Rows& rows, const Model& model) {
  const Oid printer{1, 3, 6, 1, 4, 1, 2699, 1, 2, 1, 2, 1, 1};
  const auto cell = [&](std::uint32_t column) { return printer + column + 1; };
  rows.put(cell(2), [](const Scene& s) { return Value::octets(filled(s.model.port_name, s.model, s.who)); });
  rows.put(cell(3), [](const Scene& s) { return Value::octets(filled(s.model.device_id, s.model, s.who)); });
  rows.number(cell(4), 1);
  rows.number(cell(5), 1);
  rows.number(cell(6), model.hr_device_index);
  rows.text(cell(7), "");
  rows.number(cell(8), 1);
}

// Imaging System State and Counter MIB (PWG 5106.3): key 1 the system, 2 printing, 3 scanning.
void put_imaging_counters(Rows& rows) {
  const Oid objects{1, 3, 6, 1, 4, 1, 2699, 1, 3, 1};
  const Oid key = objects + 2U + 1U + 1U;
  std::uint32_t index = 0;
  for (const std::int64_t service : {3, 11, 12}) {  // systemTotals, print, scan
    ++index;
    rows.number(key + 2U + index, service);
    rows.number(key + 3U + index, index == 1 ? 0 : 1);
    rows.number(key + 4U + index, 2);
    rows.number(key + 5U + index, 0);
  }
  for (const ImagingCount& each : imaging_counts()) {
    rows.put(each.oid, [count = each.count](const Scene& s) {
      return Value::integer(static_cast<std::int64_t>(s.now.pages.*count));
    });
  }
}

void put_meter(Rows& rows, const Meter& meter) {
  const auto at = [count = meter.count, type = meter.type](const Scene& s) {
    const std::uint64_t pages = s.now.pages.*count;
    return type == Type::counter64 ? Value::counter64(pages) : Value::integer(static_cast<std::int64_t>(pages), type);
  };
  rows.put(Oid::parse(meter.oid).value(), at);
  if (!meter.code_oid.empty()) rows.number(Oid::parse(meter.code_oid).value(), meter.code);
  if (!meter.label_oid.empty()) rows.text(Oid::parse(meter.label_oid).value(), meter.label);
}

std::string packed(const PackedMeters& meters, const Pages& pages) {
  std::string octets;
  for (const auto& [id, count] : meters.records) {
    octets += {static_cast<char>(id), 1, 4};
    for (const unsigned shift : {24U, 16U, 8U, 0U}) octets += static_cast<char>(pages.*count >> shift & 0xFFU);
  }
  return octets + '\xff';
}

}  // namespace

std::vector<ImagingCount> imaging_counts() {
  const auto at = [](std::uint32_t table, std::uint32_t column, std::uint32_t key) {
    return Oid{1, 3, 6, 1, 4, 1, 2699, 1, 3, 1, table, 1, 1, column, key, 3, 3};  // all work, lifetime
  };
  return {{at(7, 4, 3), &Pages::scan},       {at(8, 4, 1), &Pages::total},      {at(8, 4, 2), &Pages::print},
          {at(8, 5, 1), &Pages::mono},       {at(8, 5, 2), &Pages::print_mono}, {at(8, 7, 1), &Pages::color},
          {at(8, 7, 2), &Pages::print_color}};
}

void put_vendor(Rows& rows, const Model& model) {
  if (!model.device_id.empty()) put_port_monitor(rows, model);
  if (model.imaging_counters) put_imaging_counters(rows);
  for (const Meter& meter : model.meters) put_meter(rows, meter);
  for (const PackedMeters& meters : model.packed_meters) {
    rows.put(Oid::parse(meters.oid).value(),
             [meters](const Scene& s) { return Value::octets(packed(meters, s.now.pages)); });
  }
}

}  // namespace platen::zoo
