// How long a command is under way between the cloud and an agent, by the channel that both really use. bench/command runs it.
//
//   channel-bench ways AGENTS-AT CLOUD-AT DATA AGENTS COMMANDS
//       so many agents at the broker, whose authority's keys are in DATA; HOST:PORT for each side, and tls://HOST:PORT for the
//       cloud where there is no WebSocket. A line for each command: microseconds to the agent, and back
//   channel-bench herd AGENTS
//       the largest part of a fleet that is back within one second, in percent
//
// Each agent has a key and a certificate of its own. They share processes, because Paho looks up ten times a second in each: what
// is no load on 500 hosts is one on the cores of one. One command is under way at a time, to one agent after the other. All clocks
// are one: everything is on this host.
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "agent/identity/identity.h"
#include "base/log.h"
#include "cloud/enroll/keyring.h"
#include "tests/unit/agent_ledger/folder.h"
#include "tests/unit/transport_command/herd.h"
#include "transport/command/announcer.h"
#include "transport/command/channel.h"
#include "transport/egress/door.h"

namespace {

using namespace platen;
using namespace std::chrono_literals;

constexpr std::size_t usual_size = 300;  // of a signed task
constexpr std::size_t most_in_one = 25;
constexpr std::chrono::milliseconds between_two{10}, longest_way{10s}, all_are_there{120s};
constexpr channel::Patience hasty{.first = 1s, .spread = 1s, .longest = 2s, .dial = 60s};

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "channel-bench: %s\n", why.c_str());
  std::exit(1);
}

template <class T>
T must(Expected<T> value) {
  if (!value) give_up(value.error().text);
  return *std::move(value);
}

std::int64_t now_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// The payload: which command, when it was sent, when the agent had it.
struct Stamps {
  std::int64_t number = 0, sent = 0, received = 0;
  [[nodiscard]] std::string octets() const {
    std::string out(usual_size, ' ');
    std::memcpy(out.data(), this, sizeof *this);
    return out;
  }
  static Stamps of(const std::string& octets) {
    Stamps out;
    if (octets.size() >= sizeof out) std::memcpy(&out, octets.data(), sizeof out);
    return out;
  }
};

std::string name_of(std::size_t agent) { return "bench-" + std::to_string(agent); }

struct Way {
  std::string address;
  enroll::Identity ca;
  std::shared_ptr<const egress::Door> door;
};

Way way_to(const std::string& address, const std::string& data) {
  const auto host = must(egress::parse_endpoint(address)).host;
  return {address, must(enroll::load_keyring(data)).ca,
          std::make_shared<const egress::Door>(egress::Settings{.routes = {}, .allowed = {host}})};
}

// Answers each command with a receipt, as the agent does when it has checked the signature.
class Echo final : public channel::Taker {
 public:
  Echo(const Way& way, const std::string& name) {
    const tests::Folder folder;
    const auto request = must(identity::make_key_and_csr(folder / "key", folder / "csr", name));
    std::ifstream key(folder / "key");
    const auto certificate = must(
        enroll::sign_agent(way.ca, request.csr_pem, {name, "Dealer"}, enroll::agent_lifetime, system_clock().wall()));
    channel_ = must(channel::make_broker_channel({.address = way.address,
                                                  .agent_id = name,
                                                  .roots_pem = way.ca.certificate_pem,
                                                  .certificate_pem = certificate,
                                                  .key_pem = Secret(std::string(std::istreambuf_iterator(key), {})),
                                                  .patience = hasty,
                                                  .door = way.door},
                                                 *this));
    thread_ = std::jthread([this](const std::stop_token& stop) { channel_->run(stop); });
  }

 private:
  void offer(std::string octets) override {
    Stamps stamps = Stamps::of(octets);
    stamps.received = now_us();
    channel_->say_received(stamps.octets());
  }
  void look_now() override {}

  std::unique_ptr<channel::CommandChannel> channel_;
  std::jthread thread_;
};

// Processes that live until the bench lets go of them, or ends.
class Agents {
 public:
  Agents(const Way& way, std::size_t count) {
    if (::pipe(hold_.data()) != 0) give_up("no pipe");
    for (std::size_t first = 0; first < count; first += most_in_one) {
      const pid_t pid = ::fork();
      if (pid < 0) give_up("no more processes");
      if (pid == 0) be(way, first, std::min(count, first + most_in_one));
      pids_.push_back(pid);
    }
    ::close(hold_[0]);
  }
  ~Agents() {
    ::close(hold_[1]);
    for (const pid_t pid : pids_) ::waitpid(pid, nullptr, 0);
  }
  Agents(const Agents&) = delete;
  Agents& operator=(const Agents&) = delete;

