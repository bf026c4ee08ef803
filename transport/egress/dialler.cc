#include "transport/egress/dialler.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>
#include <vector>

#include "agent/host/resolve.h"
#include "base/descriptor.h"
#include "transport/egress/http_head.h"

namespace platen::egress {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds head_start{250}, look_at_stop_every{100};
constexpr unsigned dead_after_ms = 60'000;  // octets that nobody acknowledges
constexpr std::size_t longest_head = 16'384;

milliseconds left_of(const Patience& patience) {
  return std::chrono::ceil<milliseconds>(patience.until - steady_clock::now());
}

bool is_over(const Patience& patience) {
  return patience.stop.stop_requested() || steady_clock::now() >= patience.until;
}

Fault fault_of_ending(const Patience& patience, bool of_proxy) {
  if (patience.stop.stop_requested()) return Fault::stopped;
  return of_proxy ? Fault::proxy_silent : Fault::silent;
}

// 0, or errno.
int begin_connect(int fd, const IpAddress& to, std::uint16_t port) {
  ::sockaddr_in four = {};
  four.sin_family = AF_INET;
  four.sin_port = htons(port);
  four.sin_addr.s_addr = htonl(to.to_v4());
  ::sockaddr_in6 six = {};
  six.sin6_family = AF_INET6;
  six.sin6_port = htons(port);
  six.sin6_scope_id = to.scope();
  std::memcpy(&six.sin6_addr, to.octets().data(), to.octets().size());
  const int result = to.is_v4() ? ::connect(fd, reinterpret_cast<const ::sockaddr*>(&four), sizeof four)
                                : ::connect(fd, reinterpret_cast<const ::sockaddr*>(&six), sizeof six);
  return result == 0 || errno == EINPROGRESS ? 0 : errno;
}

int error_on(int fd) {
  int error = 0;
  ::socklen_t size = sizeof error;
  return ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

// Connections under way to several addresses of one host.
class Race {
 public:
  void begin(const IpAddress& to, std::uint16_t port) {
    Descriptor made(::socket(to.is_v4() ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (made.get() >= 0) look_after(made.get());
    const int error = made.get() < 0 ? errno : begin_connect(made.get(), to, port);
    error == 0 ? under_way_.push_back(std::move(made)) : failed(error);
  }
  // The first that is connected, or -1 when none is within that time.
  int wait(milliseconds longest) {
    std::vector<::pollfd> polled;
    for (const Descriptor& each : under_way_) polled.push_back({each.get(), POLLOUT, 0});
    if (::poll(polled.data(), polled.size(), static_cast<int>(longest.count())) <= 0) return -1;
    for (std::size_t i = polled.size(); i-- > 0;) {
      if (polled[i].revents == 0) continue;
      const int error = error_on(polled[i].fd);
      if (error == 0) return under_way_[i].release();
      failed(error);
      under_way_.erase(under_way_.begin() + static_cast<std::ptrdiff_t>(i));
    }
    return -1;
  }
  [[nodiscard]] bool empty() const { return under_way_.empty(); }
  [[nodiscard]] int why() const { return why_ == 0 ? ETIMEDOUT : why_; }

 private:
  void failed(int error) {
    if (why_ == 0) why_ = error;
  }
  std::vector<Descriptor> under_way_;
  int why_ = 0;
};

Expected<std::vector<IpAddress>, Fault> addresses_of(const std::string& host, bool of_proxy, const Patience& patience,
                                                     Facts& facts) {
  if (const auto address = IpAddress::parse(host)) return std::vector{*address};
  auto found = host::resolve(host, std::max(left_of(patience), milliseconds(1)), patience.stop);
  if (found && !found->empty()) return *std::move(found);
  if (patience.stop.stop_requested()) return fail(Fault::stopped);
  facts.detail = found ? "the name has no address" : found.error().text;
  return fail(of_proxy ? Fault::proxy_name : Fault::name);
}

Fault fault_of_errno(int error, bool of_proxy) {
  switch (error) {
    case ECANCELED: return Fault::stopped;
    case ECONNREFUSED: return of_proxy ? Fault::proxy_away : Fault::refused;
    case ETIMEDOUT: return of_proxy ? Fault::proxy_silent : Fault::silent;
    default: return Fault::no_way;
  }
}

Expected<Descriptor, Fault> reach(const Endpoint& at, bool is_proxy, const Patience& patience, Facts& facts) {
  const auto addresses = addresses_of(at.host, is_proxy, patience, facts);
  if (!addresses) return fail(addresses.error());
  const auto fd = connect_to_first(*addresses, at.port, patience);
  if (fd) return Descriptor(*fd);
  facts.detail = fmt::format("connect: {}", std::generic_category().message(fd.error()));
  return fail(fault_of_errno(fd.error(), is_proxy));
}

// As much as belongs to the head is taken, and appended; false: nothing more will come.
bool take_of_head(int fd, std::string& head) {
  std::array<char, 2048> ahead{};
  const ssize_t seen = ::recv(fd, ahead.data(), ahead.size(), MSG_PEEK);
  if (seen <= 0) return seen < 0 && (errno == EAGAIN || errno == EINTR);
  const std::size_t before = head.size();
  head.append(ahead.data(), static_cast<std::size_t>(seen));
  const std::size_t end = head.find("\r\n\r\n", before < 3 ? 0 : before - 3);
  if (end != std::string::npos) head.resize(end + 4);
  return ::recv(fd, ahead.data(), head.size() - before, 0) > 0;
}

Expected<std::string, Fault> head_from(int fd, const Patience& patience) {
  std::string head;
  while (!head_is_whole(head)) {
    if (!wait_for(fd, POLLIN, patience)) return fail(fault_of_ending(patience, true));
    if (!take_of_head(fd, head) || head.size() > longest_head) return fail(Fault::proxy_strange);
  }
  return head;
}

// Fault::none: the tunnel stands.
Fault ask_for_tunnel(int fd, const Endpoint& to, const std::string& user_agent, const Patience& patience,
                     Facts& facts) {
  const std::string at = to.text();
  const std::string question = fmt::format(
      "CONNECT {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: {}\r\nProxy-Connection: Keep-Alive\r\n\r\n", at, at, user_agent);
  // An empty send buffer takes all of it.
  if (::send(fd, question.data(), question.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(question.size()))
    return Fault::proxy_strange;
  int status = 0;
  do {  // 1xx: the answer is still to come
    const auto text = head_from(fd, patience);
    if (!text) return text.error();
    const auto head = parse_head(*text);
    if (!head) return facts.detail = "the proxy's answer is no HTTP", Fault::proxy_strange;
    status = head->status;
    if (status == 407) facts.offered = logins_offered(*text);
  } while (status / 100 == 1);
  facts.connect_status = status;
  return status / 100 == 2 ? Fault::none : fault_of_connect(status);
}

}  // namespace

bool wait_for(int fd, short events, const Patience& patience) {
  while (!is_over(patience)) {
    ::pollfd one{fd, events, 0};
    if (::poll(&one, 1, static_cast<int>(std::min(left_of(patience), look_at_stop_every).count())) > 0) return true;
  }
  return false;
}

void look_after(int socket) {
  const int yes = 1;
  ::setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &yes, sizeof yes);
  ::setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &dead_after_ms, sizeof dead_after_ms);
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
}

Fault fault_of_connect(int status) {
  if (status == 407) return Fault::proxy_login;
  if (status == 403 || status == 405) return Fault::proxy_forbids;
  if (status == 502 || status == 503 || status == 504) return Fault::proxy_cannot;
  return Fault::proxy_strange;
}

std::string logins_offered(std::string_view head) {
  constexpr std::string_view field = "\r\nproxy-authenticate:";
  std::string out;
  const std::string lower = lower_case(head);
  for (const std::string_view name : {"Basic", "Digest", "NTLM", "Negotiate"}) {
    for (std::size_t at = lower.find(field); at != std::string::npos; at = lower.find(field, at + field.size())) {
      const std::size_t word = std::min(lower.find_first_not_of(" \t", at + field.size()), lower.size());
      if (!lower.substr(word).starts_with(lower_case(name))) continue;
      out.append(out.empty() ? "" : ", ").append(name);
      break;
    }
  }
  return out;
}

Expected<int, int> connect_to_first(std::span<const IpAddress> addresses, std::uint16_t port,
                                    const Patience& patience) {
  Race race;
  auto next_at = steady_clock::now();
  while (!is_over(patience)) {
    if (!addresses.empty() && (race.empty() || steady_clock::now() >= next_at)) {
      race.begin(addresses.front(), port);
      addresses = addresses.subspan(1);
      next_at = steady_clock::now() + head_start;
      continue;
    }
    if (race.empty()) return fail(race.why());
    if (const int fd = race.wait(std::clamp(left_of(patience), milliseconds(0), look_at_stop_every)); fd >= 0)
      return fd;
  }
  return fail(patience.stop.stop_requested() ? ECANCELED : ETIMEDOUT);
}

Expected<int, Fault> dial_by_hand(const Endpoint& to, const Proxy* proxy, const std::string& user_agent,
                                  const Patience& patience, Facts& facts) {
  auto made = reach(proxy == nullptr ? to : proxy->at, proxy != nullptr, patience, facts);
  if (!made) return fail(made.error());
  if (proxy == nullptr) return made->release();
  if (const Fault fault = ask_for_tunnel(made->get(), to, user_agent, patience, facts); fault != Fault::none)
    return fail(fault);
  return made->release();
}

}  // namespace platen::egress
