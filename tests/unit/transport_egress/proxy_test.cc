#include "transport/egress/proxy.h"

#include <doctest/doctest.h>

using namespace platen;
using namespace platen::egress;

TEST_CASE(
    "who names the proxy: the configuration, then the process, then the system; never nobody where somebody did") {
  struct Row {
    const char* name;
    ProxyWish wish;
    Variables process, system;
    const char *host, *user, *password;
    std::uint16_t port;
    const char* named_by;
  };
  const Variables env = {{"https_proxy", "http://env.example:8080"}};
  const Variables sys = {{"HTTPS_PROXY", "http://sys.example"}};
  const Row rows[] = {
      {"none anywhere", {}, {}, {}, "", "", "", 0, ""},
      {"configured",
       {.address = "http://proxy.example:3128"},
       env,
       sys,
       "proxy.example",
       "",
       "",
       3128,
       "proxy.address"},
      {"configured, no scheme", {.address = "proxy.example:81"}, {}, {}, "proxy.example", "", "", 81, "proxy.address"},
      {"the environment", {}, env, sys, "env.example", "", "", 8080, "https_proxy in the environment"},
      {"the system", {}, {}, sys, "sys.example", "", "", 3128, "HTTPS_PROXY in /etc/environment"},
      {"upper case counts",
       {},
       {{"HTTPS_PROXY", "up.example:1"}},
       {},
       "up.example",
       "",
       "",
       1,
       "HTTPS_PROXY in the environment"},
      {"all_proxy", {}, {{"all_proxy", "all.example:1"}}, {}, "all.example", "", "", 1, "all_proxy in the environment"},
      {"an empty variable is none",
       {},
       {{"https_proxy", ""}},
       sys,
       "sys.example",
       "",
       "",
       3128,
       "HTTPS_PROXY in /etc/environment"},
      {"http_proxy is for other things", {}, {{"http_proxy", "http://x:1"}}, {}, "", "", "", 0, ""},
      {"none is none", {.address = "none"}, env, sys, "", "", "", 0, ""},
      {"password with everything, raw",
       {},
       {{"https_proxy", "http://user:p@ss:w%rd@p.example:3128/"}},
       {},
       "p.example",
       "user",
       "p@ss:w%rd",
       3128,
       "https_proxy in the environment"},
      {"password with everything, escaped",
       {},
       {{"https_proxy", "http://user:p%40ss%3Aw%25rd@p.example:3128"}},
       {},
       "p.example",
       "user",
       "p@ss:w%rd",
       3128,
       "https_proxy in the environment"},
      {"password with a scheme in it",
       {},
       {{"https_proxy", "http://user:a://b@p.example"}},
       {},
       "p.example",
       "user",
       "a://b",
       3128,
       "https_proxy in the environment"},
      {"user and password of the settings",
       {.address = "auto", .user = "me", .password = Secret("/@:%41")},
       env,
       {},
       "env.example",
       "me",
       "/@:%41",
       8080,
       "https_proxy in the environment"},
      {"IPv6", {.address = "http://[2001:db8::1]:3128"}, {}, {}, "2001:db8::1", "", "", 3128, "proxy.address"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const auto routes = choose_routes(row.wish, row.process, row.system);
    REQUIRE(routes);
    const Proxy* way = routes->way_to("cloud.example");
    REQUIRE((way != nullptr) == (*row.host != 0));
    if (way == nullptr) continue;
    CHECK(way->at.host == row.host);
    CHECK(way->at.port == row.port);
    CHECK(way->user == row.user);
    CHECK(way->password.reveal() == row.password);
    CHECK(way->named_by == row.named_by);
  }
}

TEST_CASE("a proxy that cannot be used is an error, not a direct connection; no password in its text") {
  for (const char* address :
       {"https://user:hunter2@proxy.example:3128", "socks5://user:hunter2@proxy.example", "http://user:hunter2@",
        "http://user:hunter2@proxy.example:0", "http://user:hunter2@proxy.example:99999",
        "http://user:hunter2@pro xy:1", "http://user:hunter2@[::1:3128", "://user:hunter2@proxy.example",
        "proxy.example:port", "ftp://proxy.example"}) {
    CAPTURE(address);
    for (const bool configured : {true, false}) {
      const auto routes =
          configured ? choose_routes({.address = address}, {}, {}) : choose_routes({}, {{"https_proxy", address}}, {});
      REQUIRE(!routes);
      CHECK(routes.error().code == Code::invalid);
      CHECK(routes.error().text.find("hunter2") == std::string::npos);
    }
  }
  CHECK(!choose_routes({.address = "proxy:1", .auth = "kerberos"}, {}, {}));
}

TEST_CASE("no_proxy and proxy.bypass") {
  struct Row {
    const char *entry, *host;
    bool bypassed;
  };
  const Row rows[] = {
      {"*", "cloud.example", true},
      {"example", "cloud.example", true},
      {".example", "cloud.example", true},
      {".cloud.example", "cloud.example", true},
      {"*.example", "cloud.example", true},
      {"loud.example", "cloud.example", false},
      {"CLOUD.example:443", "cloud.Example", true},
      {"other.example", "cloud.example", false},
      {"", "cloud.example", false},
      {".", "cloud.example", false},
      {"192.0.2.0/24", "192.0.2.9", true},
      {"192.0.2.0/24", "192.0.3.9", false},
      {"192.0.2.9", "192.0.2.9", true},
      {"192.0.2.9:443", "192.0.2.9", true},
      {"192.0.2.0/x", "192.0.2.9", false},
      {"2001:db8::/32", "2001:db8::1", true},
      {"[2001:db8::1]:443", "2001:db8::1", true},
      {"2.9", "192.0.2.9", false},
      {"10.0.0.0/8", "cloud.example", false},
  };
  for (const Row& row : rows) CHECK_MESSAGE(is_bypassed(row.entry, row.host) == row.bypassed, row.entry, " ", row.host);

  const auto routes = choose_routes({.bypass = {"inside.example"}},
                                    {{"https_proxy", "proxy:1"}, {"no_proxy", "a.example, .b.example"}}, {});
  REQUIRE(routes);
  for (const char* host : {"a.example", "x.b.example", "inside.example"}) CHECK(routes->way_to(host) == nullptr);
  CHECK(routes->way_to("cloud.example") != nullptr);
  const auto configured = choose_routes({.address = "proxy:1"}, {{"no_proxy", "*"}}, {});
  REQUIRE(configured);
  CHECK(configured->way_to("cloud.example") !=
        nullptr);  // the environment does not take back what the configuration says
}

TEST_CASE("/etc/environment") {
  const Variables found = variables_of(
      "# remark\nhttps_proxy=\"http://p:1\"\n export "
      "no_proxy='a,b'\r\nPATH=/bin\nbroken\n=x\nx=\"open\nhttps_proxy=http://q:2");
  CHECK(found == Variables{{"https_proxy", "http://q:2"}, {"no_proxy", "a,b"}, {"PATH", "/bin"}, {"x", "\"open"}});
  CHECK(variables_of("").empty());
}
