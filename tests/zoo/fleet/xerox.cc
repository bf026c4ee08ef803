#include "tests/zoo/fleet/models.h"

namespace platen::zoo {
namespace {

constexpr Maker xerox{"Xerox", 253, {0x9C, 0x93, 0x4E}, "@@@######"};
constexpr Maker fujifilm{"FUJIFILM", 297, {0x08, 0x00, 0x37}, "#########"};

// XEROX-HOST-RESOURCES-EXT-MIB. Apeos machines answer the standard MIBs and little else.
void add_meters(Model& m) {
  const std::string table = "1.3.6.1.4.1.253.8.53.13.2.1.6.";
  m.meters = {{table + "1.20.1", &Pages::total}, {table + "1.20.34", &Pages::mono}};
  if (m.has_color) m.meters.push_back({table + "1.20.33", &Pages::color});
  if (m.has_copier) m.meters.push_back({table + "11.20.3", &Pages::copy_mono});
  if (m.has_copier && m.has_color) m.meters.push_back({table + "11.20.25", &Pages::copy_color});
}

Model device(const Maker& maker, std::string_view name, Can can) {
  Model m = printer(maker, name, can);
  m.sys_descr = maker.enterprise == 253 ? "Xerox {model}; SS 1.2.1, NC 4.17, UI 1.10, ME 90.5.2" : "FUJIFILM {model}";
  m.sys_object_id = maker.enterprise == 253 ? enterprise_oid(253, {8, 62, 1, 36, 5, 11})
                                            : enterprise_oid(297, {1, 11, 93, 2, 1, 2, 3, 5});
  m.host_prefix = maker.enterprise == 253 ? "XRX" : "FF";
  m.covers = {"Front Cover", "Left Cover"};
  add_colors(m, {"{} Toner Cartridge", {.name = "", .unit = 7, .max = 8'000, .yield = 8'000}, Order::cmyk});
  m.supplies.push_back(
      {.name = "Drum Cartridge", .type = 9, .unit = 7, .max = 60'000, .yield = 60'000, .above = 900, .index = 30});
  m.supplies.push_back({.name = "Waste Toner Container",
                        .type = 4,
                        .supply_class = 4,
                        .unit = 7,
                        .max = 30'000,
                        .yield = 30'000,
                        .gauge = Gauge::some_remaining,
                        .index = 31});
  if (maker.enterprise == 253) add_meters(m);
  return m;
}

}  // namespace

std::vector<Model> xerox_models() {
  std::vector<Model> all = {
      device(xerox, "VersaLink C405", color_mfp),  device(xerox, "AltaLink B8065", mono_mfp),
      device(xerox, "WorkCentre 6515", color_mfp), device(xerox, "Phaser 3330", mono),
      device(fujifilm, "Apeos C2570", color_mfp),  device(fujifilm, "ApeosPrint C325", color),
      device(fujifilm, "Apeos 5570", mono_mfp),
  };
  all[1].hr_device_index = 5;
  speaks(all[4], japanese, Charset::shift_jis);
  return all;
}

}  // namespace platen::zoo
