#include "cloud/portal/pages.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "cloud/portal/amounts.h"
#include "cloud/portal/layout.h"
#include "tests/unit/cloud_portal/fleet_fixture.h"

using namespace platen;
using namespace platen::cloud;
using namespace platen::portal;

namespace {

const WallTime now = fixture::noon;

// The nodes of a page: each tag with the names of its attributes, in order. Fails on markup that a strict reader would
// not take: an attribute without quotes, a tag that is not closed.
std::vector<std::string> nodes(const std::string& markup) {
  const std::vector<std::string> never_closed = {"meta", "link", "input", "br", "hr"};
  std::vector<std::string> found, open;
  for (std::size_t at = markup.find('<'); at != std::string::npos; at = markup.find('<', at)) {
    const bool closing = markup.at(at + 1) == '/';
    std::size_t end = at + (closing ? 2 : 1);
    std::string node;
    while (markup.at(end) != ' ' && markup.at(end) != '>') node += markup.at(end++);
    const std::string tag = node;
    while (markup.at(end) == ' ') {
      if (tag == "!DOCTYPE") {
        end = markup.find('>', end);
        break;
      }
      const std::size_t equals = markup.find("=\"", end);
      REQUIRE(equals != std::string::npos);
      node += " " + markup.substr(end + 1, equals - end - 1);
      end = markup.find('"', equals + 2) + 1;
    }
    REQUIRE(markup.at(end) == '>');
    if (closing) {
      REQUIRE_FALSE(open.empty());
      REQUIRE(open.back() == tag);
      open.pop_back();
    } else if (tag != "!DOCTYPE") {
      found.push_back(node);
      if (std::find(never_closed.begin(), never_closed.end(), tag) == never_closed.end()) open.push_back(tag);
    }
    at = end;
  }
  CHECK(open.empty());
  return found;
}

// The same printer with every hostile text made harmless, so that both pages must have the same nodes.
std::string mild(std::string text) {
  for (std::size_t at = text.find(fixture::hostile); at != std::string::npos; at = text.find(fixture::hostile))
    text.replace(at, fixture::hostile.size(), "mild");
  return text;
}

Reading mild_printer() {
  Reading made = fixture::hostile_printer();
  Identity& who = made.identity;
  for (auto* said :
       {&who.manufacturer, &who.model, &who.serial, &who.firmware, &who.printer_name, &made.system.sys_location,
        &made.system.sys_contact, &made.system.sys_descr, &made.system.sys_name})
    *said = mild(**said);
  for (std::string& mac : who.macs) mac = mild(mac);
  for (CounterPoint& point : made.counters)
    point.evidence = {"mild", "mild", "mild", 'C'}, point.size_name = point.part = "mild";
  for (Supply& row : made.supplies) row.description = row.colorant = "mild", row.index = mild(row.index);
  for (Input& row : made.inputs) row.name = row.media = "mild";
  for (Output& row : made.outputs) row.name = "mild";
  for (Cover& row : made.covers) row.description = "mild";
  made.alerts[0].description = "mild", made.status.console_display = {"mild", "mild"}, made.flags = {"mild"};
  return made;
}

PrinterRow stored(const Reading& reading, const std::string& id = "s-1") {
  return {
      .id = id, .agent = "site-7", .latest = reading, .first_seen = now, .last_read = reading.read_at, .readings = 3};
}

std::string printer_markup(const PrinterRow& printer) {
  return printer_page(printer, {{now, 12}, {now - std::chrono::hours(24), 5}}, now).body;
}

std::string fleet_markup(const std::vector<PrinterRow>& printers, const FleetQuery& query = {}) {
  std::vector<FleetRow> rows;
  for (const PrinterRow& printer : printers) rows.push_back(fleet_row(printer));
  return fleet_page(fleet_view(rows, query, now), query, now).body;
}

bool has(const std::string& markup, std::string_view text) { return markup.find(text) != std::string::npos; }

}  // namespace