 private:
  // Ended as by a kill: nobody waits for so many farewells.
  [[noreturn]] void be(const Way& way, std::size_t first, std::size_t end) const {
    ::close(hold_[1]);
    std::vector<std::unique_ptr<Echo>> all;
    for (std::size_t i = first; i < end; ++i) all.push_back(std::make_unique<Echo>(way, name_of(i)));
    char none = 0;
    while (::read(hold_[0], &none, 1) < 0) {
    }
    std::_Exit(0);
  }
  std::array<int, 2> hold_{};
  std::vector<pid_t> pids_;
};

class Cloud final : public channel::Listener {
 public:
  Cloud(const Way& way, const std::string& address) {
    constexpr std::string_view no_websocket = "tls://";
    const bool bare = address.starts_with(no_websocket);
    const auto own = must(enroll::make_client(way.ca, "_cloud", system_clock().wall()));
    announcer_ = must(channel::make_announcer({.address = bare ? address.substr(no_websocket.size()) : address,
                                               .path = bare ? "" : "/mqtt",
                                               .client_id = "_cloud",
                                               .roots_pem = way.ca.certificate_pem,
                                               .certificate_pem = own.certificate_pem,
                                               .key_pem = own.key_pem,
                                               .patience = hasty,
                                               .door = way.door},
                                              *this));
    thread_ = std::jthread([this](const std::stop_token& stop) { announcer_->run(stop); });
  }
  void until_there_are(std::size_t count) {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, all_are_there, [&] { return there_.size() == count; }))
      give_up("only " + std::to_string(there_.size()) + " agents reached the broker; " +
              announcer_->state().last_error);
  }
  // The receipt's stamps.
  Stamps command(const std::string& agent) {
    const std::int64_t number = ++number_;
    const std::int64_t sent = now_us();
    if (!announcer_->announce(agent, Stamps{number, sent, 0}.octets(), 60s)) give_up("the broker is away");
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, longest_way, [&] { return seen_.number == number; }))
      give_up("no receipt of a command within 10 s");
    return seen_;
  }

 private:
  void seen(const std::string& /*agent_id*/, std::string octets) override {
    const std::lock_guard hold(mutex_);
    seen_ = Stamps::of(octets);
    changed_.notify_all();
  }
  void missed_some() override {}
  void presence(const std::string& agent_id, bool online, bool /*remembered*/) override {
    const std::lock_guard hold(mutex_);
    online ? void(there_.insert(agent_id)) : void(there_.erase(agent_id));
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::set<std::string> there_;
  Stamps seen_;
  std::int64_t number_ = 0;
  std::unique_ptr<channel::Announcer> announcer_;
  std::jthread thread_;  // last: it ends before what it uses
};

void ways(const std::vector<std::string>& words) {
  const Way way = way_to(words[1], words[3]);
  const std::size_t count = std::stoul(words[4]), commands = std::stoul(words[5]);
  const Agents agents(way, count);  // before there are threads
  Cloud cloud(way, words[2]);
  cloud.until_there_are(count);
  for (std::size_t i = 0; i < commands; ++i) {
    std::this_thread::sleep_for(between_two);
    const Stamps stamps = cloud.command(name_of(i % count));
    std::printf("%lld %lld\n", static_cast<long long>(stamps.received - stamps.sent),
                static_cast<long long>(now_us() - stamps.received));
  }
}

void herd(std::size_t agents) {
  std::size_t most = 0;
  for (const int outage : {0, 1, 60, 121, 600, 3'600})
    most = std::max(most, channel::busiest_second(agents, std::chrono::seconds(outage), 1));
  std::printf("%.2f\n", 100.0 * static_cast<double>(most) / static_cast<double>(agents));
}

}  // namespace

int main(int argc, char** argv) {
  log::threshold(log::Level::error);
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() == 6 && words[0] == "ways") return ways(words), 0;
  if (words.size() == 2 && words[0] == "herd") return herd(std::stoul(words[1])), 0;
  std::fputs("usage: channel-bench ways AGENTS-AT CLOUD-AT DATA AGENTS COMMANDS | herd AGENTS\n", stderr);
  return 2;
}
