#include <fmt/format.h>

#include <algorithm>

#include "base/reading/supply.h"
#include "cloud/portal/amounts.h"
#include "cloud/portal/layout.h"
#include "cloud/portal/pages.h"
#include "cloud/portal/task_parts.h"

namespace platen::portal {
namespace {

using Text = std::optional<std::string>;
constexpr std::int32_t critical = 3, warning = 4, warning_binary_change = 5;  // prtAlertSeverityLevel

Html section(std::string_view title, const Html& content) {
  return content.empty() ? Html() : element("section", {{"class", "card"}}, element("h2", {}, title), content);
}

Html word_cell(const std::string& words) { return element("td", {}, words.empty() ? unsaid() : Html(words)); }

// The first that was said.
Text either(const Text& first, const Text& second) { return first && !first->empty() ? first : second; }

Html fact(std::string_view label, const Html& value) {
  return element("div", {}, element("dt", {}, label), element("dd", {}, value));
}
Html fact(std::string_view label, const Text& said) {
  return said && !said->empty() ? fact(label, foreign(*said)) : Html();
}

std::string up_time(std::uint32_t ticks) {
  const std::uint32_t minutes = ticks / 6000;
  return fmt::format("{} d {} h {} min", minutes / 1440, minutes / 60 % 24, minutes % 60);
}

Html identity(const cloud::PrinterRow& printer, WallTime now) {
  const Reading& r = printer.latest;
  Html macs;
  for (const std::string& mac : r.identity.macs)
    macs += fact(&mac == r.identity.macs.data() ? "MAC" : "Another MAC", Text(mac));
  if (macs.empty()) macs = fact("MAC", r.identity.mac);
  Html list;
  list += fact("Manufacturer", r.identity.manufacturer), list += fact("Model", r.identity.model),
      list += fact("Serial", r.identity.serial);
  list += fact("Address", Text(r.address)), list += macs,
      list += fact("Name", either(r.identity.printer_name, r.system.sys_name));
  list += fact("Location", r.system.sys_location), list += fact("Contact", r.system.sys_contact),
      list += fact("Firmware", r.identity.firmware);
  list += fact("Description", r.system.sys_descr);
  if (r.system.sys_up_time) list += fact("Up for", Html(up_time(*r.system.sys_up_time)));
  list += fact("Read by agent", Text(printer.agent)), list += fact("Last read", time_element(printer.last_read, now));
  list += fact("First seen", time_element(printer.first_seen, now)),
      list += fact("Readings", Html(grouped(printer.readings)));
  return element("dl", {{"class", "facts"}}, list);
}

Html doubts(const Reading& reading) {
  Html items;
  if (!reading.complete)
    items += element("li", {}, "The last full reading was cut short: what is missing here may exist.");
  for (const std::string& flag : reading.flags) items += element("li", {}, foreign(flag));
  return items.empty()
             ? Html()
             : element("section", {{"class", "card doubts"}}, element("h2", {}, "Doubts"), element("ul", {}, items));
}

// What a person has to decide before anything is billed across it.
Html undecided(const std::vector<cloud::MeterEpochRow>& waiting) {
  Html items;
  for (const cloud::MeterEpochRow& row : waiting) {
    const meter::Epoch& epoch = row.epoch;
    items +=
        element("li", {}, foreign(row.meter.meter), ": ", sentence(epoch.reason, epoch.before, epoch.first.count), ". ",
                element("span", {{"class", "under"}}, "Counting on would add ", std::to_string(epoch.carry), ": ",
                        element("code", {}, "platen-cloud meters confirm " + row.id), " or ",
                        element("code", {}, "reject"), ". ", foreign(row.meter.source)));
  }
  return items.empty()
             ? Html()
             : element("section", {{"class", "card doubts"}}, element("h2", {}, "Meters that wait for a word"),
                       element("p", {}, "Usage is not counted across these until somebody has decided."),
                       element("ul", {}, items));
}

// Critical first, then warnings, then what is neither.
int urgency(const Alert& alert) {
  switch (alert.severity.value_or(0)) {
    case critical: return 0;
    case warning:
    case warning_binary_change: return 1;
    default: return 2;
  }
}

Html alerts(const Reading& reading) {
  std::vector<Alert> sorted = reading.alerts;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Alert& a, const Alert& b) { return urgency(a) < urgency(b); });
  Html rows;
  for (const Alert& alert : sorted) {
    const std::string severity = enum_words(MibEnum::prtAlertSeverityLevel, alert.severity);
    const Html chip = element("span", {{"class", alert.severity == critical ? "chip bad" : "chip warn"}},
                              severity.empty() ? "not said" : severity);
    rows += element("tr", {}, element("td", {}, chip), text_cell(alert.description),
                    word_cell(enum_words(MibEnum::prtAlertGroup, alert.group)),
                    word_cell(enum_words(MibEnum::prtAlertCode, alert.code)),
                    word_cell(enum_words(MibEnum::prtAlertTrainingLevel, alert.training_level)));
  }
  if (rows.empty()) return element("p", {}, "No open alerts.");
  return table("Open alerts", headings({{"Severity"}, {"What it says"}, {"Part"}, {"Code"}, {"Who can help"}}), rows);
}

