// Ingest through its socket: what is said unasked, and when streams end.
#include <atomic>
#include <functional>
#include <thread>

#include "tests/unit/cloud_ingest/ingest_house.h"

using namespace platen;
using ingest_test::epoch, ingest_test::House, ingest_test::Stream;

TEST_CASE("a new task goes to its agent's stream unasked, and to nobody else's") {
  House house;
  Stream one(house.channel("agent-1"), "agent-1"), other(house.channel("agent-2"), "agent-2");
  REQUIRE(one.welcome());
  REQUIRE(other.welcome());
  house.tasks.give("agent-1", "order");
  house.ingest->tell("agent-1");
  const v1::CloudMessage said = one.read();
  REQUIRE(said.tasks().tasks_size() == 1);
  CHECK(said.tasks().tasks(0).task() == "order");
  house.ingest->tell("agent-1");  // nothing is new any more
  house.ingest->tell("nobody");
  CHECK(one.beats(1));
  CHECK(other.beats(1));
  CHECK(one.hang_up() == grpc::StatusCode::OK);
  CHECK(other.hang_up() == grpc::StatusCode::OK);
}

TEST_CASE("tasks told in the middle of everything: each comes once, and every heartbeat is answered in its order") {
  House house;
  constexpr int most = 64;  // all of them may wait at once
  Stream stream(house.channel("agent-1"), "agent-1");
  REQUIRE(stream.welcome());
  std::jthread teller([&] {
    for (int i = 0; i < most; ++i) {
      house.tasks.give("agent-1", std::to_string(i));
      house.ingest->tell("agent-1");
    }
  });
  std::jthread talker([&] {
    for (int i = 1; i <= most; ++i) {
      v1::AgentMessage heartbeat;
      heartbeat.mutable_heartbeat()->set_number(static_cast<std::uint64_t>(i));
      if (!stream.say(heartbeat)) return;
    }
  });
  int tasks = 0;
  std::uint64_t beats = 0;
  while (tasks < most || beats < most) {
    const v1::CloudMessage said = stream.read();
    REQUIRE(said.message_case() != v1::CloudMessage::MESSAGE_NOT_SET);
    for (const v1::SignedTask& task : said.tasks().tasks()) CHECK(task.task() == std::to_string(tasks++));
    if (said.has_heartbeat()) CHECK(said.heartbeat().number() == ++beats);
  }
  talker.join();
  CHECK(stream.hang_up() == grpc::StatusCode::OK);
}

TEST_CASE("streams come and go while tasks are told: nobody is told who is gone") {
  House house;
  std::atomic<bool> over = false;
  std::jthread teller([&] {
    for (int i = 0; !over; ++i) {
      house.tasks.give("agent-1", std::to_string(i));
      house.ingest->tell("agent-1");
    }
  });
  const auto channel = house.channel("agent-1");
  for (int i = 0; i < 50; ++i) {
    Stream stream(channel, "agent-1");
    REQUIRE(stream.welcome());
    if (i % 2 == 0) CHECK(stream.hang_up() == grpc::StatusCode::OK);
  }
  over = true;
}

TEST_CASE("a third stream of one agent ends the oldest; other agents' streams stay") {
  House house;
  Stream other(house.channel("agent-2"), "agent-2");
  Stream first(house.channel("agent-1"), "agent-1"), second(house.channel("agent-1"), "agent-1");
  for (Stream* stream : {&other, &first, &second}) REQUIRE(stream->welcome());
  CHECK(first.beats(1));
  Stream third(house.channel("agent-1"), "agent-1");
  REQUIRE(third.welcome());
  CHECK(first.ended() == grpc::StatusCode::CANCELLED);
  CHECK(second.beats(1));
  CHECK(third.beats(1));
  CHECK(other.beats(1));
}

TEST_CASE("a connection has two streams; a third one waits until one of them is over") {
  House house;
  const auto channel = house.channel("agent-1");
  auto first = std::make_unique<Stream>(channel, "agent-1");
  Stream second(channel, "agent-1");
  REQUIRE(first->welcome());
  REQUIRE(second.welcome());
  std::atomic<bool> welcomed = false;
  std::jthread later([&] { welcomed = Stream(channel, "agent-1").welcome(); });
  for (std::uint64_t i = 1; i < 50; ++i) CHECK(first->beats(i));  // as the oldest it would have been ended
  CHECK_FALSE(welcomed);
  CHECK(first->hang_up() == grpc::StatusCode::OK);
  later.join();
  CHECK(welcomed);
}

