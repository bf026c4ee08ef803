// Real servers (openssl s_server) with everything that a server should not have, on each channel of the door.
#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

#include "tests/unit/transport_egress/child.h"
#include "transport/egress/connection.h"
#include "transport/egress/door.h"
#include "transport/egress/http.h"

using namespace platen;
using namespace platen::egress;

namespace {

std::string content(const std::string& file) {
  std::ifstream in(certificates() + "/" + file);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct Server {
  explicit Server(const std::string& certificate, const std::vector<std::string>& more)
      : child(command(certificate, more)) {
    const std::string place = child.line("ACCEPT 127.0.0.1:");
    REQUIRE(!place.empty());
    port = static_cast<std::uint16_t>(std::stoi(place));
  }
  static std::vector<std::string> command(const std::string& certificate, const std::vector<std::string>& more) {
    std::vector<std::string> out = {"openssl",
                                    "s_server",
                                    "-accept",
                                    "127.0.0.1:0",
                                    "-www",
                                    "-cert",
                                    certificates() + "/" + certificate + ".crt",
                                    "-key",
                                    certificates() + "/" + certificate + ".key"};
    out.insert(out.end(), more.begin(), more.end());
    return out;
  }
  Child child;
  std::uint16_t port = 0;
};

Door door(const std::string& site = "") {
  return Door(Settings{.routes = {}, .site_roots_pem = site, .allowed = {"localhost", "127.0.0.1"}});
}

Trouble dialled(const Door& through, const Tls& tls, const std::string& host, std::uint16_t port) {
  const auto made = through.dial({"test", {host, port}, tls}, {});
  if (!made) return made.error();
  // What the server thinks of our certificate comes after a TLS 1.3 handshake.
  const auto answer = (*made)->ask("GET / HTTP/1.0\r\n\r\n", [](std::string_view text) { return text.size() > 8; }, 64,
                                   std::chrono::seconds(20), {});
  return answer ? Trouble{Fault::none, (*made)->facts()} : answer.error();
}

Trouble asked(const Door& through, const Tls& tls, const std::string& host, std::uint16_t port) {
  HttpClient client(through, "test", tls);
  const auto answer = client.send({.url = "https://" + host + ":" + std::to_string(port) + "/", .method = "GET"});
  return answer ? Trouble{Fault::none, answer->facts} : answer.error();
}

}  // namespace

TEST_CASE("what a server may not have is refused on every channel, and said for what it is") {
  const std::vector<std::string> weak = {"-cipher", "ALL:@SECLEVEL=0"};
  struct Row {
    const char* name;
    const char* certificate;
    std::vector<std::string> options;
    Fault fault;
    const char* tls = "";
  };
  const Row rows[] = {
      {"TLS 1.3", "good", {}, Fault::none, "TLSv1.3"},
      {"TLS 1.2, ECDHE, AES-GCM", "good", {"-tls1_2"}, Fault::none, "TLSv1.2"},
      {"RSA 2048", "rsa", {}, Fault::none, "TLSv1.3"},
      {"TLS 1.1", "good", {"-tls1_1", "-cipher", "ALL:@SECLEVEL=0"}, Fault::old_tls},
      {"TLS 1.0", "good", {"-tls1", "-cipher", "ALL:@SECLEVEL=0"}, Fault::old_tls},
      {"no AEAD", "good", {"-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA256"}, Fault::weak_tls},
      {"no ECDHE", "rsa", {"-tls1_2", "-cipher", "AES128-GCM-SHA256"}, Fault::weak_tls},
      {"finite-field DHE", "rsa", {"-tls1_2", "-cipher", "DHE-RSA-AES128-GCM-SHA256"}, Fault::weak_tls},
      {"another CA", "stranger", {}, Fault::not_trusted},
      {"self-signed", "self", {}, Fault::self_signed},
      {"another host", "other_host", {}, Fault::wrong_host},
      {"expired", "expired", {}, Fault::expired},
      {"not yet valid", "future", {}, Fault::not_yet_valid},
      {"revoked", "revoked", {}, Fault::revoked},
      {"SHA-1", "sha1", weak, Fault::weak_certificate},
      {"RSA 1024", "short_key", weak, Fault::weak_certificate},
  };
  const Tls tls{.roots_pem = content("ca_and_crl.pem")};
  for (const Row& row : rows) {
    const Server server(row.certificate, row.options);
    const Door through = door();
    for (const char* host : {"localhost", "127.0.0.1"}) {
      for (const auto& channel : {dialled, asked}) {
        const Trouble trouble = channel(through, tls, host, server.port);
        CHECK_MESSAGE(trouble.fault == row.fault, row.name, " at ", host, ": ", word_of(trouble.fault), " ",
                      trouble.facts.detail);
        CHECK_MESSAGE(trouble.facts.tls == row.tls, row.name);
      }
    }
  }
}

TEST_CASE("the authority of the site is believed where it may be, and seen") {
  const Server server("resigned", {});
  const Door through = door(content("site.crt"));
  const Tls open{.roots_pem = content("ca.crt")};
  Tls pinned = open;
  pinned.believe_site = false;
  for (const auto& channel : {dialled, asked}) {
    CHECK(channel(through, open, "localhost", server.port).fault == Fault::none);
    CHECK(channel(through, pinned, "localhost", server.port).fault == Fault::not_trusted);
    CHECK(channel(door(), open, "localhost", server.port).fault == Fault::not_trusted);
  }
  CHECK(asked(through, pinned, "localhost", server.port).facts.peer.issuer == "Site Inspection CA");
  const auto made = through.dial({"test", {"localhost", server.port}, open}, {});
  REQUIRE(made);
  CHECK((*made)->opened_on_the_way());
}

TEST_CASE("our certificate is shown; a peer that wants another one says so") {
  const std::string folder = certificates();
  const Server wants_ours("good", {"-CAfile", folder + "/ca.crt", "-Verify", "2", "-verify_return_error"});
  const Server wants_another("good", {"-CAfile", folder + "/other.crt", "-Verify", "2", "-verify_return_error"});
  Tls ours{.roots_pem = content("ca.crt"),
           .certificate_pem = content("client.crt"),
           .key_pem = Secret(content("client.key"))};
  const Tls nobody{.roots_pem = content("ca.crt")};
  const Door through = door();
  for (const auto& channel : {dialled, asked}) {
    CHECK(channel(through, ours, "localhost", wants_ours.port).fault == Fault::none);
    CHECK(channel(through, ours, "localhost", wants_another.port).fault == Fault::own_certificate);
    CHECK(channel(through, nobody, "localhost", wants_ours.port).fault == Fault::own_certificate);
  }
  ours.key_pem = Secret(content("good.key"));
  for (const auto& channel : {dialled, asked})
    CHECK(channel(through, ours, "localhost", wants_ours.port).fault == Fault::bad_settings);
}

TEST_CASE("the application protocol must be the one that was meant") {
  const Server both("good", {"-alpn", "h2,http/1.1"}), old("good", {"-alpn", "http/1.1"}), none("good", {});
  const Door through = door();
  const Tls h2{.roots_pem = content("ca.crt"), .alpn = "h2"};
  CHECK(dialled(through, h2, "localhost", both.port).fault == Fault::none);
  CHECK(dialled(through, h2, "localhost", old.port).fault == Fault::no_alpn);
  CHECK(dialled(through, h2, "localhost", none.port).fault == Fault::no_alpn);
}

TEST_CASE("what is offered besides need not be chosen") {
  const Server some("good", {"-alpn", "http/1.1"}), none("good", {});
  Tls tls{.roots_pem = content("ca.crt")};
  tls.offers.assign(command_offers.begin(), command_offers.end());
  for (const auto& [port, chosen] : {std::pair{some.port, "http/1.1"}, std::pair{none.port, ""}}) {
    const Trouble seen = dialled(door(), tls, "localhost", port);
    CHECK(seen.fault == Fault::none);
    CHECK(seen.facts.alpn == chosen);
  }
  tls.alpn = "h2";
  CHECK(dialled(door(), tls, "localhost", some.port).fault == Fault::no_alpn);
}

TEST_CASE("only hosts that the settings name are connected to; a proxy that is away is never gone around") {
  const Server server("good", {});
  const Tls tls{.roots_pem = content("ca.crt")};
  const Door narrow(Settings{.routes = {}, .allowed = {"cloud.example"}});
  Settings through_nothing{.routes = {}, .allowed = {"localhost"}};
  through_nothing.routes.proxy = Proxy{{"127.0.0.1", 1}, "user", Secret("p@ss:w%rd"), Auth::any, "proxy.address"};
  const Door closed(through_nothing);
  for (const auto& channel : {dialled, asked}) {
    CHECK(channel(narrow, tls, "localhost", server.port).fault == Fault::not_allowed);
    CHECK(channel(closed, tls, "localhost", server.port).fault == Fault::proxy_away);
    CHECK(channel(door(), tls, "localhost", 1).fault == Fault::refused);
  }
}

TEST_CASE("an answer is an answer, whatever its status; what is too long is refused; a kept connection is used again") {
  const Server server("good", {});
  const Door through = door();
  HttpClient client(through, "test", {.roots_pem = content("ca.crt")});
  const std::string url = "https://localhost:" + std::to_string(server.port) + "/";
  const auto answer = client.send({.url = url, .method = "GET"});
  REQUIRE(answer);
  CHECK(answer->status == 200);
  CHECK(answer->content_type == "text/html");
  CHECK(answer->facts.tls == "TLSv1.3");
  const auto cut = client.send({.url = url, .method = "GET", .most_octets = 10});
  REQUIRE(!cut);
  CHECK(cut.error().fault == Fault::strange_answer);
  CHECK(client.send({.url = "http://localhost/"}).error().fault == Fault::bad_settings);
  for (const char* odd : {"https://localhost/a b", "https://localhost/\r\nX: y", "https://localhost:0/", "https://"}) {
    CHECK(client.send({.url = odd}).error().fault == Fault::bad_settings);
  }
  CHECK(client.send({.url = url, .headers = {{"X", "a\r\nY: b"}}}).error().fault == Fault::bad_settings);
  std::stop_source stopped;
  stopped.request_stop();
  CHECK(client.send({.url = url}, stopped.get_token()).error().fault == Fault::stopped);
}

TEST_CASE("a connection is kept from question to question, and made anew when the server has left it") {
  Child server({"python3", "tests/unit/transport_egress/https_server.py", certificates() + "/good.crt",
                certificates() + "/good.key"});
  const std::string port = server.line("ACCEPT 127.0.0.1:");
  REQUIRE(!port.empty());
  const Door through = door();
  HttpClient client(through, "test", {.roots_pem = content("ca.crt")});
  const std::string at = "https://localhost:" + port;
  struct Row {
    const char *method, *path;
    std::size_t body;
    const char* answer;
    bool same;  // connection as before
  };
  const Row rows[] = {
      {"POST", "/a?b=c", 300'000, "POST /a?b=c 300000 from ", false},
      {"GET", "/chunks", 0, "GET /chunks 0 from ", true},
      {"POST", "/", 0, "POST / 0 from ", true},
      {"HEAD", "/x", 0, "", true},
      {"GET", "/leave", 0, "GET /leave 0 from ", true},
      {"POST", "/y", 3, "POST /y 3 from ", false},
      {"GET", "/elsewhere", 0, "GET /elsewhere 0 from ", true},
  };
  std::string from;
  for (const Row& row : rows) {
    CAPTURE(row.path);
    const auto answer = client.send({.url = at + row.path, .method = row.method, .body = std::string(row.body, 'x')});
    REQUIRE(answer);
    CHECK(answer->location == (std::string(row.path) == "/elsewhere" ? "/login" : ""));
    CHECK(answer->date.has_value());
    if (*row.answer == 0) continue;
    const std::string expected = row.answer;
    REQUIRE(answer->body.starts_with(expected));
    CHECK((answer->body.substr(expected.size()) == from) == row.same);
    from = answer->body.substr(expected.size());
  }
  const auto late = client.send({.url = at + "/slow", .method = "GET", .patience = std::chrono::milliseconds(200)});
  REQUIRE(!late);
  CHECK(late.error().fault == Fault::silent);
  CHECK(client.send({.url = at + "/"}));
}
