#include "cloud/ingest/ingest.h"

#include <fmt/format.h>
#include <grpc/support/log.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/security/auth_context.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <atomic>
#include <utility>

#include "base/log.h"
#include "cloud/ingest/address.h"
#include "cloud/ingest/visit.h"
#include "cloud/ingest/workers.h"
#include "platen/v1/uplink.grpc.pb.h"

namespace platen::cloud {
namespace {

std::string common_name(const grpc::CallbackServerContext& context) {
  const auto peer = context.auth_context();
  if (!peer || !peer->IsPeerAuthenticated()) return "";
  const auto names = peer->FindPropertyValues(GRPC_X509_CN_PROPERTY_NAME);
  return names.size() == 1 ? std::string(names.front().data(), names.front().size()) : "";
}

// "ipv4:192.0.2.7:40123" or "ipv6:%5B2001:db8::7%5D:40123" without the family and the port.
std::string address_of(const grpc::CallbackServerContext& context) {
  const std::string peer = context.peer();
  const std::size_t begin = peer.find(':') + 1, end = peer.rfind(':');
  std::string host = end == std::string::npos || end < begin ? peer : peer.substr(begin, end - begin);
  if (host.starts_with("%5B") && host.ends_with("%5D")) host = host.substr(3, host.size() - 6);
  return host;
}

// Reads a message, has a worker answer it, writes the answer, reads the next. Exactly one of these is under way at any
// time, and whoever does it owns the reactor: Finish() is called once, by the owner, and gRPC calls OnDone() after
// that.
class Reception final : public grpc::ServerBidiReactor<v1::AgentMessage, v1::CloudMessage> {
 public:
  Reception(Workers& workers, Store& store, const Clock& clock, Doorkeeper* door, TaskDesk* tasks,
            const grpc::CallbackServerContext& context)
      : workers_(workers), visit_(store, clock, common_name(context), door, address_of(context), tasks) {
    StartRead(&incoming_);
  }

  void OnReadDone(bool ok) override {
    if (!ok) return Finish(grpc::Status::OK);  // the agent has hung up
    workers_.hand_in([this] { answer(); });
  }
  void OnWriteDone(bool ok) override {
    if (!ok) return Finish(grpc::Status::CANCELLED);
    StartRead(&incoming_);
  }
  void OnDone() override { delete this; }  // the end that gRPC prescribes for reactors

 private:
  void answer() {
    outgoing_.Clear();
    switch (visit_.take(incoming_, outgoing_)) {
      case Visit::Then::answer_and_go_on: return StartWrite(&outgoing_);
      case Visit::Then::go_on: return StartRead(&incoming_);
      case Visit::Then::answer_and_end: return StartWriteAndFinish(&outgoing_, {}, grpc::Status::OK);
    }
  }

  Workers& workers_;
  Visit visit_;
  v1::AgentMessage incoming_;
  v1::CloudMessage outgoing_;
};

class Service final : public v1::Uplink::CallbackService {
 public:
  Service(Store& store, const Clock& clock, Doorkeeper* door, TaskDesk* tasks, unsigned workers)
      : store_(store), clock_(clock), door_(door), tasks_(tasks), workers_(workers) {}
  grpc::ServerBidiReactor<v1::AgentMessage, v1::CloudMessage>* Stream(grpc::CallbackServerContext* context) override {
    return new Reception(workers_, store_, clock_, door_, tasks_, *context);
  }

 private:
  Store& store_;
  const Clock& clock_;
  Doorkeeper* const door_;
  TaskDesk* const tasks_;
  Workers workers_;
};

// Handshakes that strangers fail are no errors of ours.
void quieten_grpc() {
  gpr_set_log_function([](gpr_log_func_args* said) { log::debug("grpc", {{"text", said->message}}); });
}

constexpr std::pair<const char*, int> arguments[] = {
    {GRPC_ARG_ALLOW_REUSEPORT, 0},  // otherwise a second cloud shares the port silently
    {GRPC_ARG_KEEPALIVE_TIME_MS, 60'000},
    {GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000},
    {GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1},
    {GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 30'000},
    {GRPC_ARG_MAX_CONCURRENT_STREAMS, 8},
    {GRPC_ARG_ENABLE_CHANNELZ, 0},
};

class GrpcIngest final : public Ingest {
 public:
  GrpcIngest(const IngestOptions& options, Store& store, const Clock& clock, Doorkeeper* door, TaskDesk* tasks)
      : service_(store, clock, door, tasks, std::max(options.workers, 1U)) {
    grpc::SslServerCredentialsOptions tls(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
    tls.pem_root_certs = options.client_ca_pem;
    tls.pem_key_cert_pairs.push_back({options.key_pem.reveal(), options.certificate_pem});
    grpc::ServerBuilder builder;
    for (const auto& [name, value] : arguments) builder.AddChannelArgument(name, value);
    builder.SetMaxReceiveMessageSize(2 << 20);
    builder.SetResourceQuota(grpc::ResourceQuota("ingest").Resize(std::size_t{64} << 20U));
    builder.AddListeningPort(options.address, grpc::SslServerCredentials(tls), &port_);
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
  }
  ~GrpcIngest() override { stop(); }

  [[nodiscard]] bool listens() const { return server_ != nullptr && port_ > 0; }
  [[nodiscard]] std::uint16_t port() const override { return static_cast<std::uint16_t>(port_); }

  void stop() override {
    if (server_ == nullptr || stopped_.exchange(true)) return;
    server_->Shutdown(
        std::chrono::system_clock::now());  // ends the streams; a batch with a worker is stored all the same
    server_->Wait();
  }

 private:
  Service service_;  // outlives the server
  int port_ = 0;
  std::atomic<bool> stopped_ = false;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace

Expected<std::unique_ptr<Ingest>> Ingest::start(IngestOptions options, Store& store, const Clock& clock,
                                                Doorkeeper* door, TaskDesk* tasks) {
  if (auto usable = usable_address(options.address); !usable) return fail(usable.error());
  quieten_grpc();
  auto ingest = std::make_unique<GrpcIngest>(options, store, clock, door, tasks);
  if (ingest->listens()) return ingest;
  return fail(Code::invalid,
              fmt::format("ingest cannot serve {}: its certificate, key or client CA is not PEM that fits "
                          "together; make them anew with `platen-cloud init`",
                          options.address));
}

}  // namespace platen::cloud
