#include "cloud/main/presence.h"

#include <doctest/doctest.h>

#include <filesystem>

#include "tests/unit/agent_ledger/folder.h"

using namespace platen;
using namespace platen::cloud;
using namespace std::chrono_literals;

namespace {

constexpr WallTime noon{1'800'000'000'000ms};

}  // namespace

TEST_CASE("who is at the broker, as text and back") {
  const Presences all = {{"site-7", {true, false, noon - 5s}}, {"site-8", {false, true, noon - 1h}}};
  CHECK(presences_text({}, noon) == "as-of 1800000000000\n");
  CHECK(presences_of(presences_text(all, noon), noon) == all);
  CHECK(word_of(all.at("site-7")) == "online");
  CHECK(word_of(all.at("site-8")) == "was offline");
  CHECK(word_of({.online = true, .remembered = true}) == "was online");
}

TEST_CASE("what is old, or is nothing of ours, says nothing") {
  const std::string text = presences_text({{"a", {true, false, noon}}}, noon);
  struct Row {
    const char* name;
    std::string text;
    WallTime now;
    std::size_t want;
  };
  const Row rows[] = {
      {"just written", text, noon, 1},
      {"kept every ten seconds", text, noon + 30s, 1},
      {"the server is gone", text, noon + 31s, 0},
      {"written in the future", text, noon - 31s, 0},
      {"nothing", "", noon, 0},
      {"no time", "as-of soon\na online live 1\n", noon, 0},
      {"no head", "a online live 1\n", noon, 0},
      {"a line cut off", text + "b online li", noon, 1},
      {"a line of something else", text + "b\n\n c d e f\n", noon, 1},
  };
  for (const Row& row : rows) CHECK_MESSAGE(presences_of(row.text, row.now).size() == row.want, row.name);
}

TEST_CASE("the file is there while the broker tells, and never longer") {
  const tests::Folder folder;
  const std::string file = folder / "presence.txt";
  const auto told = [&](WallTime now) { return read_presences(file, now); };
  {
    PresenceFile kept(file);
    REQUIRE(kept.keep(noon));
    CHECK(!std::filesystem::exists(file));
    kept.connected();
    kept.heard("a", true, true, noon);
    REQUIRE(kept.keep(noon));
    CHECK(word_of(told(noon).at("a")) == "was online");
    kept.heard("a", false, false, noon + 1s);
    REQUIRE(kept.keep(noon + 1s));
    CHECK(told(noon + 1s) == Presences{{"a", {false, false, noon + 1s}}});
    CHECK(told(noon + 32s).empty());
    REQUIRE(kept.keep(noon + 32s));  // nothing new, and still true
    CHECK(told(noon + 32s).size() == 1);
    kept.unknown();
    REQUIRE(kept.keep(noon + 33s));
    CHECK(!std::filesystem::exists(file));
    kept.connected();
    REQUIRE(kept.keep(noon + 34s));
    CHECK(told(noon + 34s).empty());  // nothing of before
  }
  CHECK(!std::filesystem::exists(file));
}
