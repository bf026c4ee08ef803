#include "snmp/printer/decode.h"

#include "base/text.h"
#include "snmp/printer/brands.h"
#include "snmp/printer/counters.h"
#include "snmp/printer/identity.h"
#include "snmp/printer/imaging_counters.h"
#include "snmp/printer/localization.h"
#include "snmp/printer/object_names.h"
#include "snmp/printer/outranked.h"
#include "snmp/printer/tables.h"

namespace platen::snmp {
namespace {

// The cell of the printer's own row; without a device table, the first row's.
const Value* device_cell(const Rows& rows, const Oid& column, const PrinterDevice& device) {
  if (device.number) {
    if (const Value* value = rows.at(column + *device.number)) return value;
  }
  for (const VarBind& row : rows.under(column)) {
    if (!row.value.is_exception()) return &row.value;
  }
  return nullptr;
}

Status status_of(const Rows& rows, const PrinterDevice& device, const Localization& spoken, const Profile* profile) {
  Status status;
  status.hr_device_index = device.index;
  if (device.number) status.device_status = integer_of<std::int32_t>(rows.at(mib2({25, 3, 2, 1, 5, *device.number})));
  status.printer_status = integer_of<std::int32_t>(device_cell(rows, mib2({25, 3, 5, 1, 1}), device));
  const Value* errors = device_cell(rows, mib2({25, 3, 5, 1, 2}), device);
  constexpr std::size_t most_error_octets = 16;
  if (errors != nullptr && errors->bytes() != nullptr)
    status.detected_error_octets = to_hex(std::string_view(*errors->bytes()).substr(0, most_error_octets));
  const Charset* charset = console_localization(rows).charset;
  status.console_display = console_in(rows, charset);
  if (status.console_display.empty()) {
    if (auto line = vendor_text(rows, profile, Profile::Identity::console, charset))
      status.console_display = {std::move(*line)};
  }
  status.charset = spoken.charset_name();
  status.language = spoken.language;
  status.country = spoken.country;
  status.config_changes = integer_of<std::uint32_t>(device_cell(rows, mib2({43, 5, 1, 1, 1}), device));
  return status;
}

}  // namespace

Reading decode(const VarBinds& varbinds, const IpAddress& address, WallTime read_at, Reading::Kind kind,
               const Profiles& profiles) {
  const Rows rows(varbinds);
  const Localization spoken = general_localization(rows);
  const Charset* charset = spoken.charset;
  const Profile* profile = profiles.match(varbinds);
  const PrinterDevice device = printer_device(rows);
  Reading reading;
  reading.kind = kind;
  reading.address = address.text();
  reading.read_at = read_at;
  reading.system = system_of(rows, charset);
  reading.identity = identity_of(rows, device, reading.system, address, charset, profile, reading.flags);
  reading.status = status_of(rows, device, spoken, profile);
  reading.markers = markers_in(rows);
  reading.counters = standard_counters(rows, reading.markers);
  if (profile != nullptr) {
    for (CounterPoint& each : vendor_counters(rows, *profile)) reading.counters.push_back(std::move(each));
  }
  for (CounterPoint& each : imaging_counters_in(rows, reading.flags)) reading.counters.push_back(std::move(each));
  doubt(reading.counters, reading.flags);
  reading.supplies = supplies_in(rows, charset, reading.flags);
  reading.inputs = inputs_in(rows, charset);
  reading.outputs = outputs_in(rows, charset);
  reading.covers = covers_in(rows, charset);
  reading.alerts = alerts_in(rows, charset);
  reading.colorants = colorants_in(rows, charset);
  reading.finishers = finishers_in(rows, charset);
  reading.finisher_supplies = finisher_supplies_in(rows, charset);
  reading.finisher_inputs = finisher_inputs_in(rows, charset);
  flag_outranked_levels(reading);
  for (const std::string_view object : wrong_types(rows)) {
    reading.flags.push_back("wrong-type " + std::string(object));
    reading.complete = false;
  }
  return reading;
}

}  // namespace platen::snmp
