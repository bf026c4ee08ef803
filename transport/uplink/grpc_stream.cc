// gRPC speaks on a descriptor that the door has dialled and encrypted: it resolves no name, reads no proxy variable and
// sees no certificate.
#include <grpc/support/log.h>
#include <grpcpp/create_channel_posix.h>
#include <grpcpp/resource_quota.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "base/log.h"
#include "platen/v1/uplink.grpc.pb.h"
#include "transport/egress/door.h"
#include "transport/egress/relay.h"
#include "transport/uplink/stream.h"

namespace platen::uplink {
namespace {

// One row an argument: what gRPC would do otherwise stands behind it.
constexpr std::pair<const char*, int> arguments[] = {
    {GRPC_ARG_KEEPALIVE_TIME_MS, 60'000},          // off; below a minute servers answer "too many pings"
    {GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000},       //
    {GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 0},  //
    {GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0},    // stops after two pings
    {GRPC_ARG_ENABLE_CHANNELZ, 0},                 //
    {GRPC_ARG_MAX_CHANNEL_TRACE_EVENT_MEMORY_PER_NODE, 0},
    {GRPC_ARG_ENABLE_HTTP_PROXY, 0},                    // reads *_proxy and silently goes direct in several cases
    {GRPC_ARG_MAX_RECEIVE_MESSAGE_LENGTH, 512 * 1024},  // a list of tasks is 256 KiB at most
};

// What gRPC has to say is for whoever looks closely; what the person needs is in the status.
void quieten_grpc() {
  gpr_set_log_function([](gpr_log_func_args* said) { log::debug("grpc", {{"text", said->message}}); });
}

std::shared_ptr<grpc::Channel> channel_on(int fd, const Options& options) {
  quieten_grpc();
  grpc::ChannelArguments chosen;
  for (const auto& [name, value] : arguments) chosen.SetInt(name, value);
  chosen.SetString(GRPC_ARG_DEFAULT_AUTHORITY, options.address);
  chosen.SetString(GRPC_ARG_HTTP2_SCHEME, "https");  // as it is on the wire
  grpc::ResourceQuota quota("uplink");
  quota.Resize(std::size_t{8} << 20U).SetMaxThreads(4);
  chosen.SetResourceQuota(quota);
  return grpc::CreateCustomInsecureChannelFromFd(options.address, fd, chosen);
}

Error error_of(const grpc::Status& status, const std::string& address) {
  switch (status.error_code()) {
    case grpc::StatusCode::OK: return {Code::unavailable, "the cloud ended the stream"};
    case grpc::StatusCode::CANCELLED: return {Code::cancelled, "the stream was cancelled"};
    case grpc::StatusCode::PERMISSION_DENIED:
    case grpc::StatusCode::UNAUTHENTICATED: return {Code::denied, "the cloud denied access: " + status.error_message()};
    case grpc::StatusCode::UNIMPLEMENTED:
      return {Code::invalid, "no Platen cloud answers there: " + status.error_message()};
    default: return {Code::unavailable, address + ": the stream broke (" + status.error_message() + ")"};
  }
}

class Reactor final : public grpc::ClientBidiReactor<v1::AgentMessage, v1::CloudMessage> {
 public:
  Reactor(int fd, const Options& options, Notify notify)
      : address_(options.address), notify_(std::move(notify)), stub_(v1::Uplink::NewStub(channel_on(fd, options))) {
    stub_->async()->Stream(&context_, this);
    AddHold();  // reads and writes are started from outside of gRPC's callbacks
    StartRead(&incoming_);
    StartCall();
  }

  void OnReadDone(bool ok) override {
    changed([&] { (ok ? arrived_ : over_) = true; });
  }
  void OnWriteDone(bool ok) override {
    if (ok) changed([&] { writing_ = false; });  // otherwise what the peer said before it left is still to be read
  }
  void OnDone(const grpc::Status& status) override {
    const std::lock_guard guard(mutex_);  // held while notifying: after it the owner may destroy us
    status_ = status;
    done_ = true;
    condition_.notify_all();
  }

  bool writable() {
    const std::lock_guard guard(mutex_);
    return !writing_ && !over_;
  }

  void write(v1::AgentMessage message) {
    outgoing_ = std::move(message);
    {
      const std::lock_guard guard(mutex_);
      writing_ = true;
    }
    StartWrite(&outgoing_);
  }

  bool read(v1::CloudMessage& message) {
    {
      const std::lock_guard guard(mutex_);
      if (!arrived_) return false;
      arrived_ = false;
    }
    message = std::move(incoming_);
    StartRead(&incoming_);
    return true;
  }

  std::optional<Error> ended() {
    std::unique_lock lock(mutex_);
    if (!over_ || arrived_) return std::nullopt;
    finish(lock);
    const Error why = error_of(status_, address_);
    log::debug("uplink.broken", {{"why", why.text}, {"detail", status_.error_message()}});
    return why;
  }

  void close() {
    std::unique_lock lock(mutex_);
    if (!held_) return;
    lock.unlock();
    context_.TryCancel();
    lock.lock();
    finish(lock);
  }

 private:
  template <class Change>
  void changed(Change change) {
    const std::lock_guard guard(mutex_);
    change();
    notify_();
  }

  void finish(std::unique_lock<std::mutex>& lock) {
    if (std::exchange(held_, false)) {
      lock.unlock();
      RemoveHold();
      lock.lock();
    }
    // The status follows the last read at once, except from a peer that half-died: that one gets a second.
    if (!condition_.wait_for(lock, std::chrono::seconds(1), [&] { return done_; })) {
      lock.unlock();
      context_.TryCancel();
      lock.lock();
      condition_.wait(lock, [&] { return done_; });
    }
  }

  const std::string address_;
  const Notify notify_;
  grpc::ClientContext context_;
  const std::unique_ptr<v1::Uplink::Stub> stub_;
  v1::AgentMessage outgoing_;
  v1::CloudMessage incoming_;
  std::mutex mutex_;
  std::condition_variable condition_;
  bool arrived_ = false, writing_ = false, over_ = false, done_ = false, held_ = true;
  grpc::Status status_;
};

// The reactor lets go of its end before the relay goes.
class GrpcStream final : public Stream {
 public:
  GrpcStream(std::unique_ptr<egress::Relay> relay, const Options& options, Notify notify)
      : relay_(std::move(relay)), reactor_(std::make_unique<Reactor>(relay_->take(), options, std::move(notify))) {}
  ~GrpcStream() override { reactor_->close(); }

  [[nodiscard]] bool writable() const override { return reactor_->writable(); }
  void write(v1::AgentMessage message) override { reactor_->write(std::move(message)); }
  [[nodiscard]] bool read(v1::CloudMessage& message) override { return reactor_->read(message); }
  [[nodiscard]] std::optional<Ended> ended() override {
    auto why = reactor_->ended();
    if (!why) return std::nullopt;
    if (const auto trouble = relay_->trouble()) why = egress::error_of(*trouble);
    return Ended{*std::move(why), true};
  }

 private:
  const std::unique_ptr<egress::Relay> relay_;
  const std::unique_ptr<Reactor> reactor_;
};

}  // namespace

egress::Tls tls_of(const Options& options, const char* alpn) {
  return {.roots_pem = options.roots_pem,
          .certificate_pem = options.certificate_pem,
          .key_pem = options.key_pem,
          .alpn = alpn};
}

Expected<std::unique_ptr<Stream>, Ended> dial_grpc(const Options& options, Notify notify, const std::stop_token& stop) {
  const auto to = egress::parse_endpoint(options.address);
  if (!to) return fail(Ended{to.error()});
  const auto patience = std::min(options.patience, silent_heartbeats * options.heartbeat);
  auto connection = options.door->dial({"uplink", *to, tls_of(options, "h2"), patience}, stop);
  if (!connection) {
    const egress::Trouble& trouble = connection.error();
    log::debug("uplink.not_dialled", {{"why", egress::word_of(trouble.fault)}, {"detail", trouble.facts.detail}});
    return fail(Ended{egress::error_of(trouble), egress::is_hostile_to_http2(trouble.fault)});
  }
  auto relay = egress::Relay::start(std::move(*connection));
  if (!relay) return fail(Ended{relay.error()});
  return std::make_unique<GrpcStream>(std::move(*relay), options, std::move(notify));
}

}  // namespace platen::uplink
