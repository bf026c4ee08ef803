// How a device misbehaves. Written as a list: "loss:0.2,latency:30+10".
//
//   Source   what real agents were seen to do: see docs of LibreNMS, snmp_exporter, glpi-agent; README.md has the
//   table.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/expected.h"

namespace platen::zoo {

struct Manners {
  double loss = 0;                       // loss:0.2          this part of the requests is never seen
  std::chrono::milliseconds latency{0};  // latency:30        every answer takes this long …
  std::chrono::milliseconds jitter{0};   // latency:30+10     … and up to this much longer
  bool v1_only = false;                  // v1-only           hears nothing but SNMPv1
  bool no_bulk = false;                  // no-bulk           is silent to GETBULK
  std::size_t too_big = 0;               // too-big:484       tooBig instead of a larger answer, to GETBULK too
  std::size_t drop_above = 0;            // drop-above:484    silence instead of a larger answer
  bool one_at_a_time = false;            // one-at-a-time     drops what comes while an answer is on its way
  bool endless = false;                  // endless           the panel has a line after every line
  bool repeat = false;                   // repeat            the last supply description comes after itself
  bool out_of_order = false;             // out-of-order      trays and supplies in a strange order, but once each
  std::uint32_t wrong_id = 0;            // wrong-id:3        every third answer has another request id
  std::uint32_t wrong_source = 0;        // wrong-source:3    every third answer comes from another address
  std::uint32_t reboot = 0;              // reboot:4          starts again at the fourth request of each conversation
  bool every_name = false;               // every-name        a honeypot: has an answer to whatever is asked
  bool wrong_types = false;              // wrong-types       a third of the values has another type than it should
  bool wild_clock = false;               // wild-clock        snmpEngineTime is ten minutes on at each SNMPv3 question
  friend bool operator==(const Manners&, const Manners&) = default;
};

// Errors: Code::invalid naming the word and what is known.
[[nodiscard]] Expected<Manners> parse_manners(std::string_view text, const Manners& from = {});

}  // namespace platen::zoo
