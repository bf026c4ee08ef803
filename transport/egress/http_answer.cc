#include "transport/egress/http_answer.h"

#include <algorithm>
#include <charconv>

#include "transport/egress/endpoint.h"

namespace platen::egress {
namespace {

constexpr std::size_t most_around = 16'384, most_interim = 8;

std::optional<std::size_t> number(std::string_view text, int base) {
  std::size_t value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (fault != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

void HttpReader::take(std::string_view octets) {
  if (state_ == State::refused) return;
  waiting_.append(octets);
  while (step()) {
  }
}

void HttpReader::end() {
  if (state_ == State::until_end) become(State::done);
}

bool HttpReader::step() {
  switch (state_) {
    case State::head: return take_head();
    case State::length:
    case State::chunk:
    case State::until_end: return take_body_part();
    case State::chunk_line: return take_chunk_line();
    case State::chunk_end: return take_chunk_end();
    case State::trailers: return take_trailer();
    case State::done:
    case State::refused: break;
  }
  return false;
}

bool HttpReader::become(State state) {
  state_ = state;
  return state != State::refused;
}

bool HttpReader::take_head() {
  if (!head_is_whole(waiting_)) return false;
  auto head = parse_head(waiting_);
  if (!head) return become(State::refused);
  stays_ = waiting_.starts_with("HTTP/1.1") && lower_case(head->field("connection")) != "close";
  waiting_.erase(0, waiting_.find("\r\n\r\n") + 4);
  if (head->status / 100 == 1)
    return become(++interim_ > most_interim || head->status == 101 ? State::refused : State::head);
  head_ = *std::move(head);
  return become(frame());
}

HttpReader::State HttpReader::frame() {
  const std::string_view length = head_.field("content-length"), coding = head_.field("transfer-encoding");
  if (to_head_ || head_.status == 204 || head_.status == 304) return State::done;
  if (!coding.empty()) return length.empty() && lower_case(coding) == "chunked" ? State::chunk_line : State::refused;
  left_ = most_;
  if (length.empty()) return stays_ = false, State::until_end;
  const auto octets = number(length, 10);
  if (!octets || *octets > most_) return State::refused;
  left_ = *octets;
  return left_ == 0 ? State::done : State::length;
}

bool HttpReader::take_body_part() {
  if (waiting_.empty()) return false;
  const std::size_t count = std::min(left_, waiting_.size());
  if (count == 0) return become(State::refused);  // more than may be, before the connection's end
  body_.append(waiting_, 0, count);
  waiting_.erase(0, count);
  left_ -= count;
  if (left_ == 0 && state_ != State::until_end) return become(state_ == State::chunk ? State::chunk_end : State::done);
  return true;
}

std::optional<std::string> HttpReader::line() {
  const std::size_t end = waiting_.find("\r\n");
  if ((end == std::string::npos ? waiting_.size() : end) + around_ > most_around) become(State::refused);
  if (end == std::string::npos || state_ == State::refused) return std::nullopt;
  std::string out = waiting_.substr(0, end);
  waiting_.erase(0, end + 2);
  around_ += end + 2;
  return out;
}

bool HttpReader::take_chunk_line() {
  const auto text = line();
  if (!text) return false;
  const std::string_view digits = std::string_view(*text).substr(0, text->find_first_of("; \t"));
  const auto size = number(digits, 16);
  if (!size || *size > most_ - body_.size()) return become(State::refused);
  left_ = *size;
  return become(left_ == 0 ? State::trailers : State::chunk);
}

bool HttpReader::take_chunk_end() {
  if (waiting_.size() < 2) return false;
  if (!waiting_.starts_with("\r\n")) return become(State::refused);
  waiting_.erase(0, 2);
  return become(State::chunk_line);
}

bool HttpReader::take_trailer() {
  const auto text = line();
  if (!text) return false;
  return !text->empty() || become(State::done);
}

}  // namespace platen::egress
