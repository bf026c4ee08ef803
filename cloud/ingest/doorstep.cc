#include "cloud/ingest/doorstep.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/descriptor.h"
#include "base/ip_address.h"
#include "base/log.h"
#include "cloud/ingest/address.h"
#include "cloud/ingest/proxy_line.h"

namespace platen::cloud {
namespace {

constexpr std::chrono::seconds patience{5};
constexpr std::chrono::milliseconds out_of_descriptors{100};  // then it is tried again
constexpr std::size_t most_waiting = 1024;

struct Peer {
  IpAddress address;
  std::uint16_t port = 0;
};

Peer peer_of(const sockaddr_storage& name) {
  if (name.ss_family == AF_INET) {
    sockaddr_in four{};
    std::memcpy(&four, &name, sizeof four);
    return {IpAddress::v4(ntohl(four.sin_addr.s_addr)), ntohs(four.sin_port)};
  }
  sockaddr_in6 six{};
  std::memcpy(&six, &name, sizeof six);
  std::array<std::uint8_t, 16> octets{};
  std::memcpy(octets.data(), &six.sin6_addr, octets.size());
  return {unmapped(IpAddress::v6(octets)), ntohs(six.sin6_port)};
}

// A connection whose line has not come yet, or not all of it.
struct Waiting {
  Descriptor connection;
  Peer peer;
  MonotonicTime until{};
  std::string line = {};
};

enum class Line { partial, whole, none };

// Takes the line off, and not an octet of what follows. What has no end yet is a part of it.
Line take_line(Waiting& waiting) {
  std::array<char, longest_proxy_line> octets{};
  const std::size_t room = octets.size() - waiting.line.size();
  const ssize_t count = ::recv(waiting.connection.get(), octets.data(), room, MSG_PEEK | MSG_DONTWAIT);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return Line::partial;
  if (count <= 0) return Line::none;
  const std::string_view seen(octets.data(), static_cast<std::size_t>(count));
  const std::size_t feed = seen.find('\n');
  const std::size_t ours = feed == std::string_view::npos ? seen.size() : feed + 1;
  waiting.line += seen.substr(0, ours);
  if (::recv(waiting.connection.get(), octets.data(), ours, MSG_DONTWAIT) != static_cast<ssize_t>(ours))
    return Line::none;
  if (feed != std::string_view::npos) return Line::whole;
  return waiting.line.size() < longest_proxy_line ? Line::partial : Line::none;
}

class PollingDoorstep final : public Doorstep {
 public:
  PollingDoorstep(const Listening& listening, std::vector<IpAddress> front_ends)
      : listener_(listening.fd),
        bell_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
        port_(listening.port),
        front_ends_(std::move(front_ends)) {}
  ~PollingDoorstep() override { stop(); }
  PollingDoorstep(const PollingDoorstep&) = delete;
  PollingDoorstep& operator=(const PollingDoorstep&) = delete;

  [[nodiscard]] std::uint16_t port() const override { return port_; }

  void start(Enter enter) override {
    enter_ = std::move(enter);
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
  }

  void stop() override {
    if (!thread_.joinable()) return;
    thread_.request_stop();
    const std::uint64_t one = 1;
    while (::write(bell_.get(), &one, sizeof one) < 0 && errno == EINTR) {
    }
    thread_.join();
    listener_ = Descriptor();
  }

  [[nodiscard]] std::string whose(const std::string& address, const std::string& port) const override {
    const std::lock_guard hold(mutex_);
    const auto found = said_.find(address + ' ' + port);
    return found == said_.end() ? address : found->second;
  }

