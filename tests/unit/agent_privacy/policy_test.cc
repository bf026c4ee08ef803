#include "agent/privacy/policy.h"

#include <doctest/doctest.h>

using namespace platen;           // NOLINT: a test
using namespace platen::privacy;  // NOLINT

namespace {

const Secret key("0123456789abcdef0123456789abcdef");

Reading printer() {
  Reading reading;
  reading.address = "192.0.2.7";
  reading.identity.serial = "VNB3K12345";
  reading.identity.macs = {"0A:0B:0C:0D:0E:0F", ""};
  reading.system.sys_contact = "Ann, 555-0101";
  reading.system.sys_name = "ann-printer";
  reading.system.sys_location = "Floor 2";
  reading.status.console_display = {"Printing", "ann: salaries.xls"};
  reading.counters.resize(2);
  return reading;
}

Policies with(std::string_view field, Policy policy) {
  Policies policies{};  // all sent
  for (std::size_t i = 0; i < choices.size(); ++i) {
    if (choices[i].field == field) policies[i] = policy;
  }
  return policies;
}

}  // namespace

TEST_CASE("by default nothing leaves that tells of people, and the rest leaves as it is") {
  Reading reading = printer();
  Counts counts;
  apply(fallbacks(), key, reading, counts);
  CHECK_FALSE(reading.system.sys_contact);
  CHECK_FALSE(reading.system.sys_name);
  CHECK(reading.status.console_display.empty());
  CHECK(counts.at("console_display") == Count{0, 0, 2});
  CHECK(counts.at("sys_contact") == Count{0, 0, 1});
  CHECK_FALSE(counts.contains("printer_name"));  // it was not there
  Reading expected = printer();
  expected.system.sys_contact.reset(), expected.system.sys_name.reset(), expected.status.console_display.clear();
  CHECK(reading == expected);
}

TEST_CASE("where all is sent nothing is touched") {
  Reading reading = printer();
  Counts counts;
  apply(Policies{}, key, reading, counts);
  CHECK(reading == printer());
  CHECK(counts.empty());
}

TEST_CASE("a pseudonym is the same for the same text at one site, and another one anywhere else") {
  Reading one = printer(), two = printer(), other = printer(), moved = printer();
  other.identity.serial = "VNB3K12346";
  Counts counts;
  apply(with("serial", Policy::pseudonymise), key, one, counts);
  apply(with("serial", Policy::pseudonymise), key, two, counts);
  apply(with("serial", Policy::pseudonymise), key, other, counts);
  apply(with("serial", Policy::pseudonymise), Secret("another site's key"), moved, counts);
  CHECK(*one.identity.serial == "p-59a861996e6a0c61");  // hmac.new(key, b"serial\0VNB3K12345", sha256), cut
  CHECK(one == two);
  CHECK(one.identity.serial != other.identity.serial);
  CHECK(one.identity.serial != moved.identity.serial);
  CHECK(pseudonym(key, "serial", "x") != pseudonym(key, "mac", "x"));
  CHECK(counts.empty());
}

TEST_CASE("an empty text has no pseudonym") {
  Reading reading = printer();
  Counts counts;
  apply(with("macs", Policy::pseudonymise), key, reading, counts);
  CHECK(is_pseudonym(reading.identity.macs[0]));
  CHECK(reading.identity.macs[1].empty());
}

TEST_CASE("what leaves is counted by field, pseudonyms apart") {
  Reading reading = printer();
  Counts counts, ignored;
  apply(with("serial", Policy::pseudonymise), key, reading, ignored);
  count_leaving(reading, counts);
  count_leaving(printer(), counts);
  CHECK(counts.at("serial") == Count{1, 1, 0});
  CHECK(counts.at("macs") == Count{4, 0, 0});
  CHECK(counts.at("counters.value") == Count{4, 0, 0});
  CHECK(counts.at("kind") == Count{2, 0, 0});
  CHECK_FALSE(counts.contains("printer_name"));
}

TEST_CASE("each site makes a key of its own") {
  const auto one = new_site_key(), two = new_site_key();
  REQUIRE(one);
  CHECK(one->reveal().size() == 64);
  CHECK(*one != *two);
}

TEST_CASE("what a pseudonym looks like") {
  for (const char* wrong :
       {"", "p-", "p-0123456789abcde", "p-0123456789abcdef0", "p-0123456789ABCDEF", "q-0123456789abcdef"})
    CHECK_FALSE(is_pseudonym(wrong));
  CHECK(is_pseudonym("p-0123456789abcdef"));
}
