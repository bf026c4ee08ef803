// Can a server listen here? gRPC says only that it cannot; the person wants to know why.
#pragma once

#include <cstdint>
#include <string>

#include "base/expected.h"

namespace platen::cloud {

// "127.0.0.1:443", "[::1]:443", "name:443". Binds it for a moment.
// Errors: Code::invalid, Code::conflict (in use), Code::denied, with the way out.
[[nodiscard]] Expected<void> usable_address(const std::string& address);

struct Listening {
  int fd = -1;  // whoever asked closes it; non-blocking
  std::uint16_t port = 0;
};
// Likewise, and goes on listening. Its connections send at once (TCP_NODELAY).
[[nodiscard]] Expected<Listening> listen_at(const std::string& address);

}  // namespace platen::cloud