 private:
  void run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      const MonotonicTime now = system_clock().monotonic();
      const bool may_accept = now >= accept_again_;
      std::vector<pollfd> all = {{bell_.get(), POLLIN, 0}, {may_accept ? listener_.get() : -1, POLLIN, 0}};
      for (const Waiting& each : waiting_) all.push_back({each.connection.get(), POLLIN, 0});
      ::poll(all.data(), all.size(), milliseconds_to_wait(now));
      for (std::size_t i = 2; i < all.size(); ++i) {
        if (all[i].revents != 0) read(waiting_[i - 2]);
      }
      if (all[1].revents != 0) accept_all();
      close_late(system_clock().monotonic());
    }
    waiting_.clear();
  }

  [[nodiscard]] int milliseconds_to_wait(MonotonicTime now) const {
    auto until = now < accept_again_ ? accept_again_ : MonotonicTime::max();
    if (!waiting_.empty()) until = std::min(until, waiting_.front().until);  // they come in their order
    if (until == MonotonicTime::max()) return -1;
    return static_cast<int>(std::max<std::int64_t>(0, (until - now).count()) + 1);
  }

  void accept_all() {
    while (true) {
      sockaddr_storage name{};
      socklen_t size = sizeof name;
      Descriptor connection(
          ::accept4(listener_.get(), reinterpret_cast<sockaddr*>(&name), &size, SOCK_CLOEXEC | SOCK_NONBLOCK));
      if (connection.get() < 0) {
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
          accept_again_ = system_clock().monotonic() + out_of_descriptors;
        return;  // nobody else waits, or the one who did is gone
      }
      came(std::move(connection), peer_of(name));
    }
  }

  void came(Descriptor connection, const Peer& peer) {
    if (std::find(front_ends_.begin(), front_ends_.end(), peer.address) == front_ends_.end())
      return enter_(connection.release());
    if (waiting_.size() >= most_waiting) waiting_.erase(waiting_.begin());
    waiting_.push_back(
        {.connection = std::move(connection), .peer = peer, .until = system_clock().monotonic() + patience});
    read(waiting_.back());  // it often comes with the connection
  }

  void read(Waiting& waiting) {
    const Line line = take_line(waiting);
    if (line == Line::partial) return;
    Descriptor connection = std::move(waiting.connection);  // without one it goes with the late ones
    const auto said = line == Line::whole ? proxied_address(waiting.line) : fail(Code::invalid, "no line");
    if (!said) {
      if (!waiting.line.empty())
        log::warn("ingest.no_proxy_line", {{"peer", waiting.peer.address.text()},
                                           {"why", "a front end has to write the PROXY protocol, version 1"}});
      return;
    }
    remember(waiting.peer, *said);
    enter_(connection.release());
  }

  void remember(const Peer& peer, const std::optional<IpAddress>& behind) {
    const std::string from = peer.address.text();
    const std::lock_guard hold(mutex_);
    said_[from + ' ' + std::to_string(peer.port)] = behind ? behind->text() : from;
  }

  void close_late(MonotonicTime now) {
    std::erase_if(waiting_, [&](const Waiting& each) { return each.connection.get() < 0 || each.until <= now; });
  }

  Descriptor listener_, bell_;
  const std::uint16_t port_;
  const std::vector<IpAddress> front_ends_;
  Enter enter_;
  std::vector<Waiting> waiting_;  // the oldest first
  MonotonicTime accept_again_ = MonotonicTime::min();
  mutable std::mutex mutex_;
  std::map<std::string, std::string> said_;  // by the front end's address and port
  std::jthread thread_;                      // the last: it ends first
};

}  // namespace

Expected<std::unique_ptr<Doorstep>> Doorstep::open(const std::string& address,
                                                   std::span<const std::string> front_ends) {
  std::vector<IpAddress> believed;
  for (const std::string& each : front_ends) {
    const auto parsed = IpAddress::parse(each);
    if (!parsed) return fail(Code::invalid, parsed.error().text + "; give --behind the address of the front end");
    believed.push_back(unmapped(*parsed));
  }
  return listen_at(address).map([&](const Listening& listening) -> std::unique_ptr<Doorstep> {
    return std::make_unique<PollingDoorstep>(listening, std::move(believed));
  });
}

}  // namespace platen::cloud
