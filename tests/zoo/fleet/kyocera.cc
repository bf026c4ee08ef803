#include "tests/zoo/fleet/models.h"

namespace platen::zoo {
namespace {

constexpr Maker kyocera{"Kyocera", 1347, {0x00, 0x17, 0xC8}, "R4@#######"};
constexpr Maker utax{"UTAX", 1347, {0x00, 0x17, 0xC8}, "L7@#######"};
const std::string base = "1.3.6.1.4.1.1347.";

void put_identity(Rows& rows, const Model& model) {
  const auto name = [](std::string_view tail) { return snmp::Oid::parse(base + std::string(tail)).value(); };
  rows.put(name("43.5.1.1.28.1"), [](const Scene& s) { return snmp::Value::octets(s.who.serial); });
  rows.text(name("43.5.1.1.1.1"), model.model);
  rows.text(name("43.5.4.1.5.1.1"), model.firmware);
  rows.put(name("40.10.1.1.5.1"), [](const Scene& s) { return snmp::Value::octets(s.who.name); });
}

void add_meters(Model& m) {
  m.meters.push_back({base + "43.10.1.1.12.1.1", &Pages::total});
  if (!m.has_copier) {  // column 2 names the colours of column 3
    const std::string labels = base + "42.2.2.1.1.2.1.", counts = base + "42.2.2.1.1.3.1.";
    m.meters.push_back({counts + "1", &Pages::mono, snmp::Type::counter32, labels + "1", "Monochrome"});
    if (!m.has_color) return;
    m.meters.push_back({counts + "2", &Pages::none, snmp::Type::counter32, labels + "2", "Single Color"});
    m.meters.push_back({counts + "3", &Pages::color, snmp::Type::counter32, labels + "3", "Full Color"});
    return;
  }
  const std::string by_function = base + "42.3.1.1.1.1.", by_color = base + "42.3.1.2.1.1.";
  m.meters.push_back({by_function + "1", &Pages::print});
  m.meters.push_back({by_function + "2", &Pages::copy});
  m.meters.push_back({by_color + "1.1", &Pages::print_mono});
  m.meters.push_back({by_color + "2.1", &Pages::copy_mono});
  if (m.has_fax) m.meters.push_back({by_function + "4", &Pages::fax});
  if (m.has_fax) m.meters.push_back({by_color + "4.1", &Pages::fax});
  if (m.has_color) {
    m.meters.push_back({by_color + "1.2", &Pages::none});
    m.meters.push_back({by_color + "1.3", &Pages::print_color});
    m.meters.push_back({by_color + "2.2", &Pages::none});
    m.meters.push_back({by_color + "2.3", &Pages::copy_color});
  }
  m.meters.push_back({base + "42.3.1.3.1.1.2", &Pages::scan_flatbed});
  m.meters.push_back({base + "42.3.1.3.1.1.4", &Pages::none});
  m.meters.push_back({base + "42.3.1.4.1.1.1", &Pages::scan_feeder});
}

Model device(const Maker& maker, std::string_view name, Can can, std::string_view toner) {
  Model m = printer(maker, name, can);
  m.sys_object_id = enterprise_oid(1347, {41});
  m.sys_descr = "KYOCERA Document Solutions Printing System";
  m.hr_descr = "{model}";
  m.device_id =
      "ID:{model};MFG:{maker};CMD:PCLXL,PostScript Emulation,PCL5E,PJL;MDL:{model};CLS:PRINTER;DES:{maker} "
      "{model};CID:KM_PCL;";
  m.host_prefix = "KM";
  m.firmware = "2XD_2000.004.201";
  m.test_permille = 12;
  m.console_lines = 3;
  add_colors(m, {toner, {.name = "", .unit = 7, .max = 12'000, .yield = 12'000}, Order::kcmy, {"K", "C", "M", "Y"}});
  m.supplies.push_back({.name = "Waste Toner Box",
                        .type = 4,
                        .supply_class = 4,
                        .unit = 7,
                        .max = 40'000,
                        .yield = 40'000,
                        .gauge = Gauge::some_remaining});
  add_meters(m);
  m.more_rows = put_identity;
  return m;
}

Model taskalfa(std::string_view name, Can can) {
  Model m = device(kyocera, name, can, "TK-8515{}S");
  m.trays.push_back({"Cassette 3", "Large capacity feeder", "A4", 1500, 3, Gauge::exact, 31});
  m.bins.push_back({"Inner tray", "Document finisher", 1000, Gauge::unknown, 3});
  m.covers = {"Right cover 1", "Right cover 2", "Front cover"};
  m.pages_per_day = 1800;
  return m;
}

}  // namespace

std::vector<Model> kyocera_models() {
  std::vector<Model> all = {
      device(kyocera, "ECOSYS P3155dn", mono, "TK-3160"),
      device(kyocera, "ECOSYS P6235cdn", color, "TK-5280{}"),
      device(kyocera, "ECOSYS M2640idw", mono_fax, "TK-1170"),
      device(kyocera, "ECOSYS M6635cidn", color_fax, "TK-5280{}"),
      taskalfa("TASKalfa 4053ci", color_mfp),
      taskalfa("TASKalfa 6003i", mono_mfp),
      device(utax, "P-5035i MFP", mono_mfp, "PK-3012"),
      device(utax, "4006ci", color_mfp, "CK-8514{}"),
  };
  for (std::size_t i : {6U, 7U}) {
    all[i].sys_descr = "TA_UTAX Printing System";
    all[i].device_id = "ID:{model};MFG:UTAX;CMD:PCLXL,KPDL,PJL;MDL:{model};CLS:PRINTER;DES:UTAX {model};";
  }
  speaks(all[2], german, Charset::utf8);
  all[1].hr_device_index = 3;
  return all;
}

}  // namespace platen::zoo
