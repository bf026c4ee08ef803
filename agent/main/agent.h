// The agent put together: configuration, ledger, SNMP on this thread, the uplink on another. Wiring only.
//
//   Errors   run(): what keeps the agent from starting, in one sentence: Code::conflict when another agent holds the
//            state folder, Code::invalid, Code::denied, Code::not_found for a certificate or a key.
//   Trouble  A state folder that cannot be used (ready.h) keeps it from nothing: readings are held in memory, status.json is
//            written elsewhere, and the identity, the ledger and what is remembered are taken up when it is over.
//   Identity taken up when `platen enroll` or a renewal writes one, while the agent runs: under the same name by a new stream,
//            under another name by starting anew within the process.
//   Reload   SIGHUP: a good file is taken over between two jobs; with a bad one, or one that needs a restart,
//   everything
//            stays and the reason is logged and written to status.json.
#pragma once

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include "agent/config/config.h"
#include "agent/host/service.h"
#include "agent/ledger/ledger.h"
#include "agent/main/collector.h"
#include "agent/main/courier.h"
#include "agent/main/hands.h"
#include "agent/main/orders.h"
#include "agent/main/post.h"
#include "agent/main/ready.h"
#include "agent/main/renewer.h"
#include "agent/main/site.h"
#include "agent/main/status.h"
#include "agent/main/status_file.h"
#include "agent/main/targets.h"
#include "agent/schedule/rounds.h"

namespace platen::agent {

class Agent final : public host::ServiceBody, private Workplace {
 public:
  Agent(config::Config config, const Clock& clock);
  ~Agent() override;
  [[nodiscard]] Expected<void> run(std::stop_token stop, host::ServiceManager& manager) override;
  void reload() override;

 private:
  [[nodiscard]] Expected<void> start(host::ServiceManager& manager);
  [[nodiscard]] schedule::Plan plan() const;
  [[nodiscard]] bool work(const std::stop_token& stop);
  void wait_until(MonotonicTime next, const std::stop_token& stop);
  void reload_now();
  void ask_again_for_login();
  void notice(const std::string& trouble);
  [[nodiscard]] std::optional<Login> login_of(const Ready& begun, const config::Config& fresh) const;
  [[nodiscard]] Expected<void> take_over(config::Config fresh);
  [[nodiscard]] Expected<std::unique_ptr<Courier>> start_courier(const config::Config& fresh, const Login& login);
  void moved_on();
  void news();
  void watch_identity();
  [[nodiscard]] bool take_identity_up();
  void take_apart();
  void open_desk();
  void do_tasks(bool between);
  [[nodiscard]] const config::Config& config() const override { return config_; }
  [[nodiscard]] schedule::Rounds& rounds() override { return *rounds_; }
  [[nodiscard]] Site& site() override { return *site_; }
  [[nodiscard]] Renewer* renewer() override { return renewer_.get(); }
  [[nodiscard]] std::string certificate_in_use() const override;
  [[nodiscard]] const Clock& clock() const override { return clock_; }
  void wake() override;
  [[nodiscard]] std::string status_json() override { return to_json(status_); }
  [[nodiscard]] std::vector<Secret> other_secrets() const override;
  [[nodiscard]] Expected<void> try_settings(const Secret& toml) override;
  [[nodiscard]] Expected<void> keep_settings() override;
  void drop_settings() override;
  [[nodiscard]] tasks::Journal& journal() override { return *journal_; }
  [[nodiscard]] Expected<config::Config, config::Faults> load_settings();
  void write_status(bool running);
  void write_identity_status();

  config::Config config_;
  const Clock& clock_;
  Status status_;
  StatusFile status_file_;
  host::ServiceManager* manager_ = nullptr;
  std::unique_ptr<ledger::Ledger> ledger_;
  std::unique_ptr<ScannerCollector> collector_;
  std::unique_ptr<Site> site_;
  std::optional<NotedCollector> noted_;
  std::shared_ptr<TargetFinder> finder_;
  std::optional<schedule::Rounds> rounds_;
  std::optional<Login> login_;
  Orders orders_;
  Hands hands_{*this};
  std::unique_ptr<LedgerJournal> journal_;
  std::shared_ptr<tasks::Desk> desk_;
  MonotonicTime desk_tried_at_{};  // min() has no difference to now
  std::string desk_trouble_;
  std::optional<Secret> trial_;       // a configuration from afar that nobody has confirmed
  std::unique_ptr<Post> post_;        // after the ledger and the desk: it ends first
  std::unique_ptr<Courier> courier_;  // ends before the desk too
  MonotonicTime status_written_ = MonotonicTime::min(), login_asked_at_{}, rests_until_{};
  std::atomic<bool> uplink_changed_ = false;
  bool state_unusable_ = false;
  bool login_owed_ = false;  // the trouble hides it
  std::unique_ptr<Renewer> renewer_;
  std::optional<std::filesystem::file_time_type> identity_stamp_;
  MonotonicTime identity_looked_at_{};
  bool identity_changed_ = false;
  std::string identity_error_;

  std::mutex mutex_;
  std::condition_variable_any woken_;
  bool reload_asked_ = false, tasks_due_ = false;
  std::stop_source job_;  // of the job under way: stopped by a stop and by a reload
};

}  // namespace platen::agent
