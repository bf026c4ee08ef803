#include "agent/main/status.h"

#include <doctest/doctest.h>

using namespace platen;  // NOLINT: a test

namespace {

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("what is not known has no key") {
  const std::string json = agent::to_json({});
  CHECK(json.starts_with("{\n"));
  CHECK(json.ends_with("}\n"));
  CHECK(holds(json, "\"schema\": \"platen.agent-status/1\""));
  for (const char* key : {"uplink", "sweep", "certificate", "refused", "lines", "error"}) {
    CAPTURE(key);
    CHECK_FALSE(holds(json, std::string("\"") + key + "\""));
  }
}

TEST_CASE("what is known is there") {
  agent::Status status;
  status.agent_id = "site-7";
  status.config_lines = {{"scan.interval", 12}};
  status.config_error = "agent.toml:3: unknown key 'x'";
  status.certificate_until = WallTime(std::chrono::sys_days{std::chrono::year{2027} / 1 / 2});
  status.uplink =
      uplink::State{.connected = false, .last_error = "connection refused", .acknowledged = 40, .reconnects = 3};
  status.ledger_health.trouble = "the agent's ledger was damaged";
  status.shelf = {.held = 12, .lost = 3, .why = "No space left on device"};
  status.ledger = {.epoch = "00ff", .first = 41, .last = 57, .acknowledged = 40};
  status.tally.full = 9;
  status.tally.sweep = schedule::Sweep{.addresses = 254, .printers = 60, .not_printers = 6, .ended = status.started};
  status.printers = 60;
  const std::string json = agent::to_json(status);
  for (const char* part :
       {"\"agent\": \"site-7\"", "\"scan.interval\": 12", "\"refused\": \"agent.toml:3: unknown key 'x'\"",
        "\"valid_until\": \"2027-01-02T00:00:00.000Z\"", "\"connected\": false",
        "\"last_error\": \"connection refused\"", "\"last\": 57", "\"held_in_memory\": 12",
        "\"takes_nothing\": \"No space left on device\"", "\"lost\": 3", "ledger was damaged", "\"full\": 9",
        "\"addresses\": 254", "\"not_printers\": 6", "\"ended\": ", "\"known\": 60"}) {
    CAPTURE(part);
    CHECK(holds(json, part));
  }
}

TEST_CASE("the forecast and the clock are told, with those that will have no meter") {
  agent::Status status;
  CHECK_FALSE(holds(agent::to_json(status), "\"forecast\""));
  CHECK_FALSE(holds(agent::to_json(status), "\"clock\""));
  status.time_zone = "Europe/Berlin";
  status.clock = {.suspect_because = "jumped", .cloud_offset = std::chrono::milliseconds(-9)};
  status.forecast = {
      .made = {},
      .time_zone = "Europe/Berlin",
      .billing_day = "2026-12-01",
      .printers = {{.address = "192.0.2.7", .code = "no-total", .why = "it never said one"}, {.address = "192.0.2.8"}},
      .left_out = 0};
  const std::string json = agent::to_json(status);
  for (const char* part : {"\"time_zone\": \"Europe/Berlin\"", "\"suspect\": true", "\"why\": \"jumped\"",
                           "\"cloud_offset_ms\": -9", "\"billing_day\": \"2026-12-01\"", "\"with_a_meter\": 1",
                           "\"without_a_meter\": 1", "\"why\": \"it never said one\""}) {
    CAPTURE(part);
    CHECK(holds(json, part));
  }
  CHECK_FALSE(holds(json, "192.0.2.8"));
}

TEST_CASE("octets that are no text do not break the document") {
  agent::Status status;
  status.config_error = "\xff\xfe";
  CHECK(holds(agent::to_json(status), "\"refused\""));
}