TEST_CASE("a printer that calls itself markup makes no node, on any page") {
  const PrinterRow hostile = stored(fixture::hostile_printer(), fixture::hostile),
                   harmless = stored(mild_printer(), "mild");
  FleetQuery asked;
  asked.words = fixture::hostile;
  const AgentRow agent{.agent = fixture::hostile,
                       .epoch = fixture::hostile,
                       .version = fixture::hostile,
                       .through_seq = 1,
                       .records = 1,
                       .first_seen = now,
                       .last_seen = now};
  AgentRow mild_agent = agent;
  mild_agent.agent = mild_agent.epoch = mild_agent.version = "mild";
  TaskRow task;
  task.agent = task.about = task.made_by = fixture::hostile, task.kind = "read_now";
  task.made = now, task.not_after = now + std::chrono::hours(1), task.text = fixture::hostile, task.output_octets = 9;
  TaskRow mild_task = task;
  mild_task.agent = mild_task.about = mild_task.made_by = mild_task.text = "mild";
  const auto with_task = [](const PrinterRow& printer, const TaskRow& latest) {
    return printer_page(printer, {}, now, {}, {.token = "t", .latest = latest}).body;
  };
  const std::pair<std::string, std::string> pages[] = {
      {agent_page(fixture::hostile, {task}, "t", now).body, agent_page("mild", {mild_task}, "t", now).body},
      {with_task(hostile, task), with_task(harmless, mild_task)},
      {printer_markup(hostile), printer_markup(harmless)},
      {fleet_markup({hostile}), fleet_markup({harmless})},
      {agents_page({agent}, now).body, agents_page({mild_agent}, now).body},
  };
  for (const auto& [page, same] : pages) {
    CHECK(nodes(page) == nodes(same));
    CHECK(nodes(page).size() > 20);
    for (const char* raw : {"<script", "<img", "\"'", "\xE2\x80\xAE", "</td><img"}) CHECK_FALSE(has(page, raw));
    CHECK(has(page, "&lt;script&gt;alert(1)&lt;/script&gt;"));
  }
  const std::string nothing = fleet_page(fleet_view({}, asked, now), asked, now).body + fleet_markup({harmless}, asked);
  CHECK_FALSE(has(nothing, "<script"));
  CHECK_FALSE(has(nothing, "<img"));
}

TEST_CASE("no page has script, inline style or an event handler") {
  const std::string pages[] = {printer_markup(stored(fixture::printer(7, now))),
                               fleet_markup({stored(fixture::printer(1, now))}), agents_page({}, now).body,
                               agent_page("a", {}, "t", now).body, plain_page(404).body};
  for (const std::string& page : pages) {
    for (const std::string& node : nodes(page)) {
      CAPTURE(node);
      CHECK_FALSE(node.starts_with("script"));
      CHECK_FALSE(node.starts_with("style"));
      CHECK_FALSE(has(node, " style"));
      CHECK_FALSE(has(node, " on"));
    }
    CHECK_FALSE(has(page, "javascript:"));
    for (const char* wanted : {"<html lang=\"en\">", "class=\"skip\"", "id=\"main\"", "<title>", "name=\"viewport\""})
      CHECK(has(page, wanted));
  }
}

TEST_CASE("tables have captions and scopes, the sorted column says so") {
  FleetQuery query;
  query.column = 4, query.descending = true;
  const std::string fleet = fleet_markup({stored(fixture::printer(1, now))}, query);
  CHECK(has(fleet, "aria-sort=\"descending\""));
  CHECK(has(fleet, "<caption>1 of 1 printers</caption>"));
  CHECK(has(fleet, "scope=\"row\""));
  const std::string printer = printer_markup(stored(fixture::printer(7, now)));
  std::size_t tables = 0, captions = 0;
  for (const std::string& node : nodes(printer)) {
    tables += node == "table", captions += node == "caption";
    if (node == "th" || node.starts_with("th ")) CHECK(has(node, "scope"));
  }
  CHECK(tables == captions);
  CHECK(tables >= 6);
}

