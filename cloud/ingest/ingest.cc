#include "cloud/ingest/ingest.h"

#include <fmt/format.h>
#include <grpc/support/log.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/security/auth_context.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <thread>
#include <utility>

#include "base/log.h"
#include "cloud/ingest/address.h"
#include "cloud/ingest/doorstep.h"
#include "cloud/ingest/reception.h"
#include "platen/v1/uplink.grpc.pb.h"

namespace platen::cloud {
namespace {

std::string common_name(const grpc::CallbackServerContext& context) {
  const auto peer = context.auth_context();
  if (!peer || !peer->IsPeerAuthenticated()) return "";
  const auto names = peer->FindPropertyValues(GRPC_X509_CN_PROPERTY_NAME);
  return names.size() == 1 ? std::string(names.front().data(), names.front().size()) : "";
}

// Who is behind the connection: "ipv4:192.0.2.7:40123" or "ipv6:%5B2001:db8::7%5D:40123", without family and port.
std::string address_of(const grpc::CallbackServerContext& context, const Doorstep* doorstep) {
  std::string peer = context.peer();
  const std::size_t begin = peer.find(':') + 1, end = peer.rfind(':');
  if (end == std::string::npos || end < begin) return peer;
  std::string host = peer.substr(begin, end - begin);
  if (host.starts_with("%5B") && host.ends_with("%5D")) host = host.substr(3, host.size() - 6);
  return doorstep == nullptr ? host : doorstep->whose(host, peer.substr(end + 1));
}

class Service final : public v1::Uplink::CallbackService {
 public:
  Service(Store& store, const Clock& clock, Doorkeeper* door, TaskDesk* tasks, const Doorstep* doorstep,
          unsigned workers)
      : store_(store), clock_(clock), door_(door), tasks_(tasks), doorstep_(doorstep), workers_(workers) {}
  grpc::ServerBidiReactor<v1::AgentMessage, v1::CloudMessage>* Stream(grpc::CallbackServerContext* context) override {
    auto visit =
        std::make_unique<Visit>(store_, clock_, common_name(*context), door_, address_of(*context, doorstep_), tasks_);
    const auto made = std::make_shared<Reception>(receptions_, workers_, clock_, std::move(visit), *context);
    receptions_.add(made);
    made->begin();
    return made.get();
  }
  [[nodiscard]] Receptions& receptions() { return receptions_; }

