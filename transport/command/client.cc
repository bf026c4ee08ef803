#include "transport/command/client.h"

#include <openssl/rand.h>
#include <sys/socket.h>

#include <algorithm>
#include <mutex>
#include <optional>
#include <random>
#include <utility>

#include "transport/command/base64.h"
#include "transport/command/mailbox.h"
#include "transport/command/pause.h"
#include "transport/command/websocket.h"
#include "transport/egress/connection.h"
#include "transport/egress/door.h"
#include "transport/egress/relay.h"

namespace platen::channel {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t longest_packet = most_octets + 4'096;  // with its topic and properties
constexpr std::size_t longest_answer = 16'384;
constexpr milliseconds farewell_patience{2'000};
constexpr auto stands = std::chrono::seconds(10);  // shorter connections count as failures

template <std::size_t Size>
std::array<std::uint8_t, Size> random_octets() {
  std::array<std::uint8_t, Size> out{};
  RAND_bytes(out.data(), Size);
  return out;
}

// A descriptor to speak MQTT on, and what keeps it going.
struct Wire {
  int fd = -1;
  std::unique_ptr<egress::Relay> relay;  // nullptr: plain
};

Error reason_of(const egress::Trouble& trouble) {
  if (trouble.fault == egress::Fault::strange_answer && !trouble.facts.detail.empty())
    return {Code::invalid, trouble.facts.host + ": " + trouble.facts.detail};
  return egress::error_of(trouble);
}

Expected<Wire> dial_plain(const Route& route, const std::stop_token& stop) {
  const auto fd = route.door->dial_plain(route.purpose, route.to, route.patience.dial, stop);
  if (!fd) return fail(reason_of(fd.error()));
  return Wire{*fd, nullptr};
}

Expected<Wire> wire_on(std::unique_ptr<egress::Connection> connection, std::unique_ptr<egress::Wrapping> wrapping) {
  auto relay = egress::Relay::start(std::move(connection), std::move(wrapping));
  if (!relay) return fail(relay.error());
  const int fd = (*relay)->take();
  return Wire{fd, *std::move(relay)};
}

Expected<Wire> dial(const Route& route, const std::stop_token& stop) {
  if (route.tls.roots_pem.empty()) return dial_plain(route, stop);
  auto made = route.door->dial({route.purpose, route.to, route.tls, route.patience.dial}, stop);
  if (!made) return fail(reason_of(made.error()));
  if (route.path.empty()) return wire_on(*std::move(made), nullptr);
  const auto random = random_octets<16>();
  const std::string key = to_base64({reinterpret_cast<const char*>(random.data()), random.size()});
  const auto answer = (*made)->ask(upgrade_request(route.to.text(), route.path, key), egress::head_is_whole,
                                   longest_answer, route.patience.dial, stop);
  if (!answer) return fail(reason_of(answer.error()));
  const auto head = egress::parse_head(*answer);
  if (!head) return fail(Code::invalid, route.to.text() + ": the answer is not HTTP");
  if (head->status != 101) {
    egress::Trouble barred{egress::Fault::no_upgrade, (*made)->facts()};
    barred.facts.status = head->status;
    return fail(reason_of(barred));
  }
  if (auto good = check_upgrade(*head, key); !good) return fail(good.error().in(route.to.text()));
  if (!answer->ends_with("\r\n\r\n")) return fail(Code::invalid, route.to.text() + ": it speaks before it is asked");
  return wire_on(*std::move(made), std::make_unique<Frames>(longest_packet, random_octets<4>));
}

MonotonicTime now() { return std::chrono::time_point_cast<milliseconds>(std::chrono::steady_clock::now()); }

}  // namespace

struct Client::Inside {
  Inside(Route way, Dialect& words) : route(std::move(way)), dialect(words) {}

  struct Attempt {
    Error why;
    bool stood = false;    // long enough to be called a connection
    bool renewal = false;  // it ended because that was due
    bool other_version = false;
    bool said = false;    // by the broker: that it is the version
    bool served = false;  // there was a session
  };

  Attempt one_connection(const std::stop_token& stop) {
    auto wire = dial(route, stop);
    if (!wire) return {wire.error()};
    mailbox.open();
    Ears ears{[this](Message message) { mailbox.came(std::move(message)); },
              [this](std::string why) { mailbox.lost(std::move(why)); },
              [this](Expected<void> how) { mailbox.subscribed(std::move(how)); }, [this] { mailbox.answered(); }};
    auto session = Session::open(wire->fd, version, dialect.hello(system_clock().wall()), std::move(ears),
                                 route.patience.dial, stop);
    Attempt attempt = session ? serve(**session, stop) : Attempt{session.error().why};
    mailbox.close();
    if (session && (stop.stop_requested() || attempt.renewal)) (*session)->close(farewell_patience);
    const auto trouble = wire->relay != nullptr ? wire->relay->trouble() : std::nullopt;
    attempt.served = session.has_value();
    attempt.said = !session && session.error().said;
    attempt.other_version = !session && session.error().version && (!trouble || trouble->fault == egress::Fault::cut);
    const bool said_why = attempt.why.code != Code::unavailable || !attempt.why.text.empty();
    if (trouble && (!said_why || !session)) attempt.why = reason_of(*trouble);
    if (attempt.why.text.empty() && !attempt.renewal) attempt.why.text = "the broker ended the connection";
    if (!attempt.why.text.empty() && attempt.why.text.find(route.to.text()) == std::string::npos)
      attempt.why = attempt.why.in(route.to.text());
    return attempt;
  }

