// The daily forecast of meters as platen.v1.Forecast octets and back, without protobuf headers.
//
//   Source   proto/platen/v1/forecast.proto.  Errors  decode: Code::corrupt (not this message), Code::invalid (bounds).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/expected.h"

namespace platen::wire {

inline constexpr std::string_view forecast_kind = "forecast";

struct Outlook {
  std::string address = {}, serial = {}, model = {};
  std::string code = {}, why = {};  // "": there will be a meter
  std::optional<WallTime> total_at = {};
  friend bool operator==(const Outlook&, const Outlook&) = default;
};

struct Forecast {
  WallTime made{};
  std::string time_zone, billing_day;
  std::vector<Outlook> printers;  // those without a meter first
  std::uint32_t left_out = 0;     // printers beyond the bounds
  friend bool operator==(const Forecast&, const Forecast&) = default;
};

// What is beyond the bounds is left out from the end, and counted.
[[nodiscard]] std::string encode_forecast(const Forecast& forecast);
[[nodiscard]] Expected<Forecast> decode_forecast(std::string_view octets);

}  // namespace platen::wire