 private:
  Store& store_;
  const Clock& clock_;
  Doorkeeper* const door_;
  TaskDesk* const tasks_;
  const Doorstep* const doorstep_;
  Receptions receptions_;
  Workers workers_;  // the last: what it still does needs the others
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
    {GRPC_ARG_MAX_CONCURRENT_STREAMS, static_cast<int>(Receptions::most_of_one_agent)},  // of a connection
    {GRPC_ARG_MAX_RECEIVE_MESSAGE_LENGTH, IngestOptions::most_message},
    {GRPC_ARG_MAX_SEND_MESSAGE_LENGTH, IngestOptions::most_answer},
    {GRPC_ARG_MAX_METADATA_SIZE, IngestOptions::most_metadata},
    {GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, 20'000},
    {GRPC_ARG_MAX_CONNECTION_IDLE_MS, 600'000},  // without a stream
    {GRPC_ARG_ENABLE_CHANNELZ, 0},
};

// Where gRPC does not listen itself it does not say whether the keys can be used: it is asked to, for a moment.
bool usable(const std::shared_ptr<grpc::ServerCredentials>& tls) {
  int port = 0;
  v1::Uplink::CallbackService nothing;  // a server has to have something
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", tls, &port);
  builder.RegisterService(&nothing);
  return builder.BuildAndStart() != nullptr && port > 0;
}

class GrpcIngest final : public Ingest {
 public:
  // Without a doorstep gRPC listens itself.
  GrpcIngest(const IngestOptions& options, std::unique_ptr<Doorstep> doorstep, Store& store, const Clock& clock,
             Doorkeeper* door, TaskDesk* tasks)
      : clock_(clock),
        silence_(options.silence),
        doorstep_(std::move(doorstep)),
        service_(store, clock, door, tasks, doorstep_.get(), std::max(options.workers, 1U)) {
    grpc::SslServerCredentialsOptions tls(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
    tls.pem_root_certs = options.client_ca_pem;
    tls.pem_key_cert_pairs.push_back({options.key_pem.reveal(), options.certificate_pem});
    grpc::ServerBuilder builder;
    for (const auto& [name, value] : arguments) builder.AddChannelArgument(name, value);
    builder.SetResourceQuota(grpc::ResourceQuota("ingest").Resize(std::size_t{64} << 20U));
    listen(builder, options.address, grpc::SslServerCredentials(tls));
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    if (!listens()) return;
    if (doorstep_) doorstep_->start([this](int fd) { enter(fd); });
    watch_ = std::jthread([this](const std::stop_token& stop) { end_silent(stop); });
  }
  ~GrpcIngest() override { stop(); }

  [[nodiscard]] bool listens() const { return server_ != nullptr && port_ > 0; }
  [[nodiscard]] std::uint16_t port() const override { return static_cast<std::uint16_t>(port_); }

  void tell(const std::string& agent) override { service_.receptions().tell(agent); }

  void stop() override {
    watch_.request_stop();
    if (server_ == nullptr || stopped_.exchange(true)) return;
    if (doorstep_) doorstep_->stop();
    server_->Shutdown(
        std::chrono::system_clock::now());  // ends the streams; a batch with a worker is stored all the same
    server_->Wait();
  }

 private:
  void end_silent(const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock hold(mutex);
    const auto turn = std::min<std::chrono::milliseconds>(silence_ / 4, std::chrono::seconds(30));
    while (!never.wait_for(hold, stop, turn, [&] { return stop.stop_requested(); }))
      service_.receptions().end_silent(clock_.monotonic() - silence_);
  }

  void listen(grpc::ServerBuilder& builder, const std::string& address,
              const std::shared_ptr<grpc::ServerCredentials>& tls) {
    using Type = grpc::ServerBuilder::experimental_type::ExternalConnectionType;
    if (!doorstep_) {
      builder.AddListeningPort(address, tls, &port_);
      return;
    }
    acceptor_ = builder.experimental().AddExternalConnectionAcceptor(Type::FROM_FD, tls);
    if (usable(tls)) port_ = doorstep_->port();
  }

  void enter(int fd) {
    grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters connection;
    connection.fd = fd;
    acceptor_->HandleNewConnection(&connection);
  }

  const Clock& clock_;
  const std::chrono::milliseconds silence_;
  const std::unique_ptr<Doorstep> doorstep_;
  Service service_;  // outlives the server
  std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> acceptor_;
  int port_ = 0;
  std::atomic<bool> stopped_ = false;
  std::unique_ptr<grpc::Server> server_;
  std::jthread watch_;  // the last: it ends first
};

}  // namespace

Expected<std::unique_ptr<Ingest>> Ingest::start(IngestOptions options, Store& store, const Clock& clock,
                                                Doorkeeper* door, TaskDesk* tasks) {
  std::unique_ptr<Doorstep> doorstep;
  if (options.front_ends.empty()) {
    if (auto usable = usable_address(options.address); !usable) return fail(usable.error());
  } else {
    auto opened = Doorstep::open(options.address, options.front_ends);
    if (!opened) return fail(opened.error());
    doorstep = std::move(*opened);
  }
  quieten_grpc();
  auto ingest = std::make_unique<GrpcIngest>(options, std::move(doorstep), store, clock, door, tasks);
  if (ingest->listens()) return ingest;
  return fail(Code::invalid,
              fmt::format("ingest cannot serve {}: its certificate, key or client CA is not PEM that fits "
                          "together; make them anew with `platen-cloud init`",
                          options.address));
}

}  // namespace platen::cloud
