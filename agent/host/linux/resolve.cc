#include "agent/host/resolve.h"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>

#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

namespace platen::host {
namespace {

using Answer = Expected<std::vector<IpAddress>>;

std::optional<IpAddress> address_of(const ::addrinfo& entry) {
  if (entry.ai_family == AF_INET) {
    ::sockaddr_in four = {};
    std::memcpy(&four, entry.ai_addr, sizeof four);
    return IpAddress::v4(ntohl(four.sin_addr.s_addr));
  }
  if (entry.ai_family != AF_INET6) return std::nullopt;
  ::sockaddr_in6 six = {};
  std::memcpy(&six, entry.ai_addr, sizeof six);
  std::array<std::uint8_t, 16> octets{};
  std::memcpy(octets.data(), &six.sin6_addr, octets.size());
  return IpAddress::v6(octets);
}

Answer ask_system(const std::string& name) {
  ::addrinfo hints = {};
  hints.ai_socktype = SOCK_DGRAM;
  ::addrinfo* raw = nullptr;
  if (const int fault = ::getaddrinfo(name.c_str(), nullptr, &hints, &raw); fault != 0) {
    const bool passing = fault == EAI_AGAIN || fault == EAI_SYSTEM || fault == EAI_MEMORY;
    return fail(passing ? Code::unavailable : Code::not_found,
                fmt::format("the host name '{}' has no address: {}", name, ::gai_strerror(fault)));
  }
  const std::unique_ptr<::addrinfo, decltype(&::freeaddrinfo)> list(raw, &::freeaddrinfo);
  std::vector<IpAddress> found;
  for (const ::addrinfo* entry = list.get(); entry != nullptr; entry = entry->ai_next) {
    const auto address = address_of(*entry);
    if (address && std::find(found.begin(), found.end(), *address) == found.end()) found.push_back(*address);
  }
  std::stable_partition(found.begin(), found.end(), [](const IpAddress& address) { return address.is_v4(); });
  return found;
}

// Shared with the asking thread, which may outlive the call.
struct Question {
  std::mutex mutex;
  std::condition_variable_any answered;
  std::optional<Answer> answer;
};

}  // namespace

Expected<std::vector<IpAddress>> resolve(const std::string& name, std::chrono::milliseconds patience,
                                         const std::stop_token& stop) {
  const auto question = std::make_shared<Question>();
  std::thread([question, name] {
    Answer answer = ask_system(name);
    const std::lock_guard hold(question->mutex);
    question->answer = std::move(answer);
    question->answered.notify_all();
  }).detach();
  std::unique_lock hold(question->mutex);
  question->answered.wait_for(hold, stop, patience, [&] { return question->answer.has_value(); });
  if (question->answer) return *question->answer;
  if (stop.stop_requested()) return fail(Code::cancelled, "stopped while asking for " + name);
  return fail(Code::unavailable, fmt::format("the host name '{}' has no address: no name server answered in {} ms",
                                             name, patience.count()));
}

}  // namespace platen::host
