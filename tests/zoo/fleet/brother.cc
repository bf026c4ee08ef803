#include "tests/zoo/fleet/models.h"

namespace platen::zoo {
namespace {

constexpr Maker brother{"Brother", 2435, {0x00, 0x80, 0x77}, "E#####@######"};
const std::string base = "1.3.6.1.4.1.2435.2.3.9.4.2.1.5.5.";

void put_identity(Rows& rows, const Model& model) {
  const auto name = [](std::string_view tail) { return snmp::Oid::parse(base + std::string(tail)).value(); };
  rows.put(name("1.0"), [](const Scene& s) { return snmp::Value::octets(s.who.serial); });
  rows.text(name("17.0"), model.firmware);
  rows.put(snmp::Oid{1, 3, 6, 1, 4, 1, 2435, 2, 3, 9, 1, 1, 7, 0},
           [](const Scene& s) { return snmp::Value::octets(filled(s.model.device_id, s.model, s.who)); });
}

// Pages by function: 1 print, 3 copy, 4 colour copy, 5 colour print, 7 mono print, 9 mono copy
void add_function_meters(Model& m) {
  const std::pair<int, Count> functions[] = {{1, &Pages::print},       {3, &Pages::copy},       {4, &Pages::copy_color},
                                             {5, &Pages::print_color}, {7, &Pages::print_mono}, {9, &Pages::copy_mono}};
  for (const auto& [row, count] : functions) {
    if (!m.has_color && (row == 4 || row == 5)) continue;
    m.meters.push_back({base + "52.21.1.3." + std::to_string(row), count, snmp::Type::integer});
  }
}

Model device(std::string_view name, Can can) {
  Model m = printer(brother, name, can);
  m.sys_object_id = enterprise_oid(2435, {2, 3, 9, 1});
  m.sys_descr = "Brother NC-8900w, Firmware Ver.{firmware}  (25.06.11),MID 84E-F11";
  m.device_id = "MFG:{maker};CMD:PJL,PCL,PCLXL;MDL:{model};CLS:PRINTER;CID:Brother Laser Type1;";
  m.host_prefix = "BRN00";
  m.firmware = "1.42";
  m.counter_unit = 8;
  m.console_lines = 1;
  m.packed_meters = {{base + "10.0", {{0x00, &Pages::total}, {0x01, &Pages::mono}, {0x06, &Pages::duplex}}}};
  if (can.color) m.packed_meters[0].records.insert(m.packed_meters[0].records.begin() + 2, {0x02, &Pages::color});
  if (can.copy) m.meters.push_back({base + "54.2.2.1.3.1", &Pages::scan_feeder, snmp::Type::integer});
  if (can.copy) m.meters.push_back({base + "54.2.2.1.3.2", &Pages::scan_flatbed, snmp::Type::integer});
  m.more_rows = put_identity;
  return m;
}

Model laser(std::string_view name, Can can) {
  Model m = device(name, can);
  add_colors(m, {"{} Toner Cartridge",
                 {.name = "", .unit = 13, .yield = 6'500, .gauge = Gauge::some_remaining, .hides_max = true}});
  m.supplies.push_back({.name = "Drum Unit", .type = 9, .unit = 7, .max = 30'000, .yield = 30'000});
  if (can.color) m.supplies.push_back({.name = "Belt Unit", .type = 20, .unit = 7, .max = 50'000, .yield = 50'000});
  if (can.color)
    m.supplies.push_back({.name = "Waste Toner Box",
                          .type = 4,
                          .supply_class = 4,
                          .unit = 13,
                          .yield = 50'000,
                          .gauge = Gauge::some_remaining,
                          .hides_max = true});
  m.trays = {{"MP TRAY", "MP TRAY", "PLAIN", 50, 4}, {"TRAY1", "TRAY1", "PLAIN", 250, 3, Gauge::some_remaining}};
  return m;
}

Model ink(std::string_view name) {
  Model m = device(name, color_fax);
  m.mark_tech = 12;
  add_colors(m,
             {"{} Ink Cartridge",
              {.name = "", .type = 5, .unit = 15, .yield = 3'000, .gauge = Gauge::some_remaining, .hides_max = true}});
  return m;
}

}  // namespace

std::vector<Model> brother_models() {
  std::vector<Model> all = {
      laser("HL-L6400DW series", mono),      laser("HL-L8360CDW series", color),
      laser("MFC-L5750DW series", mono_fax), laser("MFC-L8900CDW series", color_fax),
      laser("DCP-L2550DW series", mono_mfp), ink("MFC-J6945DW"),
      laser("HL-5450DN series", mono),
  };
  add_function_meters(all[3]);
  add_function_meters(all[4]);
  speaks(all[0], polish, Charset::latin2);
  speaks(all[1], german, Charset::hp_roman8);
  speaks(all[2], czech, Charset::latin2);
  all[3].interfaces = {{1, "WiFi", 71, 2, false}, {2, "Ethernet", 6, 1}, {3, "SoftwareLoopback", 24, 0}};
  all[6].max_answer = 484;
  return all;
}

}  // namespace platen::zoo
