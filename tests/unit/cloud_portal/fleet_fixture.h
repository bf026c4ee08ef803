// A fleet for the portal's tests: printers of every state, levels of every kind, and one whose every text is hostile.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/reading/reading.h"

namespace platen::portal::fixture {

inline const WallTime noon = from_rfc3339("2026-11-21T12:00:00Z").value();

// What a printer may call itself to get into a page.
inline const std::string hostile =
    "<script>alert(1)</script>\"' onload=x {{7*7}} </td><img src=x> \xE2\x80\xAE"
    "evil\xE2\x80\xAC &lt; javascript:alert(1)";

inline Supply supply(const std::string& index, const std::string& what, std::int64_t level, std::int64_t capacity,
                     const char* colorant, std::int32_t type = 3, std::int32_t supply_class = 3) {
  Supply made;
  made.index = index, made.description = what, made.supply_class = supply_class, made.type = type, made.unit = 19;
  if (*colorant != '\0') made.colorant = colorant;
  made.level = Amount::from_wire(level), made.max_capacity = Amount::from_wire(capacity);
  return made;
}

inline CounterPoint counter(CounterPoint::Function function, CounterPoint::Color color, std::uint64_t value,
                            const std::string& source, char confidence = 'A') {
  CounterPoint made;
  made.function = function, made.color = color, made.value = value, made.unit = 7;
  made.evidence = {source, "1.3.6.1.2.1.43.10.2.1.4.1.1", std::to_string(value), confidence};
  return made;
}

inline Input tray(const std::string& index, const std::string& name, std::int64_t level, std::int64_t capacity) {
  Input made;
  made.index = index, made.name = name, made.media = "A4 plain", made.type = 3, made.unit = 8,
  made.status = level == 0 ? 9 : 0;
  made.level = Amount::from_wire(level), made.max_capacity = Amount::from_wire(capacity);
  return made;
}

inline Alert alert(std::int32_t severity, const std::string& text, std::int32_t group, std::int32_t code) {
  Alert made;
  made.index = "1.1", made.severity = severity, made.description = text, made.group = group, made.code = code,
  made.training_level = 3;
  return made;
}

inline Reading printer(unsigned number, WallTime read_at) {
  using Function = CounterPoint::Function;
  using Color = CounterPoint::Color;
  struct Make {
    const char *maker, *model;
    bool color;
  };
  const Make makes[] = {{"Northwind", "Northwind LX 410", false},
                        {"Contoso", "Contoso C3300 MFP", true},
                        {"Fabrikam", "OfficeJet-less 9", true},
                        {"Adatum", "A-Series 5200dn", false}};
  const Make& make = makes[number % 4];
  const auto age =
      static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::hours>(read_at - noon).count() + 24 * 60);
  const std::uint64_t total = 12000 + number * 3571 + age * (3 + number % 9), color = make.color ? total / 3 : 0;
  Reading made;
  made.address = "192.0.2." + std::to_string(number % 250 + 1), made.read_at = read_at;
  made.identity.manufacturer = make.maker, made.identity.model = make.model,
  made.identity.serial = "SN" + std::to_string(100000 + number * 37);
  made.identity.mac = "00:11:22:33:44:" + std::to_string(10 + number % 90), made.identity.macs = {*made.identity.mac},
  made.identity.firmware = "2.14." + std::to_string(number);
  made.system.sys_location = "Floor " + std::to_string(number % 5) + ", room " + std::to_string(100 + number),
  made.system.sys_name = "prn-" + std::to_string(number);
  made.system.sys_descr = std::string(make.model) + " network printer",
  made.system.sys_up_time = 8640000 + number * 100;
  made.counters = {counter(Function::all, Color::all, total, "prtMarkerLifeCount.1.1")};
  if (make.color) {
    made.counters.push_back(counter(Function::all, Color::mono, total - color, "example: mono pages", 'B'));
    made.counters.push_back(counter(Function::all, Color::any_color, color, "example: colour pages", 'B'));
    made.counters.push_back(counter(Function::copy, Color::full, color / 4, "example: colour copies", 'C'));
  }
  const auto level = [&](unsigned salt) { return static_cast<std::int64_t>((number * 29 + salt * 31) % 101); };
  made.supplies = {supply("1.1", "Black Toner", level(1), 100, "black")};
  if (make.color) {
    made.supplies.push_back(supply("1.2", "Cyan Toner", level(2), 100, "cyan"));
    made.supplies.push_back(supply("1.3", "Magenta Toner", level(3), 100, "magenta"));
    made.supplies.push_back(supply("1.4", "Yellow Toner", level(4), 100, "yellow"));
  }
  made.supplies.push_back(supply("1.5", "Waste Toner Box", -3, -2, "", 4, 4));
  made.supplies.push_back(supply("1.6", "Fuser", -2, 200000, "", 15));
  made.supplies.push_back(supply("1.7", "Drum", 130, 100, "", 9));
  made.supplies.push_back(supply("1.8", "Waste Ink", 80, 100, "", 8, 4));
  made.inputs = {tray("1.1", "Tray 1", number % 3 == 0 ? 0 : -3, 500), tray("1.2", "Tray 2", 250, 550)};
  Output out;
  out.index = "1.1", out.name = "Top bin", out.type = 3, out.unit = 8, out.max_capacity = Amount::from_wire(250),
  out.remaining = Amount::from_wire(-3);
  made.outputs = {out};
  Cover cover;
  cover.index = "1.1", cover.description = "Front door", cover.status = number % 7 == 3 ? 3 : 4;
  made.covers = {cover};
  made.status.device_status = 2, made.status.printer_status = number % 6 == 5 ? 4 : 3;
  made.status.console_display = {"Ready", "Tray 2: A4"}, made.status.detected_error_octets = "0000";
  if (number % 9 == 4) {
    made.status.device_status = 3, made.status.detected_error_octets = "2000",
    made.status.console_display = {"Toner low", "Order supplies"};
    made.alerts = {alert(4, "Black toner low {10033}", 11, 1104)};
  }
  if (number % 11 == 7) {
    made.status.device_status = 5, made.status.printer_status = 1, made.status.detected_error_octets = "0400",
    made.status.console_display = {"Paper jam", "Open front door"};
    made.alerts = {alert(3, "Paper jam {10012}", 13, 8), alert(4, "Tray 1 empty", 8, 808)};
  }
  made.flags = {"level-above-max supply 1.7"};
  return made;
}

