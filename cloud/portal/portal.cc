#include "cloud/portal/portal.h"

#include "base/ip_address.h"
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
  if (path.size() == 1 && path[0] == "enroll" && registry_ != nullptr) return enrol(request);
  if (request.method == "POST") return plain_page(405);
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
  if (!rows) return away(rows.error());
  if (registry_ == nullptr) return agents_page(*rows, clock_.wall());
  const auto identities = registry_->agents();
  return identities ? agents_page(*rows, clock_.wall(), *identities) : away(identities.error());
}

Response Portal::enrol(const Request& request) {
  const auto peer = IpAddress::parse(request.peer);
  if (!peer || !peer->is_loopback()) return plain_page(403);
  return request.method == "POST" ? make_code(request) : enroll_page(new_token());
}

Response Portal::make_code(const Request& request) {
  if (!is_own_origin(request.origin, request.host)) return plain_page(403);
  auto form = parse_form(request.body);
  if (!form) return plain_page(400, form.error().text);
  if (!take_token((*form)["token"]))
    return enroll_page(new_token(), "This form was used already, or is older than an hour. Fill it in again.");
  const enroll::Place place{(*form)["agent"], (*form)["dealer"], (*form)["customer"], (*form)["site"]};
  const auto made = enroll::make_code(*registry_, ca_, place, clock_.wall());
  if (made) return code_page(*made);
  const bool theirs = made.error().code == Code::invalid || made.error().code == Code::conflict;
  return theirs ? enroll_page(new_token(), made.error().text) : away(made.error());
}

std::string Portal::new_token() {
  const std::lock_guard hold(mutex_);
  return tokens_.make(clock_.monotonic());
}

bool Portal::take_token(const std::string& token) {
  const std::lock_guard hold(mutex_);
  return tokens_.take(token, clock_.monotonic());
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
