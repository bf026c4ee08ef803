#include "agent/main/memory_file.h"

#include <nlohmann/json.hpp>

namespace platen::agent {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view schema = "platen.fleet-memory/1";

void put(Json& into, const char* key, const std::string& text) {
  if (!text.empty()) into[key] = text;
}
void put(Json& into, const char* key, const std::optional<WallTime>& time) {
  if (time) into[key] = time->time_since_epoch().count();
}

Json json_of(const schedule::MeterMemory& memory) {
  Json out = {{"address", memory.address}};
  put(out, "serial", memory.serial), put(out, "model", memory.model);
  put(out, "who_serial", memory.who.serial), put(out, "who_engine", memory.who.engine_id);
  out["who_macs"] = memory.who.macs;
  out["counts"] = memory.counts;
  put(out, "total_at_ms", memory.total_at), put(out, "answered_at_ms", memory.answered_at);
  if (memory.read_on) out["read_on"] = to_text(*memory.read_on);
  put(out, "trouble", memory.trouble), put(out, "trouble_text", memory.trouble_text);
  return out;
}

std::optional<WallTime> time_at(const Json& from, const char* key) {
  if (!from.contains(key)) return std::nullopt;
  return WallTime(std::chrono::milliseconds(from.at(key).get<std::int64_t>()));
}
std::optional<Day> day_at(const Json& from, const char* key) {
  const auto day = day_from_text(from.value(key, std::string()));
  return day ? std::optional(*day) : std::nullopt;
}

schedule::MeterMemory memory_of(const Json& from) {
  return {.address = from.at("address").get<std::string>(),
          .serial = from.value("serial", std::string()),
          .model = from.value("model", std::string()),
          .who = {.serial = from.value("who_serial", std::string()),
                  .engine_id = from.value("who_engine", std::string()),
                  .macs = from.at("who_macs").get<std::vector<std::string>>()},
          .counts = from.at("counts").get<std::vector<std::pair<std::uint64_t, std::uint64_t>>>(),
          .total_at = time_at(from, "total_at_ms"),
          .answered_at = time_at(from, "answered_at_ms"),
          .read_on = day_at(from, "read_on"),
          .trouble = from.value("trouble", std::string()),
          .trouble_text = from.value("trouble_text", std::string())};
}

}  // namespace

std::string to_json(const FleetMemory& memory) {
  Json out = {{"schema", schema}, {"winners", Json::array()}, {"meters", Json::array()}};
  if (memory.forecast_on) out["forecast_on"] = to_text(*memory.forecast_on);
  for (const schedule::Winner& winner : memory.winners)
    out["winners"].push_back({winner.peer.address.text(), winner.peer.port, winner.credential});
  for (const schedule::MeterMemory& each : memory.meters) out["meters"].push_back(json_of(each));
  return out.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::optional<FleetMemory> memory_from_json(std::string_view text) try {
  const Json json = Json::parse(text);
  if (json.at("schema") != schema) return std::nullopt;
  FleetMemory out;
  out.forecast_on = day_at(json, "forecast_on");
  for (const Json& each : json.at("winners")) {
    const auto address = IpAddress::parse(each.at(0).get<std::string>());
    if (!address) return std::nullopt;
    out.winners.push_back({{*address, each.at(1).get<std::uint16_t>()}, each.at(2).get<std::size_t>()});
  }
  for (const Json& each : json.at("meters")) out.meters.push_back(memory_of(each));
  return out;
} catch (const nlohmann::json::exception&) {
  return std::nullopt;  // cut, or somebody else's: a sweep knows better
}

}  // namespace platen::agent
