#include "cloud/portal/fleet_view.h"

#include <algorithm>
#include <charconv>
#include <numeric>

namespace platen::portal {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool contains(std::string_view text, std::string_view lower_word) {
  return std::search(text.begin(), text.end(), lower_word.begin(), lower_word.end(),
                     [](char a, char b) { return lower(a) == b; }) != text.end();
}

// Every word must stand in one of the fields.
bool matches(const cloud::FleetRow& row, const std::vector<std::string>& lower_words) {
  const std::string_view fields[] = {row.manufacturer, row.model,    row.serial, row.address,
                                     row.name,         row.location, row.agent};
  return std::all_of(lower_words.begin(), lower_words.end(), [&](const std::string& word) {
    return std::any_of(std::begin(fields), std::end(fields),
                       [&](std::string_view field) { return contains(field, word); });
  });
}

std::vector<std::string> words_in(std::string_view text) {
  std::vector<std::string> words(1);
  for (const char c : text) {
    if (c != ' ')
      words.back() += lower(c);
    else if (!words.back().empty())
      words.emplace_back();
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

bool before(const SortKey& a, const SortKey& b, bool descending) {
  if (a.absent != b.absent) return b.absent;
  if (a.number != b.number) return descending ? b.number < a.number : a.number < b.number;
  return descending ? b.text < a.text : a.text < b.text;
}

void sort(std::vector<FleetItem>& items, const FleetQuery& query) {
  const Column& column = fleet_columns().at(query.column);
  std::vector<SortKey> keys;
  keys.reserve(items.size());
  for (const FleetItem& item : items) keys.push_back(column.sort_key(item));
  std::vector<std::size_t> order(items.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return before(keys[a], keys[b], query.descending); });
  std::vector<FleetItem> sorted;
  sorted.reserve(items.size());
  for (const std::size_t at : order) sorted.push_back(std::move(items[at]));
  items = std::move(sorted);
}

std::optional<std::size_t> page_number(const std::string& text) {
  std::size_t page = 1;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), page);
  return fault == std::errc{} && end == text.data() + text.size() && page > 0 ? std::optional(page) : std::nullopt;
}

constexpr std::array<std::string_view, 2> orders = {"asc", "desc"};

std::string_view key_of(const Column& column) { return column.key; }
std::string_view key_of(const StateWords& words) { return words.key; }
std::string_view key_of(std::string_view word) { return word; }

// Where the parameter's value stands among the choices; an empty one is as good as none (forms send it).
template <class Choices>
Expected<std::optional<std::size_t>> chosen(const RequestTarget& target, std::string_view name,
                                            const Choices& choices) {
  const std::string value = target.parameter(name);
  if (value.empty()) return std::nullopt;
  std::string allowed;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    const std::string_view key = key_of(choices[i]);
    if (key == value) return i;
    allowed.append(allowed.empty() ? "" : ", ").append(key);
  }
  return fail(Code::invalid, "The address asks for a “" + std::string(name) + "” that is none of: " + allowed + ".");
}

}  // namespace

Expected<FleetQuery> fleet_query(const RequestTarget& target) {
  const auto state = chosen(target, "state", state_words);
  if (!state) return fail(state.error());
  const auto column = chosen(target, "sort", fleet_columns());
  if (!column) return fail(column.error());
  const auto order = chosen(target, "order", orders);
  if (!order) return fail(order.error());
  const std::string page = target.parameter("page");
  const auto number = page.empty() ? std::optional<std::size_t>(1) : page_number(page);
  if (!number) return fail(Code::invalid, "The address asks for a “page” that is no number from 1.");
  FleetQuery query{.words = target.parameter("q"),
                   .state = std::nullopt,
                   .column = column->value_or(0),
                   .descending = order->value_or(0) == 1,
                   .page = *number};
  if (*state) query.state = state_words.at(**state).state;
  return query;
}

Url fleet_url(const FleetQuery& query) {
  Url::Parameters parameters;
  if (!query.words.empty()) parameters.emplace_back("q", query.words);
  if (query.state) parameters.emplace_back("state", words_of(*query.state).key);
  if (query.column != 0) parameters.emplace_back("sort", fleet_columns().at(query.column).key);
  if (query.descending) parameters.emplace_back("order", "desc");
  if (query.page > 1) parameters.emplace_back("page", std::to_string(query.page));
  return Url({}, parameters);
}

FleetView fleet_view(std::vector<cloud::FleetRow> rows, const FleetQuery& query, WallTime now) {
  FleetView view;
  view.fleet = rows.size();
  const std::vector<std::string> words = words_in(query.words);
  for (cloud::FleetRow& row : rows) {
    if (!matches(row, words)) continue;
    const State state = state_of(row, now);
    ++view.matching_words;
    ++view.counts.at(static_cast<std::size_t>(state));
    if (!query.state || *query.state == state) view.items.push_back({std::move(row), state});
  }
  view.matching = view.items.size();
  view.pages = std::max<std::size_t>(1, (view.matching + rows_a_page - 1) / rows_a_page);
  view.page = std::min(query.page, view.pages);
  sort(view.items, query);
  const std::size_t first = std::min(view.items.size(), (view.page - 1) * rows_a_page);
  const std::size_t last = std::min(view.items.size(), first + rows_a_page);
  view.items = {std::make_move_iterator(view.items.begin() + static_cast<std::ptrdiff_t>(first)),
                std::make_move_iterator(view.items.begin() + static_cast<std::ptrdiff_t>(last))};
  return view;
}

}  // namespace platen::portal
