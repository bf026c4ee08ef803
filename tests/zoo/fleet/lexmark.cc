#include "tests/zoo/fleet/models.h"

namespace platen::zoo {
namespace {

constexpr Maker lexmark{"Lexmark", 641, {0x00, 0x21, 0xB7}, "7#######@@#"};
constexpr Maker toshiba{"TOSHIBA", 1129, {0x00, 0x80, 0x91}, "C@@@######"};

// LEXMARK-MPS-MIB, paperGeneralCountTable: column 2 tells the type of the count in column 4; the index is the device and a row.
void add_meters(Model& m) {
  struct Type {
    std::int32_t code;
    Count count;
    bool when = true;
  };
  const Type types[] = {{2, &Pages::total},
                        {3, &Pages::mono},
                        {4, &Pages::color, m.has_color},
                        {16, &Pages::print},
                        {17, &Pages::print_mono},
                        {18, &Pages::print_color, m.has_color},
                        {32, &Pages::copy, m.has_copier},
                        {33, &Pages::copy_mono, m.has_copier},
                        {34, &Pages::copy_color, m.has_copier && m.has_color},
                        {48, &Pages::fax, m.has_fax}};
  const std::string table = "1.3.6.1.4.1.641.6.4.2.1.1.";
  int row = 0;
  for (const Type& type : types) {
    const std::string at = ".1." + std::to_string(++row);
    if (type.when)
      m.meters.push_back({table + "4" + at, type.count, snmp::Type::counter32, "", "", table + "2" + at, type.code});
  }
}

void add_toshiba_meters(Model& m) {
  const std::string table = "1.3.6.1.4.1.1129.2.3.50.1.3.21.6.1.";
  const auto add = [&](const char* tail, Count count) {
    m.meters.push_back({.oid = table + tail, .count = count, .binds = false});
  };
  add("2.1.3", &Pages::mono);
  add("2.1.4", &Pages::total);
  add("3.1.3", &Pages::print);
  if (m.has_copier) add("4.1.3", &Pages::copy);
}

Model device(std::string_view name, Can can) {
  Model m = printer(lexmark, name, can);
  m.sys_object_id = enterprise_oid(641, {2, 71106500});
  m.sys_descr = "Lexmark {model} version CXTZJ.073.224 kernel 4.17.19-yocto-standard All-N-1";
  m.hr_descr = "Lexmark {model} {serial} CXTZJ.073.224";
  m.host_prefix = "ET0021";
  add_colors(m, {"{} Toner", {.name = "", .unit = 7, .max = 17'000, .yield = 17'000}, Order::cmyk});
  m.supplies.push_back({.name = "Photoconductor Unit", .type = 9, .unit = 7, .max = 150'000, .yield = 150'000});
  m.supplies.push_back({.name = "Maintenance Kit", .type = 15, .unit = 7, .max = 200'000, .yield = 200'000});
  add_meters(m);
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
  add_toshiba_meters(m);
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
  all[6].meters.clear();
  add_meters(all[6]);
  all[6].sys_descr = "TOSHIBA {model} version NH72.YS.N636 kernel 3.0.0 All-N-1";
  return all;
}

}  // namespace platen::zoo
