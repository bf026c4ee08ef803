// Host names become addresses here, at the edge; everything below knows addresses only.
#pragma once

#include <functional>
#include <string>

#include "base/expected.h"
#include "base/ip_address.h"

namespace platen::cli {

using Resolve = std::function<Expected<IpAddress>(const std::string& name)>;

// The system's resolver. A name with several addresses gives its first IPv4 address, or else its first IPv6 address.
// Errors: Code::not_found, Code::unavailable (no name server answers).
[[nodiscard]] Expected<IpAddress> resolve(const std::string& name);

}  // namespace platen::cli
