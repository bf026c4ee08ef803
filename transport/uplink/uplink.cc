#include "transport/uplink/uplink.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <random>
#include <utility>

#include "base/text.h"
#include "platen/v1/uplink.pb.h"
#include "transport/egress/door.h"
#include "transport/uplink/backoff.h"
#include "transport/uplink/conversation.h"
#include "transport/uplink/ladder.h"
#include "transport/uplink/refusals.h"
#include "transport/uplink/stream.h"

namespace platen::uplink {
namespace {

using std::chrono::milliseconds;

MonotonicTime now() { return std::chrono::time_point_cast<milliseconds>(std::chrono::steady_clock::now()); }

// Who was removed asks again now and then, in case that it was a mistake.
milliseconds removed_pause(double chance) {
  constexpr milliseconds least = std::chrono::minutes(30);
  return least + milliseconds(static_cast<std::int64_t>(chance * static_cast<double>(least.count())));
}

// 128 random bits in hex: two processes that speak under one name are told apart by it.
const std::string& instance_of_this_process() {
  static const std::string instance = [] {
    std::random_device random;
    std::string octets;
    for (int i = 0; i < 16; ++i) octets += static_cast<char>(random() & 0xFFU);
    return to_hex(octets);
  }();
  return instance;
}

// A flag that one thread waits for and any thread raises; raised while nobody waits it is not lost.
class Bell {
 public:
  void ring() {
    const std::lock_guard guard(mutex_);
    rung_ = true;
    condition_.notify_all();
  }
  void wait_until(const std::stop_token& stop, MonotonicTime deadline) {
    std::unique_lock lock(mutex_);
    condition_.wait_until(lock, stop, deadline, [&] { return rung_; });
    rung_ = false;
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any condition_;
  bool rung_ = false;
};

class LadderUplink final : public Uplink {
 public:
  LadderUplink(Options options, Source& source, Orders* orders)
      : options_(std::move(options)),
        source_(source),
        orders_(orders),
        ladder_(options_.climb_first, options_.climb_longest) {}

  void run(std::stop_token stop) override {
    while (!stop.stop_requested()) {
      const MonotonicTime began = now();
      const Attempt attempt = one_stream(stop);
      if (stop.stop_requested()) break;
      if (attempt.quiet) continue;
      failures_ = attempt.progressed || now() - began > options_.backoff_longest ? 0 : failures_ + 1;
      change([&](State& state) {
        state.connected = false;
        state.last_error = attempt.why.text;
        state.removed = removed_;
        ++state.reconnects;
      });
      pause(stop);
    }
    change([](State& state) { state.connected = false; }, false);  // asked for: no news
  }

  void wake() override { bell_.ring(); }

  State state() const override {
    const std::lock_guard guard(mutex_);
    return state_;
  }

  void on_change(std::function<void(const State&)> told) override { told_ = std::move(told); }

 private:
  struct Attempt {
    Error why;
    bool progressed = false;
    bool quiet = false;  // no news, and no reason to wait: HTTP/2 is tried out
  };

  Attempt one_stream(const std::stop_token& stop) {
    const std::string epoch = source_.epoch();
    if (epoch.empty()) return {{Code::unavailable, "the ledger cannot be opened now"}, false};
    if (epoch == given_up_) return begin_epoch(), Attempt{why_given_up_, false};
    const Ladder::Step step = ladder_.choose(now());
    const Notify notify = [this] { bell_.ring(); };
    auto stream = step.rung == Rung::grpc ? dial_grpc(options_, notify, stop) : dial_post(options_, notify);
    if (!stream) return ended(step, stream.error(), nullptr);
    Conversation conversation(options_, source_, now(), refusals_.careful(), orders_);
    while (!stop.stop_requested()) {
      if (auto going = turn(**stream, step.rung, conversation); !going) {
        learn(conversation, going.error().why);
        return ended(step, going.error(), &conversation);
      }
      if (step.rung == Rung::post && now() >= ladder_.climb_at()) return {{}, conversation.progressed(), true};
      bell_.wait_until(stop, std::min(conversation.deadline(), ladder_.climb_at()));
    }
    return {};
  }

  Attempt ended(Ladder::Step step, const Ended& how, const Conversation* conversation) {
    const bool served = conversation != nullptr && conversation->welcomed();
    ladder_.ended(step, served ? Ladder::End::served : how.barred ? Ladder::End::barred : Ladder::End::other, now());
    return {how.why, served && conversation->progressed(), step.probe && !served};
  }

  // What the end of a stream means for the records.
  void learn(const Conversation& conversation, const Error& why) {
    if (conversation.progressed()) broke_before_ = false;
    removed_ = conversation.removed();
    if (conversation.broken()) {
      given_up_ = conversation.epoch(), why_given_up_ = why, broken_ = *conversation.broken();
      waits_for_a_person_ = std::exchange(broke_before_, true);
      begin_epoch();
    }
    if (const std::uint64_t seq = refusals_.count(conversation.refused_something(), conversation.refused()); seq != 0)
      source_.park(conversation.epoch(), seq, why.text);
  }

