#include "agent/main/status.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace platen::agent {
namespace {

using Json = nlohmann::ordered_json;

void put(Json& into, const char* key, const std::string& text) {
  if (!text.empty()) into[key] = text;
}

Json config_of(const Status& status) {
  Json out = {{"file", status.config_file}, {"loaded", to_rfc3339(status.config_loaded)}};
  put(out, "refused", status.config_error);
  put(out, "remote_left_out", status.config_remote);
  for (const auto& [key, line] : status.config_lines) out["lines"][key] = line;
  return out;
}

Json ledger_of(const ledger::Position& position, const ledger::Health& health, const ledger::Shelf::State& shelf) {
  Json out = {{"epoch", position.epoch},
              {"first", position.first},
              {"last", position.last},
              {"acknowledged", position.acknowledged},
              {"octets", health.octets}};
  if (health.parked > 0) out["parked"] = health.parked;
  if (health.to_carry_over > 0) out["files_to_carry_over"] = health.to_carry_over;
  put(out, "trouble", health.trouble);
  put(out, "takes_nothing", shelf.why);
  if (shelf.held > 0) out["held_in_memory"] = shelf.held;
  if (shelf.lost > 0) out["lost"] = shelf.lost;
  return out;
}

Json uplink_of(const Status& status) {
  Json out = {{"address", status.cloud_address}, {"connected", status.uplink->connected}};
  put(out, "protocol", std::string(status.uplink->protocol));
  put(out, "last_error", status.uplink->last_error);
  out["acknowledged"] = status.uplink->acknowledged;
  out["reconnects"] = status.uplink->reconnects;
  return out;
}

Json command_of(const Status& status) {
  const channel::State& state = *status.command;
  Json out = {{"address", status.command_address}, {"connected", state.connected}};
  put(out, "protocol", std::string(state.protocol));
  put(out, "last_error", state.last_error);
  out["reconnects"] = state.reconnects;
  out["commands"] = state.commands;
  if (state.dropped > 0) out["dropped"] = state.dropped;
  return out;
}

Json sweep_of(const schedule::Sweep& sweep) {
  Json out = {{"began", to_rfc3339(sweep.began)}};
  if (sweep.ended) out["ended"] = to_rfc3339(*sweep.ended);
  const std::pair<const char*, std::size_t> counts[] = {
      {"addresses", sweep.addresses}, {"new_printers", sweep.printers}, {"not_printers", sweep.not_printers},
      {"no_access", sweep.no_access}, {"no_snmp", sweep.no_snmp},       {"failed", sweep.failed}};
  for (const auto& [key, count] : counts) out[key] = count;
  return out;
}

Json readings_of(const schedule::Tally& tally) {
  Json out = {{"full", tally.full},
              {"status", tally.status},
              {"unanswered", tally.unanswered},
              {"doubtful", tally.doubtful},
              {"lost", tally.not_kept}};
  put(out, "error", tally.keeper_error);
  return out;
}

Json use_of(const snmp::SubnetUse& use) {
  return {{"subnet", use.network.text() + "/" + std::to_string(use.prefix)},
          {"budget", use.budget},
          {"sent", use.sent},
          {"sent_octets", use.sent_octets},
          {"received", use.received},
          {"received_octets", use.received_octets}};
}

// In all, and of the subnets that were asked most.
Json network_of(std::vector<snmp::SubnetUse> subnets) {
  constexpr std::size_t most = 32;
  snmp::SubnetUse all;
  for (const snmp::SubnetUse& use : subnets) {
    all.sent += use.sent;
    all.sent_octets += use.sent_octets;
    all.received += use.received;
    all.received_octets += use.received_octets;
  }
  Json out = use_of(all);
  out.erase("subnet");
  out.erase("budget");
  out["subnets"] = subnets.size();
  std::stable_sort(subnets.begin(), subnets.end(),
                   [](const snmp::SubnetUse& a, const snmp::SubnetUse& b) { return a.sent > b.sent; });
  out["busiest"] = Json::array();
  for (const snmp::SubnetUse& use : subnets) {
    if (out["busiest"].size() < most) out["busiest"].push_back(use_of(use));
  }
  return out;
}

Json clock_of(const Status& status) {
  Json out = {{"time_zone", status.time_zone}, {"suspect", status.clock.suspect()}};
  put(out, "why", std::string(status.clock.suspect_because));
  if (status.clock.cloud_offset) out["cloud_offset_ms"] = status.clock.cloud_offset->count();
  return out;
}

constexpr std::size_t most_without = 100;  // the cloud has the rest

Json forecast_of(const wire::Forecast& forecast) {
  const std::size_t without = schedule::without_a_meter(forecast);
  Json out = {{"billing_day", forecast.billing_day},
              {"made", to_rfc3339(forecast.made)},
              {"with_a_meter", forecast.printers.size() - without},
              {"without_a_meter", without}};
  for (const wire::Outlook& each : forecast.printers) {
    if (each.code.empty() || out["missing"].size() >= most_without) break;
    Json row = {{"address", each.address}};
    put(row, "serial", each.serial), put(row, "model", each.model);
    row["code"] = each.code;
    row["why"] = each.why;
    if (each.total_at) row["last_total"] = to_rfc3339(*each.total_at);
    out["missing"].push_back(std::move(row));
  }
  if (out["missing"].is_null()) out.erase("missing");
  return out;
}

Json tasks_of(const tasks::Desk::State& tasks) {
  Json out = {{"waiting", tasks.waiting}};
  put(out, "running", tasks.running);
  put(out, "trouble", tasks.trouble);
  out["policy"]["file"] = tasks.policy.file;
  for (const std::string& kind : tasks.policy.forbidden) out["policy"]["forbidden"].push_back(kind);
  put(out["policy"], "trouble", tasks.policy.trouble);
  out["replayed"] = tasks.replayed;
  std::uint64_t refused = 0;
  for (const auto& [why, count] : tasks.refused) refused += count;
  out["refused"] = refused;
  for (const auto& [why, count] : tasks.refused) out["refused_because"][why] = count;
  for (const tasks::Book::Past& past : tasks.last) {
    Json row = {{"task", past.result.task_id}};
    put(row, "kind", past.kind);
    row["outcome"] = past.over ? wire::name_of(past.result.outcome) : "running";
    put(row, "text", past.result.text);
    if (past.over) row["ended"] = to_rfc3339(past.result.ended);
    out["last"].push_back(std::move(row));
  }
  return out;
}

}  // namespace

