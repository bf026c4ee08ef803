#include "base/text.h"

#include <doctest/doctest.h>

#include <array>

using namespace platen;

TEST_CASE("hostile text is inert at every exit") {
  struct Row {
    const char* name;
    std::string in, terminal, html, csv;
  };
  const Row rows[] = {
      {"plain", "LaserJet", "LaserJet", "LaserJet", "LaserJet"},
      {"escape sequence", "a\x1b[2J", "a\\x1b[2J", "a\\x1b[2J", "a\\x1b[2J"},
      {"markup", "<b a='\"'>&", "<b a='\"'>&", "&lt;b a=&#39;&quot;&#39;&gt;&amp;", "\"<b a='\"\"'>&\""},
      {"formula", "=1+1", "=1+1", "=1+1", "'=1+1"},
      {"right-to-left override",
       "a\xE2\x80\xAE"
       "b",
       "a\\u202eb", "a\\u202eb", "a\\u202eb"},
      {"overlong slash", "\xC0\xAF", "\\xc0\\xaf", "\xEF\xBF\xBD\xEF\xBF\xBD", "\\xc0\\xaf"},
      {"a new line and a tab", "a\r\n\tb", "a\\x0d\\x0a\\x09b", "a\\x0d\n\tb", "\"a\r\n\tb\""},
      {"a formula after a control", "\x07=1+1", "\\x07=1+1", "\\x07=1+1", "\\x07=1+1"},
      {"NUL and C1", std::string("a\0\xC2\x9B", 4), "a\\x00\\x9b", "a\\x00\\x9b", "a\\x00\\x9b"},
      {"Polish", "TRYB UŚPIENIA", "TRYB UŚPIENIA", "TRYB UŚPIENIA", "TRYB UŚPIENIA"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(for_terminal(row.in) == row.terminal);
    CHECK(for_html(row.in) == row.html);
    CHECK(for_csv(row.in) == row.csv);
  }
}

TEST_CASE("UTF-8 is checked as RFC 3629 says") {
  CHECK(is_utf8("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"));
  for (const char* bad : {"\x80", "\xC3", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE0\x80\x80"})
    CHECK_FALSE(is_utf8(bad));
}

TEST_CASE("a mistyped word finds its neighbour, a strange one nobody") {
  constexpr std::array<std::string_view, 3> words = {"scan", "status", "version"};
  CHECK(nearest("scna", words) == "scan");
  CHECK(nearest("stats", words) == "status");
  CHECK(nearest("frobnicate", words).empty());
}

TEST_CASE("a log value is one word or one quoted string on one line") {
  CHECK(for_log("abc") == "abc");
  CHECK(for_log("") == "\"\"");
  CHECK(for_log("a b\n\"c\"") == "\"a b\\x0a\\\"c\\\"\"");
}
