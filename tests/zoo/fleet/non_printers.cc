// What answers SNMP beside the printers. A scan must not take any of them for one.
#include "tests/zoo/fleet/models.h"

namespace platen::zoo {
namespace {

using snmp::Oid;
using snmp::Value;

Model thing(std::string_view name, std::string_view sys_descr, Oid sys_object_id, std::string_view host_prefix) {
  Model m;
  m.is_printer = false;
  m.model = name;
  m.sys_descr = sys_descr;
  m.sys_object_id = std::move(sys_object_id);
  m.host_prefix = host_prefix;
  return m;
}

Model network_switch() {
  Model m = thing("switch", "HP J9776A 2530-24G Switch, revision YA.16.10.0012, ROM YA.15.20",
                  enterprise_oid(11, {2, 3, 7, 11, 158}), "SW-");
  m.interfaces.clear();
  for (std::uint32_t port = 1; port <= 26; ++port)
    m.interfaces.push_back({port, std::to_string(port), 6, port == 1 ? 1 : 0, port % 3 != 0});
  return m;
}

Model ups() {
  Model m = thing("UPS", "APC Web/SNMP Management Card (MB:v4.2.7 PF:v7.0.8 AF1:sumx AN1:apc_hw05)",
                  enterprise_oid(318, {1, 3, 27}), "apc");
  m.more_rows = [](Rows& rows, const Model&) {
    const Oid ups_base = enterprise_oid(318, {1, 1, 1});
    rows.text(ups_base + 1U + 1U + 1U + 0U, "Smart-UPS 2200");
    rows.number(ups_base + 2U + 2U + 1U + 0U, 100, snmp::Type::gauge32);
  };
  return m;
}

Model nas() {
  return thing("NAS", "Linux diskstation 4.4.302+ #69057 SMP x86_64", enterprise_oid(8072, {3, 2, 10}), "nas");
}
Model linux_host() {
  return thing("host", "Linux app01 6.1.0-18-amd64 #1 SMP PREEMPT_DYNAMIC Debian x86_64",
               enterprise_oid(8072, {3, 2, 10}), "app");
}

// Its print queues are hrDevicePrinter rows (RFC 2790), but no marker stands behind them.
Model print_server() {
  Model m =
      thing("print server",
            "Hardware: Intel64 Family 6 Model 85 - Software: Windows Version 10.0 (Build 17763 Multiprocessor Free)",
            enterprise_oid(311, {1, 1, 3, 1, 2}), "PRINT");
  m.more_rows = [](Rows& rows, const Model&) {
    const Oid device{1, 3, 6, 1, 2, 1, 25, 3, 2, 1}, status{1, 3, 6, 1, 2, 1, 25, 3, 5, 1, 1};
    const char* const queues[] = {"Microsoft XPS Document Writer", "Accounting, second floor", "Warehouse labels",
                                  "Reception colour"};
    std::uint32_t index = 2;
    for (const char* queue : queues) {
      rows.number(device + 1U + index, index);
      rows.put(device + 2U + index, Value::oid(Oid{1, 3, 6, 1, 2, 1, 25, 3, 1, 5}));
      rows.text(device + 3U + index, queue);
      rows.put(device + 4U + index, Value::oid(Oid{0, 0}));
      rows.number(device + 5U + index, 2);
      rows.number(status + index, 3);
      ++index;
    }
  };
  return m;
}

// A printer maker's number, a printer's job, and no Printer MIB.
Model label_printer() {
  Model m = thing("label printer", "TOSHIBA TEC B-EX4T1-TS12", enterprise_oid(1129, {1, 2, 1}), "TECLBL");
  m.more_rows = [](Rows& rows, const Model&) {
    rows.text(enterprise_oid(1129, {1, 2, 1, 1, 1, 1, 1, 0}), "18221168769");
    rows.text(enterprise_oid(1129, {1, 2, 1, 1, 1, 2, 1, 0}), "B-EX4T1");
  };
  return m;
}

Model scanner() {
  return thing("scanner", "EPSON 10/100/1000 Ethernet Scan Server", enterprise_oid(1248, {4, 1, 1}), "EPSONSC");
}

}  // namespace

std::vector<Model> non_printer_models() {
  return {network_switch(), ups(), nas(), print_server(), label_printer(), linux_host(), scanner()};
}

}  // namespace platen::zoo
