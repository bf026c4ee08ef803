#include "transport/egress/fault.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/text.h"

namespace platen::egress {
namespace {

constexpr std::size_t longest_text = 120;

struct Row {
  Fault fault;
  Code code;
  std::string_view word, means, way_out;
};

// {…} in a meaning stands for a fact.
constexpr auto rows = std::to_array<Row>({
    {Fault::none, Code::bug, "ok", "everything is as it should be", ""},
    {Fault::not_allowed, Code::denied, "not-allowed", "no setting names this host, so nothing connects to it",
     "name it in the configuration"},
    {Fault::bad_settings, Code::invalid, "settings", "{detail}", "put the setting right"},
    {Fault::stopped, Code::cancelled, "stopped", "asked to stop", ""},
    {Fault::proxy_name, Code::not_found, "proxy.name", "the name of the proxy {proxy} ({from}) is not known here",
     "check the proxy's name and the DNS of this host"},
    {Fault::proxy_silent, Code::timeout, "proxy.silent",
     "the proxy {proxy} ({from}) is silent: it does not answer in time", "check proxy and firewall"},
    {Fault::proxy_away, Code::unavailable, "proxy.away", "nothing listens at the proxy {proxy} ({from})",
     "check the proxy's host and port, and that it runs"},
    {Fault::proxy_login, Code::denied, "proxy.login", "the proxy {proxy} {login} (407{offered})",
     "set proxy.user and proxy.password_file, or have IT allow this host without a login"},
    {Fault::proxy_forbids, Code::denied, "proxy.forbids", "the proxy {proxy} forbids this connection ({connect})",
     "have IT allow CONNECT to this host and port"},
    {Fault::proxy_cannot, Code::unavailable, "proxy.cannot", "the proxy {proxy} cannot reach it ({connect})",
     "check the address; can the proxy reach it and resolve its name?"},
    {Fault::proxy_strange, Code::unavailable, "proxy.strange",
     "the proxy {proxy} ({from}) answers nothing of use{status}", "is that an HTTP proxy that allows CONNECT?"},
    {Fault::name, Code::not_found, "dns", "the name of the cloud is not known here",
     "check the address and the DNS of this host"},
    {Fault::refused, Code::unavailable, "tcp.refused", "nothing listens there (connection refused)",
     "check the address, and that the cloud runs"},
    {Fault::no_way, Code::unavailable, "tcp.no-way", "there is no way to the cloud",
     "check the network and the firewall; is a proxy needed?"},
    {Fault::silent, Code::timeout, "tcp.silent", "the cloud is silent: it does not answer in time",
     "check the network and the firewall; is a proxy needed?"},
    {Fault::cut, Code::unavailable, "tcp.cut", "the connection was cut{when}",
     "a firewall that looks into connections does that: have IT let this host through"},
    {Fault::not_tls, Code::invalid, "tls.none", "what listens there does not speak TLS",
     "check the port, and for a proxy on the way"},
    {Fault::portal, Code::denied, "portal", "a captive portal answers in place of the cloud{location}",
     "sign in there with a browser, or have IT except this host"},
    {Fault::old_tls, Code::denied, "tls.old", "the other end offers no TLS 1.2 or newer",
     "the server, or the proxy that opens TLS, must offer TLS 1.2 or 1.3"},
    {Fault::weak_tls, Code::denied, "tls.weak", "no common way to encrypt (ECDHE with AES-GCM or ChaCha20 is needed)",
     "the server, or the proxy that opens TLS, must offer one"},
    {Fault::not_trusted, Code::denied, "tls.not-trusted",
     "the cloud's certificate is not signed by cloud.ca_file, but by {issuer}",
     "if that is the cloud's authority, put its CA certificate there; if your network opens TLS, except this host"},
    {Fault::resigned, Code::denied, "tls.resigned", "TLS is opened on the way and signed anew by {issuer}",
     "have IT except this host from inspection"},
    {Fault::self_signed, Code::denied, "tls.self-signed",
     "the cloud's certificate is not signed by cloud.ca_file: it is self-signed by {issuer}",
     "check the address; put the certificate of the cloud's CA in cloud.ca_file"},
    {Fault::wrong_host, Code::denied, "tls.wrong-host",
     "the cloud's certificate is for another host name than cloud.address: it is for {names}",
     "use the name that stands in the certificate; is a captive portal on the way?"},
    {Fault::expired, Code::denied, "tls.expired", "the cloud's certificate expired {until}, and it is {now} here",
     "check the clock of this host; otherwise the cloud's operator must renew it"},
    {Fault::not_yet_valid, Code::denied, "tls.not-yet-valid",
     "the cloud's certificate is valid from {since} only, and it is {now} here", "check the clock of this host"},
    {Fault::revoked, Code::denied, "tls.revoked", "the cloud's certificate was revoked",
     "the cloud's operator must replace it; trust nothing that answers there"},
    {Fault::weak_certificate, Code::denied, "tls.weak-certificate",
     "the cloud's certificate, of {issuer}, is too weak (SHA-1, MD5 or a short key)",
     "the server, or the proxy that opens TLS, needs a new one"},
    {Fault::own_certificate, Code::denied, "tls.own-certificate", "the cloud does not take this agent's certificate",
     "have this cloud sign the agent's request anew; is TLS opened on the way?"},
    {Fault::no_alpn, Code::unavailable, "http2.missing",
     "HTTP/2 is not offered there: a proxy opens TLS, or the front end lacks it; certificate by {issuer}",
     "the agent goes on with HTTP/1.1; for HTTP/2 have IT except this host from inspection"},
    {Fault::strange_answer, Code::unavailable, "http.strange", "the answer is no HTTP", "is a Platen cloud there?"},
    {Fault::status, Code::unavailable, "http.status", "the answer is HTTP {http}", "is a Platen cloud there?"},
    {Fault::no_upgrade, Code::unavailable, "websocket.refused",
     "the way to WebSocket is barred: the answer to the upgrade is HTTP {http}",
     "have IT allow WebSocket to this host; commands are polled for until then"},
    {Fault::not_authorised, Code::denied, "mqtt.not-authorised",
     "the broker has seen this agent's certificate and does not let it in ({detail})",
     "was the agent removed? the cloud's operator sees it under identity; with another broker, its operator must allow "
     "it"},
    {Fault::mqtt_version, Code::unavailable, "mqtt.version", "the broker speaks neither MQTT 5 nor MQTT 3.1.1",
     "is it a broker that command.address names?"},
    {Fault::mqtt_refused, Code::unavailable, "mqtt.refused", "the broker does not finish a sign-in: {detail}",
     "platen status says whether the agent itself gets in; commands are polled for until then"},
    {Fault::clock, Code::invalid, "clock", "the clock of this host is {clock} than the cloud's",
     "set the clock; is NTP allowed?"},
});

const Row& row_of(Fault fault) {
  return *std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.fault == fault; });
}

