// HTTPS requests through the door (door.h): HTTP/1.1 on a connection that it has dialled and checked.
//
//   Use      HttpClient client(door, "enrolment", tls);
//            auto answer = client.send({.url = "https://cloud.example/v1/enrol", .body = …}, stop);
//   Keeps    the connection open between requests to one host.
//   Rules    https only, to hosts that the door allows; redirects are not followed; an answer longer than
//            `most_octets` is an error. Nothing is sent twice: a lost answer is the caller's to judge.
//   Errors   Trouble: where on the way, error_of() for a sentence. Any HTTP status is an answer, not an error.
//   Threads  one at a time. The program ignores SIGPIPE (agent/host/service.h and base/command do that).
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/expected.h"
#include "transport/egress/fault.h"
#include "transport/egress/tls.h"

namespace platen::egress {

class Door;

struct HttpRequest {
  std::string url = {};  // "https://host:port/path"
  std::string method = "POST";
  std::string content_type = "application/x-protobuf";
  std::string body = {};
  std::vector<std::pair<std::string, std::string>> headers = {};  // further ones; no secrets in names
  std::chrono::milliseconds patience{30'000};                     // from dialling to the last octet
  std::size_t most_octets = 1U << 20U;                            // of the answer's body
};

struct HttpAnswer {
  int status = 0;
  std::string content_type = {}, location = {};
  std::string body = {};
  std::optional<WallTime> date = {};  // the peer's clock, seconds
  Facts facts = {};                   // how it was reached
};

class HttpClient {
 public:
  // `door` outlives the client.
  HttpClient(const Door& door, std::string purpose, Tls tls);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;
  [[nodiscard]] Expected<HttpAnswer, Trouble> send(const HttpRequest& request, const std::stop_token& stop = {});

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace platen::egress
