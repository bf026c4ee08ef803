// A configuration from afar: in force at once, for good when the cloud has acknowledged something under it, taken back otherwise.
// Nothing is on disk until then, so that an agent that ends in between begins with the one from before.
#include <fmt/format.h>

#include "agent/main/hands.h"

namespace platen::agent {
namespace {

using tasks::Ending;
using tasks::Outcome;

constexpr std::chrono::minutes confirm_within{5};  // without a word

class ConfigJob final : public tasks::Job {
 public:
  ConfigJob(Workplace& at, const tasks::SetConfig& order, std::string task_id)
      : at_(at),
        toml_(order.toml),
        patience_(order.confirm_within.count() > 0 ? order.confirm_within : std::chrono::seconds(confirm_within)),
        task_id_(std::move(task_id)) {}

  std::optional<Ending> step(bool between) override {
    if (!on_trial_ && cancelled_) return Ending{Outcome::cancelled};
    if (!on_trial_) return between ? begin() : std::nullopt;
    if (!between) return std::nullopt;
    if (acknowledged()) return keep();
    const bool late = at_.clock().monotonic() >= deadline_;
    if (!late && !cancelled_) return std::nullopt;
    at_.drop_settings();
    if (cancelled_) return Ending{Outcome::cancelled};
    return Ending{Outcome::failed, fmt::format("not confirmed within {} s: the settings from before are in force again",
                                               patience_.count())};
  }
  [[nodiscard]] tasks::Progress progress() const override {
    return {0, 0, on_trial_ ? "on trial until the cloud acknowledges something" : ""};
  }
  void cancel() override { cancelled_ = true; }

 private:
  std::optional<Ending> begin() {
    if (const auto tried = at_.try_settings(toml_); !tried) return Ending{Outcome::failed, tried.error().text};
    on_trial_ = true;
    deadline_ = at_.clock().monotonic() + patience_;
    return std::nullopt;
  }

  // Of a record that was made under these settings.
  bool acknowledged() {
    const tasks::Place place = at_.journal().acknowledged();
    if (!proof_ || proof_->epoch != place.epoch) {
      auto said = at_.journal().append(
          wire::task_begun_kind,
          wire::encode_task_state({.task_id = task_id_, .stage = wire::TaskState::Stage::running, .text = "on trial"}));
      proof_ = said ? std::optional(std::move(*said)) : std::nullopt;
      return false;
    }
    return place.seq >= proof_->seq;
  }

  Ending keep() {
    const auto kept = at_.keep_settings();
    if (kept) return {Outcome::done, "in force, and confirmed"};
    at_.drop_settings();
    return {Outcome::failed, kept.error().text};
  }

  Workplace& at_;
  const Secret toml_;
  const std::chrono::seconds patience_;
  const std::string task_id_;
  bool on_trial_ = false, cancelled_ = false;
  MonotonicTime deadline_{};
  std::optional<tasks::Place> proof_;
};

}  // namespace

std::unique_ptr<tasks::Job> config_job(Workplace& at, const tasks::SetConfig& order, const std::string& task_id) {
  return std::make_unique<ConfigJob>(at, order, task_id);
}

}  // namespace platen::agent
