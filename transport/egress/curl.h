// libcurl's easy handle, for connections through a proxy that wants a login. For this room only.
#pragma once

#include <curl/curl.h>

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>

#include "transport/egress/fault.h"
#include "transport/egress/proxy.h"

namespace platen::egress {

// The calls of libcurl that are made here. It is loaded when the first connection needs it: with its libraries it is 4 MB, and
// would be half of the time that every command takes to start.
struct LibCurl {
  decltype(curl_global_init)* global_init;
  decltype(curl_easy_init)* easy_init;
  decltype(curl_easy_cleanup)* easy_cleanup;
  decltype(curl_easy_setopt)* easy_setopt;
  decltype(curl_easy_perform)* easy_perform;
  decltype(curl_easy_getinfo)* easy_getinfo;
  decltype(curl_easy_strerror)* easy_strerror;
};
// Usable once new_curl() has given a handle.
[[nodiscard]] const LibCurl& libcurl();

struct FreeCurl {
  void operator()(CURL* handle) const { libcurl().easy_cleanup(handle); }
};
using Curl = std::unique_ptr<CURL, FreeCurl>;

// Also loads and starts libcurl, once. nullptr: it is not there.
[[nodiscard]] Curl new_curl();
// Through the proxy, whatever the environment says.
void set_way(CURL* curl, const Proxy& proxy, const std::string& user_agent);
// `stop` must outlive the transfer.
void set_patience(CURL* curl, std::chrono::milliseconds patience, const std::stop_token& stop);
// What went wrong before TLS, and what the proxy said.
[[nodiscard]] Fault fault_of(CURL* curl, CURLcode result, Facts& facts);

}  // namespace platen::egress
