// What is held between Paho's threads and ours is bounded in both directions.
#include "transport/command/mailbox.h"

#include <doctest/doctest.h>

#include <thread>

#include "transport/command/channel.h"

using namespace platen;
using namespace platen::channel;

namespace {
const auto room = [] { return true; };
const auto no_room = [] { return false; };
}  // namespace

TEST_CASE("messages beyond the bound are dropped and counted; those within come in order") {
  Mailbox mailbox;
  mailbox.open();
  for (std::size_t i = 0; i < most_waiting + 3; ++i) mailbox.came({.payload = std::to_string(i)});
  const Mailbox::Content content = mailbox.take(MonotonicTime::max(), {}, room);
  REQUIRE(content.in.size() == most_waiting);
  CHECK(content.in.front().payload == "0");
  CHECK(content.in.back().payload == std::to_string(most_waiting - 1));
  CHECK(content.dropped == 3);
  CHECK(mailbox.take(MonotonicTime::min(), {}, room).in.empty());
}

TEST_CASE("nothing goes out without a connection, nor beyond the bound, nor while there is no room outside") {
  Mailbox mailbox;
  CHECK_FALSE(mailbox.goes({.payload = "early"}));
  mailbox.open();
  for (std::size_t i = 0; i < most_waiting; ++i) CHECK(mailbox.goes({.payload = "x"}));
  CHECK_FALSE(mailbox.goes({.payload = "one too many"}));
  CHECK(mailbox.take(MonotonicTime::min(), {}, no_room).out.empty());
  CHECK(mailbox.take(MonotonicTime::max(), {}, room).out.size() == most_waiting);
  CHECK(mailbox.goes({.payload = "x"}));
  mailbox.close();
  CHECK_FALSE(mailbox.goes({.payload = "late"}));
  mailbox.open();
  CHECK(mailbox.take(MonotonicTime::min(), {}, room).out.empty());  // not kept for another connection
}

TEST_CASE("the first reason for a lost connection that says anything is kept") {
  Mailbox mailbox;
  mailbox.open();
  mailbox.lost("");
  mailbox.lost("somebody else signed in");
  mailbox.lost("");
  CHECK(mailbox.take(MonotonicTime::max(), {}, room).lost == "somebody else signed in");
}

TEST_CASE("without a time to come back it waits for whatever comes") {
  Mailbox mailbox;
  mailbox.open();
  const std::jthread sender([&] { mailbox.came({.payload = "at last"}); });
  CHECK(mailbox.take(MonotonicTime::max(), {}, room).in.size() == 1);
}