Html console(const Reading& reading) {
  std::string lines;
  for (const std::string& line : reading.status.console_display) lines += line + "\n";
  return lines.find_first_not_of(" \n") == std::string::npos
             ? Html()
             : element("pre", {{"class", "console"}, {"aria-label", "The printer's display"}}, lines);
}

Html status(const Reading& reading) {
  std::string errors;
  for (const std::string& error : detected_errors(reading.status.detected_error_octets.value_or("")))
    errors += (errors.empty() ? "" : ", ") + spaced(error);
  Html list;
  const auto said = [&](std::string_view label, const std::string& words) {
    if (!words.empty()) list += fact(label, Html(words));
  };
  said("Device", enum_words(MibEnum::hrDeviceStatus, reading.status.device_status));
  said("Printer", enum_words(MibEnum::hrPrinterStatus, reading.status.printer_status));
  said("Detected errors", errors);
  Html out = console(reading);
  if (!list.empty()) out += element("dl", {{"class", "facts"}}, list);
  out += alerts(reading);
  return out;
}

Html supplies(const Reading& reading) {
  Html rows;
  for (const Supply& supply : reading.supplies) {
    const Gauge gauge{.level = supply.level,
                      .max_capacity = supply.max_capacity,
                      .unit = supply.unit,
                      .units = MibEnum::prtMarkerSuppliesSupplyUnit,
                      .means = is_receptacle(supply) ? Means::room_left : Means::left,
                      .color = std::string(bar_color(supply.colorant))};
    const Html name = supply.description && !supply.description->empty() ? foreign(*supply.description)
                                                                         : Html("Supply " + supply.index);
    rows += element("tr", {}, element("th", {{"scope", "row"}}, name), gauge_cell(gauge),
                    word_cell(enum_words(MibEnum::prtMarkerSuppliesType, supply.type)), text_cell(supply.colorant),
                    element("td", {}, element("code", {}, foreign(supply.index))));
  }
  return rows.empty() ? Html()
                      : table("Supplies, by the printer's own table",
                              headings({{"Supply"}, {"Level"}, {"Type"}, {"Colour"}, {"Index"}}), rows);
}

std::string_view word(CounterPoint::Function function) {
  constexpr std::array<std::string_view, 6> words = {"all", "print", "copy", "fax", "scan", "other"};
  return words.at(static_cast<std::size_t>(function));
}
std::string_view word(CounterPoint::Color color) {
  constexpr std::array<std::string_view, 6> words = {"all",           "mono",        "full colour",
                                                     "single colour", "two colours", "any colour"};
  return words.at(static_cast<std::size_t>(color));
}
std::string word(CounterPoint::Size size, const std::string& name) {
  constexpr std::array<std::string_view, 4> words = {"all", "small", "large", "named"};
  return size == CounterPoint::Size::named && !name.empty() ? name
                                                            : std::string(words.at(static_cast<std::size_t>(size)));
}
std::string_view word(CounterPoint::Sides sides) {
  constexpr std::array<std::string_view, 3> words = {"all", "one", "two"};
  return words.at(static_cast<std::size_t>(sides));
}
std::string_view word(CounterPoint::Scope scope) {
  constexpr std::array<std::string_view, 3> words = {"life", "since power-on", "left"};
  return words.at(static_cast<std::size_t>(scope));
}

Html evidence(const Evidence& said) {
  const Html doubtful = said.confidence == 'C' ? element("span", {{"class", "chip warn"}}, "C: not for bills") : Html();
  return element(
      "td", {{"class", "evidence"}}, foreign(said.source), " ", doubtful,
      element("span", {{"class", "under"}}, element("code", {}, foreign(said.oid)), " = ", foreign(said.raw)));
}

Html counters(const Reading& reading) {
  Html rows;
  for (const CounterPoint& point : reading.counters) {
    const Html part = point.part.empty() ? Html() : element("span", {{"class", "under"}}, foreign(point.part));
    rows += element("tr", {}, element("td", {{"class", "number"}}, grouped(point.value)),
                    element("td", {}, word(point.function), part), element("td", {}, word(point.color)),
                    element("td", {}, foreign(word(point.size, point.size_name))), element("td", {}, word(point.sides)),
                    word_cell(enum_words(MibEnum::prtMarkerCounterUnit, point.unit)),
                    element("td", {}, word(point.scope)), evidence(point.evidence));
  }
  return rows.empty() ? Html()
                      : table("Counters, with where each number comes from",
                              headings({{"Count", true},
                                        {"Function"},
                                        {"Colour"},
                                        {"Size"},
                                        {"Sides"},
                                        {"Unit"},
                                        {"Scope"},
                                        {"Evidence"}}),
                              rows);
}

