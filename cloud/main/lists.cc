// printers, readings, agents: the store as tables, JSON and CSV, read beside the server that writes it.
#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "base/command/list.h"
#include "base/ip_address.h"
#include "base/reading/json.h"
#include "base/reading/table.h"
#include "base/text.h"
#include "cloud/enroll/registry.h"
#include "cloud/main/presence.h"
#include "cloud/main/program.h"
#include "cloud/main/without_store.h"
#include "cloud/store/store.h"
#include "cloud/tasks/task_book.h"

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
Expected<command::List> list_printers(Store& store) {
  auto printers = store.printers();
  if (!printers) return fail(printers.error());
  std::sort(printers->begin(), printers->end(), by_address);
  command::List list;
  for (const FleetColumn& column : fleet_columns()) list.columns.push_back({column.name, column.number});
  list.columns.insert(list.columns.end(), {{"last_read"}, {"agent"}, {"printer"}});
  for (const PrinterRow& printer : *printers) {
    list.rows.push_back(fleet_cells(printer.latest));
    list.rows.back().insert(list.rows.back().end(), {to_rfc3339(printer.last_read), printer.agent, printer.id});
    list.lines.push_back(with_cloud(printer.latest, {{"printer", printer.id},
                                                     {"agent", printer.agent},
                                                     {"first_seen", to_rfc3339(printer.first_seen)},
                                                     {"last_read", to_rfc3339(printer.last_read)},
                                                     {"readings", printer.readings},
                                                     {"previewed", printer.previewed}}));
  }
  return list;
}

