#include "agent/tasks/desk.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/log.h"

namespace platen::tasks {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_waiting = 256, most_known = 512, most_answers = 64, most_states = 256, full_list = 64,
                      few_left = 32, last_shown = 10;
constexpr std::chrono::hours old_news{24}, longest_memory{31 * 24};

Outcome outcome_of(Why why) { return why == Why::expired ? Outcome::expired : Outcome::refused; }

Book::Name name_of_task(const Task& task) {
  return {.task_id = task.id, .kind = std::string(kind_of(task.order)), .not_after = task.not_after};
}

}  // namespace

Expected<std::unique_ptr<Desk>> Desk::open(Setup setup, Journal& journal, Hands& hands, const Clock& clock) {
  auto book = Book::open(setup.state_dir, setup.tenant + "/" + setup.agent_id, clock.wall());
  if (!book) return fail(book.error());
  return std::unique_ptr<Desk>(new Desk(std::move(setup), std::move(*book), journal, hands, clock));
}

Desk::Desk(Setup setup, std::unique_ptr<Book> book, Journal& journal, Hands& hands, const Clock& clock)
    : setup_(std::move(setup)),
      journal_(journal),
      hands_(hands),
      clock_(clock),
      book_(std::move(book)),
      task_key_(setup_.task_key) {}

Desk::~Desk() = default;

std::optional<WallTime> Desk::now() const {
  return cloud_ ? std::optional(cloud_->said + (clock_.monotonic() - cloud_->heard)) : std::nullopt;
}

void Desk::heard(const CloudTime& cloud) {
  const std::lock_guard hold(mutex_);
  cloud_ = cloud;
}

// What may have been begun before its memory sets in was issued by the cloud's clock of then, at most so far ahead.
void Desk::settle(WallTime now) {
  if (!book_->remembers_since()) book_->settle(now + future_tolerance);
  book_->adopt(task_key_, now);
}

Desk::Offered Desk::offer(std::string_view signed_task, From from) {
  const std::lock_guard hold(mutex_);
  Offered offered = offer_locked(signed_task, from);
  setup_.wake();
  return offered;
}

Desk::Offered Desk::offer_locked(std::string_view signed_task, From from) {
  const auto at = now();
  if (!at) return {Said::later};
  try {
    settle(*at);
    auto task = judge(signed_task, {setup_.tenant, setup_.agent_id, book_->keys(), *at});
    return task ? accept(std::move(*task), *at) : refuse(task.error(), from, *at);
  } catch (const sqlite::Fault& fault) {
    trouble_ = to_error(fault, "the book of tasks").text;
    return {Said::later};
  }
}

Desk::Offered Desk::refuse(const Refusal& refusal, From from, WallTime now) {
  audit_.refused(name_of(refusal.why), refusal.text, refusal.task_id, clock_.monotonic());
  if (refusal.task_id.empty()) return {Said::refused};
  if (refusal.proven) {
    if (refusal.not_after && *refusal.not_after + old_news < now) return {Said::refused};
    if (const auto row = book_->find(refusal.task_id)) return answer_again(refusal.task_id, *row);
    end_now({.task_id = refusal.task_id, .kind = "", .not_after = refusal.not_after.value_or(now)},
            outcome_of(refusal.why), refusal.text, now);
  } else if (from == From::cloud && answers_.size() < most_answers && audit_.may_answer(clock_.monotonic())) {
    answers_.push_back(
        {.task_id = refusal.task_id, .outcome = Outcome::refused, .text = refusal.text, .began = now, .ended = now});
  }
  return {Said::refused};
}

// The first result once more, within bounds; nothing is executed.
Desk::Offered Desk::answer_again(const std::string& task_id, const Book::Row& row) {
  ++replayed_;
  if (row.over && row.whole && answers_.size() < most_answers && audit_.may_answer(clock_.monotonic()))
    answers_.push_back(row.result);
  return {Said::again, task_id};
}

Desk::Offered Desk::accept(Task task, WallTime now) {
  const std::string id = task.id;
  if (const auto row = book_->find(id)) return answer_again(id, *row);
  const auto holds = [&](const Waiting& what) {
    return std::any_of(what.names.begin(), what.names.end(),
                       [&](const Book::Name& name) { return name.task_id == id; });
  };
  if ((running_ && holds(running_->what)) || std::any_of(waiting_.begin(), waiting_.end(), holds))
    return {Said::again, id};
  if (task.issued < *book_->remembers_since()) {
    const std::string text =
        "this agent's memory of tasks begins after it was issued, so it may have been done; issue it again";
    audit_.refused("before-memory", text, id, clock_.monotonic());
    end_now(name_of_task(task), Outcome::refused, text, now);
    return {Said::refused, id};
  }
  const Policy policy = read_policy(setup_.policy_file);
  if (policy.forbids(kind_of(task.order))) {
    end_now(name_of_task(task), Outcome::forbidden,
            fmt::format("the site's policy forbids {} ({})", kind_of(task.order),
                        policy.trouble.empty() ? policy.file : policy.trouble),
            now);
    return {Said::taken, id};
  }
  if (const auto ending = at_once(task, now)) {
    end_now(name_of_task(task), ending->outcome, ending->text, now);
    return {Said::taken, id};
  }
  if (waiting_names() >= most_waiting) return {Said::later, id};
  wait(std::move(task), now);
  return {Said::taken, id};
}

