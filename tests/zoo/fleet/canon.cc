#include "tests/zoo/fleet/models.h"

namespace platen::zoo {
namespace {

constexpr Maker canon{"Canon", 1602, {0x00, 0x1E, 0x8F}, "@@@#####"};

Model device(std::string_view name, Can can) {
  Model m = printer(canon, name, can);
  m.sys_object_id = enterprise_oid(1602, {4, 7});
  m.sys_descr = "Canon {model} /P";
  m.host_prefix = "Canon";
  m.covers = {"Front Cover", "Toner Cover"};
  add_colors(m, {"Canon GPR-55 {} Toner", {.name = "", .yield = 51'500}, Order::cmyk});
  m.supplies.push_back({.name = "Waste Toner",
                        .type = 4,
                        .supply_class = 4,
                        .unit = 19,
                        .yield = 100'000,
                        .gauge = Gauge::some_remaining});
  return m;
}

Model laser(std::string_view name, Can can) {
  Model m = device(name, can);
  m.supplies.clear();
  m.integer_counters = true;
  add_colors(m, {"Cartridge 039 {}", {.name = "", .yield = 11'000, .gauge = Gauge::tens}});
  return m;
}

}  // namespace

std::vector<Model> canon_models() {
  std::vector<Model> all = {device("iR-ADV C5550", color_mfp), device("iR-ADV 4545", mono_mfp), laser("LBP352x", mono),
                            laser("MF746C", color_mfp), laser("LBP664C", color)};
  speaks(all[0], japanese, Charset::utf8);
  all[2].hr_descr = "Canon LBP352x";
  return all;
}

}  // namespace platen::zoo