TEST_CASE("a stream on which nothing is said is ended") {
  House house(std::chrono::milliseconds(200));
  Stream silent(house.channel("agent-1"), "agent-1");
  REQUIRE(silent.welcome());
  CHECK(silent.ended() == grpc::StatusCode::CANCELLED);
  Stream wordless(house.channel("agent-1"), "agent-1");
  CHECK(wordless.ended() == grpc::StatusCode::CANCELLED);
}

TEST_CASE("what is too large ends the stream, and only that") {
  House house;
  const auto channel = house.channel("agent-1");
  Stream large(channel, "agent-1");
  REQUIRE(large.welcome());
  v1::AgentMessage message;
  message.mutable_batch()->set_payload(std::string(cloud::IngestOptions::most_message, 'x'));
  large.say(message);
  CHECK(large.ended() == grpc::StatusCode::RESOURCE_EXHAUSTED);
  CHECK(house.store.taken("agent-1", epoch).empty());
  Stream wordy(channel, "agent-1",
               {{"x-much", std::string(std::size_t{2} * cloud::IngestOptions::most_metadata, 'x')}});
  CHECK_FALSE(wordy.welcome());
  CHECK(wordy.ended() != grpc::StatusCode::OK);
  Stream good(house.channel("agent-1"), "agent-1", {{"x-much", std::string(100, 'x')}});
  CHECK(good.welcome());
}

TEST_CASE("whatever an agent was refused for, it comes back, and each record is there once; nobody else notices") {
  House house;
  std::shared_ptr<grpc::Channel> channel;
  struct Row {
    const char* name;
    std::function<void(Stream& open)> overdo;
    grpc::StatusCode ends;  // of the stream that was open
  };
  const Row rows[] = {
      {"a message over 2 MiB",
       [](Stream& open) {
         v1::AgentMessage message;
         message.mutable_batch()->add_records()->set_octets(std::string(cloud::IngestOptions::most_message, 'x'));
         open.say(message);
       },
       grpc::StatusCode::RESOURCE_EXHAUSTED},
      {"too much metadata, on another stream: gRPC ends the connection",
       [&](Stream&) {
         Stream wordy(channel, "agent-1",
                      {{"x-much", std::string(std::size_t{2} * cloud::IngestOptions::most_metadata, 'x')}});
         CHECK_FALSE(wordy.welcome());
         CHECK(wordy.ended() == grpc::StatusCode::RESOURCE_EXHAUSTED);
       },
       grpc::StatusCode::RESOURCE_EXHAUSTED},
      {"two streams more, on connections of their own",
       [&](Stream&) {
         for (int i = 0; i < 2; ++i) CHECK(Stream(house.channel("agent-1"), "agent-1").welcome());
         Stream second(house.channel("agent-1"), "agent-1"), third(house.channel("agent-1"), "agent-1");
         CHECK(second.welcome());
         CHECK(third.welcome());
       },
       grpc::StatusCode::CANCELLED},
  };
  Stream other(house.channel("agent-2"), "agent-2");
  REQUIRE(other.welcome());
  std::uint64_t last = 0, beat = 0;
  for (const Row& row : rows) {
    CAPTURE(row.name);
    channel = house.channel("agent-1");
    {
      Stream open(channel, "agent-1");
      REQUIRE(open.welcome());
      CHECK(open.through == last);
      CHECK(open.delivers(last + 1, last + 3) == last + 3);
      row.overdo(open);
      CHECK(open.ended() == row.ends);
    }
    CHECK(other.beats(++beat));
    Stream again(house.channel("agent-1"), "agent-1");
    REQUIRE(again.welcome());
    CHECK(again.through == last + 3);
    CHECK(again.delivers(last + 2, last + 5) == last + 5);  // as after a lost acknowledgement
    CHECK(again.hang_up() == grpc::StatusCode::OK);
    last += 5;
  }
  const auto taken = house.store.taken("agent-1", epoch);
  REQUIRE(taken.size() == last);
  for (std::size_t i = 0; i < taken.size(); ++i) CHECK(taken[i].seq == i + 1);
}

TEST_CASE("stopped in the middle of telling: every stream ends") {
  House house;
  Stream stream(house.channel("agent-1"), "agent-1");
  REQUIRE(stream.welcome());
  std::atomic<bool> over = false;
  std::jthread teller([&] {
    for (int i = 0; !over; ++i) {
      house.tasks.give("agent-1", std::to_string(i));
      house.ingest->tell("agent-1");
    }
  });
  CHECK(stream.read().has_tasks());
  house.ingest->stop();
  CHECK(stream.ended() != grpc::StatusCode::OK);
  over = true;
}
