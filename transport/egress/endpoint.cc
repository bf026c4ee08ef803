#include "transport/egress/endpoint.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/ip_address.h"
#include "base/text.h"

namespace platen::egress {
namespace {

constexpr std::size_t longest_name = 253;  // RFC 1035 §2.3.4

bool is_number(std::string_view text, std::uint16_t& port) {
  unsigned value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc{} || end != text.data() + text.size() || value == 0 || value > 65535) return false;
  port = static_cast<std::uint16_t>(value);
  return true;
}

}  // namespace

std::string lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

bool is_host(std::string_view text) {
  if (text.empty() || text.size() > longest_name) return false;
  if (IpAddress::parse(text)) return true;
  return text.front() != '-' && text.front() != '.' && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
                  c == '_';
         });
}

std::string Endpoint::text() const {
  return host.find(':') == std::string::npos ? fmt::format("{}:{}", host, port) : fmt::format("[{}]:{}", host, port);
}

Expected<Endpoint> parse_endpoint(std::string_view text, std::uint16_t fallback_port) {
  const auto wrong = [&](std::string_view why) {
    return fail(Code::invalid, fmt::format("'{}' {}; write \"host:port\", for example \"cloud.example:443\"",
                                           for_terminal(text.substr(0, 300)), why));
  };
  const bool bracketed = text.starts_with('[');
  const std::size_t close = text.find(']');
  if (bracketed && close == std::string_view::npos) return wrong("has a '[' without its ']'");
  std::string_view host = bracketed ? text.substr(1, close - 1) : text.substr(0, text.rfind(':'));
  std::string_view rest = bracketed ? text.substr(close + 1) : text.substr(std::min(host.size(), text.size()));
  Endpoint out{lower_case(host), fallback_port};
  if (rest.empty() && fallback_port == 0) return wrong("has no port");
  if (!rest.empty() && (rest.front() != ':' || !is_number(rest.substr(1), out.port)))
    return wrong("has no port from 1 to 65535");
  if (!is_host(host) || (!bracketed && host.find(':') != std::string_view::npos))
    return wrong("is no host name or address");
  return out;
}

}  // namespace platen::egress