  // A cloud that calls every epoch broken would have the ledger begun anew without end: the second one waits.
  void begin_epoch() {
    if (!waits_for_a_person_) source_.begin_epoch(given_up_, broken_.why, broken_.missing);
  }

  // Everything that can be said and heard without waiting.
  Expected<void, Ended> turn(Stream& stream, Rung rung, Conversation& conversation) {
    v1::CloudMessage incoming;
    Expected<void> heard;
    while (heard && stream.read(incoming)) heard = conversation.take(incoming, now());
    note_progress(conversation, rung);
    conversation.settle();
    if (!heard) return fail(Ended{heard.error()});  // the cloud itself has spoken
    if (auto why = stream.ended()) return fail(*std::move(why));
    if (auto alive = conversation.check_alive(now()); !alive) return fail(Ended{alive.error(), true});
    if (!stream.writable()) return {};
    v1::AgentMessage outgoing;
    const auto more = conversation.next(now(), outgoing);
    if (!more) return fail(Ended{more.error()});
    if (*more) stream.write(std::move(outgoing));
    return {};
  }

  void note_progress(const Conversation& conversation, Rung rung) {
    if (!conversation.welcomed()) return;
    ladder_.welcomed(rung);
    const std::string_view protocol = rung == Rung::grpc ? "HTTP/2" : "HTTP/1.1";
    change([&](State& state) { state.cloud_time = conversation.cloud_time(); }, false);
    if (conversation.acknowledged() == state_.acknowledged && state_.connected && state_.protocol == protocol)
      return;  // only this thread writes it
    const bool news = !state_.connected || state_.protocol != protocol;
    change(
        [&](State& state) {
          state.connected = true;
          state.protocol = protocol;
          state.removed = false;
          state.last_error.clear();
          state.acknowledged = conversation.acknowledged();
        },
        news);
  }

  void pause(const std::stop_token& stop) {
    const double chance = std::uniform_real_distribution<double>(0, 1)(random_);
    const MonotonicTime until = now() + (removed_ ? removed_pause(chance)
                                                  : backoff(options_.backoff_first, options_.backoff_longest,
                                                            failures_ - (failures_ > 0 ? 1 : 0), chance));
    while (!stop.stop_requested() && now() < until)
      bell_.wait_until(stop, until);  // new records are no reason to hurry
  }

  template <class Change>
  void change(Change change, bool tell = true) {
    State copy;
    {
      const std::lock_guard guard(mutex_);
      change(state_);
      copy = state_;
    }
    if (tell && told_) told_(copy);
  }

  const Options options_;
  Source& source_;
  Orders* const orders_;
  Bell bell_;
  mutable std::mutex mutex_;
  State state_;
  std::function<void(const State&)> told_;
  unsigned failures_ = 0;
  std::string given_up_;  // an epoch that is never sent again
  Error why_given_up_;
  Conversation::Broken broken_{};
  bool broke_before_ = false, waits_for_a_person_ = false;
  bool removed_ = false;  // as the last stream ended
  Refusals refusals_;
  Ladder ladder_;
  std::mt19937_64 random_{std::random_device{}()};
};

}  // namespace

Expected<std::unique_ptr<Uplink>> Uplink::make(Options options, Source& source, Orders* orders) {
  struct Row {
    bool wrong;
    const char* says;
  };
  const Row rows[] = {
      {options.address.rfind(':') == std::string::npos || options.address.front() == ':',
       "its address is not HOST:PORT"},
      {options.agent_id.empty(), "the agent has no id"},
      {options.roots_pem.empty(), "no CA certificate to know the cloud by"},
      {options.certificate_pem.empty() || options.key_pem.empty(), "no client certificate with its key; enrol first"},
      {options.window == 0 || options.batch_octets == 0 || options.history_rate == 0,
       "window, batch size and rate must be 1 or more"},
      {options.poll <= milliseconds(0), "the time between two looks at the list of tasks must be above zero"},
      {options.heartbeat <= milliseconds(0) || options.backoff_first < milliseconds(0),
       "its intervals must be above zero"},
  };
  for (const Row& row : rows) {
    if (row.wrong) return fail(Code::invalid, "uplink to '" + options.address + "': " + row.says);
  }
  if (options.door == nullptr) {
    const auto to = egress::parse_endpoint(options.address);
    if (!to) return fail(to.error().in("uplink"));
    options.door = std::make_shared<egress::Door>(egress::Settings{.allowed = {to->host}});
  }
  if (options.instance.empty()) options.instance = instance_of_this_process();
  return std::make_unique<LadderUplink>(std::move(options), source, orders);
}

}  // namespace platen::uplink
