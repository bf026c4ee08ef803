#include "agent/cli/printer_text.h"

#include <array>

#include "base/reading/names.h"
#include "base/reading/table.h"
#include "base/text.h"

namespace platen::cli {
namespace {

using command::Cells;
using command::Column;

std::string word(MibEnum list, const std::optional<std::int32_t>& number) {
  return number ? name_of(list, *number) : "";
}

std::string amount_text(const std::optional<Amount>& amount) {
  if (!amount) return "";
  switch (amount->is) {
    case Amount::Is::amount: return std::to_string(amount->raw);
    case Amount::Is::other: return "other";
    case Amount::Is::unknown: return "unknown";
    case Amount::Is::some_remaining: return "some left";
    case Amount::Is::vendor: return std::to_string(amount->raw) + " (?)";
  }
  return "";
}

std::string percent_text(const std::optional<Amount>& level, const std::optional<Amount>& most) {
  const auto percent = percent_of(level, most);
  return percent ? percent_words(*percent) : "";
}

class Page {
 public:
  explicit Page(const command::TableStyle& style) : style_(style) {}

  void title(const std::string& text) { out_ += bold(for_terminal(text)) + "\n"; }
  void fact(std::string_view name, const std::optional<std::string>& value) {
    if (value && !value->empty())
      out_ += "  " + std::string(name) + std::string(15 - name.size(), ' ') + for_terminal(*value) + "\n";
  }
  void table(std::string_view name, const std::vector<Column>& columns, const std::vector<Cells>& rows) {
    if (rows.empty()) return;
    out_ += "\n" + bold(std::string(name)) + "\n";
    const std::string text = command::table_text(
        columns, rows, {.header = style_.header, .color = false, .width = style_.width < 3 ? 0 : style_.width - 2});
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = text.find('\n', at);
      out_ += "  " + text.substr(at, end - at) + "\n";
      at = end + 1;
    }
  }
  [[nodiscard]] std::string text() && { return std::move(out_); }