std::string to_json(const Status& status) {
  Json out = {{"schema", "platen.agent-status/1"},
              {"version", status.version},
              {"agent", status.agent_id},
              {"running", status.running},
              {"process", status.process},
              {"started", to_rfc3339(status.started)},
              {"progress", to_rfc3339(status.progress)},
              {"config", config_of(status)},
              {"ledger", ledger_of(status.ledger, status.ledger_health, status.shelf)},
              {"printers", {{"known", status.printers}, {"silent", status.silent_printers}}},
              {"readings", readings_of(status.tally)},
              {"network", network_of(status.subnets)}};
  put(out, "state_trouble", status.state_trouble);
  if (status.certificate_until) out["certificate"]["valid_until"] = to_rfc3339(*status.certificate_until);
  if (status.certificate_renewed) out["certificate"]["renewed_at"] = to_rfc3339(*status.certificate_renewed);
  if (!status.enrolment.empty()) out["enrolment"] = status.enrolment;
  if (!status.certificate_error.empty()) out["certificate"]["error"] = status.certificate_error;
  if (status.uplink) out["uplink"] = uplink_of(status);
  if (status.command) out["command"] = command_of(status);
  if (!status.time_zone.empty()) out["clock"] = clock_of(status);
  if (!status.forecast.billing_day.empty()) out["forecast"] = forecast_of(status.forecast);
  if (status.tasks) out["tasks"] = tasks_of(*status.tasks);
  if (status.tally.sweep) out["sweep"] = sweep_of(*status.tally.sweep);
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace platen::agent
