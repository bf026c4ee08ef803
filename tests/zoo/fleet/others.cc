#include "tests/zoo/fleet/models.h"

namespace platen::zoo {
namespace {

constexpr Maker samsung{"Samsung", 236, {0x00, 0x15, 0x99}, "Z7#@BJ########X"};
constexpr Maker oki{"OKI", 2001, {0x00, 0x80, 0x87}, "AK#########"};
constexpr Maker pantum{"Pantum", 40093, {0x02, 0x50, 0x41}, "CG#@######"};

const std::string makers = "1.3.6.1.4.1.";

// Shown, and not billed by: one source alone knows these.
void add_doubtful(Model& m, const std::string& oid, Count count) {
  m.meters.push_back({.oid = makers + oid, .count = count, .type = snmp::Type::integer, .binds = false});
}

Model of_samsung(std::string_view name, Can can) {
  Model m = printer(samsung, name, can);
  m.sys_object_id = enterprise_oid(236, {11, 5, 1});
  m.sys_descr = "Samsung {model} OS 1.30.05.35;Engine 1.00.12;NIC V4.01.20;S/N {serial}";
  m.printer_name = "{name}";
  m.host_prefix = "SEC";
  m.counter_unit = 8;
  m.integer_counters = true;
  add_colors(m, {"{} Toner Cartridge S/N CRUM-170902", {.name = "", .yield = 10'000}});
  m.supplies.push_back({.name = "Imaging Unit", .type = 9, .unit = 7, .max = 100'000, .yield = 100'000});
  add_doubtful(m, "236.11.5.1.1.9.2.0", &Pages::total);
  if (can.color) add_doubtful(m, "236.11.5.11.53.11.1.1.0", &Pages::color);
  if (can.color) add_doubtful(m, "236.11.5.11.53.11.1.2.0", &Pages::mono);
  return m;
}

Model of_oki(std::string_view name, Can can) {
  Model m = printer(oki, name, can);
  m.sys_object_id = enterprise_oid(2001, {1, 1, 1, 297, 93, 1});
  m.sys_descr = "OkiLAN 9400e Rev.03.00";
  m.hr_descr = "OKI DATA CORP {model}";
  m.device_id = "MFG:OKI DATA CORP;CMD:PCL,POSTSCRIPT;MDL:{model};CLS:PRINTER;DES:{model};";
  m.mark_tech = 3;
  m.host_prefix = "OKI";
  add_colors(m, {"{} Toner", {.name = "", .yield = 11'500}, Order::kcmy});
  add_colors(m, {"{} Image Drum", {.name = "", .type = 9, .yield = 30'000}, Order::kcmy});
  m.supplies.push_back({.name = "Fuser", .type = 15, .yield = 100'000});
  add_doubtful(m, "2001.1.1.1.1.100.1.1.1.3.1", &Pages::total);
  return m;
}

Model of_pantum(std::string_view name, Can can) {
  Model m = printer(pantum, name, can);
  m.sys_descr = "{maker} {model}";
  m.sys_object_id = enterprise_oid(40093, {1, 1});
  m.host_prefix = "Pantum-";
  m.console_lines = 0;
  add_colors(m, {"{} Toner Cartridge", {.name = "", .yield = 6'000}});
  m.meters = {{makers + "40093.1.1.3.1", &Pages::duplex}, {makers + "40093.1.1.3.12", &Pages::print}};
  if (can.copy) m.meters.push_back({makers + "40093.1.1.3.9", &Pages::copy});
  return m;
}

}  // namespace

std::vector<Model> other_models() {
  std::vector<Model> all = {of_samsung("M4080FX Series", mono_mfp),
                            of_samsung("CLX-6260 Series", color_mfp),
                            of_samsung("ML-3710 Series", mono),
                            of_oki("C650", color),
                            of_oki("MC573", color_mfp),
                            of_oki("B432", mono),
                            of_pantum("BP5100DW", mono),
                            of_pantum("CM7105DN", color_mfp)};
  speaks(all[3], czech, Charset::latin2);
  speaks(all[6], english, Charset::ascii, 1);
  return all;
}

}  // namespace platen::zoo
