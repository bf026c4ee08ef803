#include "proto/patch.h"

#include <doctest/doctest.h>

#include <random>

#include "proto/reading_codec.h"
#include "tests/unit/proto/random_reading.h"

using namespace platen;

TEST_CASE("a patch applied to its base is the content, for readings that differ in anything") {
  std::mt19937_64 random(11);  // NOLINT(cert-msc51-cpp): the same readings on every run
  wire::PatchMaker maker;
  wire::Patcher patcher;
  int made = 0;
  for (int i = 0; i < 2000; ++i) {
    const Reading before = tests::random_reading(random);
    Reading after = i % 2 == 0 ? before : tests::random_reading(random);
    after.read_at += std::chrono::minutes(15);
    if (!after.counters.empty()) ++after.counters.front().value;
    const std::string base = wire::encode_reading(before), content = wire::encode_reading(after);
    const std::string patch = maker.make(base, content);
    if (patch.empty()) continue;  // nothing in common
    ++made;
    CHECK(patch.size() < content.size());
    CHECK(patcher.apply(base, patch).value() == content);
  }
  CHECK(made >= 1000);
}

TEST_CASE("a patch is small when little has changed") {
  std::mt19937_64 random(12);  // NOLINT(cert-msc51-cpp): the same octets on every run
  std::string said(3000, ' ');
  for (char& octet : said) octet = static_cast<char>(random());
  std::string then = said;
  then[100] ^= 1, then[2000] ^= 1;
  CHECK(wire::PatchMaker().make(said, said).size() < 40);
  CHECK(wire::PatchMaker().make(said, then).size() < 60);
  CHECK(wire::PatchMaker().make("", "short").empty());
}

TEST_CASE("what is no patch is said to be none; another base never goes unnoticed by who compares the hash") {
  wire::Patcher patcher;
  std::mt19937_64 random(13);  // NOLINT(cert-msc51-cpp): the same octets on every run
  std::string base(2000, ' '), another = base;
  for (char& octet : base) octet = static_cast<char>(random());
  for (char& octet : another) octet = static_cast<char>(random());
  const std::string content = base + "and more";
  const std::string patch = wire::PatchMaker().make(base, content);
  REQUIRE_FALSE(patch.empty());
  for (const std::string& wrong : {std::string(), std::string("no patch"), patch.substr(0, patch.size() - 2)}) {
    const auto applied = patcher.apply(base, wrong);
    REQUIRE_FALSE(applied);
    CHECK(applied.error().code == Code::corrupt);
  }
  const auto other = patcher.apply(another, patch);
  CHECK((!other || *other != content));
  CHECK(patcher.apply(base, patch).value() == content);  // a failure leaves nothing behind
}
