// Ingest through its socket: what is said unasked, and the limits.
#include <doctest/doctest.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <array>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "agent/identity/identity.h"
#include "cloud/enroll/ca.h"
#include "cloud/ingest/ingest.h"
#include "platen/v1/uplink.grpc.pb.h"
#include "tests/contract/watched_store.h"

using namespace platen;

namespace {

const std::string epoch(32, 'e');

// Has tasks for whom a test says, until they were handed out: as many as one list takes.
class Tasks final : public cloud::TaskDesk {
 public:
  void give(const std::string& agent, const std::string& task) {
    const std::lock_guard hold(mutex_);
    if (waiting_[agent].size() < 64) waiting_[agent].push_back(task);
  }
  std::string tasks_for(const std::string& agent, const std::string&, std::span<const std::string>) override {
    return new_tasks_for(agent);
  }
  std::string new_tasks_for(const std::string& agent) override {
    const std::lock_guard hold(mutex_);
    v1::TaskList list;
    for (const std::string& task : std::exchange(waiting_[agent], {})) list.add_tasks()->set_task(task);
    return list.SerializeAsString();
  }
  void heard(const std::string&, const std::string&) override {}
  void results_stored() override {}

 private:
  std::mutex mutex_;
  std::map<std::string, std::vector<std::string>> waiting_;
};

std::string content(const std::string& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

class House {
 public:
  explicit House(std::chrono::milliseconds silence = std::chrono::minutes(10)) {
    const std::array<std::string, 1> names = {"127.0.0.1"};
    const enroll::Identity server = enroll::make_server(ca_, names, system_clock().wall()).value();
    cloud::IngestOptions options{
        .certificate_pem = server.certificate_pem, .key_pem = server.key_pem, .client_ca_pem = ca_.certificate_pem};
    options.silence = silence;
    ingest = cloud::Ingest::start(options, store, system_clock(), nullptr, &tasks).value();
  }
  std::shared_ptr<grpc::Channel> channel(const std::string& agent) {
    std::string folder = (std::filesystem::temp_directory_path() / "platen-stream.XXXXXX").string();
    REQUIRE(::mkdtemp(folder.data()) != nullptr);
    const auto request = identity::make_key_and_csr(folder + "/key", folder + "/csr", agent);
    grpc::SslCredentialsOptions tls;
    tls.pem_root_certs = ca_.certificate_pem;
    tls.pem_private_key = content(folder + "/key");
    tls.pem_cert_chain =
        enroll::sign_agent(ca_, request->csr_pem, {agent, "Dealer"}, enroll::agent_lifetime, system_clock().wall())
            .value();
    std::filesystem::remove_all(folder);
    grpc::ChannelArguments own;
    own.SetInt("grpc.use_local_subchannel_pool", 1);  // a connection of its own
    return grpc::CreateCustomChannel("127.0.0.1:" + std::to_string(ingest->port()), grpc::SslCredentials(tls), own);
  }

  Tasks tasks;
  cloud::WatchedStore store;
  std::unique_ptr<cloud::Ingest> ingest;

 private:
  enroll::Identity ca_ = enroll::make_ca(system_clock().wall()).value();
};

// One stream of an agent. A minute is more than any of these tests needs.
class Stream {
 public:
  explicit Stream(std::shared_ptr<grpc::Channel> channel, std::string agent, std::size_t metadata = 0)
      : agent_(std::move(agent)), stub_(v1::Uplink::NewStub(std::move(channel))) {
    context_.set_deadline(std::chrono::system_clock::now() + std::chrono::minutes(1));
    if (metadata > 0) context_.AddMetadata("x-much", std::string(metadata, 'x'));
    stream_ = stub_->Stream(&context_);
  }
  bool welcome() {
    v1::AgentMessage hello;
    hello.mutable_hello()->set_agent_id(agent_), hello.mutable_hello()->set_epoch(epoch);
    return say(hello) && read().has_welcome();
  }
  bool say(const v1::AgentMessage& message) { return stream_->Write(message); }
  // Nothing set: the stream is over.
  v1::CloudMessage read() {
    v1::CloudMessage message;
    if (!stream_->Read(&message)) message.Clear();
    return message;
  }
  // Answered, and with nothing else before the answer.
  bool beats(std::uint64_t number) {
    v1::AgentMessage heartbeat;
    heartbeat.mutable_heartbeat()->set_number(number);
    return say(heartbeat) && read().heartbeat().number() == number;
  }
  grpc::StatusCode hang_up() {
    stream_->WritesDone();
    while (read().message_case() != v1::CloudMessage::MESSAGE_NOT_SET) {
    }
    return stream_->Finish().error_code();
  }
  grpc::StatusCode ended() {
    while (read().message_case() != v1::CloudMessage::MESSAGE_NOT_SET) {
    }
    return stream_->Finish().error_code();
  }

 private:
  std::string agent_;
  std::unique_ptr<v1::Uplink::Stub> stub_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::AgentMessage, v1::CloudMessage>> stream_;
};

}  // namespace

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
  Stream wordy(channel, "agent-1", 2 * cloud::IngestOptions::most_metadata);
  CHECK_FALSE(wordy.welcome());
  CHECK(wordy.ended() != grpc::StatusCode::OK);
  Stream good(house.channel("agent-1"), "agent-1", 100);
  CHECK(good.welcome());
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
