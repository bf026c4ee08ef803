// Which way a connection takes: straight to the host, or through an HTTP proxy that is asked to CONNECT (RFC 9110 §9.3.6).
// Pure.
//
//   Order    what the configuration names; otherwise the environment of the process; otherwise that of the system.
//            In an environment https_proxy comes before HTTPS_PROXY, all_proxy, ALL_PROXY; an empty variable is none.
//   Rule     Whoever names a proxy that cannot be used gets an error, never a direct connection.
//   Errors   Code::invalid: a scheme other than http, no host, a port that is none. No password is ever in a text.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "base/secret.h"
#include "transport/egress/endpoint.h"

namespace platen::egress {

enum class Auth { any /*the strongest that the proxy offers*/, none, basic, digest, ntlm, negotiate };

struct Proxy {
  Endpoint at = {};
  std::string user = {};  // "": none; with negotiate: the ticket's
  Secret password = {};
  Auth auth = Auth::any;
  std::string named_by = {};  // "proxy.address", "https_proxy", "https_proxy in /etc/environment"
  // There is something to sign in with: a user, or the ticket of this host.
  [[nodiscard]] bool wants_login() const { return auth == Auth::negotiate || (auth != Auth::none && !user.empty()); }
  friend bool operator==(const Proxy&, const Proxy&) = default;
};

// What the configuration says.
struct ProxyWish {
  std::string address = "auto";  // "auto", "none", "http://host:port" or "host:port"
  std::string user = {};         // instead of what stands in the address
  Secret password = {};
  std::string auth = "any";              // a name of Auth
  std::vector<std::string> bypass = {};  // hosts that are reached without the proxy, written as in no_proxy
};

using Variables = std::map<std::string, std::string, std::less<>>;

struct Routes {
  std::optional<Proxy> proxy = {};
  std::vector<std::string> bypass = {};
  // nullptr: straight.
  [[nodiscard]] const Proxy* way_to(std::string_view host) const;
  friend bool operator==(const Routes&, const Routes&) = default;
};

[[nodiscard]] Expected<Routes> choose_routes(const ProxyWish& wish, const Variables& process, const Variables& system);
// Does an entry of no_proxy mean this host? "*", "example.com" and ".example.com" (it and what ends so), an address, a
// network "10.0.0.0/8"; a port behind it is not looked at.
[[nodiscard]] bool is_bypassed(std::string_view entry, std::string_view host);
[[nodiscard]] std::optional<Auth> auth_of(std::string_view name);

// /etc/environment: NAME=value, one a line, "export " and quotes allowed, # for remarks (pam_env(8)).
[[nodiscard]] Variables variables_of(std::string_view text);

}  // namespace platen::egress
