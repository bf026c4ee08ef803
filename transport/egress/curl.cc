#include "transport/egress/curl.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace platen::egress {
namespace {

constexpr unsigned dead_after_ms = 60'000;  // octets that nobody acknowledges

// Keep-alive and an end for connections whose other end is gone.
int look_after(void*, curl_socket_t socket, curlsocktype) {
  const int yes = 1;
  ::setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &yes, sizeof yes);
  ::setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &dead_after_ms, sizeof dead_after_ms);
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  return CURL_SOCKOPT_OK;
}

int asked_to_stop(void* stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const std::stop_token*>(stop)->stop_requested() ? 1 : 0;
}

long curl_auth(Auth auth) {
  switch (auth) {
    case Auth::none: return CURLAUTH_NONE;
    case Auth::basic: return CURLAUTH_BASIC;
    case Auth::digest: return CURLAUTH_DIGEST;
    case Auth::ntlm: return CURLAUTH_NTLM;
    case Auth::negotiate: return CURLAUTH_NEGOTIATE;
    case Auth::any: return static_cast<long>(CURLAUTH_ANY);
  }
  return CURLAUTH_NONE;
}

std::string names_of_auth(long offered) {
  constexpr std::array<std::pair<unsigned long, const char*>, 4> names = {{{CURLAUTH_BASIC, "Basic"},
                                                                           {CURLAUTH_DIGEST, "Digest"},
                                                                           {CURLAUTH_NTLM, "NTLM"},
                                                                           {CURLAUTH_NEGOTIATE, "Negotiate"}}};
  std::string out;
  for (const auto& [bit, name] : names) {
    if ((static_cast<unsigned long>(offered) & bit) != 0) out.append(out.empty() ? "" : ", ").append(name);
  }
  return out;
}

Fault fault_of_connect(int status) {
  if (status == 407) return Fault::proxy_login;
  if (status == 403 || status == 405) return Fault::proxy_forbids;
  if (status == 502 || status == 503 || status == 504) return Fault::proxy_cannot;
  return Fault::proxy_strange;
}

}  // namespace

Curl new_curl() {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_ALL);
  return Curl(started == CURLE_OK ? curl_easy_init() : nullptr);
}

void set_way(CURL* curl, const Proxy* proxy, const std::string& user_agent) {
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_USERAGENT, user_agent.c_str());
  curl_easy_setopt(curl, CURLOPT_NOPROXY, "");  // not read from the environment either
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_SOCKOPTFUNCTION, look_after);
  curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);  // a resolver that hangs must not hold up a stop
  if (proxy == nullptr) return;
  curl_easy_setopt(curl, CURLOPT_PROXY, ("http://" + proxy->at.text()).c_str());
  curl_easy_setopt(curl, CURLOPT_HTTPPROXYTUNNEL, 1L);
  curl_easy_setopt(curl, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  const bool with_ticket = proxy->auth == Auth::negotiate;
  if (proxy->auth == Auth::none || (proxy->user.empty() && !with_ticket)) return;
  curl_easy_setopt(curl, CURLOPT_PROXYAUTH, curl_auth(proxy->auth));
  curl_easy_setopt(curl, CURLOPT_PROXYUSERNAME, proxy->user.c_str());
  curl_easy_setopt(curl, CURLOPT_PROXYPASSWORD, proxy->password.reveal().c_str());
}

void set_patience(CURL* curl, std::chrono::milliseconds connect, std::chrono::milliseconds whole,
                  const std::stop_token& stop) {
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(connect.count()));
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(whole.count()));
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, asked_to_stop);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &stop);
}

Fault fault_of(CURL* curl, CURLcode result, Facts& facts) {
  long connect_status = 0, offered = 0, number = 0;
  double dialled = 0;
  curl_easy_getinfo(curl, CURLINFO_HTTP_CONNECTCODE, &connect_status);
  curl_easy_getinfo(curl, CURLINFO_PROXYAUTH_AVAIL, &offered);
  curl_easy_getinfo(curl, CURLINFO_OS_ERRNO, &number);
  curl_easy_getinfo(curl, CURLINFO_CONNECT_TIME, &dialled);
  facts.connect_status = static_cast<int>(connect_status);
  if (connect_status == 407) facts.offered = names_of_auth(offered);
  const bool proxied = !facts.proxy.empty(), tunnelled = !proxied || connect_status / 100 == 2;
  if (result == CURLE_OK) return Fault::none;
  if (result == CURLE_ABORTED_BY_CALLBACK) return Fault::stopped;
  if (proxied && connect_status != 0 && !tunnelled) return fault_of_connect(facts.connect_status);
  switch (result) {
    case CURLE_COULDNT_RESOLVE_PROXY: return Fault::proxy_name;
    case CURLE_COULDNT_RESOLVE_HOST: return proxied ? Fault::proxy_name : Fault::name;
    case CURLE_COULDNT_CONNECT:
      if (number == ECONNREFUSED || number == 0) return proxied ? Fault::proxy_away : Fault::refused;
      if (number == ETIMEDOUT) return proxied ? Fault::proxy_silent : Fault::silent;
      return Fault::no_way;
    case CURLE_OPERATION_TIMEDOUT: return tunnelled ? Fault::silent : Fault::proxy_silent;
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_GOT_NOTHING: return tunnelled ? Fault::cut : Fault::proxy_strange;
    case CURLE_LOGIN_DENIED: return Fault::proxy_login;
    default: return tunnelled ? Fault::cut : Fault::proxy_strange;
  }
}

}  // namespace platen::egress
