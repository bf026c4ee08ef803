#include "cloud/ingest/proxy_line.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace platen::cloud {
namespace {

constexpr std::string_view begin = "PROXY ", end = "\r\n";

tl::unexpected<Error> no_line() { return fail(Code::invalid, "no line of the PROXY protocol, version 1"); }

bool is_port(std::string_view text) {
  unsigned port = 65'536;
  const auto [stop, fault] = std::from_chars(text.data(), text.data() + text.size(), port);
  return fault == std::errc{} && stop == text.data() + text.size() && port <= 65'535;
}

// "TCP4 192.0.2.7 198.51.100.1 56324 443": the family, who asks, whom, and both ports.
std::optional<std::array<std::string_view, 5>> words_of(std::string_view text) {
  std::array<std::string_view, 5> words;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::size_t blank = text.find(' ');
    if ((blank == std::string_view::npos) != (i + 1 == words.size())) return std::nullopt;
    words.at(i) = text.substr(0, blank);
    text.remove_prefix(blank == std::string_view::npos ? text.size() : blank + 1);
  }
  return words;
}

}  // namespace

IpAddress unmapped(const IpAddress& address) {
  const auto& octets = address.octets();
  constexpr std::array<std::uint8_t, 12> mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  if (address.is_v4() || !std::equal(mapped.begin(), mapped.end(), octets.begin())) return address;
  std::uint32_t number = 0;
  for (std::size_t i = mapped.size(); i < octets.size(); ++i) number = number << 8U | octets.at(i);
  return IpAddress::v4(number);
}

Expected<std::optional<IpAddress>> proxied_address(std::string_view line) {
  if (line.size() > longest_proxy_line || !line.starts_with(begin) || !line.ends_with(end)) return no_line();
  line.remove_prefix(begin.size()), line.remove_suffix(end.size());
  if (line == "UNKNOWN" || line.starts_with("UNKNOWN ")) return std::nullopt;
  const auto words = words_of(line);
  if (!words) return no_line();
  const auto& [family, from, to, from_port, to_port] = *words;
  const auto asks = IpAddress::parse(from), asked = IpAddress::parse(to);
  const bool known = family == "TCP4" || family == "TCP6";
  if (!known || !asks || !asked || !is_port(from_port) || !is_port(to_port)) return no_line();
  if (asks->is_v4() != (family == "TCP4") || asked->is_v4() != asks->is_v4()) return no_line();
  return unmapped(*asks);
}

}  // namespace platen::cloud
