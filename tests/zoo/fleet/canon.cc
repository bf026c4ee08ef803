#include "tests/zoo/fleet/models.h"

namespace platen::zoo {
namespace {

constexpr Maker canon{"Canon", 1602, {0x00, 0x1E, 0x8F}, "@@@#####"};

// Row = the code on the machine's counter screen; column 2 says it in words.
void add_meters(Model& m, const std::string& table) {
  struct Code {
    int code;
    const char* label;
    Count count;
    bool when = true;
  };
  const Code codes[] = {{101, "Total 1", &Pages::total},
                        {108, "Total (Black 1)", &Pages::mono},
                        {112, "Total (Black/Large)", &Pages::none},
                        {113, "Total (Black/Small)", &Pages::mono},
                        {114, "Total 1 (2-Sided)", &Pages::duplex},
                        {122, "Total (Full Color + Single Color/Large)", &Pages::none, m.has_color},
                        {123, "Total (Full Color + Single Color/Small)", &Pages::color, m.has_color},
                        {201, "Copy (Total 1)", &Pages::copy, m.has_copier},
                        {301, "Print (Total 1)", &Pages::print},
                        {501, "Scan (Total 1)", &Pages::scan, m.has_copier}};
  for (const Code& row : codes) {
    const std::string code = std::to_string(row.code);
    if (row.when)
      m.meters.push_back({table + ".4." + code, row.count, snmp::Type::counter32, table + ".2." + code, row.label});
  }
}

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
  add_meters(m, "1.3.6.1.4.1.1602.1.11.1.3.1");
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
