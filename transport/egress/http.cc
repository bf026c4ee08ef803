#include "transport/egress/http.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <array>

#include "transport/egress/connection.h"
#include "transport/egress/dialler.h"
#include "transport/egress/door.h"
#include "transport/egress/http_answer.h"

namespace platen::egress {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds longest_dial{15'000};

struct Url {
  Endpoint to;
  std::string authority, target;  // "host:port" and "/path?query", as they are written in a question
};

// "https://host:port/…" and nothing else.
Expected<Url> parse_url(const std::string& text) {
  constexpr std::string_view scheme = "https://";
  if (!text.starts_with(scheme)) return fail(Code::invalid, "only https is spoken here");
  const std::string_view rest = std::string_view(text).substr(scheme.size());
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  const std::string_view target = rest.substr(authority.size(), rest.find('#') - authority.size());
  auto to = parse_endpoint(authority, 443);
  if (!to) return fail(to.error());
  std::string shown = to->text();
  if (to->port == 443) shown.resize(shown.rfind(':'));
  return Url{*std::move(to), std::move(shown),
             target.starts_with('/') ? std::string(target) : "/" + std::string(target)};
}

// No end of line can be smuggled into the head, and no blank into its first line.
bool is_printable(std::string_view text, char from) {
  return std::all_of(text.begin(), text.end(), [from](char c) { return c >= from && c != 0x7F; });
}

Expected<std::string> question_of(const HttpRequest& request, const Url& url, const std::string& user_agent) {
  std::string head = fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: {}\r\nAccept: */*\r\n", request.method,
                                 url.target, url.authority, user_agent);
  bool sound =
      is_printable(request.method, '!') && is_printable(url.target, '!') && is_printable(request.content_type, ' ');
  if (request.method != "GET" && request.method != "HEAD")
    head += fmt::format("Content-Type: {}\r\nContent-Length: {}\r\n", request.content_type, request.body.size());
  for (const auto& [name, value] : request.headers) {
    sound = sound && is_printable(name, '!') && is_printable(value, ' ');
    head += fmt::format("{}: {}\r\n", name, value);
  }
  if (!sound) return fail(Code::invalid, "a request with control characters in its head");
  return head + "\r\n" + request.body;
}

// One question on a connection and its answer.
class Exchange {
 public:
  Exchange(Connection& connection, std::string_view question, HttpReader& reader)
      : connection_(connection), left_(question), reader_(reader) {}

  Fault run(const Patience& patience) {
    for (;;) {
      waits_ = 0;
      const bool wrote = write(), read = this->read();
      if (reader_.done()) return Fault::none;
      if (reader_.refused()) return Fault::strange_answer;
      if (over_) return connection_.trouble().fault;
      if (!wrote && !read && !wait_for(connection_.fd(), waits_, patience))
        return patience.stop.stop_requested() ? Fault::stopped : Fault::silent;
    }
  }

 private:
  bool write() {
    if (left_.empty()) return false;
    std::size_t count = 0;
    const Connection::Io io = connection_.write(std::span(left_.data(), left_.size()), count);
    left_.remove_prefix(count);
    if (io == Connection::Io::broken || io == Connection::Io::closed) left_ = {};  // why stands in what the peer said
    return wait_or(io);
  }
  bool read() {
    std::array<char, 4096> buffer{};
    std::size_t count = 0;
    const Connection::Io io = connection_.read(buffer, count);
    reader_.take({buffer.data(), count});
    over_ = io == Connection::Io::closed || io == Connection::Io::broken;
    if (over_) reader_.end();
    return wait_or(io);
  }
  bool wait_or(Connection::Io io) {
    if (io == Connection::Io::wants_read) waits_ |= POLLIN;
    if (io == Connection::Io::wants_write) waits_ |= POLLOUT;
    return io == Connection::Io::moved;
  }

  Connection& connection_;
  std::string_view left_;
  HttpReader& reader_;
  short waits_ = 0;
  bool over_ = false;
};

// A connection that was kept says nothing until it is asked: what comes is TLS' own, or its end.
bool is_quiet(Connection& connection) {
  char octet = 0;
  std::size_t count = 0;
  return connection.read(std::span(&octet, 1), count) == Connection::Io::wants_read;
}

}  // namespace

struct HttpClient::State {
  const Door& door;
  const std::string purpose;
  const Tls tls;
  std::unique_ptr<Connection> kept = {};  // to `host`
  std::string host = {};

  Expected<HttpAnswer, Trouble> send(const HttpRequest& request, const Url& url, const std::stop_token& stop) {
    const auto began = steady_clock::now();
    const Patience patience{began + request.patience, stop};
    const auto question = question_of(request, url, door.settings().user_agent);
    if (!question) return refused(question.error().text);
    if (kept != nullptr && (host != url.to.text() || !door.allows(url.to.host) || !is_quiet(*kept))) kept.reset();
    const bool anew = kept == nullptr;
    if (anew) {
      auto made = door.connect({purpose, url.to, tls, std::min(request.patience, longest_dial)}, stop);
      if (!made) return door.log(purpose, made.error()), fail(std::move(made.error()));
      kept = *std::move(made);
      host = url.to.text();
    }
    HttpReader reader(request.method == "HEAD", request.most_octets);
    const Fault fault = Exchange(*kept, *question, reader).run(patience);
    Facts facts = kept->facts();
    if (fault != Fault::none) facts.took = std::chrono::duration_cast<milliseconds>(steady_clock::now() - began);
    if (anew || fault != Fault::none) door.log(purpose, {fault, facts});
    if (fault != Fault::none || !reader.connection_stays()) kept.reset();
    if (fault != Fault::none) return fail(Trouble{fault, std::move(facts)});
    return answer_of(reader, std::move(facts));
  }

  static HttpAnswer answer_of(HttpReader& reader, Facts facts) {
    const HttpHead& head = reader.head();
    HttpAnswer answer{.status = head.status,
                      .content_type = std::string(head.field("content-type")),
                      .location = std::string(head.status / 100 == 3 ? head.field("location") : ""),
                      .body = reader.take_body(),
                      .date = parse_date(head.field("date")),
                      .facts = std::move(facts)};
    answer.facts.status = answer.status;
    answer.facts.location = answer.location;
    return answer;
  }

  static Expected<HttpAnswer, Trouble> refused(const std::string& why) {
    Facts facts;
    facts.detail = why;
    return fail(Trouble{Fault::bad_settings, std::move(facts)});
  }
};

// What a server finds in ALPN, where it looks for the way of a closed connection.
HttpClient::HttpClient(const Door& door, std::string purpose, Tls tls) {
  if (tls.alpn.empty() && tls.offers.empty()) tls.offers = {"http/1.1"};
  state_.reset(new State{door, std::move(purpose), std::move(tls)});
}
HttpClient::~HttpClient() = default;

Expected<HttpAnswer, Trouble> HttpClient::send(const HttpRequest& request, const std::stop_token& stop) {
  const auto url = parse_url(request.url);
  return url ? state_->send(request, *url, stop) : State::refused(url.error().text);
}

}  // namespace platen::egress
