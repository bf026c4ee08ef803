// The request target of HTTP, taken apart: a path of segments and a query. Hostile bytes in, a value or a refusal out.
//
//   Source   RFC 9112 §3.2.1 (origin form), RFC 3986 (percent-encoding, dot segments), HTML's form encoding ('+' is a
//   blank). Limits   2,048 octets; 32 parameters. The first of a parameter given twice counts. Errors   Code::invalid:
//   another form, a bad escape, not UTF-8, a control character, a "." or ".." segment (also encoded),
//            an encoded slash.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"

namespace platen::portal {

struct RequestTarget {
  std::vector<std::string> path;  // "/printers/s-1" → {"printers", "s-1"}; "/" → {}
  std::map<std::string, std::string, std::less<>> query;
  [[nodiscard]] std::string parameter(std::string_view name) const;  // "" when it was not given
  friend bool operator==(const RequestTarget&, const RequestTarget&) = default;
};

inline constexpr std::size_t longest_target = 2048;
inline constexpr std::size_t most_parameters = 32;

[[nodiscard]] Expected<RequestTarget> parse_target(std::string_view target);
// The body of a form that was sent by POST (application/x-www-form-urlencoded).
[[nodiscard]] Expected<std::map<std::string, std::string, std::less<>>> parse_form(std::string_view body);
// Does the Origin header of a form name this host? "" is no answer: older browsers leave it out.
[[nodiscard]] bool is_own_origin(std::string_view origin, std::string_view host_header);

// The host of a Host header: is it one under which this portal may be asked? An address, localhost, or one of `names`.
// A foreign name means that a page elsewhere has pointed its own name at us (DNS rebinding).
[[nodiscard]] bool is_our_host(std::string_view host_header, const std::vector<std::string>& names);

}  // namespace platen::portal