Expected<command::List> list_readings(Store& store, const std::string& printer, std::size_t newest) {
  auto readings = store.readings(printer, newest);
  if (!readings) return fail(readings.error());
  command::List list{
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

const char* identity_of(const enroll::AgentEntry& entry) {
  return entry.revoked ? "removed" : entry.copied.empty() ? "good" : "copied";
}

// Those who have connected and those who are enrolled, by name; either half may be missing.
struct AgentLine {
  AgentRow row;
  std::optional<enroll::AgentEntry> entry;
  std::size_t open_tasks = 0;
  std::string task_key = {};  // the id of the key that it knows tasks by, hex
  std::optional<Presence> presence = {};
};

// Where tasks were never made nobody has any.
Expected<void> add_tasks(const command::Arguments& arguments, std::map<std::string, AgentLine>& lines) {
  std::error_code fault;
  if (!std::filesystem::exists(tasks_file(arguments), fault)) return {};
  SigningKeys keys(arguments.text("--data"));
  const auto book = TaskBook::open(tasks_file(arguments), keys);
  if (!book) return fail(book.error());
  const auto open = (*book)->open_tasks(system_clock().wall());
  if (!open) return fail(open.error());
  const auto in_use = (*book)->keys_in_use();
  if (!in_use) return fail(in_use.error());
  for (auto& [name, line] : lines) {
    if (const auto found = open->find(name); found != open->end()) line.open_tasks = found->second;
  }
  for (const AgentKey& key : *in_use) {
    if (const auto found = lines.find(key.agent); found != lines.end()) found->second.task_key = to_hex(key.key_id);
  }
  return {};
}

Expected<std::map<std::string, AgentLine>> agents_of(Store& store, const command::Arguments& arguments) {
  const auto rows = store.agents();
  if (!rows) return fail(rows.error());
  std::map<std::string, AgentLine> out;
  for (const AgentRow& row : *rows) out[row.agent].row = row;
  std::error_code fault;
  if (!std::filesystem::exists(registry_file(arguments), fault)) return out;
  const auto registry = enroll::Registry::open(registry_file(arguments));
  if (!registry) return fail(registry.error());
  const auto entries = (*registry)->agents();
  if (!entries) return fail(entries.error());
  for (const enroll::AgentEntry& entry : *entries) out[entry.place.agent_id].entry = entry;
  if (auto added = add_tasks(arguments, out); !added) return fail(added.error());
  for (const auto& [name, presence] : read_presences(presence_file(arguments), system_clock().wall())) {
    if (const auto found = out.find(name); found != out.end()) found->second.presence = presence;
  }
  return out;
}

command::Cells cells_of(const std::string& name, const AgentLine& line) {
  const AgentRow& row = line.row;
  command::Cells cells = {name, row.version};
  const bool connected = row.first_seen != WallTime{};
  for (const WallTime time : {row.last_seen, row.first_seen}) cells.push_back(connected ? to_rfc3339(time) : "");
  for (const std::uint64_t number : {row.records, row.through_seq, row.newest - row.through_seq, row.withheld})
    cells.push_back(connected ? std::to_string(number) : "");
  cells.push_back(row.epoch);
  const enroll::AgentEntry entry = line.entry.value_or(enroll::AgentEntry{});
  cells.insert(cells.end(),
               {entry.place.dealer, entry.place.customer, entry.place.site, line.entry ? identity_of(entry) : "",
                line.entry ? to_rfc3339(entry.certificate_until) : "", row.trouble, std::to_string(line.open_tasks),
                line.task_key, row.address, line.presence ? std::string(word_of(*line.presence)) : ""});
  if (!entry.copied.empty()) cells[cells.size() - 5] = entry.copied;
  return cells;
}

Json identity_document(const enroll::AgentEntry& entry) {
  Json out = {{"state", identity_of(entry)}};
  const std::pair<const char*, const std::string&> texts[] = {{"dealer", entry.place.dealer},
                                                              {"customer", entry.place.customer},
                                                              {"site", entry.place.site},
                                                              {"copied", entry.copied}};
  for (const auto& [key, text] : texts) {
    if (!text.empty()) out[key] = text;
  }
  out["enrolled"] = to_rfc3339(entry.enrolled);
  out["certificate_until"] = to_rfc3339(entry.certificate_until);
  if (entry.revoked) out["removed"] = to_rfc3339(*entry.revoked);
  if (entry.copied_at) out["copied_at"] = to_rfc3339(*entry.copied_at);
  return out;
}

Json document_of(const std::string& name, const AgentLine& line) {
  const AgentRow& row = line.row;
  Json document = {{"schema", "platen.agent/1"}, {"agent", name}};
  if (!row.version.empty()) document["version"] = row.version;
  if (row.first_seen != WallTime{}) {
    document["epoch"] = row.epoch, document["through_seq"] = row.through_seq, document["records"] = row.records;
    document["newest_seq"] = row.newest, document["withheld"] = row.withheld;
    document["first_seen"] = to_rfc3339(row.first_seen), document["last_seen"] = to_rfc3339(row.last_seen);
    if (!row.address.empty()) document["address"] = row.address;
  }
  if (!row.trouble.empty()) document["trouble"] = row.trouble, document["trouble_at"] = to_rfc3339(row.trouble_at);
  if (line.entry) document["identity"] = identity_document(*line.entry);
  document["open_tasks"] = line.open_tasks;
  if (!line.task_key.empty()) document["task_key"] = line.task_key;
  if (line.presence)
    document["at_broker"] = {{"state", word_of(*line.presence)}, {"heard", to_rfc3339(line.presence->since)}};
  return document;
}

Expected<command::List> list_agents(Store& store, const command::Arguments& arguments) {
  const auto agents = agents_of(store, arguments);
  if (!agents) return fail(agents.error());
  command::List list{.columns = {{"agent"},
                                 {"version"},
                                 {"last_seen"},
                                 {"first_seen"},
                                 {"records", true},
                                 {"through", true},
                                 {"to_come", true},
                                 {"withheld", true},
                                 {"epoch"},
                                 {"dealer"},
                                 {"customer"},
                                 {"site"},
                                 {"identity"},
                                 {"certificate_until"},
                                 {"trouble"},
                                 {"open_tasks", true},
                                 {"task_key"},
                                 {"address"},
                                 {"at_broker"}},
                     .rows = {},
                     .lines = {}};
  for (const auto& [name, line] : *agents) {
    list.rows.push_back(cells_of(name, line));
    list.lines.push_back(document_of(name, line).dump(-1, ' ', false, Json::error_handler_t::replace));
  }
  return list;
}

template <class Make>
int list(const command::Arguments& arguments, Make make) {
  auto store = open_sqlite_store_read_only(store_file(arguments));
  if (!store) return refused(without_store(store.error(), arguments.text("--data")));
  const Expected<command::List> made = make(**store);
  if (!made) return refused(made.error());
  command::print_list(arguments, *made);
  return command::done;
}

}  // namespace

int run_printers(const command::Arguments& arguments) {
  return list(arguments, [](Store& store) { return list_printers(store); });
}

int run_readings(const command::Arguments& arguments) {
  const std::string printer = arguments.text("--printer");
  bool known = true;
  const int code = list(arguments, [&](Store& store) -> Expected<command::List> {
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
  return list(arguments, [&](Store& store) { return list_agents(store, arguments); });
}

}  // namespace platen::cloud
