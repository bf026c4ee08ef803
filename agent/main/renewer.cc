#include "agent/main/renewer.h"

#include <algorithm>
#include <random>
#include <utility>

#include "agent/enroll/renewal.h"
#include "base/log.h"

namespace platen::agent {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds longest_sleep = std::chrono::minutes(1);  // the wall clock may be set

double chance() {
  static std::mt19937_64 random{std::random_device{}()};
  return std::uniform_real_distribution<double>(0, 1)(random);
}

}  // namespace

Renewer::Renewer(std::string identity_file, std::shared_ptr<const egress::Door> door, const Clock& clock)
    : file_(std::move(identity_file)),
      door_(std::move(door)),
      clock_(clock),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

Renewer::State Renewer::state() const {
  const std::lock_guard hold(mutex_);
  return state_;
}

void Renewer::heard(const std::optional<CloudTime>& cloud) {
  const std::lock_guard hold(mutex_);
  cloud_ = cloud;
}

std::uint64_t Renewer::renew_now() {
  const std::lock_guard hold(mutex_);
  woken_.notify_all();
  return ++asked_;
}

WallTime Renewer::now() const {
  const std::lock_guard hold(mutex_);
  return cloud_ ? cloud_->said + (clock_.monotonic() - cloud_->heard) : clock_.wall();
}

void Renewer::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const milliseconds pause = look(stop);
    std::unique_lock hold(mutex_);
    woken_.wait_for(hold, stop, pause, [this] { return asked_ > state_.tries; });
  }
}

milliseconds Renewer::look(const std::stop_token& stop) {
  const auto enrolled = identity::load_enrolled(file_);
  if (!enrolled) {  // whoever uses it says so
    const std::lock_guard hold(mutex_);
    state_.tries = asked_;
    state_.error = enrolled.error().text;
    return longest_sleep;
  }
  const identity::Identity& identity = enrolled->identity;
  if (std::exchange(certificate_, identity.certificate_pem) != identity.certificate_pem)
    chance_ = chance(), failures_ = 0;
  const WallTime due = activation::renew_at(identity.not_before, identity.not_after, chance_);
  std::uint64_t asked = 0;
  bool at_once = false;
  {
    const std::lock_guard hold(mutex_);
    state_.due = due;
    asked = asked_;
    at_once = asked > state_.tries;
  }
  if (const WallTime at = now(); at < due && !at_once)
    return std::clamp<milliseconds>(due - at, milliseconds(1), longest_sleep);
  const auto renewed = renew(*enrolled, stop);
  if (stop.stop_requested()) return milliseconds(0);
  if (renewed) {
    const std::lock_guard hold(mutex_);
    state_ = {.error = "", .removed = false, .due = std::nullopt, .tries = asked};
    return milliseconds(0);
  }
  const activation::Refused& why = renewed.error();
  const milliseconds wait = std::max<milliseconds>(
      why.retry_after,
      activation::retry_in(identity.not_after - identity.not_before, ++failures_, why.for_good, chance()));
  const std::lock_guard hold(mutex_);
  if (std::exchange(state_.error, why.error.text) != why.error.text)
    log::warn("identity.not_renewed", {{"why", why.error.text}, {"valid_until", to_rfc3339(identity.not_after)}});
  state_.removed = why.removed;
  state_.tries = asked;
  return wait;
}

Expected<void, activation::Refused> Renewer::renew(const identity::Enrolled& old, const std::stop_token& stop) {
  const auto refuse = [](const Error& error) {
    return tl::unexpected<activation::Refused>(activation::Refused{.error = error});
  };
  const auto at = egress::parse_endpoint(old.enrolment);
  if (!at) return refuse(at.error());
  const auto key = identity::make_key();
  if (!key) return refuse(key.error());
  const auto asker = activation::https_asker(*door_, *at, "", old.roots_pem, stop);
  const auto renewed = activation::renew(*asker, old, *key);
  if (!renewed) return tl::unexpected<activation::Refused>(renewed.error());
  if (const auto kept = identity::keep_enrolled(file_, *renewed); !kept) return refuse(kept.error());
  log::info("identity.renewed",
            {{"agent", renewed->identity.agent_id}, {"valid_until", to_rfc3339(renewed->identity.not_after)}});
  return {};
}

}  // namespace platen::agent
