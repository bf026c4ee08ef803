#include "tests/zoo/fleet/models.h"

namespace platen::zoo {
namespace {

constexpr Maker epson{"EPSON", 1248, {0x00, 0x26, 0xAB}, "X3@@######"};
const std::string base = "1.3.6.1.4.1.1248.1.2.2.27.";

void put_identity(Rows& rows, const Model& model) {
  const snmp::Oid device = enterprise_oid(1248, {1, 2, 2, 1, 1, 1});
  rows.put(device + 1U + 1U,
           [](const Scene& s) { return snmp::Value::octets(filled(s.model.device_id, s.model, s.who)); });
  rows.text(device + 2U + 1U, model.model);
  rows.put(device + 5U + 1U, [](const Scene& s) { return snmp::Value::octets(s.who.serial); });
}

// Black, total and colour by function; column 2 has the function's name.
void add_function_meters(Model& m) {
  struct Function {
    std::string row, name;
    Count black, total, color;
  };
  const Function functions[] = {{"1", "Print", &Pages::print_mono, &Pages::print, &Pages::print_color},
                                {"2", "Copy", &Pages::copy_mono, &Pages::copy, &Pages::copy_color},
                                {"3", "Fax", &Pages::fax, &Pages::fax, &Pages::none}};
  const auto cell = [](const char* column, const std::string& row) { return base + "6.1." + column + ".1.1." + row; };
  for (const Function& f : functions) {
    if (f.row == "3" && !m.has_fax) continue;
    m.meters.push_back({cell("3", f.row), f.black, snmp::Type::counter32, cell("2", f.row), f.name});
    m.meters.push_back({cell("4", f.row), f.total});
    m.meters.push_back({cell("5", f.row), f.color});
  }
}

Model device(std::string_view name, Can can, std::int64_t ink_unit) {
  Model m = printer(epson, name, can);
  m.sys_object_id = enterprise_oid(1248, {1, 1, 2, 1, 3, 17});
  m.sys_descr = "EPSON Built-in 10Base-T/100Base-TX/1000Base-T Print Server";
  m.device_id = "MFG:{maker};CMD:ESCPL2,BDC,D4,PCL;MDL:{model};CLS:PRINTER;DES:EPSON {model};CID:EpsonRGB;SN:{serial};";
  m.host_prefix = "EPSON";
  m.firmware = "BR24N5";
  m.mark_tech = 12;
  m.console_lines = 2;
  add_colors(
      m, {"{} Ink Cartridge", {.name = "", .type = 5, .unit = static_cast<std::int32_t>(ink_unit), .yield = 20'000}});
  m.supplies.push_back({.name = "Maintenance Box", .type = 8, .supply_class = 4, .unit = 1, .yield = 75'000});
  m.more_rows = put_identity;
  return m;
}

Model workforce(std::string_view name, Can can) {
  Model m = device(name, can, 1);
  m.meters.push_back({base + "1.1.30.1.1", &Pages::total});
  m.meters.push_back({base + "1.1.3.1.1", &Pages::mono});
  if (can.color) m.meters.push_back({base + "1.1.4.1.1", &Pages::color});
  return m;
}

Model enterprise(std::string_view name, Can can) {
  Model m = device(name, can, 19);
  add_function_meters(m);
  return m;
}

}  // namespace

std::vector<Model> epson_models() {
  std::vector<Model> all = {workforce("WF-C5790 Series", color_mfp), enterprise("WF-C879R Series", color_fax),
                            enterprise("AM-C4000 Series", color_mfp), workforce("WF-M5799 Series", mono_mfp),
                            workforce("ET-16650 Series", color_mfp)};
  all[2].pages_per_day = 2500;
  speaks(all[0], french, Charset::windows1252);
  return all;
}

}  // namespace platen::zoo
