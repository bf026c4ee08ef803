// Two values of one meter, one after the other: did the counter run on, or did something happen to it?
//
//   Source   Counter32 wraps at 2^32 (RFC 2578 §7.1.6); prtMarkerLifeCount and many vendors' counters are Integer32 and
//            wrap at 2^31. A mainboard keeps counter, MAC and engine id; the case keeps the serial.
//   Shapes   Values as the printer sent them. `carry` is what must be added to the raw value so that counting goes on:
//            raw now + carry >= raw before, always. It is a proposal, never applied by itself.
//   Effects  none; time is part of the values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/reading/reading.h"

namespace platen::meter {

enum class Reason { first, wrapped_31, wrapped_32, reset, fell, jumped, board_swapped, device_swapped };
inline constexpr std::size_t reasons = 8;
// "wrapped-32", "board-swapped": the words of flags and of the cloud's lists. `of_code` of anything else is nothing.
[[nodiscard]] std::string_view code_of(Reason reason);
[[nodiscard]] std::optional<Reason> of_code(std::string_view code);

// What tells one device, and one mainboard, from another, as base/reading/same_printer.h compares it; "" when not said.
struct Who {
  std::string serial, engine_id;
  std::vector<std::string> macs;  // sorted
  friend bool operator==(const Who&, const Who&) = default;
};
// Engine ids that are made from an IP address (RFC 3411, formats 1 and 2) name a place and are left out.
[[nodiscard]] Who who_of(const Reading& reading);
enum class Change { none, board, device };
[[nodiscard]] Change change_between(const Who& before, const Who& now);
// `now`, with what it left unsaid taken from `before`: half an identity does not make us forget the whole one.
[[nodiscard]] Who completed(Who now, const Who& before);

struct Value {
  std::uint64_t count = 0;
  std::optional<WallTime> at;  // absent when that clock could not be trusted
};
struct Leap {
  Reason reason = Reason::first;
  std::int64_t carry = 0;
  friend bool operator==(const Leap&, const Leap&) = default;
};
// Nothing when the counter simply ran on.
[[nodiscard]] std::optional<Leap> leap_between(const Value& before, const Value& now, Change change);
// May a counter that ran on have come from one to the other? More than any press prints is no.
[[nodiscard]] bool runs_on(const Value& before, const Value& now);

// raw + carry, modulo 2^64; exact whenever the sum is a count.
[[nodiscard]] std::uint64_t carried(std::uint64_t raw, std::int64_t carry);

// "the counter went from 48210 to 12: it was reset". For people; begins with a small letter.
[[nodiscard]] std::string sentence(Reason reason, std::uint64_t before, std::uint64_t now);

}  // namespace platen::meter