 private:
  [[nodiscard]] std::string bold(const std::string& text) const {
    return style_.color ? "\x1b[1m" + text + "\x1b[0m" : text;
  }
  const command::TableStyle& style_;
  std::string out_;
};

std::string joined(const std::vector<std::string>& words, std::string_view between) {
  std::string out;
  for (const std::string& one : words) {
    if (!one.empty()) out += (out.empty() ? "" : std::string(between)) + one;
  }
  return out;
}

void facts(const Reading& reading, Page& page) {
  const Identity& who = reading.identity;
  page.title(joined({reading.address, who.manufacturer.value_or(""), who.model.value_or("")}, "  "));
  page.fact("serial", who.serial);
  page.fact("mac", who.mac);
  page.fact("firmware", who.firmware);
  page.fact("name", reading.system.sys_name);
  page.fact("location", reading.system.sys_location);
  page.fact("contact", reading.system.sys_contact);
  page.fact("description", reading.system.sys_descr);
  page.fact("printer status", word(MibEnum::hrPrinterStatus, reading.status.printer_status));
  page.fact("device status", word(MibEnum::hrDeviceStatus, reading.status.device_status));
  if (reading.status.detected_error_octets)
    page.fact("errors", joined(detected_errors(*reading.status.detected_error_octets), ", "));
  page.fact("console", joined(reading.status.console_display, " / "));
  page.fact("read at", to_rfc3339(reading.read_at));
  if (!reading.complete) page.fact("complete", "no");
  page.fact("doubts", joined(reading.flags, ", "));
}

std::string_view word_of(CounterPoint::Function function) {
  constexpr std::array<std::string_view, 6> words = {"all", "print", "copy", "fax", "scan", "other"};
  return words.at(static_cast<std::size_t>(function));
}
std::string_view word_of(CounterPoint::Color color) {
  constexpr std::array<std::string_view, 6> words = {"all",           "mono",        "full colour",
                                                     "single colour", "two colours", "any colour"};
  return words.at(static_cast<std::size_t>(color));
}
std::string size_of(const CounterPoint& point) {
  constexpr std::array<std::string_view, 4> words = {"all", "small", "large", "named"};
  return point.size == CounterPoint::Size::named ? point.size_name
                                                 : std::string(words.at(static_cast<std::size_t>(point.size)));
}
std::string_view word_of(CounterPoint::Sides sides) {
  constexpr std::array<std::string_view, 3> words = {"all", "one", "two"};
  return words.at(static_cast<std::size_t>(sides));
}

std::string_view word_of(CounterPoint::Scope scope) {
  constexpr std::array<std::string_view, 3> words = {"life", "since power on", "left"};
  return words.at(static_cast<std::size_t>(scope));
}

void counters(const Reading& reading, Page& page) {
  std::vector<Cells> rows;
  for (const CounterPoint& point : reading.counters) {
    rows.push_back({std::to_string(point.value), word(MibEnum::prtMarkerCounterUnit, point.unit),
                    std::string(word_of(point.function)), std::string(word_of(point.color)), size_of(point),
                    std::string(word_of(point.sides)), std::string(word_of(point.scope)), point.part,
                    point.evidence.source, std::string(1, point.evidence.confidence)});
  }
  page.table("Counters",
             {{"value", true},
              {"unit"},
              {"function"},
              {"colour"},
              {"size"},
              {"sides"},
              {"scope"},
              {"part"},
              {"source"},
              {"confidence"}},
             rows);
}

void tables(const Reading& reading, Page& page) {
  std::vector<Cells> supplies, inputs, outputs, covers, alerts;
  for (const Supply& row : reading.supplies) {
    supplies.push_back({row.index, row.description.value_or(""), word(MibEnum::prtMarkerSuppliesType, row.type),
                        row.colorant.value_or(""), word(MibEnum::prtMarkerSuppliesClass, row.supply_class),
                        amount_text(row.level), amount_text(row.max_capacity),
                        percent_text(row.level, row.max_capacity)});
  }
  for (const Input& row : reading.inputs) {
    inputs.push_back({row.index, row.name.value_or(row.description.value_or("")), word(MibEnum::prtInputType, row.type),
                      row.media.value_or(""), amount_text(row.level), amount_text(row.max_capacity),
                      word(MibEnum::prtInputCapacityUnit, row.unit)});
  }
  for (const Output& row : reading.outputs) {
    outputs.push_back({row.index, row.name.value_or(row.description.value_or("")), amount_text(row.remaining),
                       amount_text(row.max_capacity)});
  }
  for (const Cover& row : reading.covers)
    covers.push_back({row.index, row.description.value_or(""), word(MibEnum::prtCoverStatus, row.status)});
  for (const Alert& row : reading.alerts) {
    alerts.push_back({word(MibEnum::prtAlertSeverityLevel, row.severity), word(MibEnum::prtAlertGroup, row.group),
                      word(MibEnum::prtAlertCode, row.code), row.description.value_or("")});
  }
  page.table(
      "Supplies",
      {{"index"}, {"description"}, {"type"}, {"colour"}, {"class"}, {"level", true}, {"of", true}, {"percent", true}},
      supplies);
  page.table("Trays", {{"index"}, {"name"}, {"type"}, {"media"}, {"level", true}, {"of", true}, {"unit"}}, inputs);
  page.table("Outputs", {{"index"}, {"name"}, {"room left", true}, {"of", true}}, outputs);
  page.table("Covers", {{"index"}, {"description"}, {"status"}}, covers);
  page.table("Alerts", {{"severity"}, {"group"}, {"code"}, {"description"}}, alerts);
}

}  // namespace

std::string printer_text(const Reading& reading, const command::TableStyle& style) {
  Page page(style);
  facts(reading, page);
  counters(reading, page);
  tables(reading, page);
  return std::move(page).text();
}

}  // namespace platen::cli
