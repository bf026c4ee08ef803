// Every way that something leaves or enters this host on behalf of Platen: what a customer's IT asks for.
//
//   Source   one table; `platen paths`, docs/communication-paths.md, the door's list of hosts and `platen netcheck` all read it.
//   Effects  none.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/config/config.h"

namespace platen::network {

enum class Use { uplink, enrolment, command, update, time, names, proxy, printers, mdns, wsd, slp };

struct Row {
  Use use;
  std::string_view purpose, data, protocol, port, direction, encryption;
  std::string_view host;  // in general: "cloud.address"
  bool through_the_door;  // proxy, allow-list and log apply
};

[[nodiscard]] std::span<const Row> rows();

// A row as one configuration makes it.
struct Path {
  Use use;
  std::string_view purpose, data, protocol, direction, encryption;
  std::string port, host;
  std::string address;  // "cloud.example:443" where one host is meant; "" otherwise
  bool through_the_door = false;
  bool in_use = true;       // false: the configuration names nothing for it
  std::string target = {};  // of the WebSocket
  bool signs_in = false;    // a CONNECT tells whether the agent would be let in, and does not disturb it
};
[[nodiscard]] std::vector<Path> paths(const config::Config& config);

[[nodiscard]] std::string paths_markdown();  // docs/communication-paths.md

}  // namespace platen::network
