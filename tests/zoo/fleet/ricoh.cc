#include "tests/zoo/fleet/models.h"

namespace platen::zoo {
namespace {

constexpr Maker ricoh{"RICOH", 367, {0x00, 0x26, 0x73}, "3###R######"};

// Rows stand where they like; their type code (column 2) says what they count, column 5 says it in words.
void add_meters(Model& m) {
  struct Type {
    std::int32_t code;
    const char* label;
    Count count;
    bool when = true;
  };
  const Type types[] = {{10, "Counter: Machine Total", &Pages::total},
                        {200, "Counter:Copy:Total", &Pages::copy, m.has_copier},
                        {201, "Counter:Copy:Black & White", &Pages::copy_mono, m.has_copier},
                        {202, "Counter:Copy:Single/Two-color", &Pages::none, m.has_copier && m.has_color},
                        {203, "Counter:Copy:Full Color", &Pages::copy_color, m.has_copier && m.has_color},
                        {400, "Counter:Print:Total", &Pages::print},
                        {401, "Counter:Print:Black & White", &Pages::print_mono},
                        {402, "Counter:Print:Single/Two-col.", &Pages::none, m.has_color},
                        {403, "Counter:Print:Full Color", &Pages::print_color, m.has_color}};
  const std::string table = "1.3.6.1.4.1.367.3.2.1.2.19.5.1.";
  int row = m.has_copier ? 1 : 4;
  for (const Type& type : types) {
    const std::string at = "." + std::to_string(row++);
    if (type.when)
      m.meters.push_back({table + "9" + at, type.count, snmp::Type::counter32, table + "5" + at, type.label,
                          table + "2" + at, type.code});
  }
}

Model device(std::string_view name, Can can) {
  Model m = printer(ricoh, name, can);
  m.sys_object_id = enterprise_oid(367, {1, 1});
  m.sys_descr = "RICOH {model} 1.09 / RICOH Network Printer C model / RICOH Network Scanner C model";
  m.host_prefix = "RNP";
  m.counter_unit = 8;
  m.trays = {{"Bypass Tray", "Bypass Tray", "A4", 100, 5, Gauge::some_remaining},
             {"Tray 1", "Tray 1", "A4", 550, 3, Gauge::tens},
             {"Tray 2", "Tray 2", "A3", 550, 3, Gauge::tens}};
  m.covers = {"Front Cover", "Duplex Cover", "Upper Right Cover"};
  add_colors(m, {"{} Toner", {.name = "", .yield = 31'000, .gauge = Gauge::tens}});
  m.supplies.push_back(
      {.name = "Waste Toner Bottle", .type = 4, .supply_class = 4, .yield = 90'000, .gauge = Gauge::some_remaining});
  add_meters(m);
  return m;
}

}  // namespace

std::vector<Model> ricoh_models() {
  std::vector<Model> all = {device("IM C3000", color_mfp), device("MP 4055", mono_mfp), device("SP C840DN", color),
                            device("P 800", mono)};
  speaks(all[1], french, Charset::latin1);
  all[0].imaging_counters = true;
  all[0].finishers = {{.description = "Booklet stapler", .max = 100, .capacity = 60, .supply = "Staples"},
                      {.description = "Punch unit", .type = 8, .present = 5},
                      {.description = "Shift tray", .type = 16, .max = 3'000}};
  return all;
}

}  // namespace platen::zoo
