#include "cloud/ingest/visit.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/log.h"
#include "cloud/ingest/unpack.h"
#include "platen/v1/uplink.pb.h"

namespace platen::cloud {
namespace {

constexpr std::size_t longest_version = 64;

// What agents say of their tasks by way of the ledger.
bool is_of_a_task(const StoredRecord& record) { return record.kind == "task-begun" || record.kind == "task-result"; }

// 128 bits in hex: an epoch, or the number of a process.
bool is_epoch(const std::string& text) {
  return text.size() == 32 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

}  // namespace

Visit::Then Visit::take(v1::AgentMessage& message, v1::CloudMessage& answer) {
  const auto kind = message.message_case();
  if (kind == v1::AgentMessage::kHello) return greet(message.hello(), answer);
  if (kind == v1::AgentMessage::MESSAGE_NOT_SET) return Then::go_on;  // something that a newer agent says
  if (epoch_.empty()) return refuse(v1::Refusal::BAD_MESSAGE, "the first message must be Hello", 0, answer);
  if (auto admit = admitted(); !admit) return refuse(v1::Refusal::REVOKED, admit.error().text, 0, answer);
  if (kind == v1::AgentMessage::kBatch) return store(*message.mutable_batch(), answer);
  if (kind == v1::AgentMessage::kPreview) return preview(*message.mutable_preview());
  if (kind == v1::AgentMessage::kTasks) return list_tasks(message.tasks(), answer);
  if (kind == v1::AgentMessage::kTaskState) {
    if (tasks_ != nullptr) tasks_->heard(agent_, message.task_state().SerializeAsString());
    return Then::go_on;
  }
  answer.mutable_heartbeat()->set_number(message.heartbeat().number());
  answer.mutable_heartbeat()->set_cloud_time_ms(clock_.wall().time_since_epoch().count());
  return Then::answer_and_go_on;
}

Visit::Then Visit::greet(const v1::Hello& hello, v1::CloudMessage& answer) {
  if (agent_.empty() || hello.agent_id() != agent_)
    return refuse(v1::Refusal::NOT_YOU,
                  fmt::format("the certificate is of '{}', not of '{}'", agent_, hello.agent_id().substr(0, 64)), 0,
                  answer);
  if (!epoch_.empty()) return refuse(v1::Refusal::BAD_MESSAGE, "Hello was said already", 0, answer);
  if (!is_epoch(hello.epoch())) return refuse(v1::Refusal::BAD_MESSAGE, "an epoch is 32 hex digits", 0, answer);
  instance_ = is_epoch(hello.instance()) ? hello.instance() : "";
  if (auto admit = admitted(); !admit) return refuse(v1::Refusal::REVOKED, admit.error().text, 0, answer);
  auto seen = store_.saw(agent_,
                         {.epoch = hello.epoch(),
                          .version = hello.agent_version().substr(0, longest_version),
                          .newest = std::min<std::uint64_t>(hello.newest_seq(), INT64_MAX),
                          .address = peer_},
                         clock_.wall());
  const auto standing = seen ? store_.standing(agent_, hello.epoch()) : fail(seen.error());
  if (!standing) return refuse(v1::Refusal::STORE_UNAVAILABLE, standing.error().text, 0, answer);
  epoch_ = hello.epoch();
  v1::Welcome& welcome = *answer.mutable_welcome();
  welcome.set_epoch(epoch_);
  welcome.set_through_seq(standing->through_seq);
  welcome.set_through_hash(standing->hash);
  welcome.set_cloud_time_ms(clock_.wall().time_since_epoch().count());
  log::info("ingest.welcome", {{"agent", agent_},
                               {"peer", peer_},
                               {"epoch", epoch_},
                               {"through", standing->through_seq},
                               {"newest", hello.newest_seq()}});
  return Then::answer_and_go_on;
}

Expected<void> Visit::admitted() {
  return door_ == nullptr ? Expected<void>{} : door_->admit(agent_, instance_, peer_);
}

Visit::Then Visit::store(v1::Batch& batch, v1::CloudMessage& answer) {
  if (!of_this_epoch(batch))
    return refuse(v1::Refusal::BAD_MESSAGE, "a batch of another epoch than Hello's", 0, answer);
  auto records = unpack(batch);
  if (!records) return refuse(v1::Refusal::BAD_MESSAGE, records.error().text, 0, answer);
  std::uint64_t seq = 0;
  if (const auto whole = rebuild_.make_whole(store_, agent_, epoch_, *records, seq); !whole) {
    const Code code = whole.error().code;
    return refuse(code == Code::not_found     ? v1::Refusal::BASE_LOST
                  : code == Code::unavailable ? v1::Refusal::STORE_UNAVAILABLE
                                              : v1::Refusal::BAD_MESSAGE,
                  whole.error().text, seq, answer);
  }
  if (const std::string poison = decode_readings(*records); !poison.empty())
    log::warn("ingest.undecodable", {{"agent", agent_}, {"epoch", epoch_}, {"first", poison}});
  const bool leans =
      std::any_of(records->begin(), records->end(), [](const StoredRecord& record) { return record.base != 0; });
  const auto result = put(*records);
  if (!result) return refuse_for_the_store(result.error(), records->front().seq, answer);
  if (result->fork && leans) {  // perhaps not another history, but a base that is not the agent's
    return refuse(v1::Refusal::BASE_LOST, "what was made of the differences is not what was sent", seq, answer);
  }
  if (result->fork) return refuse_fork(records->front().seq, answer);
  if (result->gap) {
    return refuse(
        v1::Refusal::GAP,
        fmt::format("record {} is due, the batch begins with {}", result->through_seq + 1, records->front().seq),
        records->front().seq, answer);
  }
  answer.mutable_ack()->set_through_seq(result->through_seq);
  if (std::any_of(records->begin(), records->end(), is_of_a_task) && tasks_ != nullptr) tasks_->results_stored();
  return Then::answer_and_go_on;
}

Visit::Then Visit::list_tasks(const v1::TaskListRequest& request, v1::CloudMessage& answer) {
  const std::vector<std::string> have(request.have().begin(), request.have().end());
  v1::TaskList& list = *answer.mutable_tasks();
  if (tasks_ != nullptr) list.ParseFromString(tasks_->tasks_for(agent_, peer_, have));
  list.set_cloud_time_ms(clock_.wall().time_since_epoch().count());
  return Then::answer_and_go_on;
}

bool Visit::tell_tasks(v1::CloudMessage& message) {
  if (tasks_ == nullptr || epoch_.empty()) return false;
  const std::string octets = tasks_->new_tasks_for(agent_);
  return !octets.empty() && message.mutable_tasks()->ParseFromString(octets);
}

bool Visit::of_this_epoch(const v1::Batch& batch) const { return batch.epoch().empty() || batch.epoch() == epoch_; }

// Nothing depends on a preview, so nothing that is wrong with one ends the stream.
Visit::Then Visit::preview(v1::Batch& batch) {
  auto records = of_this_epoch(batch) ? unpack_preview(batch) : fail(Code::invalid, "of another epoch than Hello's");
  const auto shown = records ? store_.preview(agent_, epoch_, *records, clock_.wall()) : fail(records.error());
  if (!shown)
    log::warn("ingest.preview_passed_over", {{"agent", agent_}, {"epoch", epoch_}, {"why", shown.error().text}});
  return Then::go_on;
}

// A store that is there but cannot take these records as they are must not hold up the agent for ever.
Expected<PutResult> Visit::put(std::vector<StoredRecord>& records) {
  auto result = store_.put(agent_, epoch_, records, clock_.wall());
  if (result || result.error().code == Code::unavailable) return result;
  log::warn("ingest.one-by-one",
            {{"agent", agent_}, {"epoch", epoch_}, {"first", records.front().seq}, {"why", result.error().text}});
  return put_one_by_one(records);
}

Expected<PutResult> Visit::put_one_by_one(std::vector<StoredRecord>& records) {
  Expected<PutResult> result;
  for (StoredRecord& record : records) {
    result = store_.put(agent_, epoch_, {&record, 1}, clock_.wall());
    if (!result && result.error().code != Code::unavailable && record.reading) {
      record.reading.reset();
      result = store_.put(agent_, epoch_, {&record, 1}, clock_.wall());
    }
    if (!result || result->gap || result->fork) break;
  }
  return result;
}

// Unavailable: nothing of it can be stored now. Otherwise there is one record that never can; those before it are stored.
Visit::Then Visit::refuse_for_the_store(const Error& error, std::uint64_t first, v1::CloudMessage& answer) {
  const auto through = store_.position(agent_, epoch_);
  if (error.code == Code::unavailable || !through)
    return refuse(v1::Refusal::STORE_UNAVAILABLE, error.text, first, answer);
  log::warn("ingest.record_refused",
            {{"agent", agent_}, {"epoch", epoch_}, {"seq", *through + 1}, {"why", error.text}});
  return refuse(v1::Refusal::RECORD_REFUSED, fmt::format("the store cannot take record {}", *through + 1), *through + 1,
                answer);
}

Visit::Then Visit::refuse_fork(std::uint64_t seq, v1::CloudMessage& answer) {
  const std::string text = "other records stand under these numbers: a ledger was restored or cloned";
  if (auto told = store_.trouble(agent_, text, clock_.wall()); !told)
    log::warn("ingest.trouble_not_kept", {{"agent", agent_}, {"why", told.error().text}});
  return refuse(v1::Refusal::FORK, text, seq, answer);
}

Visit::Then Visit::refuse(int why, const std::string& text, std::uint64_t seq, v1::CloudMessage& answer) const {
  log::warn("ingest.refused", {{"agent", agent_},
                               {"peer", peer_},
                               {"epoch", epoch_},
                               {"why", v1::Refusal::Why_Name(static_cast<v1::Refusal::Why>(why))},
                               {"text", text}});
  v1::Refusal& refusal = *answer.mutable_refusal();
  refusal.set_why(static_cast<v1::Refusal::Why>(why));
  refusal.set_text(why == v1::Refusal::STORE_UNAVAILABLE ? "the store cannot take it now"
                                                         : text);  // our paths are nobody's business
  refusal.set_seq(seq);
  return Then::answer_and_end;
}

}  // namespace platen::cloud
