#include "cloud/portal/portal.h"

#include "base/log.h"
#include "cloud/portal/assets.h"
#include "cloud/portal/layout.h"
#include "cloud/portal/pages.h"
#include "cloud/portal/request_target.h"

namespace platen::portal {
namespace {

constexpr std::size_t history_points = 400;

Response away(const Error& error) {
  log::error("web.store", {{"why", error.text}});
  return plain_page(503);
}

Response served(const Asset& asset) {
  Response response;
  response.content_type = asset.content_type;
  response.cache_control = "public, max-age=31536000, immutable";
  response.body = asset.octets;
  return response;
}

}  // namespace

Response Portal::answer(const Request& request) {
  if (!request.host.empty() && !is_our_host(request.host, host_names_)) return plain_page(421);
  const auto target = parse_target(request.target);
  if (!target) return plain_page(400);
  const std::vector<std::string>& path = target->path;
  if (path.empty()) return fleet(*target);
  if (path.size() == 1 && path[0] == "agents") return agents();
  if (path.size() == 1 && path[0] == "healthz") return health();
  if (path.size() == 2 && path[0] == "printers") return printer(path[1]);
  if (path.size() == 2 && path[0] == "assets") {
    if (const Asset* found = asset_served_as(path[1])) return served(*found);
  }
  return plain_page(404);
}

Response Portal::refuse(unsigned status) { return plain_page(status); }

Response Portal::fleet(const RequestTarget& target) {
  const auto query = fleet_query(target);
  if (!query) return plain_page(400, query.error().text);
  auto rows = store_.fleet();
  if (!rows) return away(rows.error());
  const WallTime now = clock_.wall();
  return fleet_page(fleet_view(std::move(*rows), *query, now), *query, now);
}

Response Portal::printer(const std::string& id) {
  const auto found = store_.printer(id);
  if (!found) return away(found.error());
  if (!*found) return plain_page(404);
  const auto history = store_.history(id, history_points);
  if (!history) return away(history.error());
  std::vector<cloud::MeterEpochRow> waiting;
  if (meters_ != nullptr) {
    auto epochs = meters_->epochs(id, false);
    if (!epochs) return away(epochs.error());
    waiting = std::move(*epochs);
  }
  return printer_page(**found, *history, clock_.wall(), waiting);
}

Response Portal::agents() {
  const auto rows = store_.agents();
  return rows ? agents_page(*rows, clock_.wall()) : away(rows.error());
}

Response Portal::health() {
  const auto rows = store_.agents();
  Response response;
  response.status = rows ? 200 : 503;
  response.content_type = "text/plain; charset=utf-8";
  response.body = rows ? "ok\n" : "the store does not answer\n";
  if (!rows) log::error("web.store", {{"why", rows.error().text}});
  return response;
}

}  // namespace platen::portal