  Attempt serve(Session& session, const std::stop_token& stop) {
    session.subscribe(dialect.topics());
    const MonotonicTime began = now();
    const milliseconds lifetime = dialect.lifetime(chance());
    const MonotonicTime ends = lifetime.count() == 0 ? MonotonicTime::max() : began + lifetime;
    MonotonicTime next = began + route.patience.dial;
    bool greeted = false;
    while (!stop.stop_requested()) {
      Mailbox::Content content = mailbox.take(std::min(next, ends), stop, [&] { return session.has_room(); });
      const bool alive = !content.in.empty() || content.dropped != 0;
      take(session, content);
      if (content.lost) return {{Code::unavailable, *content.lost}, greeted && now() - began >= stands};
      if (content.subscribed && !*content.subscribed) return {content.subscribed->error()};
      if (content.subscribed) greet(session), greeted = true;
      if (greeted && now() >= ends) return {{}, true, true};
      if (!greeted && !alive && now() >= next) return {{Code::timeout, "the broker does not answer SUBSCRIBE"}};
      next = greeted ? dialect.tend(now()) : alive ? now() + route.patience.dial : next;
    }
    publish(session, dialect.farewell());
    return {};
  }

  void greet(Session& session) {
    change([&](State& each) { each.connected = true, each.protocol = name_of(version), each.last_error.clear(); });
    publish(session, dialect.greeting());
  }

  void take(Session& session, Mailbox::Content& content) {
    std::vector<Message> answers;
    std::uint64_t unknown = content.dropped, commands = 0;
    for (Message& message : content.in) {
      const Dialect::Taken taken = dialect.take(std::move(message), answers);
      unknown += taken == Dialect::Taken::unknown ? 1 : 0;
      commands += taken == Dialect::Taken::handed_over ? 1 : 0;
    }
    if (content.dropped != 0) dialect.missed_some();
    publish(session, answers);
    for (const Message& message : content.out) session.publish(message);
    if (unknown + commands == 0) return;
    const std::lock_guard guard(mutex);
    state.dropped += unknown, state.commands += commands;
  }

  static void publish(Session& session, const std::vector<Message>& messages) {
    for (const Message& message : messages) session.publish(message);
  }

  void run(const std::stop_token& stop) {
    const Version preferred = version;
    unsigned failures = 0;
    bool tried_the_other = false, guessed = false;
    while (!stop.stop_requested()) {
      const Attempt attempt = one_connection(stop);
      if (stop.stop_requested()) break;
      failures = attempt.stood ? 0 : failures + 1;
      change([&](State& each) {
        each.connected = false, each.last_error = attempt.why.text;
        ++each.reconnects;
      });
      if (attempt.renewal) continue;
      const Version other = version == Version::v5 ? Version::v311 : Version::v5;
      const bool switches = attempt.other_version && dialect.speaks(other);
      if (switches)
        version = other, guessed = !attempt.said;
      else if (guessed && attempt.served)  // who was only rude may speak the better one after all
        version = preferred, guessed = false;
      if (switches && !std::exchange(tried_the_other, true)) continue;  // at once, and once
      tried_the_other = false;
      pause(failures, stop);
    }
    change([](State& each) { each.connected = false; }, false);  // asked for: no news
  }

  void pause(unsigned failures, const std::stop_token& stop) {
    std::mutex alone;
    std::unique_lock lock(alone);
    std::condition_variable_any never;
    never.wait_for(lock, stop, wait_after(failures), [] { return false; });
  }

  milliseconds wait_after(unsigned failures) {
    const Patience& patience = route.patience;
    if (!state.protocol.empty() || failures > 10)
      return pause_before(patience.spread, patience.longest, failures, chance());
    const milliseconds most = std::min(patience.longest, patience.first * (1U << failures));  // nobody's herd
    return std::chrono::duration_cast<milliseconds>(most * chance());
  }

  double chance() { return std::uniform_real_distribution<double>(0, 1)(random); }

  void change(const std::function<void(State&)>& how, bool tell = true) {
    State copy;
    {
      const std::lock_guard guard(mutex);
      how(state);
      copy = state;
    }
    if (tell && told) told(copy);
  }

  Route route;
  Dialect& dialect;
  Version version = dialect.speaks(Version::v5) ? Version::v5 : Version::v311;
  std::minstd_rand random{std::random_device{}()};
  Mailbox mailbox;
  std::function<void(const State&)> told;
  mutable std::mutex mutex;
  State state;
};

Client::Client(Route route, Dialect& dialect) : inside_(std::make_unique<Inside>(std::move(route), dialect)) {}
Client::~Client() = default;
void Client::run(const std::stop_token& stop) { inside_->run(stop); }
bool Client::say(Message message) { return inside_->mailbox.goes(std::move(message)); }
void Client::on_change(std::function<void(const State&)> told) { inside_->told = std::move(told); }

State Client::state() const {
  const std::lock_guard guard(inside_->mutex);
  return inside_->state;
}

}  // namespace platen::channel
