// Keeps the identity that enrolment gave alive: renews it in time with a new key, and recovers it after its end with a proof
// of the old one, on a thread of its own.
//
//   Effects  replaces identity.pem in one go; whoever watches that file takes the new one up. Logs each reason once.
//   Threads  all but the constructor and destructor callable from any thread.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "agent/enroll/enroll.h"
#include "base/clock.h"

namespace platen::agent {

class Renewer {
 public:
  struct State {
    std::string error;     // why the last try failed; "": it did not
    bool removed = false;  // by the cloud
    std::optional<WallTime> due;
    std::uint64_t tries = 0;  // of renew_now() that are over
  };

  Renewer(std::string identity_file, std::shared_ptr<const egress::Door> door, const Clock& clock);
  [[nodiscard]] State state() const;
  // The cloud's clock is better than ours for judging a certificate that the cloud made.
  void heard(const std::optional<CloudTime>& cloud);
  // At once, whatever is due. The number of the try; State::tries reaches that when it is over.
  std::uint64_t renew_now();

 private:
  void run(const std::stop_token& stop);
  // How long until the next look.
  [[nodiscard]] std::chrono::milliseconds look(const std::stop_token& stop);
  [[nodiscard]] Expected<void, activation::Refused> renew(const identity::Enrolled& old, const std::stop_token& stop);
  [[nodiscard]] WallTime now() const;

  const std::string file_;
  const std::shared_ptr<const egress::Door> door_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::condition_variable_any woken_;
  State state_;
  std::optional<CloudTime> cloud_;
  std::string certificate_;  // the one that chance_ was drawn for
  double chance_ = 0;
  unsigned failures_ = 0;
  std::uint64_t asked_ = 0;
  std::jthread thread_;  // last: it ends before what it uses
};

}  // namespace platen::agent
