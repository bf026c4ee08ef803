#include "agent/host/resolve.h"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <strings.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <csignal>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <thread>

#include "base/handle.h"

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
  return IpAddress::v6(octets).with_scope(six.sin6_scope_id);
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
  const Handle<::addrinfo, ::freeaddrinfo> list(raw);
  std::vector<IpAddress> found;
  for (const ::addrinfo* entry = list.get(); entry != nullptr; entry = entry->ai_next) {
    const auto address = address_of(*entry);
    if (address && std::find(found.begin(), found.end(), *address) == found.end()) found.push_back(*address);
  }
  std::stable_partition(found.begin(), found.end(), [](const IpAddress& address) { return address.is_v4(); });
  return found;
}

// RFC 6761 §6.3: these are this host, and no name server is asked for them, whatever /etc/hosts lacks.
bool means_this_host(std::string_view name) {
  constexpr std::string_view local = "localhost";
  if (name.ends_with('.')) name.remove_suffix(1);
  if (name.size() < local.size()) return false;
  const std::string_view before = name.substr(0, name.size() - local.size());
  return ::strncasecmp(name.data() + before.size(), local.data(), local.size()) == 0 &&
         (before.empty() || before.ends_with('.'));
}

Answer ask(const std::string& name) {
  if (!means_this_host(name)) return ask_system(name);
  std::array<std::uint8_t, 16> one{};
  one.back() = 1;
  return std::vector{IpAddress::v4(INADDR_LOOPBACK), IpAddress::v6(one)};
}

constexpr std::size_t most_threads = 8;

// Shared with the asking threads, which may outlive the call.
struct Questions {
  explicit Questions(std::span<const std::string> wanted)
      : names(wanted.begin(), wanted.end()), answers(wanted.size()), open(wanted.size()) {}

  std::mutex mutex;
  std::condition_variable_any answered;
  const std::vector<std::string> names;
  std::vector<std::optional<Answer>> answers;
  std::size_t next = 0, open;
  bool given_up = false;
};

void ask_in_turn(Questions& questions) {
  std::unique_lock hold(questions.mutex);
  while (!questions.given_up && questions.next < questions.names.size()) {
    const std::size_t at = questions.next++;
    hold.unlock();
    Answer answer = ask(questions.names[at]);
    hold.lock();
    questions.answers[at] = std::move(answer);
    --questions.open;
    questions.answered.notify_all();
  }
}

// Threads that begin meanwhile take no signals, for as long as they live: those belong to who waits for them (service.h), and
// to a thread that has not blocked it a signal does what it always does, ending the process.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    ::sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;
  ~SignalsBlocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  ::sigset_t before_;
};

void begin_asking(const std::shared_ptr<Questions>& questions) {
  const SignalsBlocked blocked;
  for (std::size_t i = 0; i < std::min(questions->names.size(), most_threads); ++i) {
    std::thread([questions] { ask_in_turn(*questions); }).detach();
  }
}

}  // namespace

std::vector<Expected<std::vector<IpAddress>>> resolve_all(std::span<const std::string> names,
                                                          std::chrono::milliseconds patience,
                                                          const std::stop_token& stop) {
  const auto questions = std::make_shared<Questions>(names);
  begin_asking(questions);
  std::unique_lock hold(questions->mutex);
  questions->answered.wait_for(hold, stop, patience, [&] { return questions->open == 0; });
  questions->given_up = true;
  std::vector<Answer> out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (questions->answers[i]) {
      out.push_back(*questions->answers[i]);
    } else if (stop.stop_requested()) {
      out.push_back(fail(Code::cancelled, "stopped while asking for " + names[i]));
    } else {
      out.push_back(
          fail(Code::unavailable, fmt::format("the host name '{}' has no address: no name server answered in {} ms",
                                              names[i], patience.count())));
    }
  }
  return out;
}

Expected<std::vector<IpAddress>> resolve(const std::string& name, std::chrono::milliseconds patience,
                                         const std::stop_token& stop) {
  return resolve_all(std::span(&name, 1), patience, stop).front();
}

}  // namespace platen::host
