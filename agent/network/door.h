// The door (transport/egress/door.h) as the configuration wants it.
//
//   Rules    Hosts that the configuration names are let through, no others. Proxy variables are read when the program
//            starts, and taken out of its environment: no library acts on them by itself.
//   Errors   Code::invalid, Code::denied, Code::not_found: proxy.address and proxy.ca_file, each in one sentence.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "agent/config/config.h"
#include "base/expected.h"
#include "transport/egress/door.h"

namespace platen::network {

// Reads and forgets the proxy variables of this process. Before other threads exist; once is enough.
void settle_environment();
[[nodiscard]] Expected<std::shared_ptr<const egress::Door>> open_door(const config::Config& config);
// The same door, which lets these through too: HOST:PORT, "" is nobody. For addresses that enrolment brought.
[[nodiscard]] std::shared_ptr<const egress::Door> letting_through(const egress::Door& door,
                                                                  std::span<const std::string> addresses);
// For the log and `platen paths`: "direct", or "proxy.example:3128 (https_proxy in the environment)".
[[nodiscard]] std::string way_of(const egress::Settings& settings);

}  // namespace platen::network