std::string shown(std::string_view text, std::string_view otherwise) {
  return text.empty() ? std::string(otherwise) : "'" + for_terminal(text.substr(0, longest_text)) + "'";
}

std::string duration(std::chrono::seconds time) {
  const long long s = std::llabs(time.count());
  return s >= 172'800 ? fmt::format("{} days", s / 86'400)
         : s >= 7'200 ? fmt::format("{} h {} min", s / 3'600, s % 3'600 / 60)
         : s >= 120   ? fmt::format("{} min", s / 60)
                      : fmt::format("{} s", s);
}

std::string time_or(const std::optional<WallTime>& time, std::string_view otherwise) {
  return time ? to_rfc3339(*time) : std::string(otherwise);
}

std::string fact(std::string_view name, const Facts& facts) {
  const auto only_if = [](bool there, std::string text) { return there ? std::move(text) : std::string(); };
  if (name == "detail") return for_terminal(facts.detail);
  if (name == "proxy") return facts.proxy;
  if (name == "from") return facts.proxy_from;
  if (name == "login") return facts.signed_in ? "refuses user or password" : "wants a login";
  if (name == "offered") return only_if(!facts.offered.empty(), ", it takes " + for_terminal(facts.offered));
  if (name == "connect") return fmt::format("HTTP {}", facts.connect_status);
  if (name == "status") return only_if(facts.connect_status != 0, fmt::format(" (HTTP {})", facts.connect_status));
  if (name == "when") return facts.tls.empty() ? " before TLS was agreed on" : "";
  if (name == "location") return only_if(!facts.location.empty(), " and sends people to " + shown(facts.location, ""));
  if (name == "issuer")
    return shown(facts.peer.issuer.empty() ? facts.peer.top : facts.peer.issuer, "somebody unknown");
  if (name == "names") return shown(facts.peer.names.empty() ? facts.peer.subject : facts.peer.names, "nobody");
  if (name == "until") return time_or(facts.peer.not_after, "already");
  if (name == "since") return time_or(facts.peer.not_before, "later");
  if (name == "now") return time_or(facts.now, "now");
  if (name == "http") return std::to_string(facts.status);
  if (name == "clock" && facts.clock_ahead)
    return duration(*facts.clock_ahead) + (facts.clock_ahead->count() > 0 ? " further" : " further back");
  return "";
}

}  // namespace

std::string_view word_of(Fault fault) { return row_of(fault).word; }
std::string_view way_out_of(Fault fault) { return row_of(fault).way_out; }

std::string meaning_of(const Trouble& trouble) {
  std::string_view text = row_of(trouble.fault).means;
  std::string out;
  for (std::size_t open = text.find('{'); open != std::string_view::npos; open = text.find('{')) {
    const std::size_t close = text.find('}', open);
    out.append(text.substr(0, open)).append(fact(text.substr(open + 1, close - open - 1), trouble.facts));
    text.remove_prefix(close + 1);
  }
  return out.append(text);
}

Error error_of(const Trouble& trouble) {
  const Row& row = row_of(trouble.fault);
  std::string text = trouble.facts.host.empty() ? meaning_of(trouble) : trouble.facts.host + ": " + meaning_of(trouble);
  if (!row.way_out.empty()) text.append("; ").append(row.way_out);
  return {row.code, std::move(text)};
}

bool is_hostile_to_http2(Fault fault) {
  constexpr std::array hostile = {Fault::no_alpn, Fault::cut, Fault::own_certificate};
  return std::find(hostile.begin(), hostile.end(), fault) != hostile.end();
}

}  // namespace platen::egress
