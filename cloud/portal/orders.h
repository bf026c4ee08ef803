// What people ask of agents on the pages: that printers are read now.
//
//   Limits   twenty orders a minute for one agent, sixty from one address. An order that waits already is not made twice.
//   Forms    each page's token works once, for an hour.
//   Threads  callable from any thread.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "cloud/enroll/challenges.h"
#include "cloud/enroll/limits.h"
#include "cloud/enroll/registry.h"
#include "cloud/tasks/task_book.h"

namespace platen::portal {

class Orders {
 public:
  Orders(cloud::TaskBook& book, enroll::Registry& registry, const Clock& clock)
      : book_(book), registry_(registry), clock_(clock) {}

  [[nodiscard]] std::string new_token();
  // `printers`: {} is every printer of the agent. Errors: Code::invalid the form, Code::timeout too often, Code::not_found and
  // Code::conflict the agent, those of the book; each in a sentence for whoever pressed the button.
  [[nodiscard]] Expected<void> read_now(const std::string& token, const std::string& agent,
                                        const std::vector<cloud::OrderedPrinter>& printers, const std::string& peer);
  // The newest order to read exactly these; nothing within the last day.
  [[nodiscard]] Expected<std::optional<cloud::TaskRow>> latest(const std::string& agent,
                                                               const std::vector<cloud::OrderedPrinter>& printers);
  [[nodiscard]] cloud::TaskBook& book() { return book_; }

 private:
  [[nodiscard]] Expected<void> admitted(const std::string& token, const std::string& agent, const std::string& peer);
  [[nodiscard]] Expected<std::string> tenant_of(const std::string& agent);

  cloud::TaskBook& book_;
  enroll::Registry& registry_;
  const Clock& clock_;
  std::mutex mutex_;  // of what follows
  enroll::Challenges tokens_{std::chrono::hours(1)};
  enroll::Limit for_agent_{20, std::chrono::minutes(1)}, from_address_{60, std::chrono::minutes(1)};
};

}  // namespace platen::portal
