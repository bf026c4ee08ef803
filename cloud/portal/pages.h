// One function a page: facts in, markup out. Pure.
#pragma once

#include <vector>

#include "cloud/portal/fleet_view.h"
#include "cloud/portal/http_server.h"
#include "cloud/store/meter_book.h"
#include "cloud/store/store.h"

namespace platen::portal {

[[nodiscard]] Response fleet_page(const FleetView& view, const FleetQuery& query, WallTime now);
// `waiting`: new meter epochs of this printer that nobody has decided about.
[[nodiscard]] Response printer_page(const cloud::PrinterRow& printer, const std::vector<cloud::HistoryPoint>& history,
                                    WallTime now, const std::vector<cloud::MeterEpochRow>& waiting = {});
[[nodiscard]] Response agents_page(const std::vector<cloud::AgentRow>& agents, WallTime now);

// The totals over time as an SVG line; empty with fewer than two of them. `history` newest first.
[[nodiscard]] Html history_chart(const std::vector<cloud::HistoryPoint>& history);

}  // namespace platen::portal
