#include "cloud/portal/request_target.h"

#include <doctest/doctest.h>

using namespace platen::portal;

TEST_CASE("request targets are taken apart, or refused") {
  using Path = std::vector<std::string>;
  struct Good {
    std::string target;
    Path path;
    std::string q;
  };
  const Good good[] = {
      {"/", {}, ""},
      {"/agents", {"agents"}, ""},
      {"/printers/s-1?q=a+b%21", {"printers", "s-1"}, "a b!"},
      {"/printers/", {"printers"}, ""},
      {"/?q=first&q=second", {}, "first"},
      {"/?&&=&q", {}, ""},
      {"/%C3%A9?q=%E2%80%AE", {"é"}, "\xE2\x80\xAE"},
      {"/a+b", {"a+b"}, ""},
      {"/...", {"..."}, ""},
  };
  for (const Good& row : good) {
    CAPTURE(row.target);
    const auto target = parse_target(row.target);
    REQUIRE(target);
    CHECK(target->path == row.path);
    CHECK(target->parameter("q") == row.q);
  }
  const std::string bad[] = {"",
                             "agents",
                             "http://evil.example/",
                             "*",
                             "//evil.example/",
                             "/../etc/passwd",
                             "/a/../b",
                             "/%2e%2e/etc",
                             "/.",
                             "/a%2Fb",
                             "/a%5Cb",
                             "/a\\b",
                             "/%",
                             "/%4",
                             "/%zz",
                             "/%00",
                             "/a\x01",
                             "/?q=%0d%0a",
                             "/%FF",
                             "/?q=%C0%AF",
                             "/a//b",
                             "/\x7f",
                             "/" + std::string(longest_target, 'a')};
  for (const std::string& target : bad) {
    CAPTURE(target);
    CHECK_FALSE(parse_target(target));
  }
  std::string many = "/?";
  for (std::size_t i = 0; i < most_parameters; ++i) many += "a=1&";
  CHECK(parse_target(many));
  CHECK_FALSE(parse_target(many + "b=1"));
}

TEST_CASE("only our own names are answered, so that no other site can point its name at us") {
  const std::vector<std::string> names = {"cloud.example"};
  for (const char* ours : {"localhost", "LOCALHOST:8080", "127.0.0.1:8080", "192.0.2.7", "[::1]:8080", "[2001:db8::1]",
                           "cloud.example", "Cloud.Example:443", "cloud.example."}) {
    CAPTURE(ours);
    CHECK(is_our_host(ours, names));
  }
  for (const char* foreign : {"", "evil.example", "localhost.evil.example", "cloud.example.evil", "[evil]", "[::1",
                              "127.0.0.1.evil.example", "127.0.0.256"}) {
    CAPTURE(foreign);
    CHECK_FALSE(is_our_host(foreign, names));
  }
}
