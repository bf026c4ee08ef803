#include "tests/zoo/compare.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>

#include "base/reading/json.h"
#include "base/text.h"
#include "tests/zoo/truth.h"

namespace platen::zoo {
namespace {

// Every type a field may have, as text to compare and to show; "" is "not said".
std::string shown(const std::string& text) { return text; }
std::string shown(const Amount& amount) { return std::to_string(amount.raw); }
template <class Number>
requires std::is_arithmetic_v<Number> std::string shown(Number number) { return std::to_string(number); }
std::string shown(const std::vector<std::string>& lines) {
  std::string all;
  for (const std::string& line : lines) all += (all.empty() ? "" : " | ") + line;
  while (all.ends_with(" | ")) all.resize(all.size() - 3);  // a panel's empty last lines
  return all;
}
template <class T>
std::string shown(const std::optional<T>& value) {
  return value ? shown(*value) : "";
}

template <class From>
struct Field {
  std::string_view name;
  std::string (*text)(const From&);
};
template <auto Member, class From>
std::string text_of(const From& from) {
  return shown(from.*Member);
}
template <auto Part, auto Member>
std::string part_of(const Reading& reading) {
  return shown(reading.*Part.*Member);
}

constexpr Field<Reading> scalars[] = {
    {"manufacturer", part_of<&Reading::identity, &Identity::manufacturer>},
    {"model", part_of<&Reading::identity, &Identity::model>},
    {"serial", part_of<&Reading::identity, &Identity::serial>},
    {"mac", part_of<&Reading::identity, &Identity::mac>},
    {"macs", part_of<&Reading::identity, &Identity::macs>},
    {"printer_name", part_of<&Reading::identity, &Identity::printer_name>},
    {"sys_descr", part_of<&Reading::system, &System::sys_descr>},
    {"sys_object_id", part_of<&Reading::system, &System::sys_object_id>},
    {"sys_name", part_of<&Reading::system, &System::sys_name>},
    {"sys_location", part_of<&Reading::system, &System::sys_location>},
    {"sys_contact", part_of<&Reading::system, &System::sys_contact>},
    {"hr_device_index", part_of<&Reading::status, &Status::hr_device_index>},
    {"device_status", part_of<&Reading::status, &Status::device_status>},
    {"printer_status", part_of<&Reading::status, &Status::printer_status>},
    {"detected_error_octets", part_of<&Reading::status, &Status::detected_error_octets>},
    {"console_display", part_of<&Reading::status, &Status::console_display>},
    {"config_changes", part_of<&Reading::status, &Status::config_changes>},
    {"language", part_of<&Reading::status, &Status::language>},
    {"country", part_of<&Reading::status, &Status::country>},
    {"complete", text_of<&Reading::complete, Reading>},
};
constexpr Field<Marker> marker_fields[] = {
    {"mark_tech", text_of<&Marker::mark_tech, Marker>},
    {"unit", text_of<&Marker::counter_unit, Marker>},
    {"life_count", text_of<&Marker::life_count, Marker>},
    {"power_on_count", text_of<&Marker::power_on_count, Marker>},
    {"process_colorants", text_of<&Marker::process_colorants, Marker>},
    {"status", text_of<&Marker::status, Marker>},
};
using Toner = platen::Supply;
constexpr Field<Toner> supply_fields[] = {
    {"description", text_of<&Toner::description, Toner>},
    {"class", text_of<&Toner::supply_class, Toner>},
    {"type", text_of<&Toner::type, Toner>},
    {"unit", text_of<&Toner::unit, Toner>},
    {"marker_index", text_of<&Toner::marker_index, Toner>},
    {"colorant_index", text_of<&Toner::colorant_index, Toner>},
    {"colorant", text_of<&Toner::colorant, Toner>},
    {"max_capacity", text_of<&Toner::max_capacity, Toner>},
    {"level", text_of<&Toner::level, Toner>},
};
constexpr Field<Input> input_fields[] = {
    {"name", text_of<&Input::name, Input>},   {"description", text_of<&Input::description, Input>},
    {"media", text_of<&Input::media, Input>}, {"type", text_of<&Input::type, Input>},
    {"unit", text_of<&Input::unit, Input>},   {"max_capacity", text_of<&Input::max_capacity, Input>},
    {"level", text_of<&Input::level, Input>}, {"status", text_of<&Input::status, Input>},
};
constexpr Field<Output> output_fields[] = {
    {"name", text_of<&Output::name, Output>},
    {"description", text_of<&Output::description, Output>},
    {"type", text_of<&Output::type, Output>},
    {"unit", text_of<&Output::unit, Output>},
    {"max_capacity", text_of<&Output::max_capacity, Output>},
    {"remaining", text_of<&Output::remaining, Output>},
    {"status", text_of<&Output::status, Output>},
};
constexpr Field<Cover> cover_fields[] = {{"description", text_of<&Cover::description, Cover>},
                                         {"status", text_of<&Cover::status, Cover>}};
constexpr Field<Alert> alert_fields[] = {
    {"severity", text_of<&Alert::severity, Alert>},
    {"training_level", text_of<&Alert::training_level, Alert>},
    {"group", text_of<&Alert::group, Alert>},
    {"group_index", text_of<&Alert::group_index, Alert>},
    {"location", text_of<&Alert::location, Alert>},
    {"code", text_of<&Alert::code, Alert>},
    {"description", text_of<&Alert::description, Alert>},
    {"time", text_of<&Alert::time_ticks, Alert>},
};

constexpr Field<Colorant> colorant_fields[] = {
    {"marker_index", text_of<&Colorant::marker_index, Colorant>},
    {"role", text_of<&Colorant::role, Colorant>},
    {"value", text_of<&Colorant::value, Colorant>},
    {"tonality", text_of<&Colorant::tonality, Colorant>},
};
using Unit = platen::Finisher;
constexpr Field<Unit> finisher_fields[] = {
    {"type", text_of<&Unit::type, Unit>},
    {"present", text_of<&Unit::present, Unit>},
    {"unit", text_of<&Unit::unit, Unit>},
    {"max_capacity", text_of<&Unit::max_capacity, Unit>},
    {"capacity", text_of<&Unit::capacity, Unit>},
    {"status", text_of<&Unit::status, Unit>},
    {"description", text_of<&Unit::description, Unit>},
};
constexpr Field<FinisherSupply> finisher_supply_fields[] = {
    {"device_index", text_of<&FinisherSupply::device_index, FinisherSupply>},
    {"description", text_of<&FinisherSupply::description, FinisherSupply>},
    {"class", text_of<&FinisherSupply::supply_class, FinisherSupply>},
    {"type", text_of<&FinisherSupply::type, FinisherSupply>},
    {"unit", text_of<&FinisherSupply::unit, FinisherSupply>},
    {"colorant", text_of<&FinisherSupply::colorant, FinisherSupply>},
    {"max_capacity", text_of<&FinisherSupply::max_capacity, FinisherSupply>},
    {"level", text_of<&FinisherSupply::level, FinisherSupply>},
};

class Report {
 public:
  explicit Report(std::string address) : address_(std::move(address)) {}
  void differs(const std::string& what, const std::string& truth, const std::string& said) {
    const auto quoted = [](const std::string& text) {
      constexpr std::size_t enough = 200;
      if (text.empty()) return std::string("nothing");
      return "'" + for_terminal(text.substr(0, enough)) + (text.size() > enough ? "…" : "") + "'";
    };
    say(what + ": the truth is " + quoted(truth) + ", the reading says " + quoted(said));
  }
  void say(const std::string& text) { lines.push_back(address_ + " " + text); }
  std::vector<std::string> lines;

