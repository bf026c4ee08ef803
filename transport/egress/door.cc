#include "transport/egress/door.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "base/log.h"
#include "transport/egress/connection.h"
#include "transport/egress/curl.h"
#include "transport/egress/dialler.h"
#include "transport/egress/http_head.h"

namespace platen::egress {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

milliseconds since(steady_clock::time_point began) {
  return std::chrono::duration_cast<milliseconds>(steady_clock::now() - began);
}

}  // namespace

bool Door::allows(std::string_view host) const {
  return std::any_of(settings_.allowed.begin(), settings_.allowed.end(),
                     [&](const std::string& each) { return lower_case(each) == lower_case(host); });
}

Facts Door::facts_of(const Endpoint& to) const {
  Facts facts;
  facts.host = to.text();
  if (const Proxy* proxy = settings_.routes.way_to(to.host); proxy != nullptr) {
    facts.proxy = proxy->at.text();
    facts.proxy_from = proxy->named_by;
    facts.signed_in = !proxy->user.empty();
  }
  return facts;
}

void Door::log(const std::string& purpose, const Trouble& trouble) const {
  const Facts& facts = trouble.facts;
  log::info("egress.connection", {{"purpose", purpose},
                                  {"to", facts.host},
                                  {"via", facts.proxy.empty() ? "direct" : facts.proxy},
                                  {"verdict", word_of(trouble.fault)},
                                  {"tls", facts.tls.empty() ? "none" : facts.tls},
                                  {"ms", facts.took.count()}});
}

Expected<int, Trouble> Door::reach(const Endpoint& to, milliseconds patience, const std::stop_token& stop,
                                   Facts& facts) const {
  if (!allows(to.host)) return fail(Trouble{Fault::not_allowed, facts});
  const Proxy* proxy = settings_.routes.way_to(to.host);
  if (proxy != nullptr && proxy->wants_login()) return reach_signed_in(to, *proxy, patience, stop, facts);
  const auto fd = dial_by_hand(to, proxy, settings_.user_agent, {steady_clock::now() + patience, stop}, facts);
  if (!fd) return fail(Trouble{fd.error(), facts});
  return *fd;
}

Expected<int, Trouble> Door::reach_signed_in(const Endpoint& to, const Proxy& proxy, milliseconds patience,
                                             const std::stop_token& stop, Facts& facts) const {
  const Curl curl = new_curl();
  if (curl == nullptr)
    return facts.detail = "libcurl.so.4 does not start: install libcurl4", fail(Trouble{Fault::bad_settings, facts});
  set_way(curl.get(), proxy, settings_.user_agent);
  set_patience(curl.get(), patience, stop);
  libcurl().easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, "http");
  libcurl().easy_setopt(curl.get(), CURLOPT_URL, ("http://" + to.text()).c_str());
  libcurl().easy_setopt(curl.get(), CURLOPT_CONNECT_ONLY, 1L);
  const CURLcode result = libcurl().easy_perform(curl.get());
  if (const Fault fault = fault_of(curl.get(), result, facts); fault != Fault::none) {
    facts.detail = libcurl().easy_strerror(result);
    return fail(Trouble{fault, facts});
  }
  curl_socket_t socket = CURL_SOCKET_BAD;
  libcurl().easy_getinfo(curl.get(), CURLINFO_ACTIVESOCKET, &socket);
  const int fd = socket == CURL_SOCKET_BAD ? -1 : ::fcntl(socket, F_DUPFD_CLOEXEC, 3);  // outlives the handle
  if (fd < 0) return fail(Trouble{Fault::cut, facts});
  return fd;
}

Expected<int, Trouble> Door::dial_plain(const std::string& purpose, const Endpoint& to, milliseconds patience,
                                        const std::stop_token& stop) const {
  const auto began = steady_clock::now();
  Facts facts = facts_of(to);
  auto fd = reach(to, patience, stop, facts);
  facts.took = since(began);
  log(purpose, {fd ? Fault::none : fd.error().fault, facts});
  return fd;
}

Expected<std::string, Trouble> Door::ask_plain(const std::string& purpose, const Endpoint& to, std::string_view request,
                                               milliseconds patience, const std::stop_token& stop) const {
  const auto deadline = steady_clock::now() + patience;
  auto fd = dial_plain(purpose, to, patience, stop);
  if (!fd) return fail(fd.error());
  std::string answer;
  std::array<char, 4096> buffer{};
  ssize_t count = ::send(*fd, request.data(), request.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  while (count > 0 && !head_is_whole(answer) && steady_clock::now() < deadline && !stop.stop_requested()) {
    pollfd one{*fd, POLLIN, 0};
    if (::poll(&one, 1, 100) == 0) continue;
    count = ::recv(*fd, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (count > 0) answer.append(buffer.data(), static_cast<std::size_t>(count));
  }
  ::close(*fd);
  return answer;
}

Expected<std::unique_ptr<Connection>, Trouble> Door::connect(const Wish& wish, const std::stop_token& stop) const {
  const auto began = steady_clock::now();
  Facts facts = facts_of(wish.to);
  auto fd = reach(wish.to, wish.patience, stop, facts);
  Expected<std::unique_ptr<Connection>, Trouble> made = fail(fd ? Trouble{} : fd.error());
  if (fd) {
    const milliseconds left = std::max(wish.patience - since(began), milliseconds(1));
    const std::string& name = wish.tls.name.empty() ? wish.to.host : wish.tls.name;
    made = Connection::open(*fd, wish.tls, settings_.site_roots_pem, name, facts, left, stop);
  }
  if (made) (*made)->took(since(began));
  if (!made) made.error().facts.took = since(began);
  return made;
}

Expected<std::unique_ptr<Connection>, Trouble> Door::dial(const Wish& wish, const std::stop_token& stop) const {
  auto made = connect(wish, stop);
  log(wish.purpose, made ? Trouble{Fault::none, (*made)->facts()} : made.error());
  return made;
}

}  // namespace platen::egress
