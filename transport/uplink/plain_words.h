// Why the cloud cannot be reached, for the person who can do something about it.
//
//   Source   what gRPC 1.51 and OpenSSL 3 say; text of the peer may be in it. What is not known is passed on as it is.
#pragma once

#include <string>
#include <string_view>

#include "base/expected.h"

namespace platen::uplink {

[[nodiscard]] Error plain_words(std::string_view said, const std::string& address);

}  // namespace platen::uplink
