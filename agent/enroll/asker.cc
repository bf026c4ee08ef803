#include "agent/enroll/asker.h"

#include <fmt/format.h>

#include "proto/activation_code.h"
#include "transport/egress/http.h"

namespace platen::activation {
namespace {

constexpr std::size_t longest_answer = 65'536;
constexpr std::chrono::seconds patience{20};

// Somebody else answers than the cloud that made the code: which words help depends on what was asked for.
Error error_of(const egress::Trouble& trouble, bool pinned) {
  using egress::Fault;
  const bool stranger =
      trouble.fault == Fault::not_trusted || trouble.fault == Fault::resigned || trouble.fault == Fault::self_signed;
  if (!pinned || !stranger) return egress::error_of(trouble);
  return {
      Code::denied,
      fmt::format("{}: what answers there is not the cloud that made this code (its certificate is of '{}'); check "
                  "--cloud, and where your network opens TLS, except this host, or name its authority with --ca FILE",
                  trouble.facts.host, trouble.facts.peer.issuer.substr(0, 64))};
}

class HttpsAsker final : public Asker {
 public:
  HttpsAsker(const egress::Door& door, const egress::Endpoint& to, egress::Tls tls, std::stop_token stop)
      : to_(to), pinned_(tls.pin != nullptr), client_(door, "enrolment", std::move(tls)), stop_(std::move(stop)) {}

  Expected<std::string> post(const std::string& path, const std::string& body) override {
    auto answer = client_.send(
        {.url = "https://" + to_.text() + path, .body = body, .patience = patience, .most_octets = longest_answer},
        stop_);
    if (!answer) return fail(error_of(answer.error(), pinned_));
    if (answer->date) offset_ = std::chrono::round<std::chrono::seconds>(*answer->date - system_clock().wall());
    if (answer->status == 200) return std::move(answer->body);
    return fail(Code::unavailable, fmt::format("{}: no enrolment service answers there (HTTP status {}); check the "
                                               "host and the port of --cloud",
                                               to_.text(), answer->status));
  }
  [[nodiscard]] std::optional<std::chrono::seconds> clock_offset() const override { return offset_; }

 private:
  const egress::Endpoint to_;
  const bool pinned_;
  egress::HttpClient client_;
  const std::stop_token stop_;
  std::optional<std::chrono::seconds> offset_;
};

}  // namespace

std::unique_ptr<Asker> https_asker(const egress::Door& door, const egress::Endpoint& to, const std::string& pin,
                                   const std::string& roots_pem, std::stop_token stop) {
  egress::Tls tls;
  tls.roots_pem = roots_pem;
  tls.believe_site = pin.empty();  // a code tells whom to believe; who opens TLS on the way must not have it
  if (!pin.empty()) tls.pin = [pin](std::string_view digest) { return wire::pin_of(digest) == pin; };
  return std::make_unique<HttpsAsker>(door, to, std::move(tls), std::move(stop));
}

}  // namespace platen::activation
