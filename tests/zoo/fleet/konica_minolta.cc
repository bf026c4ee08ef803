#include "tests/zoo/fleet/models.h"

namespace platen::zoo {
namespace {

constexpr Maker konica{"KONICA MINOLTA", 18334, {0x00, 0x20, 0x6B}, "AA2J0#######"};
constexpr Maker develop{"Develop", 18334, {0x00, 0x20, 0x6B}, "A7PU0#######"};
const std::string base = "1.3.6.1.4.1.18334.1.1.1.5.7.2.";

Model device(const Maker& maker, std::string_view name, Can can) {
  Model m = printer(maker, name, can);
  m.sys_object_id = enterprise_oid(18334, {1, 2, 1, 2, 1, 1});
  m.host_prefix = "KMBT";
  m.firmware = "G00-45";
  m.pages_per_day = 1500;
  m.covers = {"Front Door", "Right Door"};
  m.trays = {{"Bypass Tray", "Bypass Tray", "Plain Paper", 150, 5},
             {"Tray1", "Tray1", "A4", 500},
             {"Tray2", "Tray2", "A3", 500},
             {"LCT", "Large capacity tray", "A4", 2500}};
  add_colors(m, {"Toner ({})", {.name = "", .yield = 28'000}, Order::cmyk});
  add_colors(m, {"Drum Cartridge ({})", {.name = "", .type = 9, .colorant = -1, .yield = 120'000}, Order::cmyk});
  m.supplies.push_back({.name = "Waste Toner Box",
                        .type = 4,
                        .supply_class = 4,
                        .unit = 1,
                        .max = -2,
                        .yield = 90'000,
                        .gauge = Gauge::unknown});
  m.meters = {{base + "1.1.0", &Pages::total},
              {base + "1.3.0", &Pages::duplex},
              {base + "1.5.0", &Pages::scan},
              {base + "2.1.5.1.1", &Pages::copy_mono},
              {base + "2.1.5.1.2", &Pages::print_mono}};
  if (can.color) m.meters.push_back({base + "2.1.5.2.1", &Pages::copy_color});
  if (can.color) m.meters.push_back({base + "2.1.5.2.2", &Pages::print_color});
  return m;
}

}  // namespace

std::vector<Model> konica_minolta_models() {
  std::vector<Model> all = {
      device(konica, "bizhub C360i", color_mfp),  device(konica, "bizhub C458", color_mfp),
      device(konica, "bizhub 4752", mono_mfp),    device(konica, "bizhub 958", mono_mfp),
      device(konica, "bizhub C3350i", color_mfp), device(develop, "ineo+ 308", color_mfp),
  };
  speaks(all[1], japanese, Charset::shift_jis);
  all[5].hr_descr = "Generic 38C-5";  // the machine is sold under other names
  all[5].sys_descr = "Develop ineo+ 308";
  return all;
}

}  // namespace platen::zoo
