// The portal: which page answers which address. The store is asked for each page; nothing is kept.
//
//   Errors   every answer is a page; 503 when the store does not answer (and a line in the log).
//   Forms    a POST comes from this host, from a page of ours (Origin), and with a token that only such a page holds and that
//            works once: no other site can have a browser send it.
//   Threads  Callable from several threads at once, as the store is.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "cloud/enroll/challenges.h"
#include "cloud/enroll/code.h"
#include "cloud/portal/http_server.h"
#include "cloud/portal/orders.h"
#include "cloud/store/meter_book.h"
#include "cloud/store/store.h"

namespace platen::portal {

struct RequestTarget;

inline constexpr std::size_t longest_form = 4096;

class Portal {
 public:
  // `host_names`: under which the portal may be asked besides its addresses and localhost; lower case.
  // Without a book of meters no page speaks of their epochs.
  // Without a registry nobody is enrolled and no code can be made; `ca` is whose fingerprint a code carries.
  // Without a book of tasks, and a registry, nothing can be asked of agents.
  Portal(cloud::Store& store, const Clock& clock, std::vector<std::string> host_names,
         cloud::MeterBook* meters = nullptr, enroll::Registry* registry = nullptr, enroll::Identity ca = {},
         cloud::TaskBook* tasks = nullptr)
      : store_(store),
        clock_(clock),
        host_names_(std::move(host_names)),
        meters_(meters),
        registry_(registry),
        ca_(std::move(ca)) {
    if (tasks != nullptr && registry != nullptr) orders_.emplace(*tasks, *registry, clock);
  }

  [[nodiscard]] Response answer(const Request& request);
  [[nodiscard]] static Response refuse(unsigned status);

 private:
  [[nodiscard]] Response fleet(const RequestTarget& target);
  [[nodiscard]] Response printer(const std::string& id, const std::string& token);
  [[nodiscard]] Response agents(const std::string& token);
  [[nodiscard]] Response agent(const std::string& name, const std::string& token);
  [[nodiscard]] Expected<bool> knows(const std::string& agent);
  [[nodiscard]] Response show(const Request& request, const RequestTarget& target);
  [[nodiscard]] Response order(const Request& request, const std::vector<std::string>& path);
  [[nodiscard]] std::string order_token(const Request& request);
  [[nodiscard]] Response health();
  [[nodiscard]] Response enrol(const Request& request);
  [[nodiscard]] Response make_code(const Request& request);
  [[nodiscard]] std::string new_token();
  [[nodiscard]] bool take_token(const std::string& token);

  cloud::Store& store_;
  const Clock& clock_;
  const std::vector<std::string> host_names_;
  cloud::MeterBook* const meters_;
  enroll::Registry* const registry_;
  const enroll::Identity ca_;
  std::mutex mutex_;                                  // of tokens_
  enroll::Challenges tokens_{std::chrono::hours(1)};  // of forms: each makes one code
  std::optional<Orders> orders_;
};

}  // namespace platen::portal
