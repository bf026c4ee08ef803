#include "cloud/main/task_service.h"

#include <algorithm>
#include <map>

#include "base/log.h"
#include "cloud/main/task_history.h"

namespace platen::cloud {
namespace {

constexpr std::size_t at_once = 256, most_announced = 64;  // of one agent; beyond that it is told to look
constexpr std::chrono::seconds look_every{1};
constexpr std::chrono::hours tidy_every{24};
constexpr std::chrono::hours key_overlap{24};

}  // namespace

Expected<std::unique_ptr<TaskService>> TaskService::open(const std::string& folder, Store& store,
                                                         enroll::Registry& registry, const Clock& clock) {
  std::unique_ptr<TaskService> service(new TaskService(folder, store, registry, clock));
  if (const auto key = service->keys_.current(); !key) return fail(key.error());
  auto book = TaskBook::open(folder + "/tasks.db", service->keys_);
  if (!book) return fail(book.error());
  service->book_ = std::move(*book);
  if (auto same = compare_histories(*service->book_, store, clock.wall()); !same) return fail(same.error());
  return service;
}

Expected<std::string> TaskService::key_for(const std::string& agent) { return book_->key_for(agent, clock_.wall()); }

bool TaskService::may(enroll::Limit& limit, const std::string& key) {
  const std::lock_guard hold(mutex_);
  const MonotonicTime now = clock_.monotonic();
  const bool good = limit.wait(key, now).count() == 0;
  limit.count(key, now);
  return good;
}

std::string TaskService::tasks_for(const std::string& agent, const std::string& peer,
                                   std::span<const std::string> have) {
  if (!may(of_address_, enroll::address_key(peer)) || !may(of_agent_, agent)) {
    log::debug("tasks.asked_too_often", {{"agent", agent}, {"peer", peer}});
    return "";
  }
  auto list = book_->hand_out(agent, TaskBook::Which::all, have, clock_.wall());
  if (!list) log::error("tasks.not_listed", {{"agent", agent}, {"why", list.error().text}});
  return list.value_or("");
}

std::string TaskService::new_tasks_for(const std::string& agent) {
  auto list = book_->hand_out(agent, TaskBook::Which::never_handed_out, {}, clock_.wall());
  if (!list) log::error("tasks.not_listed", {{"agent", agent}, {"why", list.error().text}});
  return list.value_or("");
}

void TaskService::heard(const std::string& agent, const std::string& task_state) {
  if (!may(states_, agent)) return;
  const auto heard = book_->heard(agent, task_state, clock_.wall());
  if (!heard) log::warn("tasks.state_not_kept", {{"agent", agent}, {"why", heard.error().text}});
}

void TaskService::follow(Tell tell, Announcer* announcer) {
  tell_ = std::move(tell), announcer_ = announcer;
  // What was made before this start is fetched by polling.
  announced_ = book_->newest_number().value_or(0);
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void TaskService::stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  watch_.wake();
  thread_.join();
  if (const auto told = tell_store(); !told) log::warn("tasks.behind", {{"why", told.error().text}});
}

void TaskService::run(const std::stop_token& stop) {
  std::string trouble;
  MonotonicTime tidied = MonotonicTime::min();
  while (!stop.stop_requested()) {
    auto done = take_results().and_then([&] { return announce_new(); }).and_then([&] { return tell_store(); });
    if (done && (tidied == MonotonicTime::min() || clock_.monotonic() - tidied >= tidy_every)) {
      done = tidy();
      tidied = clock_.monotonic();
    }
    const std::string said = done ? "" : done.error().text;
    if (!said.empty() && said != trouble) log::warn("tasks.behind", {{"why", said}});
    trouble = said;
    static_cast<void>(watch_.wait(look_every));
  }
}

// The store has them durably; the book keeps them and how far it has read in one transaction. A kill between the two reads the
// same records again.
Expected<void> TaskService::take_results() {
  for (;;) {
    const auto through = book_->taken_through();
    if (!through) return fail(through.error());
    const auto rows = store_.task_results(*through, at_once);
    if (!rows) return fail(rows.error());
    if (rows->empty()) return {};
    std::vector<TaskResultRecord> records;
    for (const FeedRow& row : *rows)
      records.push_back({row.number, row.agent, row.octets, row.stored_at, row.kind == "task-begun", row.hash});
    if (auto taken = book_->take(records); !taken) return taken;
  }
}

// So that a list of tasks that is restored from an older copy is known as one.
Expected<void> TaskService::tell_store() {
  const auto progress = book_->progress();
  if (!progress) return fail(progress.error());
  if (*progress == told_) return {};
  auto told = store_.saw_tasks(*progress);
  if (told) told_ = *progress;
  return told;
}

Expected<void> TaskService::announce_new() {
  for (;;) {
    const auto newest = book_->newest_number();
    if (!newest) return fail(newest.error());
    if (*newest <= announced_) return {};
    const auto made = book_->made_since(announced_, at_once, announcer_ != nullptr, clock_.wall());
    if (!made) return fail(made.error());
    std::map<std::string, std::size_t> told;
    for (const NewTask& task : *made) {
      const std::size_t before = told[task.agent]++;
      if (announcer_ != nullptr && before <= most_announced)
        announcer_->announce(task.agent, before < most_announced ? task.signed_task : "");
      if (before == 0 && tell_) tell_(task.agent);
    }
    const std::int64_t last = made->empty() ? 0 : made->back().number;
    announced_ = made->size() < at_once ? std::max(*newest, last) : last;
  }
}

// Whoever does not trust the current key yet is told again when an earlier order expired; and what is long over goes.
Expected<void> TaskService::tidy() {
  const auto agents = registry_.agents();
  if (!agents) return fail(agents.error());
  std::vector<std::pair<std::string, std::string>> tenants;
  for (const enroll::AgentEntry& agent : *agents) {
    if (!agent.revoked) tenants.emplace_back(agent.place.agent_id, agent.place.dealer);
  }
  const auto sent = book_->send_current_key(tenants, key_overlap, clock_.wall());
  return sent ? book_->forget_old(clock_.wall()) : fail(sent.error());
}

}  // namespace platen::cloud
