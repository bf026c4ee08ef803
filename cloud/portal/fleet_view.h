// Which printers the fleet's page shows, in which order: pure, from the rows of the store and the query of the URL.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cloud/portal/html.h"
#include "cloud/portal/request_target.h"
#include "cloud/portal/state.h"
#include "cloud/store/store.h"

namespace platen::portal {

struct FleetItem {
  cloud::FleetRow row;
  State state = State::unsaid;
};

// What a column sorts by. Absent values stand last in both directions.
struct SortKey {
  bool absent = false;
  double number = 0;
  std::string text = {};
};

struct Column {
  std::string_view key, label;
  bool number;
  SortKey (*sort_key)(const FleetItem&);
  Html (*cell)(const FleetItem&, WallTime now);
};
[[nodiscard]] const std::vector<Column>& fleet_columns();  // fleet_page.cc: beside their cells

// The state of the list, as the URL holds it. What a URL does not say has the value here.
struct FleetQuery {
  std::string words;           // ?q=
  std::optional<State> state;  // ?state=stopped
  std::size_t column = 0;      // ?sort=total
  bool descending = false;     // ?order=desc
  std::size_t page = 1;        // ?page=2
  friend bool operator==(const FleetQuery&, const FleetQuery&) = default;
};
inline constexpr std::size_t rows_a_page = 50;

// Errors: Code::invalid, which parameter it is and what it may be.
[[nodiscard]] Expected<FleetQuery> fleet_query(const RequestTarget& target);
[[nodiscard]] Url fleet_url(const FleetQuery& query);  // fleet_query(fleet_url(q)) == q

struct FleetView {
  std::vector<FleetItem> items;                          // of this page
  std::size_t fleet = 0;                                 // every printer there is
  std::size_t matching_words = 0, matching = 0;          // before and after the filter by state
  std::array<std::size_t, state_words.size()> counts{};  // of those that match the words, by state
  std::size_t page = 1, pages = 1;
};
[[nodiscard]] FleetView fleet_view(std::vector<cloud::FleetRow> rows, const FleetQuery& query, WallTime now);

}  // namespace platen::portal
