#include "tests/zoo/fleet/models.h"

namespace platen::zoo {
namespace {

constexpr Maker sharp{"SHARP", 2385, {0x00, 0x22, 0xF3}, "8#######0X"};
const std::string table = "1.3.6.1.4.1.2385.1.1.19.2.1.";

// Column 3 counts, column 4 says what; positions differ by model, so `shift` moves them.
void add_meter(Model& m, const std::string& function, int place, const std::string& label, Count count, int shift) {
  const std::string tail = function + ".4." + std::to_string(place + shift);
  m.meters.push_back({table + "3." + tail, count, snmp::Type::counter32, table + "4." + tail, label});
}

Model device(std::string_view name, Can can, int shift) {
  Model m = printer(sharp, name, can);
  m.sys_object_id = enterprise_oid(2385, {3, 1, 27, 3, 1});
  m.host_prefix = "SC";
  m.pages_per_day = 1200;
  m.trays = {{"Bypass Tray", "Bypass Tray", "Plain", 100, 5},
             {"Tray 1", "Tray 1", "A4", 550},
             {"Tray 2", "Tray 2", "A3", 550}};
  add_colors(m, {"{} Toner", {.name = "", .yield = 24'000, .hides_max = true}, Order::cmyk});
  m.supplies.push_back(
      {.name = "Waste Toner", .type = 4, .supply_class = 4, .yield = 60'000, .hides_max = true, .index = 14});
  add_meter(m, "1", 60, "Prints", &Pages::print, shift);
  add_meter(m, "1", 61, "Black & White Print Count", &Pages::print_mono, shift);
  add_meter(m, "1", 75, "Duplex", &Pages::duplex, shift);
  add_meter(m, "4", 60, "Copies", &Pages::copy, shift);
  add_meter(m, "4", 61, "Black & White Copy Count", &Pages::copy_mono, shift);
  add_meter(m, "5", 61, "Black & White Total Count", &Pages::mono, shift);
  if (can.color) {
    add_meter(m, "1", 63, "Full Color Print Count", &Pages::print_color, shift);
    add_meter(m, "4", 63, "Full Color Copy Count", &Pages::copy_color, shift);
    add_meter(m, "4", 64, "Two Color Copy Count", &Pages::none, shift);
    add_meter(m, "4", 80, "Single Color Copy Count", &Pages::none, shift);
    add_meter(m, "5", 63, "Full Color Total Count", &Pages::color, shift);
    add_meter(m, "5", 64, "Two Color Total Count", &Pages::none, shift);
    add_meter(m, "5", 80, "Single Color Total Count", &Pages::none, shift);
  }
  return m;
}

}  // namespace

std::vector<Model> sharp_models() {
  std::vector<Model> all = {device("MX-3071", color_mfp, 0), device("MX-M5071", mono_mfp, 0),
                            device("BP-50C31", color_mfp, 3), device("MX-B476W", mono_mfp, 3)};
  all[2].interfaces = {{1, "Ethernet 1", 6, 1}, {2, "Ethernet 2", 6, 2}, {5, "Loopback", 24, 0}};
  all[0].hr_device_index = 2;
  return all;
}

}  // namespace platen::zoo