 private:
  std::string address_;
};

template <class From, std::size_t N>
void compare_fields(Report& report, const std::string& where, const Field<From> (&fields)[N], const From& truth,
                    const From& said) {
  for (const Field<From>& field : fields) {
    const std::string is = field.text(truth), reads = field.text(said);
    if (is != reads) report.differs(where + std::string(field.name), is, reads);
  }
}

template <class Row, std::size_t N>
void compare_rows(Report& report, const std::string& table, const Field<Row> (&fields)[N],
                  const std::vector<Row>& truth, const std::vector<Row>& said) {
  std::map<std::string, const Row*> left;
  for (const Row& row : said) {
    if (!left.emplace(row.index, &row).second) report.say(table + " " + row.index + ": read twice");
  }
  for (const Row& row : truth) {
    const auto found = left.find(row.index);
    if (found == left.end()) {
      report.say(table + " " + row.index + ": missing from the reading");
      continue;
    }
    std::string where = table;
    where.append(" ").append(row.index).append(" ");
    compare_fields(report, where, fields, row, *found->second);
    left.erase(found);
  }
  for (const auto& [index, row] : left) {
    std::string where = table;
    report.say(where.append(" ").append(index).append(": invented by the reading"));
  }
}

using PointKey = std::tuple<CounterPoint::Function, CounterPoint::Color, CounterPoint::Sides>;
PointKey key_of(const CounterPoint& point) {
  const auto color = point.color == CounterPoint::Color::full ? CounterPoint::Color::any_color : point.color;
  return {point.function, color, point.sides};
}

std::string name_of_point(const CounterPoint& point) {
  static constexpr std::string_view functions[] = {"all", "print", "copy", "fax", "scan", "other"};
  static constexpr std::string_view colors[] = {"all", "mono", "full", "single", "two", "any_color"};
  static constexpr std::string_view sides[] = {"all", "one", "two"};
  return "counter " + std::string(functions[static_cast<std::size_t>(point.function)]) + "/" +
         std::string(colors[static_cast<std::size_t>(point.color)]) + "/" +
         std::string(sides[static_cast<std::size_t>(point.sides)]) + " (" + for_terminal(point.evidence.source) + ")";
}

// Whatever the reading counts must be true, and no counter that the truth lists may be missing. Sums that a profile
// makes are as good as the maker's own when they are right. Counters of confidence C are shown to people and bind
// nobody.
void compare_counters(Report& report, const DeviceSpec& device, std::uint32_t ticks, const Reading& truth,
                      const Reading& said) {
  std::set<PointKey> have;
  for (const CounterPoint& point : said.counters) {
    if (point.evidence.confidence == 'C' || !point.part.empty()) continue;
    have.insert(key_of(point));
    const auto count = true_count(device, ticks, point);
    if (!count)
      report.say(name_of_point(point) + ": invented by the reading");
    else if (*count != point.value)
      report.differs(name_of_point(point), std::to_string(*count), std::to_string(point.value));
  }
  for (const CounterPoint& point : truth.counters) {
    if (!have.contains(key_of(point)))
      report.say(name_of_point(point) + " of " + point.evidence.oid + ": missing from the reading");
  }
}

struct Line {
  std::string address;
  std::optional<Reading> reading;  // nullopt: said to be no printer
  std::string fault;
};

Line read_line(std::string_view text) {
  Line line;
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object()) return {"", std::nullopt, "this is no JSON object"};
  if (const auto address = json.find("address"); address != json.end() && address->is_string())
    line.address = address->get<std::string>();
  if (const auto printer = json.find("is_printer"); printer != json.end() && *printer == false) return line;
  auto reading = reading_from_json(text);
  if (!reading)
    line.fault = reading.error().text;
  else
    line.reading = std::move(*reading);
  return line;
}

class Comparer {
 public:
  explicit Comparer(const Fleet& fleet) : fleet_(fleet) {
    for (const DeviceSpec& device : fleet.devices) devices_.emplace(device.address.text(), &device);
  }

