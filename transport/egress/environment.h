// What this host says about proxies.
//
//   Source   the process's environment; /etc/environment, which a service manager does not read for its services.
//   Effects  forget_proxies() changes the environment: call it before other threads exist.
#pragma once

#include "transport/egress/proxy.h"

namespace platen::egress {

struct Surroundings {
  Variables process, system;
};
[[nodiscard]] Surroundings surroundings();
// Takes the proxy variables out of the environment, so that no library acts on them by itself.
void forget_proxies();

}  // namespace platen::egress
