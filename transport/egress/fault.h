// What can go wrong between this host and the other end, told apart as far as the facts allow, and in words for a helpdesk.
// Pure.
//
//   Shapes   Facts are what was seen on the way, as far as it went. Each Fault is a row of a table: a stable word
//            ("tls.wrong-host"), what it means, what to do.
//   Text     Everything in Facts came from the network: it is escaped here.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/expected.h"

namespace platen::egress {

enum class Fault {
  none,
  not_allowed,
  bad_settings,
  stopped,
  proxy_name,
  proxy_silent,
  proxy_away,
  proxy_login,
  proxy_forbids,
  proxy_cannot,
  proxy_strange,
  name,
  refused,
  no_way,
  silent,
  cut,
  not_tls,
  portal,
  old_tls,
  weak_tls,
  not_trusted,
  resigned,
  self_signed,
  wrong_host,
  expired,
  not_yet_valid,
  revoked,
  weak_certificate,
  own_certificate,
  no_alpn,
  strange_answer,
  status,
  no_upgrade,
  not_authorised,
  mqtt_version,
  mqtt_refused,
  clock,
};

// What is known of the peer's certificate.
struct PeerCertificate {
  std::string subject = {}, issuer = {};  // CN, or O
  std::string top = {};                   // issuer of the last certificate that was shown
  std::string names = {};                 // subjectAltName, shortened
  std::optional<WallTime> not_before = {}, not_after = {};
};

struct Facts {
  std::string host = {};        // "cloud.example:443"
  std::string proxy = {};       // "proxy.example:3128"; "": straight
  std::string proxy_from = {};  // what named it
  bool signed_in = false;       // a user was given for the proxy
  std::string offered = {};     // what the proxy takes: "Basic, Digest"
  int connect_status = 0;       // what it answered to CONNECT; 0: nothing
  std::string tls = {};         // "TLSv1.3"; "": no handshake was finished
  std::string alpn = {};        // as chosen by the peer; "": none
  PeerCertificate peer = {};
  int status = 0;                                        // of the HTTP answer; 0: none
  std::string location = {};                             // where it sends people
  std::optional<std::chrono::seconds> clock_ahead = {};  // this host's clock before the peer's; negative: behind
  std::optional<WallTime> now = {};                      // this host's clock, where it matters
  std::string detail = {};                               // what the library said; for the log
  std::chrono::milliseconds took{0};
};

struct Trouble {
  Fault fault = Fault::none;
  Facts facts = {};
};

[[nodiscard]] std::string_view word_of(Fault fault);  // "proxy.login", "ok"
// One sentence, what it means and what to do: "cloud.example:443: the proxy … wants a login (407); set proxy.user …".
[[nodiscard]] Error error_of(const Trouble& trouble);
// The two halves of it.
[[nodiscard]] std::string meaning_of(const Trouble& trouble);
[[nodiscard]] std::string_view way_out_of(Fault fault);
// Would HTTP/1.1 get through where HTTP/2 did not?
[[nodiscard]] bool is_hostile_to_http2(Fault fault);

}  // namespace platen::egress
