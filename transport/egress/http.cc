#include "transport/egress/http.h"

#include <openssl/err.h>

#include <cstdlib>

#include "transport/egress/curl.h"
#include "transport/egress/door.h"

namespace platen::egress {

namespace {

constexpr std::chrono::milliseconds longest_dial{15'000};

struct Arriving {
  std::string body;
  std::size_t most = 0;
};

std::size_t take_body(const char* data, std::size_t, std::size_t size, void* to) {
  auto& arriving = *static_cast<Arriving*>(to);
  if (size > arriving.most - arriving.body.size()) return 0;  // ends the transfer
  arriving.body.append(data, size);
  return size;
}

// For each new connection of the client.
struct Preparing {
  const Tls& tls;
  const std::string& site_roots;
  const std::string& host;
  const Facts& facts;
  TlsSeen& seen;
};

CURLcode prepare_context(CURL*, void* context, void* preparing) {
  auto& to = *static_cast<Preparing*>(preparing);
  to.seen = {.facts = to.facts};
  const auto ready = prepare(static_cast<SSL_CTX*>(context), to.tls, to.site_roots, to.host, to.seen);
  if (ready) return CURLE_OK;
  to.seen.fault = Fault::bad_settings;
  to.seen.facts.detail = ready.error().text;
  return CURLE_SSL_CERTPROBLEM;
}

// "https://host:port/…" and nothing else.
Expected<Endpoint> endpoint_of(const std::string& url) {
  constexpr std::string_view scheme = "https://";
  if (!url.starts_with(scheme)) return fail(Code::invalid, "only https is spoken here");
  const std::string_view rest = std::string_view(url).substr(scheme.size());
  return parse_endpoint(rest.substr(0, rest.find_first_of("/?#")), 443);
}

std::string text_info(CURL* curl, CURLINFO what) {
  const char* text = nullptr;
  libcurl().easy_getinfo(curl, what, &text);
  return text == nullptr ? "" : text;
}

std::optional<WallTime> date_of(CURL* curl) {
  curl_header* date = nullptr;
  if (libcurl().easy_header(curl, "Date", 0, CURLH_HEADER, -1, &date) != CURLHE_OK) return std::nullopt;
  const std::time_t seconds = libcurl().getdate(date->value, nullptr);
  if (seconds < 0) return std::nullopt;
  return WallTime(std::chrono::seconds(seconds));
}

// OpenSSL's number stands in libcurl's words: "error:0A000102:SSL routines::unsupported protocol".
unsigned long openssl_error_in(std::string_view text) {
  const std::size_t at = text.find("error:");
  return at == std::string_view::npos ? 0 : std::strtoul(std::string(text.substr(at + 6, 8)).c_str(), nullptr, 16);
}

bool is_about_tls(CURLcode result) {
  return result == CURLE_SSL_CONNECT_ERROR || result == CURLE_PEER_FAILED_VERIFICATION ||
         result == CURLE_SSL_CERTPROBLEM || result == CURLE_SSL_CIPHER || result == CURLE_USE_SSL_FAILED;
}

CurlList headers_of(const HttpRequest& request) {
  curl_slist* list = libcurl().slist_append(nullptr, ("Content-Type: " + request.content_type).c_str());
  list = libcurl().slist_append(list, "Expect:");  // a body of 256 KB does not wait for "100 Continue"
  for (const auto& [name, value] : request.headers) list = libcurl().slist_append(list, (name + ": " + value).c_str());
  return CurlList(list);
}

void set_request(CURL* curl, const HttpRequest& request, const curl_slist* headers) {
  libcurl().easy_setopt(curl, CURLOPT_URL, request.url.c_str());
  libcurl().easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https");
  libcurl().easy_setopt(curl, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  libcurl().easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
  libcurl().easy_setopt(curl, CURLOPT_CAINFO, nullptr);
  libcurl().easy_setopt(curl, CURLOPT_CAPATH, nullptr);
  if (request.method == "HEAD") {
    libcurl().easy_setopt(curl, CURLOPT_NOBODY, 1L);
  } else if (request.method != "GET") {
    libcurl().easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    libcurl().easy_setopt(curl, CURLOPT_POSTFIELDS, request.body.data());
    if (request.method != "POST") libcurl().easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }
}

// What a transfer came to: the first reason that is known of the connection, or what libcurl makes of it.
Fault fault_of_transfer(CURL* curl, CURLcode result, const std::string& says, TlsSeen& seen) {
  const Fault fault = fault_of(curl, result, seen.facts);
  if (fault == Fault::none || fault == Fault::stopped) return fault;
  if (seen.facts.detail.empty()) seen.facts.detail = says.empty() ? libcurl().easy_strerror(result) : says;
  if (seen.fault != Fault::none) return seen.fault;
  if (is_about_tls(result)) return fault_of_tls(openssl_error_in(says));
  const bool strange =
      result == CURLE_WRITE_ERROR || result == CURLE_UNSUPPORTED_PROTOCOL || result == CURLE_WEIRD_SERVER_REPLY;
  return strange ? Fault::strange_answer : fault;
}

}  // namespace

struct HttpClient::State {
  const Door& door;
  const std::string purpose;
  const Tls tls;
  TlsSeen seen = {};  // of the connection that is kept
  Curl curl = {};     // after `seen`, which its connection points to
  std::string host = {};

  Expected<HttpAnswer, Trouble> send(const HttpRequest& request, const Endpoint& to, const std::stop_token& stop) {
    const Facts facts = door.facts_of(to);
    if (!door.allows(to.host)) return refuse(Fault::not_allowed, facts);
    if (curl == nullptr || host != facts.host) {  // one connection, to one host
      curl = new_curl();
      host = facts.host;
      seen = {.facts = facts};
    }
    if (curl == nullptr) return refuse(Fault::bad_settings, facts);
    libcurl().easy_reset(curl.get());  // options only: the connection stays
    const CurlList headers = headers_of(request);
    std::string says(CURL_ERROR_SIZE, '\0');
    Arriving arriving{{}, request.most_octets};
    Preparing preparing{tls, door.settings().site_roots_pem, to.host, facts, seen};
    set_way(curl.get(), door.settings().routes.way_to(to.host), door.settings().user_agent);
    set_patience(curl.get(), std::min(request.patience, longest_dial), request.patience, stop);
    set_request(curl.get(), request, headers.get());
    libcurl().easy_setopt(curl.get(), CURLOPT_ERRORBUFFER, says.data());
    libcurl().easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, take_body);
    libcurl().easy_setopt(curl.get(), CURLOPT_WRITEDATA, &arriving);
    libcurl().easy_setopt(curl.get(), CURLOPT_SSL_CTX_FUNCTION, prepare_context);
    libcurl().easy_setopt(curl.get(), CURLOPT_SSL_CTX_DATA, &preparing);
    const CURLcode result = libcurl().easy_perform(curl.get());
    says.resize(std::min(says.find('\0'), says.size()));
    libcurl().easy_setopt(curl.get(), CURLOPT_ERRORBUFFER, nullptr);
    return judged(result, says, std::move(arriving.body));
  }

  Expected<HttpAnswer, Trouble> judged(CURLcode result, const std::string& says, std::string body) {
    long dialled = 0, status = 0;
    curl_off_t took_us = 0;
    libcurl().easy_getinfo(curl.get(), CURLINFO_NUM_CONNECTS, &dialled);
    libcurl().easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
    const bool shook_hands = result == CURLE_OK && dialled > 0;
    libcurl().easy_getinfo(curl.get(), shook_hands ? CURLINFO_APPCONNECT_TIME_T : CURLINFO_TOTAL_TIME_T, &took_us);
    const Fault fault = fault_of_transfer(curl.get(), result, says, seen);
    seen.facts.took = std::chrono::milliseconds(took_us / 1000);
    if (dialled > 0 || fault != Fault::none) door.log(purpose, {fault, seen.facts});
    if (fault != Fault::none) {
      Trouble trouble{fault, seen.facts};
      curl.reset();
      return fail(std::move(trouble));
    }
    HttpAnswer answer{static_cast<int>(status),
                      text_info(curl.get(), CURLINFO_CONTENT_TYPE),
                      text_info(curl.get(), CURLINFO_REDIRECT_URL),
                      std::move(body),
                      date_of(curl.get()),
                      seen.facts};
    answer.facts.status = answer.status;
    answer.facts.location = answer.location;
    return answer;
  }

  Expected<HttpAnswer, Trouble> refuse(Fault fault, Facts facts) const {
    if (fault == Fault::bad_settings) facts.detail = "libcurl.so.4 does not start: install libcurl4";
    door.log(purpose, {fault, facts});
    return fail(Trouble{fault, std::move(facts)});
  }
};

HttpClient::HttpClient(const Door& door, std::string purpose, Tls tls)
    : state_(new State{door, std::move(purpose), std::move(tls)}) {}
HttpClient::~HttpClient() = default;

Expected<HttpAnswer, Trouble> HttpClient::send(const HttpRequest& request, const std::stop_token& stop) {
  const auto to = endpoint_of(request.url);
  if (to) return state_->send(request, *to, stop);
  Facts facts;
  facts.detail = to.error().text;
  return fail(Trouble{Fault::bad_settings, std::move(facts)});
}

}  // namespace platen::egress