TEST_CASE("a statement about a sensor is never a percentage") {
  struct Row {
    const char* name;
    std::optional<Amount> level, capacity;
    Means means;
    std::string want;
  };
  const auto wire = [](std::int64_t value) { return std::optional(Amount::from_wire(value)); };
  const Row rows[] = {
      {"a share", wire(42), wire(100), Means::left, "42 %"},
      {"half a percent is not none", wire(5), wire(1000), Means::left, "0.5 %"},
      {"empty", wire(0), wire(100), Means::left, "0 %"},
      {"a receptacle", wire(80), wire(100), Means::room_left, "80 % room left"},
      {"some", wire(-3), wire(100), Means::left, "some left"},
      {"some room", wire(-3), wire(100), Means::room_left, "some room left"},
      {"unknown", wire(-2), wire(100), Means::left, "unknown"},
      {"other", wire(-1), wire(100), Means::left, "not limited"},
      {"a maker's own", wire(-45), wire(100), Means::left, "maker's code -45"},
      {"no maximum", wire(1200), wire(-2), Means::left, "1,200 sheets"},
      {"a maximum of nothing", wire(0), wire(0), Means::left, "0 sheets"},
      {"above the maximum", wire(130), wire(100), Means::left, "130 of 100 sheets: above its maximum"},
      {"not said", std::nullopt, wire(100), Means::left, ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(gauge_words({.level = row.level,
                       .max_capacity = row.capacity,
                       .unit = 8,
                       .units = MibEnum::prtInputCapacityUnit,
                       .means = row.means}) == row.want);
  }
}

TEST_CASE("a printer's page shows what was read, and where it comes from") {
  const std::string page = printer_markup(stored(fixture::printer(7, now)));
  for (const char* shown : {"Stopped", "SN100259", "192.0.2.8", "prtMarkerLifeCount.1.1", "1.3.6.1.2.1.43.10.2.1.4.1.1",
                            "critical", "Paper jam {10012}", "Open front door", "jammed", "some room left",
                            "80 % room left", "130 of 100 percent: above its maximum", "Tray 2", "cover closed",
                            "level-above-max supply 1.7", "<polyline", "<details>"}) {
    CAPTURE(shown);
    CHECK(has(page, shown));
  }
  CHECK(has(printer_markup(stored(fixture::printer(1, now))), "C: not for bills"));
}

TEST_CASE("alerts stand in the order of their severity, the printer's order within it") {
  Reading reading = fixture::printer(7, now);
  reading.alerts.clear();
  const std::pair<std::optional<std::int32_t>, const char*> said[] = {
      {1, "alert-e"}, {4, "alert-c"}, {std::nullopt, "alert-f"}, {3, "alert-a"}, {5, "alert-d"}, {3, "alert-b"}};
  for (const auto& [severity, description] : said) {
    Alert& alert = reading.alerts.emplace_back();
    alert.severity = severity, alert.description = description;
  }
  const std::string page = printer_markup(stored(reading));
  std::size_t before = 0;
  for (const char* description : {"alert-a", "alert-b", "alert-c", "alert-d", "alert-e", "alert-f"}) {
    CAPTURE(description);
    REQUIRE(has(page, description));
    CHECK(page.find(description) > before);
    before = page.find(description);
  }
}

TEST_CASE("an almost silent printer still has a page") {
  Reading nothing;
  nothing.address = "192.0.2.9", nothing.read_at = now, nothing.complete = false;
  const std::string page = printer_page(stored(nothing), {}, now).body;
  CHECK(has(page, "Printer at 192.0.2.9"));
  CHECK(has(page, "cut short"));
  CHECK(has(page, "No status"));
  CHECK_FALSE(has(page, "<polyline"));
  nodes(page);
}

TEST_CASE("the empty states differ: none yet, and none that match") {
  CHECK(has(fleet_markup({}), "No printer yet"));
  FleetQuery query;
  query.words = "nowhere";
  const std::string none = fleet_markup({stored(fixture::printer(1, now))}, query);
  CHECK(has(none, "No printer matches"));
  CHECK(has(none, "Clear filters"));
  CHECK(has(agents_page({}, now).body, "No agent yet"));
}

TEST_CASE("the history has a line only where there is something to draw") {
  const auto at = [](int hour, std::optional<std::uint64_t> total) {
    return HistoryPoint{now + std::chrono::hours(hour), total};
  };
  CHECK(history_chart({}).empty());
  CHECK(history_chart({at(1, 5)}).empty());
  CHECK(history_chart({at(2, std::nullopt), at(1, 5)}).empty());
  const std::string flat = history_chart({at(2, 5), at(1, 5)}).markup();
  CHECK_FALSE(has(flat, "nan"));
  CHECK_FALSE(has(flat, "inf"));
  CHECK(has(history_chart({at(2, 1234567), at(1, 5)}).markup(), "1,234,567"));
  nodes(flat);
}

TEST_CASE("numbers and times as people read them") {
  CHECK(grouped(0) == "0");
  CHECK(grouped(999) == "999");
  CHECK(grouped(1000) == "1,000");
  CHECK(grouped(18446744073709551615ULL) == "18,446,744,073,709,551,615");
  CHECK(ago(now, now) == "just now");
  CHECK(ago(now - std::chrono::minutes(59), now) == "59 min ago");
  CHECK(ago(now - std::chrono::hours(47), now) == "47 h ago");
  CHECK(ago(now - std::chrono::hours(480), now) == "20 days ago");
  CHECK(ago(now + std::chrono::hours(1), now) == "in the future");
  CHECK(sub_unit_status(0) == "idle");
  CHECK(sub_unit_status(9) == "unavailable, non-critical alert");
  CHECK(sub_unit_status(-7) == "-7");
}

TEST_CASE("a meter epoch that waits for a word is shown, with the words that decide it") {
  const cloud::PrinterRow printer = stored(fixture::printer(1, now));
  CHECK(printer_page(printer, {}, now).body.find("wait for a word") == std::string::npos);
  cloud::MeterEpochRow row;
  row.id = "1042.7";
  row.meter = {.printer = "p", .meter = fixture::hostile, .source = fixture::hostile, .unit = 7};
  row.epoch.reason = meter::Reason::reset, row.epoch.before = 48210, row.epoch.first.count = 12;
  const std::string page = printer_page(printer, {}, now, {row}).body;
  CHECK(page.find("the counter went from 48210 to 12: it was reset") != std::string::npos);
  CHECK(page.find("platen-cloud meters confirm 1042.7") != std::string::npos);
  row.meter.meter = row.meter.source = "mild";
  CHECK(nodes(page) == nodes(printer_page(printer, {}, now, {row}).body));
}
