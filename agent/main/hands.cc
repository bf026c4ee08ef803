#include "agent/main/hands.h"

namespace platen::agent {
namespace {

class Ended final : public tasks::Job {
 public:
  explicit Ended(tasks::Ending ending) : ending_(std::move(ending)) {}
  std::optional<tasks::Ending> step(bool) override { return ending_; }
  void cancel() override {}

 private:
  const tasks::Ending ending_;
};

struct Begin {
  Workplace& at;
  const std::string& task_id;
  std::unique_ptr<tasks::Job> operator()(const tasks::Scan& order) const { return scan_job(at, order); }
  std::unique_ptr<tasks::Job> operator()(const tasks::ReadNow& order) const { return read_job(at, order); }
  std::unique_ptr<tasks::Job> operator()(const tasks::RotateCredentials&) const { return rotate_job(at); }
  std::unique_ptr<tasks::Job> operator()(const tasks::SetConfig& order) const { return config_job(at, order, task_id); }
  std::unique_ptr<tasks::Job> operator()(const tasks::SendDiagnostics& order) const {
    return diagnostics_job(at, order);
  }
  std::unique_ptr<tasks::Job> operator()(const tasks::Explain& order) const { return explain_job(at, order); }
  std::unique_ptr<tasks::Job> operator()(const tasks::Record& order) const { return record_job(at, order); }
  template <class Other>
  std::unique_ptr<tasks::Job> operator()(const Other&) const {
    return ended_job({tasks::Outcome::not_yet, "this version of the agent cannot do it yet"});
  }
};

}  // namespace

std::unique_ptr<tasks::Job> ended_job(tasks::Ending ending) { return std::make_unique<Ended>(std::move(ending)); }

std::unique_ptr<tasks::Job> Hands::begin(const tasks::Task& task) {
  return std::visit(Begin{at_, task.id}, task.order);
}

}  // namespace platen::agent