  void take(std::size_t number, std::string_view text) {
    const Line line = read_line(text);
    if (!line.fault.empty()) return say("line " + std::to_string(number) + ": " + line.fault);
    const auto device = devices_.find(line.address);
    if (device == devices_.end()) return say(line.address + " is no device of this fleet");
    if (!line.reading) return;
    read_.insert(line.address);
    const auto found = differences(*device->second, *line.reading);
    if (!found.empty()) wrong_.insert(line.address);
    out_.differences.insert(out_.differences.end(), found.begin(), found.end());
  }

  Comparison finish() {
    for (const DeviceSpec& device : fleet_.devices) {
      if (!device.species->model || !device.species->model->is_printer) continue;
      const std::string address = device.address.text();
      ++out_.printers;
      if (!read_.contains(address))
        say(address + " " + device.species->name + ": this printer is missing");
      else if (!wrong_.contains(address))
        ++out_.equal;
    }
    return std::move(out_);
  }

 private:
  void say(std::string text) { out_.differences.push_back(std::move(text)); }

  const Fleet& fleet_;
  std::map<std::string, const DeviceSpec*> devices_;
  std::set<std::string> read_, wrong_;
  Comparison out_;
};

}  // namespace

std::vector<std::string> differences(const DeviceSpec& device, const Reading& reading) {
  Report report(device.address.text());
  const auto ticks = reading.system.sys_up_time;
  if (!ticks) return report.say("carries no sys_up_time, so there is no truth to compare it with"), report.lines;
  const auto truth = truth_of(device, *ticks);
  if (!truth) return report.say(device.species->name + ": this is no printer, the reading invents one"), report.lines;
  compare_fields(report, "", scalars, *truth, reading);
  compare_rows(report, "marker", marker_fields, truth->markers, reading.markers);
  compare_rows(report, "supply", supply_fields, truth->supplies, reading.supplies);
  compare_rows(report, "input", input_fields, truth->inputs, reading.inputs);
  compare_rows(report, "output", output_fields, truth->outputs, reading.outputs);
  compare_rows(report, "cover", cover_fields, truth->covers, reading.covers);
  compare_rows(report, "alert", alert_fields, truth->alerts, reading.alerts);
  compare_rows(report, "colorant", colorant_fields, truth->colorants, reading.colorants);
  compare_rows(report, "finisher", finisher_fields, truth->finishers, reading.finishers);
  compare_rows(report, "finisher supply", finisher_supply_fields, truth->finisher_supplies, reading.finisher_supplies);
  compare_counters(report, device, *ticks, *truth, reading);
  return report.lines;
}

Comparison compare(const Fleet& fleet, std::string_view lines) {
  Comparer comparer(fleet);
  for (std::size_t number = 1; !lines.empty(); ++number) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    if (end > 0) comparer.take(number, lines.substr(0, end));
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
  return comparer.finish();
}

}  // namespace platen::zoo
