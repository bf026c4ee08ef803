// How this room reaches the enrolment service: one POST and its answer, in its own words.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/expected.h"
#include "transport/egress/door.h"
#include "transport/egress/endpoint.h"

namespace platen::activation {

class Asker {
 public:
  virtual ~Asker() = default;
  // The body of an answer with status 200. Errors: why there was none, and what to do.
  [[nodiscard]] virtual Expected<std::string> post(const std::string& path, const std::string& body) = 0;
  // The service's clock less this host's, as the last answer told.
  [[nodiscard]] virtual std::optional<std::chrono::seconds> clock_offset() const = 0;
};

// Through the door, over TLS. `pin` (proto/activation_code.h) and `roots_pem`: whom to believe; either may be empty.
// `door` outlives it; `stop` ends what is under way.
[[nodiscard]] std::unique_ptr<Asker> https_asker(const egress::Door& door, const egress::Endpoint& to,
                                                 const std::string& pin, const std::string& roots_pem,
                                                 std::stop_token stop = {});

}  // namespace platen::activation
