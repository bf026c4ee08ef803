// libcurl's easy handle with what every connection of this house has in common. For this room only.
#pragma once

#include <curl/curl.h>

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>

#include "transport/egress/fault.h"
#include "transport/egress/proxy.h"

namespace platen::egress {

struct FreeCurl {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Curl = std::unique_ptr<CURL, FreeCurl>;
using CurlList = std::unique_ptr<curl_slist, FreeCurl>;

// Also starts libcurl, once.
[[nodiscard]] Curl new_curl();
// nullptr: straight, whatever the environment says. `stop` must outlive the transfer.
void set_way(CURL* curl, const Proxy* proxy, const std::string& user_agent);
void set_patience(CURL* curl, std::chrono::milliseconds connect, std::chrono::milliseconds whole,
                  const std::stop_token& stop);
// What went wrong before TLS, and what the proxy said.
[[nodiscard]] Fault fault_of(CURL* curl, CURLcode result, Facts& facts);

}  // namespace platen::egress
