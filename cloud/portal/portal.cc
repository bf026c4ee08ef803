#include "cloud/portal/portal.h"

#include <algorithm>

#include "base/ip_address.h"
#include "base/log.h"
#include "cloud/portal/assets.h"
#include "cloud/portal/layout.h"
#include "cloud/portal/ordered_printer.h"
#include "cloud/portal/pages.h"
#include "cloud/portal/request_target.h"

namespace platen::portal {
namespace {

constexpr std::size_t history_points = 400, shown_tasks = 100;

bool is_from_here(const Request& request) {
  const auto peer = IpAddress::parse(request.peer);
  return peer && peer->is_loopback();
}

// What is the matter with an order, in the words of HTTP.
struct OrderTrouble {
  Code code;
  unsigned status;
};
constexpr OrderTrouble order_troubles[] = {
    {Code::invalid, 400}, {Code::not_found, 404}, {Code::conflict, 409}, {Code::timeout, 429}};

// The page that shows what came of it; loading it again orders nothing.
Response see(const Url& page) {
  Response response;
  response.status = 303;
  response.location = page.text();
  return response;
}

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
  if (request.method != "POST") return show(request, *target);
  const bool orders = path.size() == 3 && (path[0] == "printers" || path[0] == "agents") && path[2] == "read";
  return orders && orders_ ? order(request, path) : plain_page(405);
}

Response Portal::show(const Request& request, const RequestTarget& target) {
  const std::vector<std::string>& path = target.path;
  if (path.empty()) return fleet(target);
  if (path.size() == 1 && path[0] == "agents") return agents(order_token(request));
  if (path.size() == 1 && path[0] == "healthz") return health();
  if (path.size() == 2 && path[0] == "printers") return printer(path[1], order_token(request));
  if (path.size() == 2 && path[0] == "agents") return agent(path[1], order_token(request));
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

Response Portal::printer(const std::string& id, const std::string& token) {
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
  ReadNow read_now{.token = token};
  if (orders_) {
    auto latest = orders_->latest((*found)->agent, {ordered(**found)});
    if (!latest) return away(latest.error());
    read_now.latest = std::move(*latest);
  }
  return printer_page(**found, *history, clock_.wall(), waiting, read_now);
}

Response Portal::agents(const std::string& token) {
  const auto rows = store_.agents();
  if (!rows) return away(rows.error());
  if (registry_ == nullptr) return agents_page(*rows, clock_.wall());
  const auto identities = registry_->agents();
  if (!identities) return away(identities.error());
  AgentsAsked asked{.token = token};
  if (orders_) {
    auto open = orders_->book().open_tasks(clock_.wall());
    if (!open) return away(open.error());
    asked.open_tasks = std::move(*open);
  }
  return agents_page(*rows, clock_.wall(), *identities, asked);
}

Expected<bool> Portal::knows(const std::string& agent) {
  const auto identities = registry_->agents();
  if (!identities) return fail(identities.error());
  if (std::ranges::any_of(*identities, [&](const auto& each) { return each.place.agent_id == agent; })) return true;
  const auto rows = store_.agents();
  if (!rows) return fail(rows.error());
  return std::ranges::find(*rows, agent, &cloud::AgentRow::agent) != rows->end();
}

Response Portal::agent(const std::string& name, const std::string& token) {
  if (!orders_) return plain_page(404);
  const auto known = knows(name);
  if (!known) return away(known.error());
  if (!*known) return plain_page(404);
  const auto tasks = orders_->book().list({.agent = name, .open_only = false, .newest = shown_tasks}, clock_.wall());
  return tasks ? agent_page(name, *tasks, token, clock_.wall()) : away(tasks.error());
}

// From the cloud's own host only, as codes: the pages have no accounts.
std::string Portal::order_token(const Request& request) {
  return orders_ && is_from_here(request) ? orders_->new_token() : "";
}

Response Portal::order(const Request& request, const std::vector<std::string>& path) {
  if (!is_from_here(request) || !is_own_origin(request.origin, request.host)) return plain_page(403);
  auto form = parse_form(request.body);
  if (!form) return plain_page(400, form.error().text);
  std::string agent = path[1];
  std::vector<cloud::OrderedPrinter> printers;
  if (path[0] == "printers") {
    const auto found = store_.printer(path[1]);
    if (!found) return away(found.error());
    if (!*found) return plain_page(404);
    agent = (*found)->agent;
    printers.push_back(ordered(**found));
  }
  const auto asked = orders_->read_now((*form)["token"], agent, printers, request.peer);
  if (asked) return see(Url({path[0], path[1]}));
  const Code code = asked.error().code;
  const auto* trouble = std::ranges::find(order_troubles, code, &OrderTrouble::code);
  return trouble == std::end(order_troubles) ? away(asked.error()) : plain_page(trouble->status, asked.error().text);
}

Response Portal::enrol(const Request& request) {
  if (!is_from_here(request)) return plain_page(403);
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
