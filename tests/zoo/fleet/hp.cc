#include "tests/zoo/fleet/models.h"

namespace platen::zoo {
namespace {

using snmp::Type;

constexpr Maker hp{"HP", 11, {0x94, 0x57, 0xA5}, "JPB@@#####"};
const std::string common = "1.3.6.1.4.1.11.2.3.9.4.2.1.";  // HP-LASERJET-COMMON-MIB

void put_identity(Rows& rows, const Model& model) {
  const auto name = [](std::string_view tail) { return snmp::Oid::parse(common + std::string(tail)).value(); };
  rows.text(name("1.3.2.0"),
            std::string("\x01\x15", 2) + model.maker + " " + model.model);  // two octets name a symbol set
  rows.put(name("1.3.3.0"), [](const Scene& s) { return snmp::Value::octets(s.who.serial); });
  rows.text(name("1.3.5.0"), model.firmware);
  rows.put(snmp::Oid{1, 3, 6, 1, 4, 1, 11, 2, 3, 9, 1, 1, 7, 0},
           [](const Scene& s) { return snmp::Value::octets(filled(s.model.device_id, s.model, s.who)); });
}

Model base(std::string_view name, Can can) {
  Model m = printer(hp, name, can);
  m.sys_object_id = enterprise_oid(11, {2, 3, 9, 1});
  m.sys_descr = "HP ETHERNET MULTI-ENVIRONMENT,SN:{serial},FN:ZX1042A,SVCID:30111,PID:HP {model}";
  m.host_prefix = "NPI";
  m.firmware = "20250611";
  m.printer_name = "HP {model}";
  m.covers = {"Top cover", "Rear door"};
  m.meters.push_back({common + "4.1.2.5.0", &Pages::total, Type::integer});
  m.meters.push_back({common + "4.1.2.22.0", &Pages::duplex, Type::integer});
  if (can.color) m.meters.push_back({common + "4.1.2.6.0", &Pages::mono, Type::integer});
  if (can.color) m.meters.push_back({common + "4.1.2.7.0", &Pages::color, Type::integer});
  if (can.copy) m.meters.push_back({common + "2.2.1.44.0", &Pages::scan_feeder, Type::integer});
  if (can.copy) m.meters.push_back({common + "2.2.1.74.0", &Pages::scan_flatbed, Type::integer});
  m.more_rows = put_identity;
  return m;
}

Model laserjet(std::string_view name, Can can, std::uint64_t yield) {
  Model m = base(name, can);
  add_colors(m, {"{} Cartridge", {.name = "", .yield = yield}});
  return m;
}

// The large ones: receptacles and kits, a gap in the index, three trays and a stacker.
Model enterprise(std::string_view name, Can can, std::uint64_t yield) {
  Model m = laserjet(name, can, yield);
  m.two_error_octets = true;
  m.console_lines = 4;
  m.trays.push_back({"Tray 3", "Heavy paper feeder", "A4 recycled", 550});
  m.bins.push_back({"Stacker", "Stapler and stacker", 500, Gauge::some_remaining});
  if (can.color)
    m.supplies.push_back({.name = "Toner Collection Unit", .type = 4, .supply_class = 4, .yield = 90'000, .index = 8});
  m.supplies.push_back({.name = "Fuser Kit", .type = 15, .yield = 150'000, .index = 10});
  m.supplies.push_back(
      {.name = "Document Feeder Kit", .type = 1, .yield = 120'000, .gauge = Gauge::unknown, .index = 11});
  return m;
}

Model ink(std::string_view name, Can can) {
  Model m = base(name, can);
  m.mark_tech = 12;
  add_colors(m, {"{} ink cartridge",
                 {.name = "", .type = 5, .unit = 15, .max = 690, .yield = 3'000, .gauge = Gauge::tens},
                 Order::cmyk});
  return m;
}

}  // namespace

std::vector<Model> hp_models() {
  std::vector<Model> all = {
      laserjet("LaserJet Pro M404dn", mono, 3'000),
      enterprise("LaserJet Enterprise M611dn", mono, 25'000),
      laserjet("Color LaserJet Pro MFP M479fdw", color_mfp, 2'400),
      enterprise("Color LaserJet Enterprise M555dn", color, 12'500),
      enterprise("LaserJet Enterprise Flow MFP M636z", mono_mfp, 37'000),
      ink("OfficeJet Pro 9020", color_mfp),
      ink("PageWide Pro 477dw", color_mfp),
      laserjet("LaserJet P3015", mono, 12'500),
  };
  speaks(all[0], german, Charset::hp_roman8);
  speaks(all[3], french, Charset::hp_roman8, 5);
  all[5].interfaces = {{1, "HP WiFi", 71, 2, false}, {2, "HP Ethernet", 6, 1}, {3, "lo", 24, 0}};
  all[7].sys_descr = "HP ETHERNET MULTI-ENVIRONMENT,ROM none,JETDIRECT,JD128,EEPROM V.33.19,CIDATE 09/18/2011";
  all[7].max_answer = 484;
  return all;
}

}  // namespace platen::zoo
