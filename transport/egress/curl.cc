#include "transport/egress/curl.h"

#include <dlfcn.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "transport/egress/dialler.h"

namespace platen::egress {
namespace {

template <class Call>
void find(void* library, const char* name, Call*& call) {
  call = reinterpret_cast<Call*>(library == nullptr ? nullptr : ::dlsym(library, name));
}

LibCurl load() {
  void* library = ::dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);  // with OpenSSL; never closed
  LibCurl calls{};
  find(library, "curl_global_init", calls.global_init);
  find(library, "curl_easy_init", calls.easy_init);
  find(library, "curl_easy_cleanup", calls.easy_cleanup);
  find(library, "curl_easy_setopt", calls.easy_setopt);
  find(library, "curl_easy_perform", calls.easy_perform);
  find(library, "curl_easy_getinfo", calls.easy_getinfo);
  find(library, "curl_easy_strerror", calls.easy_strerror);
  return calls;
}

bool is_whole(const LibCurl& calls) {
  return calls.global_init != nullptr && calls.easy_init != nullptr && calls.easy_cleanup != nullptr &&
         calls.easy_setopt != nullptr && calls.easy_perform != nullptr && calls.easy_getinfo != nullptr &&
         calls.easy_strerror != nullptr;
}

int socket_made(void*, curl_socket_t socket, curlsocktype) {
  look_after(socket);
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

}  // namespace

const LibCurl& libcurl() {
  static const LibCurl loaded = load();
  return loaded;
}

Curl new_curl() {
  static const bool started = is_whole(libcurl()) && libcurl().global_init(CURL_GLOBAL_ALL) == CURLE_OK;
  return Curl(started ? libcurl().easy_init() : nullptr);
}

void set_way(CURL* curl, const Proxy& proxy, const std::string& user_agent) {
  libcurl().easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  libcurl().easy_setopt(curl, CURLOPT_USERAGENT, user_agent.c_str());
  libcurl().easy_setopt(curl, CURLOPT_NOPROXY, "");  // not read from the environment either
  libcurl().easy_setopt(curl, CURLOPT_SOCKOPTFUNCTION, socket_made);
  libcurl().easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);  // a resolver that hangs must not hold up a stop
  libcurl().easy_setopt(curl, CURLOPT_PROXY, ("http://" + proxy.at.text()).c_str());
  libcurl().easy_setopt(curl, CURLOPT_HTTPPROXYTUNNEL, 1L);
  libcurl().easy_setopt(curl, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  libcurl().easy_setopt(curl, CURLOPT_PROXYAUTH, curl_auth(proxy.auth));
  libcurl().easy_setopt(curl, CURLOPT_PROXYUSERNAME, proxy.user.c_str());
  libcurl().easy_setopt(curl, CURLOPT_PROXYPASSWORD, proxy.password.reveal().c_str());
}

void set_patience(CURL* curl, std::chrono::milliseconds patience, const std::stop_token& stop) {
  libcurl().easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(patience.count()));
  libcurl().easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(patience.count()));
  libcurl().easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  libcurl().easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, asked_to_stop);
  libcurl().easy_setopt(curl, CURLOPT_XFERINFODATA, &stop);
}

Fault fault_of(CURL* curl, CURLcode result, Facts& facts) {
  long connect_status = 0, offered = 0, number = 0;
  libcurl().easy_getinfo(curl, CURLINFO_HTTP_CONNECTCODE, &connect_status);
  libcurl().easy_getinfo(curl, CURLINFO_PROXYAUTH_AVAIL, &offered);
  libcurl().easy_getinfo(curl, CURLINFO_OS_ERRNO, &number);
  facts.connect_status = static_cast<int>(connect_status);
  if (connect_status == 407) facts.offered = names_of_auth(offered);
  const bool tunnelled = connect_status / 100 == 2;
  if (result == CURLE_OK) return Fault::none;
  if (result == CURLE_ABORTED_BY_CALLBACK) return Fault::stopped;
  if (connect_status != 0 && !tunnelled) return fault_of_connect(facts.connect_status);
  switch (result) {
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST: return Fault::proxy_name;
    case CURLE_COULDNT_CONNECT:
      if (number == ECONNREFUSED || number == 0) return Fault::proxy_away;
      if (number == ETIMEDOUT) return Fault::proxy_silent;
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
