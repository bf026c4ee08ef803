#include "tests/zoo/fleet/models.h"

namespace platen::zoo {
namespace {

constexpr Maker lexmark{"Lexmark", 641, {0x00, 0x21, 0xB7}, "7#######@@#"};
constexpr Maker toshiba{"TOSHIBA", 1129, {0x00, 0x80, 0x91}, "C@@@######"};

Model device(std::string_view name, Can can) {
  Model m = printer(lexmark, name, can);
  m.sys_object_id = enterprise_oid(641, {2, 71106500});
  m.sys_descr = "Lexmark {model} version CXTZJ.073.224 kernel 4.17.19-yocto-standard All-N-1";
  m.hr_descr = "Lexmark {model} {serial} CXTZJ.073.224";
  m.host_prefix = "ET0021";
  add_colors(m, {"{} Toner", {.name = "", .unit = 7, .max = 17'000, .yield = 17'000}, Order::cmyk});
  m.supplies.push_back({.name = "Photoconductor Unit", .type = 9, .unit = 7, .max = 150'000, .yield = 150'000});
  m.supplies.push_back({.name = "Maintenance Kit", .type = 15, .unit = 7, .max = 200'000, .yield = 200'000});
  return m;
}

Model e_studio(std::string_view name, Can can) {
  Model m = printer(toshiba, name, can);
  m.sys_object_id = enterprise_oid(1129, {2, 3, 45, 1});
  m.host_prefix = "MFP";
  m.printer_name = "{name}";
  add_colors(m, {"Toner {}", {.name = "", .yield = 33'600}, Order::kcmy});
  m.supplies.push_back(
      {.name = "Waste Toner Box", .type = 4, .supply_class = 4, .yield = 75'000, .gauge = Gauge::some_remaining});
  return m;
}

}  // namespace

std::vector<Model> lexmark_models() {
  std::vector<Model> all = {device("MS826de", mono),
                            device("CX725", color_fax),
                            device("MX722", mono_mfp),
                            device("CS921", color),
                            e_studio("e-STUDIO3515AC", color_mfp),
                            e_studio("e-STUDIO4518A", mono_mfp),
                            e_studio("e-STUDIO389CS", color_mfp)};
  all[6].sys_object_id = enterprise_oid(641, {2, 71106502});  // Lexmark builds it
  all[6].sys_descr = "TOSHIBA {model} version NH72.YS.N636 kernel 3.0.0 All-N-1";
  return all;
}

}  // namespace platen::zoo
