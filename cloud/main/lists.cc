// printers, readings, agents: the store as tables, JSON and CSV, read beside the server that writes it.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/ip_address.h"
#include "base/reading/json.h"
#include "base/reading/table.h"
#include "cloud/main/list.h"
#include "cloud/main/program.h"
#include "cloud/store/store.h"

namespace platen::cloud {
namespace {

using command::Cells;
using Json = nlohmann::ordered_json;

// The reading's own document, and what the cloud knows beside it.
std::string with_cloud(const Reading& reading, Json cloud) {
  Json document = Json::parse(to_json(reading));
  document["cloud"] = std::move(cloud);
  return document.dump();
}

// As numbers: 10.0.0.9 before 10.0.0.10. What is no address comes last.
bool by_address(const PrinterRow& a, const PrinterRow& b) {
  const auto left = IpAddress::parse(a.latest.address), right = IpAddress::parse(b.latest.address);
  if (left && right && *left != *right) return *left < *right;
  return left.has_value() != right.has_value() ? left.has_value() : a.id < b.id;
}

// The columns of platen scan, and after them what only the cloud knows.
Expected<List> list_printers(Store& store) {
  auto printers = store.printers();
  if (!printers) return fail(printers.error());
  std::sort(printers->begin(), printers->end(), by_address);
  List list;
  for (const FleetColumn& column : fleet_columns()) list.columns.push_back({column.name, column.number});
  list.columns.insert(list.columns.end(), {{"last_read"}, {"agent"}, {"printer"}});
  for (const PrinterRow& printer : *printers) {
    list.rows.push_back(fleet_cells(printer.latest));
    list.rows.back().insert(list.rows.back().end(), {to_rfc3339(printer.last_read), printer.agent, printer.id});
    list.lines.push_back(with_cloud(printer.latest, {{"printer", printer.id},
                                                     {"agent", printer.agent},
                                                     {"first_seen", to_rfc3339(printer.first_seen)},
                                                     {"last_read", to_rfc3339(printer.last_read)},
                                                     {"readings", printer.readings}}));
  }
  return list;
}

Expected<List> list_readings(Store& store, const std::string& printer, std::size_t newest) {
  auto readings = store.readings(printer, newest);
  if (!readings) return fail(readings.error());
  List list{
      .columns =
          {{"read_at"}, {"printer"}, {"address"}, {"total", true}, {"kind"}, {"complete"}, {"agent"}, {"seq", true}},
      .rows = {},
      .lines = {}};
  for (const ReadingRow& row : *readings) {
    const Reading& reading = row.reading;
    const CounterPoint* total = total_of(reading);
    list.rows.push_back({to_rfc3339(reading.read_at), row.printer_id, reading.address,
                         total == nullptr ? "" : std::to_string(total->value),
                         reading.kind == Reading::Kind::full ? "full" : "status", reading.complete ? "yes" : "no",
                         row.agent, std::to_string(row.seq)});
    list.lines.push_back(with_cloud(
        reading, {{"printer", row.printer_id}, {"agent", row.agent}, {"epoch", row.epoch}, {"seq", row.seq}}));
  }
  return list;
}

Expected<List> list_agents(Store& store) {
  auto agents = store.agents();
  if (!agents) return fail(agents.error());
  List list{.columns = {{"agent"},
                        {"version"},
                        {"last_seen"},
                        {"first_seen"},
                        {"records", true},
                        {"through", true},
                        {"epoch"},
                        {"trouble"}},
            .rows = {},
            .lines = {}};
  for (const AgentRow& agent : *agents) {
    list.rows.push_back({agent.agent, agent.version, to_rfc3339(agent.last_seen), to_rfc3339(agent.first_seen),
                         std::to_string(agent.records), std::to_string(agent.through_seq), agent.epoch, agent.trouble});
    Json document = {{"schema", "platen.agent/1"},
                     {"agent", agent.agent},
                     {"version", agent.version},
                     {"epoch", agent.epoch},
                     {"through_seq", agent.through_seq},
                     {"records", agent.records},
                     {"first_seen", to_rfc3339(agent.first_seen)},
                     {"last_seen", to_rfc3339(agent.last_seen)}};
    if (agent.version.empty()) document.erase("version");
    if (!agent.trouble.empty())
      document["trouble"] = agent.trouble, document["trouble_at"] = to_rfc3339(agent.trouble_at);
    list.lines.push_back(document.dump(-1, ' ', false, Json::error_handler_t::replace));
  }
  return list;
}

template <class Make>
int list(const command::Arguments& arguments, Make make) {
  auto store = open_sqlite_store_read_only(store_file(arguments));
  if (!store) return refused(without_store(store.error(), arguments.text("--data")));
  const Expected<List> made = make(**store);
  if (!made) return refused(made.error());
  show(arguments, *made);
  return command::done;
}

}  // namespace

int run_printers(const command::Arguments& arguments) {
  return list(arguments, [](Store& store) { return list_printers(store); });
}

int run_readings(const command::Arguments& arguments) {
  const std::string printer = arguments.text("--printer");
  bool known = true;
  const int code = list(arguments, [&](Store& store) -> Expected<List> {
    if (!printer.empty()) {
      const auto found = store.printer(printer);
      if (!found) return fail(found.error());
      known = found->has_value();
    }
    return list_readings(store, printer, static_cast<std::size_t>(arguments.number("--newest")));
  });
  if (code != command::done || known) return code;
  command::print_error("platen-cloud",
                       {Code::not_found, "no printer '" + printer + "'; platen-cloud printers lists the ids"}, "",
                       "not_found");
  return command::incomplete;
}

int run_agents(const command::Arguments& arguments) {
  return list(arguments, [](Store& store) { return list_agents(store); });
}

}  // namespace platen::cloud
