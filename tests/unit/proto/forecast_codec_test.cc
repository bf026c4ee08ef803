#include "proto/forecast_codec.h"

#include <doctest/doctest.h>

using namespace platen;
using wire::Forecast;
using wire::Outlook;

namespace {

Forecast some() {
  return {.made = WallTime(std::chrono::milliseconds(1'800'000'000'000)),
          .time_zone = "Europe/Berlin",
          .billing_day = "2026-12-01",
          .printers = {{"192.0.2.7", "VNB3K1", "One", "no-total", "it never said one", {}},
                       {"192.0.2.8", "", "", "", "", WallTime(std::chrono::milliseconds(-5))}},
          .left_out = 3};
}

}  // namespace

TEST_CASE("a forecast comes back as it went in") {
  CHECK(wire::decode_forecast(wire::encode_forecast(some())).value() == some());
  CHECK(wire::decode_forecast("").value() == Forecast{});
}

TEST_CASE("what is beyond the bounds is left out and counted") {
  Forecast large = some();
  for (int i = 0; i < 20'000; ++i) large.printers.push_back({.address = "192.0.2.9", .why = std::string(40, 'x')});
  const std::string octets = wire::encode_forecast(large);
  CHECK(octets.size() <= 262'144);
  const Forecast back = wire::decode_forecast(octets).value();
  CHECK(back.printers.size() + back.left_out == large.printers.size() + 3);
  CHECK(back.printers.front() == large.printers.front());
}

TEST_CASE("foreign octets are refused") {
  CHECK(wire::decode_forecast("no message").error().code == Code::corrupt);
  CHECK(wire::decode_forecast(std::string(300'000, ' ')).error().code == Code::invalid);
  Forecast odd = some();
  odd.printers[0].serial = std::string("a\0b", 3);
  CHECK(wire::decode_forecast(wire::encode_forecast(odd)).error().code == Code::invalid);
  odd.printers[0].serial = std::string(5000, 'x');
  CHECK(wire::decode_forecast(wire::encode_forecast(odd)).error().code == Code::invalid);
}
