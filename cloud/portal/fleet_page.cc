#include <fmt/format.h>

#include <algorithm>

#include "base/ip_address.h"
#include "base/text.h"
#include "cloud/portal/layout.h"
#include "cloud/portal/pages.h"

namespace platen::portal {
namespace {

using cloud::FleetRow;

SortKey by_text(const std::string& text) {
  std::string folded = text;
  for (char& c : folded) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return {.absent = text.empty(), .number = 0, .text = folded};
}
SortKey by_number(const std::optional<std::uint64_t>& number) {
  return {.absent = !number, .number = static_cast<double>(number.value_or(0))};
}
std::string address_order(const std::string& address) {
  const auto parsed = IpAddress::parse(address);
  if (!parsed) return "z" + address;
  const auto& octets = parsed->octets();
  return (parsed->is_v4() ? "4" : "6") + to_hex({reinterpret_cast<const char*>(octets.data()), octets.size()});
}

std::string name_of_printer(const FleetRow& row) {
  std::string name = row.manufacturer;
  if (!row.model.starts_with(row.manufacturer) || row.manufacturer.empty())
    name += (name.empty() ? "" : " ") + row.model;
  else
    name = row.model;
  if (name.empty()) name = row.name.empty() ? "Printer at " + row.address : row.name;
  return name;
}

Html printer_cell(const FleetItem& item, WallTime) {
  const FleetRow& row = item.row;
  Html under;
  if (!row.location.empty()) under = element("span", {{"class", "under"}}, foreign(row.location));
  return element("th", {{"scope", "row"}},
                 element("a", {href(Url({"printers", row.id}))}, foreign(name_of_printer(row))), under);
}

Html lowest_cell(const FleetItem& item, WallTime) {
  const LowestSupply& lowest = item.row.lowest;
  using Is = LowestSupply::Is;
  if (lowest.is == Is::unsaid) return element("td", {}, unsaid());
  const Html name = element("span", {{"class", "under"}}, foreign(lowest.name));
  if (lowest.is == Is::some_left) return element("td", {}, "some left", name);
  return element("td", {}, bar(lowest.percent, lowest.percent <= 10 ? "low" : "", plain_percent(lowest.percent)), name);
}

Html alerts_cell(const FleetItem& item, WallTime) {
  if (item.row.alerts == 0) return element("td", {{"class", "number"}}, "0");
  const std::string critical = item.row.critical_alerts > 0 ? fmt::format("{} critical", item.row.critical_alerts) : "";
  return element("td", {{"class", "number"}}, std::to_string(item.row.alerts),
                 critical.empty() ? Html() : element("span", {{"class", "under bad"}}, critical));
}

}  // namespace

const std::vector<Column>& fleet_columns() {
  using Item = FleetItem;
  static const std::vector<Column> columns = {
      {"state", "State", false,
       [](const Item& i) { return SortKey{.absent = false, .number = static_cast<double>(i.state)}; },
       [](const Item& i, WallTime) { return element("td", {}, state_chip(i.state)); }},
      {"printer", "Printer", false, [](const Item& i) { return by_text(name_of_printer(i.row)); }, printer_cell},
      {"serial", "Serial", false, [](const Item& i) { return by_text(i.row.serial); },
       [](const Item& i, WallTime) { return text_cell(i.row.serial); }},
      {"address", "Address", false, [](const Item& i) { return by_text(address_order(i.row.address)); },
       [](const Item& i, WallTime) { return text_cell(i.row.address); }},
      {"total", "Total", true, [](const Item& i) { return by_number(i.row.total); },
       [](const Item& i, WallTime) { return number_cell(i.row.total); }},
      {"mono", "Mono", true, [](const Item& i) { return by_number(i.row.mono); },
       [](const Item& i, WallTime) { return number_cell(i.row.mono); }},
      {"color", "Colour", true, [](const Item& i) { return by_number(i.row.color); },
       [](const Item& i, WallTime) { return number_cell(i.row.color); }},
      {"supply", "Lowest supply", false,
       [](const Item& i) {
         return SortKey{.absent = i.row.lowest.is != LowestSupply::Is::percent, .number = i.row.lowest.percent};
       },
       lowest_cell},
      {"alerts", "Alerts", true,
       [](const Item& i) { return SortKey{.absent = false, .number = i.row.critical_alerts * 1e6 + i.row.alerts}; },
       alerts_cell},
      {"read", "Last read", false,
       [](const Item& i) {
         return SortKey{.absent = false, .number = static_cast<double>(i.row.last_read.time_since_epoch().count())};
       },
       [](const Item& i, WallTime now) {
         return element("td", {{"class", "when"}}, time_element(i.row.last_read, now));
       }},
  };
  return columns;
}

namespace {

Html sortable_heading(std::size_t column, const FleetQuery& query) {
  const Column& of = fleet_columns().at(column);
  const bool current = column == query.column;
  FleetQuery next = query;
  next.column = column, next.page = 1, next.descending = current && !query.descending;
  Attributes attributes = {{"scope", "col"}, {"class", of.number ? "number" : "words"}};
  if (current) attributes.push_back({"aria-sort", query.descending ? "descending" : "ascending"});
  const Html arrow = element("span", {{"class", "arrow"}, {"aria-hidden", "true"}},
                             !current           ? ""
                             : query.descending ? " ▼"
                                                : " ▲");
  return element("th", attributes, element("a", {href(fleet_url(next))}, of.label, arrow));
}

Html tile(std::size_t count, std::string_view word, std::string_view tone, const FleetQuery& target, bool current) {
  Attributes attributes = {{"class", "tile " + std::string(tone)}, href(fleet_url(target))};
  if (current) attributes.push_back({"aria-current", "true"});
  return element(
      "li", {},
      element("a", attributes, element("span", {{"class", "count"}}, grouped(count)), " ", element("span", {}, word)));
}

// Each number is a link to exactly the list that it counts.
Html tiles(const FleetView& view, const FleetQuery& query) {
  FleetQuery target = query;
  target.page = 1, target.state.reset();
  Html list = tile(view.matching_words, view.matching_words == 1 ? "printer" : "printers", "all", target, !query.state);
  for (const StateWords& words : state_words) {
    const std::size_t count = view.counts.at(static_cast<std::size_t>(words.state));
    if (count == 0 && query.state != words.state) continue;
    target.state = words.state;
    list += tile(count, words.word, words.tone, target, query.state == words.state);
  }
  return element("ul", {{"class", "tiles"}, {"aria-label", "By state"}}, list);
}

Html hidden(std::string_view name, std::string_view value) {
  return element("input", {{"type", "hidden"}, {"name", name}, {"value", value}});
}

Html filter(const FleetQuery& query) {
  Html kept;
  if (query.state) kept += hidden("state", words_of(*query.state).key);
  if (query.column != 0) kept += hidden("sort", fleet_columns().at(query.column).key);
  if (query.descending) kept += hidden("order", "desc");
  FleetQuery cleared = query;
  cleared.words.clear(), cleared.state.reset(), cleared.page = 1;
  const bool narrowed = !query.words.empty() || query.state.has_value();
  return element("form", {{"class", "filter"}, {"method", "get"}, {"role", "search"}, action(Url({}))},
                 element("label", {{"for", "q"}}, "Find"),
                 element("input", {{"type", "search"},
                                   {"id", "q"},
                                   {"name", "q"},
                                   {"value", query.words},
                                   {"maxlength", "200"},
                                   {"placeholder", "model, serial, address, location"}}),
                 kept, element("button", {{"type", "submit"}}, "Find"),
                 narrowed ? element("a", {{"class", "clear"}, href(fleet_url(cleared))}, "Clear filters") : Html());
}

Html pager(const FleetView& view, const FleetQuery& query) {
  if (view.pages < 2) return {};
  const auto link = [&](std::string_view label, std::size_t to, bool possible) {
    FleetQuery target = query;
    target.page = to;
    return possible ? element("a", {href(fleet_url(target))}, label) : element("span", {{"class", "unsaid"}}, label);
  };
  return element("nav", {{"class", "pager"}, {"aria-label", "Pages"}}, link("Previous", view.page - 1, view.page > 1),
                 element("span", {}, fmt::format("Page {} of {}", view.page, view.pages)),
                 link("Next", view.page + 1, view.page < view.pages));
}

Html nothing(const FleetView& view, const FleetQuery& query) {
  if (view.fleet == 0) {
    return element(
        "section", {{"class", "empty"}}, element("h2", {}, "No printer yet"),
        element("p", {}, "Printers stand here as soon as an agent has read them and sent its first reading."),
        element("p", {}, element("a", {{"class", "button"}, href(Url({"agents"}))}, "See the agents")));
  }
  FleetQuery cleared = query;
  cleared.words.clear(), cleared.state.reset(), cleared.page = 1;
  return element("section", {{"class", "empty"}}, element("h2", {}, "No printer matches"),
                 element("p", {}, fmt::format("None of the {} printers is like that.", grouped(view.fleet))),
                 element("p", {}, element("a", {{"class", "button"}, href(fleet_url(cleared))}, "Clear filters")));
}

}  // namespace

Response fleet_page(const FleetView& view, const FleetQuery& query, WallTime now) {
  Html body = element("h1", {}, "Fleet");
  if (view.fleet > 0) body += tiles(view, query), body += filter(query);
  if (view.items.empty()) {
    body += nothing(view, query);
    return page({.title = "Fleet", .section = "fleet", .body = body});
  }
  std::vector<Html> headings;
  for (std::size_t i = 0; i < fleet_columns().size(); ++i) headings.push_back(sortable_heading(i, query));
  Html rows;
  for (const FleetItem& item : view.items) {
    Html cells;
    for (const Column& column : fleet_columns()) cells += column.cell(item, now);
    rows += element("tr", {}, cells);
  }
  body += table(fmt::format("{} of {} printers", grouped(view.matching), grouped(view.fleet)), headings, rows);
  body += pager(view, query);
  return page({.title = "Fleet", .section = "fleet", .body = body});
}

}  // namespace platen::portal
