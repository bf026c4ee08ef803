// Who does what tasks ask for: a job for each kind, over the agent's own parts.
//
//   Bounds   What is asked lies within what the site's configuration names: ranges within scan.targets, printers among those
//            that are known. A job on the main thread works in moments; what takes long has a thread and sockets of its own.
#pragma once

#include <memory>
#include <string>

#include "agent/config/config.h"
#include "agent/main/renewer.h"
#include "agent/main/site.h"
#include "agent/schedule/rounds.h"
#include "agent/tasks/desk.h"

namespace platen::agent {

// The agent, as its jobs see it. Called from the main thread.
class Workplace {
 public:
  virtual ~Workplace() = default;
  [[nodiscard]] virtual const config::Config& config() const = 0;
  [[nodiscard]] virtual schedule::Rounds& rounds() = 0;
  [[nodiscard]] virtual Site& site() = 0;
  [[nodiscard]] virtual Renewer* renewer() = 0;                      // nullptr: the certificate was signed by hand
  [[nodiscard]] virtual std::string certificate_in_use() const = 0;  // PEM; "": none
  [[nodiscard]] virtual const Clock& clock() const = 0;
  virtual void wake() = 0;  // from any thread: a job has news
  [[nodiscard]] virtual std::string status_json() = 0;
  // Beside those in config(): the proxy's of the environment.
  [[nodiscard]] virtual std::vector<Secret> other_secrets() const = 0;

  // A configuration from afar: on trial (all of it or nothing), then for good, or taken back. Only between two jobs.
  [[nodiscard]] virtual Expected<void> try_settings(const Secret& toml) = 0;
  [[nodiscard]] virtual Expected<void> keep_settings() = 0;
  virtual void drop_settings() = 0;
  // Something for the cloud to acknowledge, and how far it has come.
  [[nodiscard]] virtual tasks::Journal& journal() = 0;
};

class Hands final : public tasks::Hands {
 public:
  explicit Hands(Workplace& at) : at_(at) {}
  std::unique_ptr<tasks::Job> begin(const tasks::Task& task) override;

 private:
  Workplace& at_;
};

[[nodiscard]] std::unique_ptr<tasks::Job> scan_job(Workplace& at, const tasks::Scan& order);
[[nodiscard]] std::unique_ptr<tasks::Job> read_job(Workplace& at, const tasks::ReadNow& order);
[[nodiscard]] std::unique_ptr<tasks::Job> rotate_job(Workplace& at);
[[nodiscard]] std::unique_ptr<tasks::Job> config_job(Workplace& at, const tasks::SetConfig& order,
                                                     const std::string& task_id);
[[nodiscard]] std::unique_ptr<tasks::Job> diagnostics_job(Workplace& at, const tasks::SendDiagnostics& order);
[[nodiscard]] std::unique_ptr<tasks::Job> explain_job(Workplace& at, const tasks::Explain& order);
[[nodiscard]] std::unique_ptr<tasks::Job> record_job(Workplace& at, const tasks::Record& order);
[[nodiscard]] std::unique_ptr<tasks::Job> ended_job(tasks::Ending ending);  // there is nothing to do

}  // namespace platen::agent
