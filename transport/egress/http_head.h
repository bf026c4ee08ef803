// The head of an HTTP answer, from octets that anybody may have sent. Pure.
//
//   Source   RFC 9112 §4, §5. Strict where it matters: a status line or nothing.
//   Limits   16 KiB, 100 fields; what is beyond is not looked at.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace platen::egress {

struct HttpHead {
  int status = 0;
  std::map<std::string, std::string, std::less<>> fields = {};  // names in lower case; the first of each counts
  [[nodiscard]] std::string_view field(std::string_view name) const;
};

// nullopt: not HTTP, or its head has not come whole, or it frames the body in two ways.
[[nodiscard]] std::optional<HttpHead> parse_head(std::string_view octets);
[[nodiscard]] bool head_is_whole(std::string_view octets);  // or will never be
// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 §5.6.7), that form only.
[[nodiscard]] std::optional<WallTime> parse_date(std::string_view text);

}  // namespace platen::egress
