#include "transport/egress/proxy.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/ip_address.h"
#include "base/text.h"

namespace platen::egress {
namespace {

constexpr std::uint16_t usual_port = 3128;
constexpr std::array<std::pair<std::string_view, Auth>, 6> auth_names = {{{"any", Auth::any},
                                                                          {"none", Auth::none},
                                                                          {"basic", Auth::basic},
                                                                          {"digest", Auth::digest},
                                                                          {"ntlm", Auth::ntlm},
                                                                          {"negotiate", Auth::negotiate}}};
constexpr std::array<std::string_view, 4> proxy_variables = {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};
constexpr std::array<std::string_view, 2> bypass_variables = {"no_proxy", "NO_PROXY"};

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r";
  const std::size_t first = text.find_first_not_of(blanks);
  return first == std::string_view::npos ? "" : text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

int hex(char c) {
  constexpr std::string_view digits = "0123456789abcdef";
  const std::size_t at = digits.find(c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c);
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

// People write passwords into URLs with and without escapes: what is no escape stays as it is.
std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size() && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0;
    out += escape ? static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2])) : text[i];
    if (escape) i += 2;
  }
  return out;
}

// "http://user:p@ss@host:port/": the last '@' ends the password, since no host has one.
Expected<Proxy> parse_proxy(std::string_view text, std::string named_by) {
  const auto wrong = [&](std::string_view why) {
    return fail(Code::invalid, fmt::format("{}: {}; write \"http://host:port\"", named_by, why));
  };
  const std::size_t at = text.rfind('@');
  const std::size_t scheme = text.find("://");
  const bool has_scheme = scheme != std::string_view::npos && (at == std::string_view::npos || scheme < at);
  if (has_scheme && lower_case(text.substr(0, scheme)) != "http")
    return wrong("only a proxy that is spoken to by plain http can be used");
  std::string_view rest = has_scheme ? text.substr(scheme + 3) : text;
  Proxy proxy;
  if (const std::size_t end = rest.rfind('@'); end != std::string_view::npos) {
    const std::string_view login = rest.substr(0, end);
    const std::size_t colon = std::min(login.find(':'), login.size());
    proxy.user = unescaped(login.substr(0, colon));
    if (colon < login.size()) proxy.password = Secret(unescaped(login.substr(colon + 1)));
    rest = rest.substr(end + 1);
  }
  rest = rest.substr(0, rest.find('/'));
  auto endpoint = parse_endpoint(rest, usual_port);
  if (!endpoint) return wrong("that names no host and port");
  proxy.at = *std::move(endpoint);
  proxy.named_by = std::move(named_by);
  return proxy;
}

std::vector<std::string> words_of(std::string_view list) {
  std::vector<std::string> out;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find_first_of(", \t"), list.size());
    if (end > 0) out.emplace_back(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return out;
}

template <class Names>
std::string first_of(const Variables& variables, const Names& names, std::string_view* found = nullptr) {
  for (const std::string_view name : names) {
    const auto at = variables.find(name);
    if (at == variables.end() || at->second.empty()) continue;
    if (found != nullptr) *found = name;
    return at->second;
  }
  return "";
}

// Nothing: this environment says nothing of a proxy.
Expected<std::optional<Routes>> routes_of(const Variables& variables, std::string_view where) {
  std::string_view name;
  const std::string text = first_of(variables, proxy_variables, &name);
  if (text.empty()) return std::nullopt;
  auto proxy = parse_proxy(trimmed(text), fmt::format("{}{}", name, where));
  if (!proxy) return fail(proxy.error());
  return Routes{*std::move(proxy), words_of(first_of(variables, bypass_variables))};
}

Expected<Routes> named_routes(const ProxyWish& wish, const Variables& process, const Variables& system) {
  if (wish.address == "none") return Routes{};
  if (wish.address != "auto" && !wish.address.empty()) {
    auto proxy = parse_proxy(wish.address, "proxy.address");
    if (!proxy) return fail(proxy.error());
    return Routes{*std::move(proxy), {}};
  }
  auto routes = routes_of(process, " in the environment");
  if (routes && !*routes) routes = routes_of(system, " in /etc/environment");
  if (!routes) return fail(routes.error());
  return routes->value_or(Routes{});
}

bool is_in_network(std::string_view entry, const IpAddress& host) {
  const std::size_t slash = entry.find('/');
  const auto network = IpAddress::parse(entry.substr(0, slash));
  if (!network || network->is_v4() != host.is_v4()) return false;
  unsigned prefix = 128;
  if (slash != std::string_view::npos) {
    const std::string_view digits = entry.substr(slash + 1);
    const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), prefix);
    if (fault != std::errc{} || end != digits.data() + digits.size()) return false;
  }
  return host >= network->first_of(prefix) && host <= network->last_of(prefix);
}

std::string_view without_port(std::string_view entry) {
  const std::size_t colon = entry.rfind(':');
  const bool one = colon != std::string_view::npos && entry.find(':') == colon;  // an IPv6 address has several
  return one ? entry.substr(0, colon) : entry;
}

}  // namespace

std::optional<Auth> auth_of(std::string_view name) {
  const auto* const row =
      std::find_if(auth_names.begin(), auth_names.end(), [&](const auto& each) { return each.first == name; });
  return row == auth_names.end() ? std::nullopt : std::optional(row->second);
}

bool is_bypassed(std::string_view entry, std::string_view host) {
  if (entry == "*") return true;
  if (const auto address = IpAddress::parse(host)) {
    if (entry.starts_with('[') && entry.find(']') != std::string_view::npos)
      entry = entry.substr(1, entry.find(']') - 1);
    return is_in_network(without_port(entry), *address);
  }
  std::string name = lower_case(without_port(entry));
  name.erase(0, name.starts_with("*.") ? 2 : name.starts_with('.') ? 1 : 0);
  const std::string whole = lower_case(host);
  return !name.empty() && (whole == name || whole.ends_with("." + name));
}

const Proxy* Routes::way_to(std::string_view host) const {
  const bool straight =
      std::any_of(bypass.begin(), bypass.end(), [&](const std::string& entry) { return is_bypassed(entry, host); });
  return proxy && !straight ? &*proxy : nullptr;
}

Expected<Routes> choose_routes(const ProxyWish& wish, const Variables& process, const Variables& system) {
  auto routes = named_routes(wish, process, system);
  if (!routes || !routes->proxy) return routes;
  const auto auth = auth_of(wish.auth);
  if (!auth) return fail(Code::invalid, fmt::format("proxy.auth: '{}' is not known", for_terminal(wish.auth)));
  routes->proxy->auth = *auth;
  if (!wish.user.empty()) routes->proxy->user = wish.user;
  if (!wish.password.empty()) routes->proxy->password = wish.password;
  routes->bypass.insert(routes->bypass.end(), wish.bypass.begin(), wish.bypass.end());
  return routes;
}

Variables variables_of(std::string_view text) {
  Variables out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.starts_with("export ")) line = trimmed(line.substr(7));
    const std::size_t equals = line.find('=');
    if (line.starts_with('#') || equals == std::string_view::npos || equals == 0) continue;
    std::string_view value = trimmed(line.substr(equals + 1));
    const bool quoted =
        value.size() >= 2 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front();
    if (quoted) value = value.substr(1, value.size() - 2);
    out.insert_or_assign(std::string(line.substr(0, equals)), std::string(value));
  }
  return out;
}

}  // namespace platen::egress
