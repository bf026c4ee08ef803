#include "cloud/portal/request_target.h"

#include <algorithm>
#include <optional>

#include "base/ip_address.h"
#include "base/text.h"

namespace platen::portal {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

enum class Part { segment, query };

std::optional<std::string> decoded(std::string_view text, Part part) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      out += part == Part::query && text[at] == '+' ? ' ' : text[at];
      continue;
    }
    const int high = at + 2 < text.size() ? hex_digit(text[at + 1]) : -1;
    const int low = at + 2 < text.size() ? hex_digit(text[at + 2]) : -1;
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
    at += 2;
  }
  const bool controls =
      std::any_of(out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
  return controls || !is_utf8(out) ? std::nullopt : std::optional(std::move(out));
}

std::string_view cut(std::string_view& rest, char separator) {
  const std::size_t end = rest.find(separator);
  const std::string_view part = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return part;
}

bool take_path(std::string_view path, RequestTarget& target) {
  path.remove_prefix(1);
  while (!path.empty()) {
    const bool last = path.find('/') == std::string_view::npos;
    const auto segment = decoded(cut(path, '/'), Part::segment);
    if (!segment || *segment == "." || *segment == ".." || segment->find_first_of("/\\") != std::string::npos)
      return false;
    if (segment->empty() && !last) return false;
    target.path.push_back(*segment);
  }
  return true;
}

bool take_query(std::string_view query, RequestTarget& target) {
  std::size_t count = 0;
  while (!query.empty()) {
    std::string_view pair = cut(query, '&');
    if (pair.empty()) continue;
    if (++count > most_parameters) return false;
    const auto name = decoded(cut(pair, '='), Part::query);
    const auto value = decoded(pair, Part::query);
    if (!name || !value) return false;
    target.query.emplace(*name, *value);
  }
  return true;
}

}  // namespace

std::string RequestTarget::parameter(std::string_view name) const {
  const auto found = query.find(name);
  return found == query.end() ? std::string() : found->second;
}

Expected<RequestTarget> parse_target(std::string_view text) {
  if (text.size() > longest_target) return fail(Code::invalid, "the address is longer than 2,048 characters");
  if (!text.starts_with('/') || text.starts_with("//"))
    return fail(Code::invalid, "the address does not begin with one slash");
  RequestTarget target;
  std::string_view rest = text;
  const std::string_view path = cut(rest, '?');
  if (!take_path(path, target)) return fail(Code::invalid, "the address has a path that cannot be");
  if (!take_query(rest, target)) return fail(Code::invalid, "the address has a query that cannot be read");
  return target;
}

Expected<std::map<std::string, std::string, std::less<>>> parse_form(std::string_view body) {
  RequestTarget fields;
  if (!take_query(body, fields)) return fail(Code::invalid, "the form cannot be read");
  return std::move(fields.query);
}

bool is_own_origin(std::string_view origin, std::string_view host) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (origin.starts_with(scheme)) return origin.substr(scheme.size()) == host;
  }
  return origin.empty();
}

bool is_our_host(std::string_view header, const std::vector<std::string>& names) {
  std::string host(header);
  if (host.starts_with('[')) {
    const std::size_t end = host.find(']');
    return end != std::string::npos && IpAddress::parse(host.substr(1, end - 1)).has_value();
  }
  host = host.substr(0, host.find(':'));
  if (host.ends_with('.')) host.pop_back();
  std::transform(host.begin(), host.end(), host.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return host == "localhost" || IpAddress::parse(host).has_value() ||
         std::find(names.begin(), names.end(), host) != names.end();
}

}  // namespace platen::portal