void Desk::wait(Task task, WallTime now) {
  tell({.task_id = task.id, .stage = wire::TaskState::Stage::received});
  Book::Name name = name_of_task(task);
  const auto same = std::find_if(waiting_.begin(), waiting_.end(), [&](const Waiting& other) {
    return other.task.order.index() == task.order.index() && other.task.arguments == task.arguments &&
           task.not_before <= now && other.task.not_before <= now;
  });
  if (same != waiting_.end()) return same->names.push_back(std::move(name));
  const auto later = std::find_if(waiting_.begin(), waiting_.end(), [&](const Waiting& other) {
    return std::tie(task.issued, task.id) < std::tie(other.task.issued, other.task.id);
  });
  waiting_.insert(later, Waiting{std::move(task), {std::move(name)}});
}

void Desk::end_now(const Book::Name& name, Outcome outcome, std::string text, WallTime now) {
  book_->finish(name,
                {.task_id = name.task_id, .outcome = outcome, .text = std::move(text), .began = now, .ended = now});
  log::info("task.over", {{"task", name.task_id}, {"kind", name.kind}, {"outcome", wire::name_of(outcome)}});
}

// What is done by the desk itself, and does no harm a second time.
std::optional<Ending> Desk::at_once(const Task& task, WallTime now) {
  if (const auto* order = std::get_if<Cancel>(&task.order)) return cancel(*order, now);
  if (const auto* order = std::get_if<TrustKey>(&task.order)) return trust(*order, task.signer, now);
  if (std::holds_alternative<CheckUpdate>(task.order) || std::holds_alternative<OpenWebSession>(task.order))
    return Ending{Outcome::not_yet, "this version of the agent cannot do it yet"};
  return std::nullopt;
}

Ending Desk::cancel(const Cancel& order, WallTime now) {
  const auto take_out = [&](Waiting& what) {
    const auto name = std::find_if(what.names.begin(), what.names.end(),
                                   [&](const Book::Name& each) { return each.task_id == order.task_id; });
    if (name == what.names.end()) return false;
    end_now(*name, Outcome::cancelled, "", now);
    what.names.erase(name);
    return true;
  };
  if (running_ && take_out(running_->what)) {
    running_->cancel = running_->what.names.empty();
    return {Outcome::done, "it was under way"};
  }
  for (auto each = waiting_.begin(); each != waiting_.end(); ++each) {
    if (!take_out(*each)) continue;
    if (each->names.empty()) waiting_.erase(each);
    return {Outcome::done, "it had not begun"};
  }
  if (const auto row = book_->find(order.task_id))
    return {Outcome::done, fmt::format("it was over already: {}", wire::name_of(row->result.outcome))};
  end_now({.task_id = order.task_id, .kind = "", .not_after = now + longest_memory}, Outcome::cancelled,
          "cancelled before it came", now);
  return {Outcome::done, "it had not come yet"};
}

Ending Desk::trust(const TrustKey& order, const std::string& signer, WallTime now) {
  if (order.public_key == signer) return {Outcome::failed, "this key signs the tasks already"};
  book_->trust(order.public_key, signer, now + order.overlap);
  log::info("task.key-trusted", {{"overlap_s", order.overlap.count()}});
  return {Outcome::done};
}

std::vector<std::string> Desk::have() {
  const std::lock_guard hold(mutex_);
  std::vector<std::string> out;
  const auto add = [&](const Waiting& what) {
    for (const Book::Name& name : what.names) out.push_back(name.task_id);
  };
  if (running_) add(running_->what);
  for (const Waiting& each : waiting_) add(each);
  try {
    for (const Book::Past& past : book_->newest(most_known)) out.push_back(past.result.task_id);
  } catch (const sqlite::Fault& fault) {
    trouble_ = to_error(fault, "the book of tasks").text;
  }
  if (out.size() > most_known) out.resize(most_known);
  return out;
}

void Desk::look_now() {
  const std::lock_guard hold(mutex_);
  look_ = true;
}

bool Desk::wants_list() {
  const std::lock_guard hold(mutex_);
  const bool room = more_ && waiting_names() < few_left;
  if (room) more_ = false;
  return std::exchange(look_, false) || room;
}

void Desk::take_list(const std::vector<std::string>& signed_tasks) {
  const std::lock_guard hold(mutex_);
  bool news = false;
  for (const std::string& each : signed_tasks) {
    const Said said = offer_locked(each, From::cloud).said;
    news = news || said == Said::taken || said == Said::refused;
  }
  more_ = news && signed_tasks.size() >= full_list;  // a list that brings nothing new is not asked for again at once
  setup_.wake();
}

void Desk::tell(wire::TaskState state) {
  if (states_.size() < most_states || states_.contains(state.task_id))
    states_.insert_or_assign(state.task_id, std::move(state));
}

std::optional<wire::TaskState> Desk::next_state() {
  const std::lock_guard hold(mutex_);
  if (states_.empty()) return std::nullopt;
  return std::move(states_.extract(states_.begin()).mapped());
}

void Desk::key_of_identity(const std::string& task_key) {
  const std::lock_guard hold(mutex_);
  task_key_ = task_key;
}

std::size_t Desk::waiting_names() const {
  std::size_t sum = 0;
  for (const Waiting& each : waiting_) sum += each.names.size();
  return sum;
}

bool Desk::busy() {
  const std::lock_guard hold(mutex_);
  return running_.has_value() || !waiting_.empty() || !answers_.empty();
}

Desk::State Desk::state() {
  State out;
  out.policy = read_policy(setup_.policy_file);
  const std::lock_guard hold(mutex_);
  out.waiting = waiting_names();
  if (running_) out.running = kind_of(running_->what.task.order);
  out.replayed = replayed_;
  out.refused = audit_.counts();
  try {
    out.last = book_->newest(last_shown);
  } catch (const sqlite::Fault& fault) {
    trouble_ = to_error(fault, "the book of tasks").text;
  }
  out.trouble = trouble_;
  return out;
}

}  // namespace platen::tasks
