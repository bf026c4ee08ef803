#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "base/log.h"
#include "platen/v1/uplink.pb.h"
#include "proto/seal.h"
#include "transport/egress/door.h"
#include "transport/uplink/stream.h"

namespace platen::uplink {
namespace {

constexpr const char* path = "/platen.v1.Uplink/Post";
constexpr const char* message_type = "application/x-protobuf";

// A request for each message, on a thread of its own.
class PostStream final : public Stream {
 public:
  PostStream(const Options& options, Notify notify)
      : options_(options),
        notify_(std::move(notify)),
        client_(*options.door, "uplink", tls_of(options, "")),
        thread_([this](const std::stop_token& stop) { run(stop); }) {}

  [[nodiscard]] bool writable() const override {
    const std::lock_guard guard(mutex_);
    return !outgoing_ && !ended_;
  }
  void write(v1::AgentMessage message) override {
    const std::lock_guard guard(mutex_);
    outgoing_ = std::move(message);
    condition_.notify_all();
  }
  [[nodiscard]] bool read(v1::CloudMessage& message) override {
    const std::lock_guard guard(mutex_);
    if (arrived_.empty()) return false;
    message = std::move(arrived_.front());
    arrived_.pop_front();
    return true;
  }
  [[nodiscard]] std::optional<Ended> ended() override {
    const std::lock_guard guard(mutex_);
    return arrived_.empty() ? ended_ : std::nullopt;
  }

 private:
  void run(const std::stop_token& stop) {
    for (std::unique_lock lock(mutex_); condition_.wait(lock, stop, [&] { return outgoing_.has_value(); });) {
      const v1::AgentMessage message = *outgoing_;
      lock.unlock();
      auto answer = exchange(message, stop);
      lock.lock();
      outgoing_.reset();
      if (answer) {
        for (v1::CloudMessage& each : *answer->mutable_messages()) take(std::move(each));
      } else {
        ended_ = std::move(answer.error());
      }
      notify_();
      if (ended_) return;
    }
  }

  void take(v1::CloudMessage message) {
    if (message.has_welcome() && std::exchange(welcomed_, true))
      return;  // each request is greeted; the first one counts
    arrived_.push_back(std::move(message));
  }

  // What is said, after the Hello that each request begins with; once more with the cloud's clock when ours is off.
  Expected<v1::PostAnswer, Ended> exchange(const v1::AgentMessage& message, const std::stop_token& stop) {
    if (message.has_hello()) hello_ = message;
    for (int tries = 0;; ++tries) {
      v1::Post post;
      post.set_signed_at_ms((system_clock().wall() + clock_offset_).time_since_epoch().count());
      *post.add_messages() = hello_;
      if (!message.has_hello()) *post.add_messages() = message;
      auto answer = send(post, stop);
      if (!answer || answer->verdict() == v1::PostAnswer::TAKEN) return answer;
      if (answer->verdict() != v1::PostAnswer::WRONG_TIME || tries > 0)
        return fail(Ended{
            {Code::denied, "the cloud does not believe that it is this agent: " + answer->text().substr(0, 300)}});
      clock_offset_ = WallTime(std::chrono::milliseconds(answer->cloud_time_ms())) - system_clock().wall();
    }
  }

  Expected<v1::PostAnswer, Ended> send(const v1::Post& post, const std::stop_token& stop) {
    v1::SignedPost sealed;
    sealed.set_post(post.SerializeAsString());
    auto signature = wire::sign(options_.key_pem, wire::post_context, sealed.post());
    const auto certificates = wire::certificates_of(options_.certificate_pem);
    if (!signature || !certificates) return fail(Ended{signature ? certificates.error() : signature.error()});
    sealed.set_signature(*std::move(signature));
    for (const std::string& each : *certificates) sealed.add_certificates_der(each);
    auto answer = client_.send(
        {.url = "https://" + options_.address + path, .content_type = message_type, .body = sealed.SerializeAsString()},
        stop);
    if (!answer) return fail(Ended{egress::error_of(answer.error()), true});
    v1::PostAnswer out;
    const bool ours = answer->status == 200 && answer->content_type == message_type;
    if (ours && out.ParseFromString(answer->body)) return out;
    const egress::Fault fault = answer->status == 200 ? egress::Fault::strange_answer : egress::Fault::status;
    return fail(Ended{egress::error_of({fault, answer->facts}), true});
  }

  const Options& options_;
  const Notify notify_;
  egress::HttpClient client_;
  v1::AgentMessage hello_;
  bool welcomed_ = false;
  std::chrono::milliseconds clock_offset_{0};
  mutable std::mutex mutex_;
  std::condition_variable_any condition_;
  std::optional<v1::AgentMessage> outgoing_;  // until it is answered
  std::deque<v1::CloudMessage> arrived_;
  std::optional<Ended> ended_;
  std::jthread thread_;  // last: it ends before what it uses
};

}  // namespace

Expected<std::unique_ptr<Stream>, Ended> dial_post(const Options& options, Notify notify) {
  return std::make_unique<PostStream>(options, std::move(notify));
}

}  // namespace platen::uplink
