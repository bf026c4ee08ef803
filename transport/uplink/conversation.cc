#include "transport/uplink/conversation.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "base/log.h"
#include "platen/v1/uplink.pb.h"
#include "proto/task_codec.h"

namespace platen::uplink {
namespace {

constexpr std::uint64_t careful_records = 1024;  // sent one by one after a refusal that did not say which one it means
constexpr int most_tasks = 64;                   // in a list
constexpr std::int64_t end_of_time = 32'503'680'000'000;  // the year 3000: a cloud may say anything

Code code_of(v1::Refusal::Why why) {
  switch (why) {
    case v1::Refusal::REVOKED:
    case v1::Refusal::NOT_YOU: return Code::denied;
    case v1::Refusal::STORE_UNAVAILABLE: return Code::unavailable;
    case v1::Refusal::GAP: return Code::conflict;
    default: return Code::invalid;
  }
}

}  // namespace

Conversation::Conversation(const Options& options, Source& source, MonotonicTime now, bool careful, Orders* orders)
    : options_(options),
      source_(source),
      orders_(orders),
      next_poll_(now),
      epoch_(source.epoch()),
      careful_(careful),
      last_heard_(now),
      next_heartbeat_(now + options.heartbeat),
      pace_(options.history_rate, options.agent_id, now) {}

Expected<bool> Conversation::next(MonotonicTime now, v1::AgentMessage& message) {
  if (source_.epoch() != epoch_) return fail(Code::conflict, "the ledger has begun a new epoch");
  if (!greeted_) return say_hello(message), true;
  if (now >= next_heartbeat_) {
    next_heartbeat_ = now + options_.heartbeat;
    message.mutable_heartbeat()->set_number(++heartbeats_);
    return true;
  }
  turn_at_.reset();
  if (!welcomed_) return false;
  if (next_about_tasks(now, message)) return true;
  if (next_preview(message)) return true;
  if (in_flight_.size() >= options_.window || source_.newest() <= sent_ || waits_its_turn(now)) return false;
  return next_batch(now, message);
}

bool Conversation::next_about_tasks(MonotonicTime now, v1::AgentMessage& message) {
  if (orders_ == nullptr) return false;
  const bool wanted = orders_->wants_list();
  if (wanted || now >= next_poll_) {
    next_poll_ = now + options_.poll;
    v1::TaskListRequest& request = *message.mutable_tasks();
    for (std::string& id : orders_->have()) request.add_have(std::move(id));
    return true;
  }
  const auto state = orders_->next_state();
  if (!state) return false;
  v1::TaskState& told = *message.mutable_task_state();
  told.set_task_id(state->task_id);
  told.set_state(static_cast<v1::TaskState::State>(state->stage));
  told.set_done(state->done);
  told.set_of(state->of);
  told.set_text(state->text);
  return true;
}

void Conversation::take_tasks(const v1::TaskList& list) {
  if (orders_ == nullptr || !welcomed_) return;
  std::vector<std::string> octets;
  for (int i = 0; i < std::min(list.tasks_size(), most_tasks); ++i) octets.push_back(list.tasks(i).SerializeAsString());
  orders_->take_list(octets);
}

// While history takes its time, what is newest of each printer goes ahead of it as a copy, and what is new goes at once.
bool Conversation::next_preview(v1::AgentMessage& message) {
  if (!previews_ || sent_ >= newest_at_hello_) return false;
  if (preview_before_ == 0) {
    preview_top_ = source_.newest();
    if (preview_top_ <= previewed_) return false;
    preview_before_ = preview_top_ + 1;
  }
  auto records = source_.newest_of_each(epoch_, std::max(previewed_, sent_), preview_before_, options_.batch_octets);
  preview_before_ = records.empty() ? 0 : records.back().seq;
  if (records.empty()) {
    previewed_ = preview_top_;
    return false;
  }
  packer_.pack_preview(records, *message.mutable_preview());
  return true;
}

bool Conversation::waits_its_turn(MonotonicTime now) {
  if (sent_ >= newest_at_hello_ || now >= pace_.due()) return false;
  turn_at_ = pace_.due();
  return true;
}

void Conversation::say_hello(v1::AgentMessage& message) {
  greeted_ = true;
  newest_at_hello_ = source_.newest();
  v1::Hello& hello = *message.mutable_hello();
  hello.set_agent_id(options_.agent_id);
  hello.set_agent_version(options_.agent_version);
  hello.set_instance(options_.instance);
  hello.set_epoch(epoch_);
  first_at_hello_ = source_.first_kept();
  hello.set_first_kept_seq(first_at_hello_);
  hello.set_newest_seq(newest_at_hello_);
}

Expected<bool> Conversation::next_batch(MonotonicTime now, v1::AgentMessage& message) {
  std::vector<Outgoing> records = source_.after(epoch_, sent_, sent_ < careful_through_ ? 0 : options_.batch_octets);
  if (records.empty()) return false;
  // At most a second's worth of history in one piece.
  if (sent_ < newest_at_hello_ && records.size() > options_.history_rate) records.resize(options_.history_rate);
  for (const Outgoing& record : records) {
    const std::uint64_t first = record.first == 0 ? record.seq : record.first;
    if (first > sent_ + 1 || record.seq <= sent_)
      return fail(Code::corrupt, fmt::format("the ledger gave record {} where {} was due", first, sent_ + 1));
    sent_ = record.seq;
  }
  pace_.sent(records.size(), now);
  packer_.pack(records, *message.mutable_batch());
  in_flight_.push_back(sent_);
  return true;
}

Expected<void> Conversation::take(const v1::CloudMessage& message, MonotonicTime now) {
  last_heard_ = now;
  const std::int64_t said = message.has_welcome()     ? message.welcome().cloud_time_ms()
                            : message.has_heartbeat() ? message.heartbeat().cloud_time_ms()
                            : message.has_tasks()     ? message.tasks().cloud_time_ms()
                                                      : 0;
  if (said > 0 && said < end_of_time) {
    cloud_time_ = CloudTime{WallTime(std::chrono::milliseconds(said)), now};
    if (orders_ != nullptr) orders_->heard(*cloud_time_);
  }
  switch (message.message_case()) {
    case v1::CloudMessage::kWelcome: return take_welcome(message.welcome());
    case v1::CloudMessage::kAck: take_ack(message.ack()); return {};
    case v1::CloudMessage::kRefusal: return take_refusal(message.refusal());
    case v1::CloudMessage::kTasks: take_tasks(message.tasks()); return {};
    default: return {};  // a heartbeat's answer, or a message of a newer cloud
  }
}

Expected<void> Conversation::take_refusal(const v1::Refusal& refusal) {
  const std::string text =
      fmt::format("the cloud refused ({}): {}", v1::Refusal::Why_Name(refusal.why()), refusal.text().substr(0, 300));
  removed_ = refusal.why() == v1::Refusal::REVOKED;
  if (refusal.why() == v1::Refusal::FORK && welcomed_) return fail(break_off(Break::forked, 0, text));
  const bool named = refusal.why() == v1::Refusal::RECORD_REFUSED && refusal.seq() > acknowledged_;
  const bool about_records = named || refusal.why() == v1::Refusal::BAD_MESSAGE;
  if (about_records && welcomed_ && !in_flight_.empty()) {
    refused_something_ = true;
    if (named && refusal.seq() <= sent_) refused_ = refusal.seq();
    if (!named && in_flight_.front() <= careful_through_) refused_ = in_flight_.front();
  }
  return fail(code_of(refusal.why()), text);
}

Error Conversation::break_off(Break why, std::uint64_t missing, std::string text) {
  broken_ = Broken{why, missing};
  return {Code::conflict, std::move(text)};
}

Expected<void> Conversation::take_welcome(const v1::Welcome& welcome) {
  const std::uint64_t through = welcome.through_seq(), first = first_at_hello_;
  if (welcomed_ || welcome.epoch() != epoch_) return fail(Code::invalid, "the cloud welcomed another ledger than ours");
  if (through > newest_at_hello_) {
    return fail(
        break_off(Break::forked, 0,
                  fmt::format("the cloud has records through {} of epoch {}, but this ledger ends at {}: it was "
                              "restored or cloned",
                              through, epoch_, newest_at_hello_)));
  }
  if (through + 1 < first) {
    return fail(break_off(Break::cloud_lost, first - 1 - through,
                          fmt::format("the cloud has records through {}, but the oldest one kept here is {}: the cloud "
                                      "lost what it had acknowledged",
                                      through, first)));
  }
  const std::string ours = welcome.through_hash().empty() ? "" : source_.hash_at(through);
  if (!ours.empty() && ours != welcome.through_hash()) {
    return fail(
        break_off(Break::forked, 0,
                  fmt::format("the cloud's record {} of epoch {} is not the one of this ledger: it was restored "
                              "or cloned",
                              through, epoch_)));
  }
  welcomed_ = true;
  sent_ = acknowledged_ = previewed_ = through;
  previews_ = newest_at_hello_ - through > options_.history_rate;
  if (careful_) careful_through_ = through + careful_records;
  return {};
}

void Conversation::take_ack(const v1::Ack& ack) {
  if (!welcomed_ || (!ack.epoch().empty() && ack.epoch() != epoch_) || ack.through_seq() > sent_ ||
      ack.through_seq() < acknowledged_) {
    log::warn("uplink.false-ack", {{"epoch", ack.epoch().substr(0, 64)},
                                   {"through", ack.through_seq()},
                                   {"sent", sent_},
                                   {"acknowledged", acknowledged_}});
    return;
  }
  progressed_ = progressed_ || ack.through_seq() > acknowledged_;
  acknowledged_ = ack.through_seq();
  while (!in_flight_.empty() && in_flight_.front() <= acknowledged_) in_flight_.pop_front();
}

void Conversation::settle() {
  if (!welcomed_ || acknowledged_ <= settled_) return;
  settled_ = acknowledged_;
  source_.acknowledged(epoch_, acknowledged_);
}

Expected<void> Conversation::check_alive(MonotonicTime now) const {
  if (now - last_heard_ < silent_heartbeats * options_.heartbeat) return {};
  return fail(Code::timeout, fmt::format("the cloud has been silent for {} s",
                                         std::chrono::duration_cast<std::chrono::seconds>(now - last_heard_).count()));
}

MonotonicTime Conversation::deadline() const {
  const bool polls = orders_ != nullptr && welcomed_;
  return std::min({last_heard_ + silent_heartbeats * options_.heartbeat, next_heartbeat_,
                   turn_at_.value_or(MonotonicTime::max()), polls ? next_poll_ : MonotonicTime::max()});
}

}  // namespace platen::uplink
