#include "transport/command/mailbox.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "transport/command/channel.h"

namespace platen::channel {
namespace {

constexpr std::chrono::hours longest_wait{1};

}  // namespace

void Mailbox::open() {
  const std::lock_guard guard(mutex_);
  content_ = {};
  open_ = true;
}

void Mailbox::close() {
  const std::lock_guard guard(mutex_);
  open_ = false;
  room_.notify_all();
}

void Mailbox::came(Message message) {
  std::unique_lock lock(mutex_);
  room_.wait_for(lock, patience, [this] { return content_.in.size() < most_waiting || !open_; });
  if (content_.in.size() < most_waiting)
    content_.in.push_back(std::move(message));
  else
    ++content_.dropped;
  something_.notify_all();
}

bool Mailbox::goes(Message message) {
  const std::lock_guard guard(mutex_);
  if (!open_ || content_.out.size() >= most_waiting) return false;
  content_.out.push_back(std::move(message));
  something_.notify_all();
  return true;
}

void Mailbox::lost(std::string why) {
  const std::lock_guard guard(mutex_);
  if (!content_.lost || content_.lost->empty()) content_.lost = std::move(why);
  something_.notify_all();
}

void Mailbox::subscribed(Expected<void> how) {
  const std::lock_guard guard(mutex_);
  content_.subscribed = std::move(how);
  something_.notify_all();
}

void Mailbox::answered() {
  const std::lock_guard guard(mutex_);
  if (!content_.out.empty()) something_.notify_all();
}

Mailbox::Content Mailbox::take(MonotonicTime until, const std::stop_token& stop, const std::function<bool()>& room) {
  // max() milliseconds are more nanoseconds than there are: such a wait would end at once, again and again.
  const auto now = std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now());
  const MonotonicTime ends = std::clamp<MonotonicTime>(until, now, now + longest_wait);
  std::unique_lock lock(mutex_);
  something_.wait_until(lock, stop, ends, [&] {
    return !content_.in.empty() || (!content_.out.empty() && room()) || content_.dropped != 0 || content_.lost ||
           content_.subscribed;
  });
  Content taken = std::exchange(content_, {});
  if (!room()) content_.out.swap(taken.out);
  room_.notify_all();
  return taken;
}

}  // namespace platen::channel
