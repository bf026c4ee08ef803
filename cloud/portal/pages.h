// One function a page: facts in, markup out. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cloud/enroll/code.h"
#include "cloud/portal/fleet_view.h"
#include "cloud/portal/http_server.h"
#include "cloud/store/meter_book.h"
#include "cloud/store/store.h"
#include "cloud/tasks/task_book.h"

namespace platen::portal {

// The button on a page, and what came of it. `token` "": there is none, nothing may be asked from there.
struct ReadNow {
  std::string token = {};
  std::optional<cloud::TaskRow> latest = {};
};

[[nodiscard]] Response fleet_page(const FleetView& view, const FleetQuery& query, WallTime now);
// `waiting`: new meter epochs of this printer that nobody has decided about.
[[nodiscard]] Response printer_page(const cloud::PrinterRow& printer, const std::vector<cloud::HistoryPoint>& history,
                                    WallTime now, const std::vector<cloud::MeterEpochRow>& waiting = {},
                                    const ReadNow& read_now = {});
// `identities`: those who are enrolled, whether they have connected or not. `open_tasks`: by agent.
struct AgentsAsked {
  std::string token = {};
  std::map<std::string, std::size_t> open_tasks = {};
};
[[nodiscard]] Response agents_page(const std::vector<cloud::AgentRow>& agents, WallTime now,
                                   const std::vector<enroll::AgentEntry>& identities = {},
                                   const AgentsAsked& asked = {});
// What was asked of one agent, and what became of it.
[[nodiscard]] Response agent_page(const std::string& agent, const std::vector<cloud::TaskRow>& tasks,
                                  const std::string& token, WallTime now);
// The form that asks for a new activation code; `token` comes back with it. `trouble`: what was wrong with the last try.
[[nodiscard]] Response enroll_page(const std::string& token, std::string_view trouble = "");
[[nodiscard]] Response code_page(const enroll::MadeCode& made);

// The totals over time as an SVG line; empty with fewer than two of them. `history` newest first.
[[nodiscard]] Html history_chart(const std::vector<cloud::HistoryPoint>& history);

}  // namespace platen::portal
