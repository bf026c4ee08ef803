// An HTTP/1.1 answer, put together from octets as they come, from whoever sends them. Pure.
//
//   Source   RFC 9112 §6, §7: a length, chunks, or the end of the connection. Strict: one way of framing or none; no
//            transfer coding but "chunked".
//   Limits   the head as in http_head.h, `most_octets` of body, 16 KiB of chunk lines and trailers, 8 answers of 1xx.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "transport/egress/http_head.h"

namespace platen::egress {

class HttpReader {
 public:
  // `to_head`: the question was HEAD; its answer has no body, whatever it says.
  HttpReader(bool to_head, std::size_t most_octets) : most_(most_octets), to_head_(to_head) {}
  // The next octets. After done() and refused() they are not looked at.
  void take(std::string_view octets);
  // Nothing more will come.
  void end();
  [[nodiscard]] bool done() const { return state_ == State::done; }
  [[nodiscard]] bool refused() const { return state_ == State::refused; }  // not HTTP, or longer than it may be
  // Whether another question may follow on the connection. When done().
  [[nodiscard]] bool connection_stays() const { return stays_ && waiting_.empty(); }
  [[nodiscard]] const HttpHead& head() const { return head_; }
  [[nodiscard]] const std::string& body() const { return body_; }
  [[nodiscard]] std::string take_body() { return std::move(body_); }

 private:
  enum class State { head, length, chunk_line, chunk, chunk_end, trailers, until_end, done, refused };
  bool step();  // false: more octets are needed, or none
  bool take_head();
  State frame();
  bool take_body_part();
  bool take_chunk_line();
  bool take_chunk_end();
  bool take_trailer();
  bool become(State state);
  // Up to the line's end, which is removed too; nullopt: it has not come.
  std::optional<std::string> line();

  State state_ = State::head;
  std::string waiting_;  // what no step has used yet
  HttpHead head_;
  std::string body_;
  std::size_t most_, left_ = 0 /*of the body or chunk*/, around_ = 0 /*octets of chunk lines and trailers*/,
                     interim_ = 0;
  bool to_head_, stays_ = false;
};

}  // namespace platen::egress
