#include "proto/forecast_codec.h"

#include <algorithm>
#include <string>

#include "platen/v1/forecast.pb.h"

namespace platen::wire {
namespace {

constexpr std::size_t most_octets = 262'144, most_printers = 10'000, most_text = 4096;

void put(const Outlook& from, v1::Outlook& to) {
  to.set_address(from.address);
  to.set_serial(from.serial);
  to.set_model(from.model);
  to.set_code(from.code);
  to.set_why(from.why);
  if (from.total_at) to.set_total_ms(from.total_at->time_since_epoch().count());
}

Outlook taken(const v1::Outlook& from) {
  Outlook to{from.address(), from.serial(), from.model(), from.code(), from.why(), {}};
  if (from.has_total_ms()) to.total_at = WallTime(std::chrono::milliseconds(from.total_ms()));
  return to;
}

bool in_bounds(const Outlook& outlook) {
  const std::string* texts[] = {&outlook.address, &outlook.serial, &outlook.model, &outlook.code, &outlook.why};
  return std::all_of(std::begin(texts), std::end(texts), [](const std::string* text) {
    return text->size() <= most_text && text->find('\0') == std::string::npos;
  });
}

}  // namespace

std::string encode_forecast(const Forecast& forecast) {
  v1::Forecast message;
  message.set_made_ms(forecast.made.time_since_epoch().count());
  message.set_time_zone(forecast.time_zone);
  message.set_billing_day(forecast.billing_day);
  std::size_t octets = 1024;
  for (const Outlook& outlook : forecast.printers) {
    v1::Outlook row;
    put(outlook, row);
    octets += row.ByteSizeLong() + 8;
    if (octets > most_octets || static_cast<std::size_t>(message.printers_size()) >= most_printers) break;
    *message.add_printers() = std::move(row);
  }
  const std::size_t left_out = forecast.printers.size() - static_cast<std::size_t>(message.printers_size());
  message.set_left_out(forecast.left_out + static_cast<std::uint32_t>(left_out));
  return message.SerializeAsString();
}

Expected<Forecast> decode_forecast(std::string_view octets) {
  if (octets.size() > most_octets)
    return fail(Code::invalid,
                "forecast of " + std::to_string(octets.size()) + " octets; at most " + std::to_string(most_octets));
  v1::Forecast message;
  if (!message.ParseFromArray(octets.data(), static_cast<int>(octets.size())))
    return fail(Code::corrupt, "these " + std::to_string(octets.size()) + " octets are not a platen.v1.Forecast");
  Forecast out{.made = WallTime(std::chrono::milliseconds(message.made_ms())),
               .time_zone = message.time_zone(),
               .billing_day = message.billing_day(),
               .printers = {},
               .left_out = message.left_out()};
  if (static_cast<std::size_t>(message.printers_size()) > most_printers)
    return fail(Code::invalid, "forecast of too many printers");
  for (const v1::Outlook& row : message.printers()) {
    out.printers.push_back(taken(row));
    if (!in_bounds(out.printers.back())) return fail(Code::invalid, "forecast with a text out of bounds");
  }
  return out;
}

}  // namespace platen::wire
