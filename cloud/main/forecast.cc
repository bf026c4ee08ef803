// forecast: which printers will have a meter for the billing date, by each agent's latest daily forecast.
#include <nlohmann/json.hpp>

#include "base/command/list.h"
#include "cloud/main/desk.h"
#include "cloud/main/program.h"
#include "proto/forecast_codec.h"

namespace platen::cloud {
namespace {

using Json = nlohmann::ordered_json;

void put(Json& into, const char* key, const std::string& text) {
  if (!text.empty()) into[key] = text;
}

void add(command::List& list, const std::string& agent, const wire::Forecast& forecast, const wire::Outlook& printer) {
  const std::string last = printer.total_at ? to_rfc3339(*printer.total_at) : "";
  list.rows.push_back({agent, printer.address, printer.serial, printer.model, forecast.billing_day,
                       printer.code.empty() ? "yes" : "no", last, printer.code, printer.why});
  Json document = {{"schema", "platen.forecast/1"}, {"agent", agent}, {"address", printer.address}};
  put(document, "serial", printer.serial), put(document, "model", printer.model);
  document["billing_day"] = forecast.billing_day;
  document["time_zone"] = forecast.time_zone;
  document["made"] = to_rfc3339(forecast.made);
  document["meter"] = printer.code.empty();
  put(document, "last_total", last), put(document, "code", printer.code), put(document, "why", printer.why);
  list.lines.push_back(document.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace

int run_forecast(const command::Arguments& arguments) {
  const auto desk = open_desk(arguments);
  if (!desk) return refused(desk.error());
  const auto rows = desk->book->forecasts();
  if (!rows) return refused(rows.error());
  command::List list{.columns = {{"agent"},
                                 {"address"},
                                 {"serial"},
                                 {"model"},
                                 {"billing_day"},
                                 {"meter"},
                                 {"last_total"},
                                 {"code"},
                                 {"why"}},
                     .rows = {},
                     .lines = {}};
  const bool all = !arguments.has("--missing");
  int code = command::done;
  for (const ForecastRow& row : *rows) {
    const auto forecast = wire::decode_forecast(row.octets);
    if (!forecast) {
      command::print_error("platen-cloud", forecast.error().in("agent " + row.agent), "", "forecast.unreadable");
      code = command::incomplete;
      continue;
    }
    for (const wire::Outlook& printer : forecast->printers) {
      if (all || !printer.code.empty()) add(list, row.agent, *forecast, printer);
    }
  }
  command::print_list(arguments, list);
  return code;
}

}  // namespace platen::cloud
