#include "cloud/portal/html.h"

#include <doctest/doctest.h>

#include "cloud/portal/request_target.h"

using namespace platen::portal;

TEST_CASE("text becomes markup only by being escaped") {
  CHECK(element("td", {}, "<b>&\"'").markup() == "<td>&lt;b&gt;&amp;&quot;&#39;</td>");
  CHECK(element("td", {{"title", "\"><script>"}}, "x").markup() == "<td title=\"&quot;&gt;&lt;script&gt;\">x</td>");
  CHECK(element("p", {}, element("b", {}, "a"), std::string(" & "), "c").markup() == "<p><b>a</b> &amp; c</p>");
  CHECK(element("br", {}).markup() == "<br>");
  CHECK(foreign("\xE2\x80\xAE"
                "x")
            .markup() == "<bdi>\\u202ex</bdi>");
  CHECK(document("en", element("head", {}), element("body", {})).markup() ==
        "<!DOCTYPE html>\n<html lang=\"en\"><head></head><body></body></html>\n");
}

// element("script", …), {"onclick", …}, {"style", …} and {"href", text} do not compile: Tag and AttributeName are
// consteval.

TEST_CASE("a URL stays on this site, whatever is put into it") {
  struct Row {
    const char* name;
    Url url;
    std::string text;
  };
  const Row rows[] = {
      {"root", Url({}), "/"},
      {"plain", Url({"printers", "s-1"}), "/printers/s-1"},
      {"slashes and dots", Url({"printers", "../../etc"}), "/printers/..%2F..%2Fetc"},
      {"a dot segment", Url({"printers", ".."}), "/printers/_"},
      {"nothing", Url({"", ""}), "/_/_"},
      {"a scheme", Url({"javascript:alert(1)"}), "/javascript%3Aalert%281%29"},
      {"a query", Url({}, {{"q", "a b&c=d\"<"}, {"page", "2"}}), "/?q=a%20b%26c%3Dd%22%3C&page=2"},
      {"UTF-8", Url({"é"}), "/%C3%A9"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(row.url.text() == row.text);
    CHECK(element("a", {href(row.url)}, "x").markup().find("href=\"/") != std::string::npos);
  }
}

TEST_CASE("what a URL is made of can be read back") {
  const Url url({"printers", "a b/<é>"}, {{"q", "x+y&z=%"}});
  const auto target = parse_target(Url({"printers", "a b<é>"}, {{"q", "x+y&z=%"}}).text()).value();
  CHECK(target.path == std::vector<std::string>{"printers", "a b<é>"});
  CHECK(target.parameter("q") == "x+y&z=%");
  CHECK_FALSE(parse_target(url.text()));  // an encoded slash is refused on the way in
}
