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

// Queues are hrDevicePrinter rows (RFC 2790), but no marker stands behind them.
void put_queues(Rows& rows, std::initializer_list<const char*> names, bool with_general_group) {
  const Oid device{1, 3, 6, 1, 2, 1, 25, 3, 2, 1}, status{1, 3, 6, 1, 2, 1, 25, 3, 5, 1, 1};
  const Oid general{1, 3, 6, 1, 2, 1, 43, 5, 1, 1};
  std::uint32_t index = 2;
  for (const char* name : names) {
    rows.number(device + 1U + index, index);
    rows.put(device + 2U + index, Value::oid(Oid{1, 3, 6, 1, 2, 1, 25, 3, 1, 5}));
    rows.text(device + 3U + index, name);
    rows.put(device + 4U + index, Value::oid(Oid{0, 0}));
    rows.number(device + 5U + index, 2);
    rows.number(status + index, 3);
    if (with_general_group) rows.text(general + 16U + index, name);
    ++index;
  }
}

Model print_server() {
  Model m =
      thing("print server",
            "Hardware: Intel64 Family 6 Model 85 - Software: Windows Version 10.0 (Build 17763 Multiprocessor Free)",
            enterprise_oid(311, {1, 1, 3, 1, 2}), "PRINT");
  m.more_rows = [](Rows& rows, const Model&) {
    put_queues(rows,
               {"Microsoft XPS Document Writer", "Accounting, second floor", "Warehouse labels", "Reception colour"},
               false);
  };
  return m;
}

// Its agent makes a row of prtGeneralTable for each queue.
Model unix_print_server() {
  Model m = thing("Unix print server", "Linux spool02 5.10.0-28-amd64 #1 SMP Debian x86_64",
                  enterprise_oid(8072, {3, 2, 10}), "spool");
  m.more_rows = [](Rows& rows, const Model&) { put_queues(rows, {"lp-north", "lp-south", "labels"}, true); };
  return m;
}

// A box with a parallel port: it has channels to the printer behind it, and nothing of its own.
Model print_server_box() {
  Model m = thing("print server box", "PS-1208 print server, firmware 3.02", enterprise_oid(49999, {1, 4}), "PSBOX");
  m.more_rows = [](Rows& rows, const Model&) {
    put_queues(rows, {"Port 1"}, false);
    const Oid channel{1, 3, 6, 1, 2, 1, 43, 14, 1, 1}, interpreter{1, 3, 6, 1, 2, 1, 43, 15, 1, 1};
    for (std::uint32_t index = 1; index <= 2; ++index) {
      rows.number(channel + 2U + 2U + index, index == 1 ? 8 : 11);  // chLPDServer, chPort9100
      rows.number(interpreter + 2U + 2U + index, 3);                // langPCL
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

// What a panel and a serial number need of the Printer MIB, and no marker.
void put_general_groups(Rows& rows, const char* panel) {
  const Oid printer{1, 3, 6, 1, 2, 1, 43};
  rows.number(printer + 5U + 1U + 1U + 1U + 1U, 3, snmp::Type::counter32);
  rows.text(printer + 5U + 1U + 1U + 17U + 1U, "SCN0012345");
  rows.text(printer + 6U + 1U + 1U + 2U + 1U + 1U, "Feeder cover");
  rows.number(printer + 7U + 1U + 1U + 4U + 1U + 1U, 106);
  rows.text(printer + 16U + 5U + 1U + 2U + 1U + 1U, panel);
}

Model panel_scanner() {
  Model m = thing("scanner with a panel", "Network Image Scanner NS-500", enterprise_oid(49998, {2, 1}), "NSCAN");
  m.more_rows = [](Rows& rows, const Model&) { put_general_groups(rows, "Insert a document"); };
  return m;
}

// Its lines are hrDeviceModem rows, its queue looks like a printer.
Model fax_server() {
  Model m = thing("fax server", "Office Fax Server 4.1", enterprise_oid(49997, {7}), "FAX");
  m.more_rows = [](Rows& rows, const Model&) {
    put_queues(rows, {"Fax queue"}, false);
    const Oid device{1, 3, 6, 1, 2, 1, 25, 3, 2, 1};
    rows.number(device + 1U + 7U, 7);
    rows.put(device + 2U + 7U, Value::oid(Oid{1, 3, 6, 1, 2, 1, 25, 3, 1, 14}));
    rows.text(device + 3U + 7U, "Line 1");
    put_general_groups(rows, "2 faxes waiting");
  };
  return m;
}

// Pretends to be a printer; with its manner, it has an answer to every name.
Model honeypot() {
  return thing("honeypot", "ETHERNET MULTI-ENVIRONMENT,ROM none,EEPROM V.33.19", enterprise_oid(11, {2, 3, 9, 1}),
               "NPI");
}

}  // namespace

std::vector<Model> non_printer_models() {
  return {network_switch(),   ups(),           nas(),        print_server(),
          label_printer(),    linux_host(),    scanner(),    unix_print_server(),
          print_server_box(), panel_scanner(), fax_server(), honeypot()};
}

}  // namespace platen::zoo
