#include "tests/zoo/fleet/models.h"

namespace platen::zoo {
namespace {

constexpr Maker ricoh{"RICOH", 367, {0x00, 0x26, 0x73}, "3###R######"};

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
  return m;
}

}  // namespace

std::vector<Model> ricoh_models() {
  std::vector<Model> all = {device("IM C3000", color_mfp), device("MP 4055", mono_mfp), device("SP C840DN", color),
                            device("P 800", mono)};
  speaks(all[1], french, Charset::latin1);
  return all;
}

}  // namespace platen::zoo
