// Ingest on a port of its own with a store, and agents' streams to it; for tests through the socket.
#pragma once

#include <doctest/doctest.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <stdlib.h>  // NOLINT(modernize-deprecated-headers): mkdtemp is POSIX

#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "agent/identity/identity.h"
#include "cloud/enroll/ca.h"
#include "cloud/ingest/ingest.h"
#include "platen/v1/uplink.grpc.pb.h"
#include "tests/contract/watched_store.h"

namespace platen::ingest_test {

inline const std::string epoch(32, 'e');

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

inline std::string content(const std::string& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

class House {
 public:
  explicit House(std::chrono::milliseconds silence = std::chrono::minutes(10), std::vector<std::string> front_ends = {},
                 cloud::TaskDesk* desk = nullptr, const std::string& address = "127.0.0.1:0") {
    const std::array<std::string, 1> names = {"127.0.0.1"};
    const enroll::Identity server = enroll::make_server(ca_, names, system_clock().wall()).value();
    cloud::IngestOptions options{
        .certificate_pem = server.certificate_pem, .key_pem = server.key_pem, .client_ca_pem = ca_.certificate_pem};
    options.address = address;
    options.silence = silence, options.front_ends = std::move(front_ends);
    ingest = cloud::Ingest::start(options, store, system_clock(), nullptr, desk == nullptr ? &tasks : desk).value();
  }
  // `port` 0: ingest's own.
  std::shared_ptr<grpc::Channel> channel(const std::string& agent, std::uint16_t port = 0) {
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
    return grpc::CreateCustomChannel("127.0.0.1:" + std::to_string(port == 0 ? ingest->port() : port),
                                     grpc::SslCredentials(tls), own);
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
  using Metadata = std::vector<std::pair<std::string, std::string>>;

  explicit Stream(std::shared_ptr<grpc::Channel> channel, std::string agent, const Metadata& metadata = {},
                  std::chrono::seconds patience = std::chrono::minutes(1))
      : agent_(std::move(agent)), stub_(v1::Uplink::NewStub(std::move(channel))) {
    context_.set_deadline(std::chrono::system_clock::now() + patience);
    for (const auto& [key, value] : metadata) context_.AddMetadata(key, value);
    stream_ = stub_->Stream(&context_);
  }
  bool welcome() {
    v1::AgentMessage hello;
    hello.mutable_hello()->set_agent_id(agent_), hello.mutable_hello()->set_epoch(epoch);
    if (!say(hello)) return false;
    const v1::CloudMessage said = read();
    through = said.welcome().through_seq();
    return said.has_welcome();
  }
  // Through which number the cloud says it has stored; 0: it does not.
  std::uint64_t delivers(std::uint64_t first, std::uint64_t last) {
    v1::AgentMessage message;
    for (std::uint64_t seq = first; seq <= last; ++seq) {
      v1::Record& record = *message.mutable_batch()->add_records();
      record.set_seq(seq), record.set_kind("note"), record.set_octets(std::to_string(seq));
    }
    return say(message) ? read().ack().through_seq() : 0;
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

  std::uint64_t through = 0;  // what the welcome said

 private:
  std::string agent_;
  std::unique_ptr<v1::Uplink::Stub> stub_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::AgentMessage, v1::CloudMessage>> stream_;
};

}  // namespace platen::ingest_test