Html status_cell(const std::optional<std::int32_t>& status) {
  return word_cell(status ? sub_unit_status(*status) : "");
}

Html trays(const Reading& reading) {
  Html rows;
  for (const Input& input : reading.inputs) {
    const Gauge gauge{.level = input.level,
                      .max_capacity = input.max_capacity,
                      .unit = input.unit,
                      .units = MibEnum::prtInputCapacityUnit};
    rows += element("tr", {},
                    element("th", {{"scope", "row"}},
                            foreign(either(input.name, input.description).value_or("Tray " + input.index))),
                    gauge_cell(gauge), text_cell(input.media), word_cell(enum_words(MibEnum::prtInputType, input.type)),
                    status_cell(input.status));
  }
  return rows.empty() ? Html()
                      : table("Input trays", headings({{"Tray"}, {"Level"}, {"Media"}, {"Type"}, {"State"}}), rows);
}

Html outputs(const Reading& reading) {
  Html rows;
  for (const Output& output : reading.outputs) {
    const Gauge gauge{.level = output.remaining,
                      .max_capacity = output.max_capacity,
                      .unit = output.unit,
                      .units = MibEnum::prtInputCapacityUnit,
                      .means = Means::room_left};
    rows += element("tr", {},
                    element("th", {{"scope", "row"}},
                            foreign(either(output.name, output.description).value_or("Output " + output.index))),
                    gauge_cell(gauge), word_cell(enum_words(MibEnum::prtOutputType, output.type)),
                    status_cell(output.status));
  }
  return rows.empty() ? Html() : table("Output trays", headings({{"Tray"}, {"Room"}, {"Type"}, {"State"}}), rows);
}

Html covers(const Reading& reading) {
  Html rows;
  for (const Cover& cover : reading.covers) {
    rows += element("tr", {},
                    element("th", {{"scope", "row"}}, foreign(cover.description.value_or("Cover " + cover.index))),
                    word_cell(enum_words(MibEnum::prtCoverStatus, cover.status)));
  }
  return rows.empty() ? Html() : table("Covers", headings({{"Cover"}, {"State"}}), rows);
}

Html history_section(const std::vector<cloud::HistoryPoint>& history) {
  Html rows;
  for (const cloud::HistoryPoint& point : history) {
    rows += element(
        "tr", {},
        element("td", {}, element("time", {{"datetime", to_rfc3339(point.read_at)}}, date_and_time(point.read_at))),
        number_cell(point.total));
  }
  if (rows.empty()) return {};
  return history_chart(history) +
         element("details", {}, element("summary", {}, "The same as a table"),
                 table("Total at each reading, newest first", headings({{"Read"}, {"Total", true}}), rows));
}

std::string title_of(const cloud::PrinterRow& printer) {
  const Identity& who = printer.latest.identity;
  const std::string model = who.model.value_or(""), maker = who.manufacturer.value_or("");
  if (model.empty() && maker.empty()) return "Printer at " + printer.latest.address;
  return maker.empty() || model.starts_with(maker) ? model : maker + (model.empty() ? "" : " " + model);
}

}  // namespace

Response printer_page(const cloud::PrinterRow& printer, const std::vector<cloud::HistoryPoint>& history, WallTime now,
                      const std::vector<cloud::MeterEpochRow>& waiting, const ReadNow& read_now) {
  const Reading& reading = printer.latest;
  const std::string title = title_of(printer);
  Html body =
      element("nav", {{"class", "crumbs"}, {"aria-label", "Where you are"}}, element("a", {href(Url({}))}, "Fleet"));
  body += element("div", {{"class", "title"}}, element("h1", {}, foreign(title)),
                  state_chip(state_of(cloud::fleet_row(printer), now)),
                  order_form(Url({"printers", printer.id, "read"}), read_now.token, "Read now"));
  if (read_now.latest) body += task_line(*read_now.latest, now);
  if (printer.previewed)
    body += element("p", {}, "The newest values have come ahead of their history, which is still on its way.");
  body += undecided(waiting);
  body += doubts(reading);
  body += element("div", {{"class", "columns"}}, section("Identity", identity(printer, now)),
                  section("Status and alerts", status(reading)));
  body += section("Supplies", supplies(reading));
  body += section("History", history_section(history));
  body += section("Counters", counters(reading));
  body += element("div", {{"class", "columns"}}, section("Trays", trays(reading) + outputs(reading)),
                  section("Covers", covers(reading)));
  const bool waits = read_now.latest && is_worth_waiting(*read_now.latest, now);
  return page({.title = title, .section = "fleet", .body = body, .looks_again = waits});
}

}  // namespace platen::portal