// Every text that a printer can send is hostile.
inline Reading hostile_printer() {
  Reading made = printer(1, noon);
  made.address = "192.0.2.66";
  made.identity.manufacturer = hostile, made.identity.model = hostile, made.identity.serial = hostile + "SERIAL66",
  made.identity.firmware = hostile;
  made.identity.mac = "66:66:66:66:66:66", made.identity.macs = {hostile}, made.identity.printer_name = hostile;
  made.system.sys_location = hostile, made.system.sys_contact = hostile, made.system.sys_descr = hostile,
  made.system.sys_name = hostile;
  for (CounterPoint& point : made.counters)
    point.evidence = {hostile, hostile, hostile, 'C'}, point.size = CounterPoint::Size::named,
    point.size_name = hostile, point.part = hostile;
  for (Supply& row : made.supplies) row.description = hostile, row.colorant = hostile, row.index = hostile + row.index;
  for (Input& row : made.inputs) row.name = hostile, row.media = hostile;
  for (Output& row : made.outputs) row.name = hostile;
  for (Cover& row : made.covers) row.description = hostile;
  made.alerts = {alert(3, hostile, 11, 1104)};
  made.status.console_display = {hostile, hostile};
  made.flags = {hostile};
  return made;
}

}  // namespace platen::portal::fixture
