#include "base/toml.h"

#include <doctest/doctest.h>

using namespace platen;

TEST_CASE("broken TOML is a fault with its line, never the end of the process") {
  struct Row {
    const char* text;
    std::uint32_t line;
  };
  const Row rows[] = {{"a = 1\nb = ", 2}, {"a = 1\n[\nb = 2\n", 2}, {"[\n", 1},
                      {"[", 1},           {"a = 1\n\n[[\n", 3},     {"\xFF", 1},
                      {"= 5", 1}};
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto got = parse_toml(row.text, "x.toml");
    REQUIRE_FALSE(got);
    CHECK(got.error().line == row.line);
    CHECK_FALSE(got.error().what.empty());
  }
  CHECK(parse_toml("a = 7", "x.toml").value()["a"].value<int>() == 7);
  CHECK(parse_toml("", "x.toml").value().empty());
}
