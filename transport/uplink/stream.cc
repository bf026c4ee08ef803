#include "transport/uplink/stream.h"

#include <grpc/support/log.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/security/credentials.h>

#include <condition_variable>
#include <mutex>
#include <utility>

#include "base/log.h"
#include "platen/v1/uplink.grpc.pb.h"
#include "transport/uplink/plain_words.h"

namespace platen::uplink {
namespace {

// One row an argument: what gRPC would do otherwise stands behind it.
constexpr std::pair<const char*, int> arguments[] = {
    {GRPC_ARG_KEEPALIVE_TIME_MS, 60'000},          // off; below a minute servers answer "too many pings"
    {GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000},       //
    {GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 0},  //
    {GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0},    // stops after two pings
    {GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 10'000},   // 20 s: this is the time that one connect may take
    {GRPC_ARG_ENABLE_CHANNELZ, 0},                 //
    {GRPC_ARG_MAX_CHANNEL_TRACE_EVENT_MEMORY_PER_NODE, 0},
    {GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, 1},  // asks DNS for TXT records
    {GRPC_ARG_ENABLE_HTTP_PROXY, 0},                  // reads *_proxy and silently goes direct in several cases
    {GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1},          // shares the back-off of a channel that is gone; ours counts
    {GRPC_ARG_MAX_RECEIVE_MESSAGE_LENGTH, 64 * 1024},
};

// What gRPC has to say is for whoever looks closely; what the person needs is in the status.
void quieten_grpc() {
  gpr_set_log_function([](gpr_log_func_args* said) { log::debug("grpc", {{"text", said->message}}); });
}

std::shared_ptr<grpc::Channel> dial(const Options& options) {
  quieten_grpc();
  grpc::SslCredentialsOptions tls;
  tls.pem_root_certs = options.roots_pem;
  tls.pem_private_key = options.key_pem.reveal();
  tls.pem_cert_chain = options.certificate_pem;
  grpc::ChannelArguments chosen;
  for (const auto& [name, value] : arguments) chosen.SetInt(name, value);
  grpc::ResourceQuota quota("uplink");
  quota.Resize(std::size_t{8} << 20U).SetMaxThreads(4);
  chosen.SetResourceQuota(quota);
  return grpc::CreateCustomChannel(options.address, grpc::SslCredentials(tls), chosen);
}

Error error_of(const grpc::Status& status, const std::string& address) {
  switch (status.error_code()) {
    case grpc::StatusCode::OK: return {Code::unavailable, "the cloud ended the stream"};
    case grpc::StatusCode::CANCELLED: return {Code::cancelled, "the stream was cancelled"};
    case grpc::StatusCode::PERMISSION_DENIED:
    case grpc::StatusCode::UNAUTHENTICATED: return {Code::denied, "the cloud denied access: " + status.error_message()};
    case grpc::StatusCode::UNIMPLEMENTED:
      return {Code::invalid, "no Platen cloud answers there: " + status.error_message()};
    default: return plain_words(status.error_message(), address);
  }
}

}  // namespace

class Stream::Reactor final : public grpc::ClientBidiReactor<v1::AgentMessage, v1::CloudMessage> {
 public:
  Reactor(const Options& options, std::function<void()> notify)
      : address_(options.address), notify_(std::move(notify)), stub_(v1::Uplink::NewStub(dial(options))) {
    stub_->async()->Stream(&context_, this);
    AddHold();  // reads and writes are started from outside of gRPC's callbacks
    StartRead(&incoming_);
    StartCall();
  }

  void OnReadDone(bool ok) override {
    changed([&] { (ok ? arrived_ : over_) = true; });
  }
  void OnWriteDone(bool ok) override {
    changed([&] { (ok ? writing_ : over_) = !ok; });
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
  const std::function<void()> notify_;
  grpc::ClientContext context_;
  const std::unique_ptr<v1::Uplink::Stub> stub_;
  v1::AgentMessage outgoing_;
  v1::CloudMessage incoming_;
  std::mutex mutex_;
  std::condition_variable condition_;
  bool arrived_ = false, writing_ = false, over_ = false, done_ = false, held_ = true;
  grpc::Status status_;
};

Stream::Stream(const Options& options, std::function<void()> notify)
    : reactor_(std::make_unique<Reactor>(options, std::move(notify))) {}
Stream::~Stream() { reactor_->close(); }
bool Stream::writable() const { return reactor_->writable(); }
void Stream::write(v1::AgentMessage message) { reactor_->write(std::move(message)); }
bool Stream::read(v1::CloudMessage& message) { return reactor_->read(message); }
std::optional<Error> Stream::ended() { return reactor_->ended(); }

}  // namespace platen::uplink
