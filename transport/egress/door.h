// The one door: every connection that leaves this host for something other than a printer goes through here.
//
//   Way      straight, or through an HTTP proxy that is asked to CONNECT (proxy.h). Where a proxy is meant and does not
//            work, there is an error and no connection. libcurl dials where the proxy wants a login, ours otherwise.
//   Names    only hosts that Settings::allowed names are connected to.
//   TLS      tls.h is the judge, whichever library speaks.
//   Log      one line a connection: purpose, host, way, verdict, TLS, milliseconds. No secrets.
//   Listens  on nothing.
//   Threads  callable from any thread, several at a time.
#pragma once

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "base/expected.h"
#include "transport/egress/fault.h"
#include "transport/egress/http.h"
#include "transport/egress/proxy.h"
#include "transport/egress/tls.h"

namespace platen::egress {

struct Settings {
  Routes routes = {};
  std::string site_roots_pem = {};        // authorities of the site, where TLS is opened on the way; "": none
  std::vector<std::string> allowed = {};  // hosts
  std::string user_agent = "platen/" PLATEN_VERSION;
  friend bool operator==(const Settings&, const Settings&) = default;
};

struct Wish {
  std::string purpose = {};  // "uplink": for the log
  Endpoint to = {};
  Tls tls = {};
  std::chrono::milliseconds patience{15'000};  // for name, proxy, TCP and TLS together
};

class Connection;

class Door {
 public:
  explicit Door(Settings settings) : settings_(std::move(settings)) {}
  // A TLS connection, checked.
  [[nodiscard]] Expected<std::unique_ptr<Connection>, Trouble> dial(const Wish& wish,
                                                                    const std::stop_token& stop) const;
  // The same, for who logs it when more is known.
  [[nodiscard]] Expected<std::unique_ptr<Connection>, Trouble> connect(const Wish& wish,
                                                                       const std::stop_token& stop) const;
  // A plain TCP connection to the host: its descriptor, which the caller closes. For what brings its own encryption.
  [[nodiscard]] Expected<int, Trouble> dial_plain(const std::string& purpose, const Endpoint& to,
                                                  std::chrono::milliseconds patience,
                                                  const std::stop_token& stop) const;
  // One plain HTTP question: the beginning of the answer. Only to find out who stands in the way of TLS.
  [[nodiscard]] Expected<std::string, Trouble> ask_plain(const std::string& purpose, const Endpoint& to,
                                                         std::string_view request, std::chrono::milliseconds patience,
                                                         const std::stop_token& stop) const;
  [[nodiscard]] const Settings& settings() const { return settings_; }
  [[nodiscard]] bool allows(std::string_view host) const;
  // What is known of the way before anything is tried.
  [[nodiscard]] Facts facts_of(const Endpoint& to) const;
  void log(const std::string& purpose, const Trouble& trouble) const;

 private:
  [[nodiscard]] Expected<int, Trouble> reach_signed_in(const Endpoint& to, const Proxy& proxy,
                                                       std::chrono::milliseconds patience, const std::stop_token& stop,
                                                       Facts& facts) const;
  [[nodiscard]] Expected<int, Trouble> reach(const Endpoint& to, std::chrono::milliseconds patience,
                                             const std::stop_token& stop, Facts& facts) const;
  Settings settings_;
};

}  // namespace platen::egress
