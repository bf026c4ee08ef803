#include "cloud/ingest/reception.h"

#include <algorithm>

#include "base/log.h"

namespace platen::cloud {

MonotonicTime Reception::heard() const {
  const std::lock_guard hold(mutex_);
  return heard_;
}

void Reception::tell() {
  {
    const std::lock_guard hold(mutex_);
    news_ = true;
  }
  next();
}

// While this goes on nobody finishes, so that the context is there; what gRPC calls back from within finds `ending_`.
void Reception::end() {
  {
    const std::lock_guard hold(mutex_);
    if (finished_ || ending_) return;
    ending_ = true;
  }
  context_.TryCancel();
  {
    const std::lock_guard hold(mutex_);
    ending_ = false;
  }
  next();
}

void Reception::OnReadDone(bool ok) {
  {
    const std::lock_guard hold(mutex_);
    heard_ = clock_.monotonic();
    (ok ? arrived_ : gone_) = true;
  }
  next();
}

void Reception::OnWriteDone(bool ok) {
  bool read_on = false;
  {
    const std::lock_guard hold(mutex_);
    gone_ = gone_ || !ok;
    read_on = read_on_ && ok;
  }
  if (read_on) StartRead(&incoming_);  // still its turn: gone() is not acted upon before it is given back
  give_back();
}

void Reception::OnDone() { all_.remove(this); }

// Whoever changed something asks what is to be done now; nothing while somebody has the turn.
void Reception::next() {
  enum class Do { nothing, answer, news, finish } what = Do::nothing;
  {
    const std::lock_guard hold(mutex_);
    if (turn_ || ending_ || finished_) return;
    if (gone_) {
      what = Do::finish, finished_ = true;
    } else if (arrived_) {
      what = Do::answer, arrived_ = false;
    } else if (news_) {
      what = Do::news, news_ = false;
    }
    turn_ = what != Do::nothing;
  }
  if (what == Do::answer) workers_.hand_in([self = shared_from_this()] { self->answer(); });
  if (what == Do::news) workers_.hand_in([self = shared_from_this()] { self->say_news(); });
  if (what == Do::finish) Finish(grpc::Status::OK);
}

void Reception::give_back() {
  {
    const std::lock_guard hold(mutex_);
    turn_ = false;
  }
  next();
}

void Reception::answer() {
  outgoing_.Clear();
  switch (visit_->take(incoming_, outgoing_)) {
    case Visit::Then::answer_and_go_on: return write(true);
    case Visit::Then::answer_and_end: return finish(true);
    case Visit::Then::go_on: break;
  }
  StartRead(&incoming_);
  give_back();
}

void Reception::say_news() {
  outgoing_.Clear();
  if (visit_->tell_tasks(outgoing_)) return write(false);
  give_back();
}

void Reception::write(bool read_on) {
  {
    const std::lock_guard hold(mutex_);
    read_on_ = read_on;
  }
  StartWrite(&outgoing_);
}

// The last word. When somebody ends the stream at this very moment, it ends without one.
void Reception::finish(bool with_message) {
  bool now = false;
  {
    const std::lock_guard hold(mutex_);
    gone_ = true;
    now = !ending_;
    finished_ = now;
  }
  if (!now) return give_back();
  if (with_message) return StartWriteAndFinish(&outgoing_, {}, grpc::Status::OK);
  Finish(grpc::Status::OK);
}

void Receptions::add(std::shared_ptr<Reception> reception) {
  std::shared_ptr<Reception> superfluous;
  {
    const std::lock_guard hold(mutex_);
    auto& streams = by_agent_[reception->agent()];
    if (streams.size() >= most_of_one_agent) superfluous = streams.front();
    streams.push_back(std::move(reception));
  }
  if (!superfluous) return;
  log::info("ingest.too_many_streams", {{"agent", superfluous->agent()}});
  superfluous->end();
}

void Receptions::remove(const Reception* reception) {
  std::shared_ptr<Reception> last;  // it goes after the lock
  const std::lock_guard hold(mutex_);
  const auto streams = by_agent_.find(reception->agent());
  if (streams == by_agent_.end()) return;
  const auto found = std::ranges::find(streams->second, reception, &std::shared_ptr<Reception>::get);
  if (found == streams->second.end()) return;
  last = std::move(*found);
  streams->second.erase(found);
  if (streams->second.empty()) by_agent_.erase(streams);
}

void Receptions::tell(const std::string& agent) {
  std::deque<std::shared_ptr<Reception>> streams;
  {
    const std::lock_guard hold(mutex_);
    if (const auto found = by_agent_.find(agent); found != by_agent_.end()) streams = found->second;
  }
  for (const auto& stream : streams) stream->tell();
}

void Receptions::end_silent(MonotonicTime since) {
  std::vector<std::shared_ptr<Reception>> silent;
  {
    const std::lock_guard hold(mutex_);
    for (const auto& [agent, streams] : by_agent_) {
      for (const auto& stream : streams) {
        if (stream->heard() < since) silent.push_back(stream);
      }
    }
  }
  for (const auto& stream : silent) {
    log::info("ingest.silent_stream", {{"agent", stream->agent()}});
    stream->end();
  }
}

}  // namespace platen::cloud
