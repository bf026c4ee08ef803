#include "agent/main/agent.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "agent/config/remote.h"
#include "agent/host/files.h"
#include "agent/host/process.h"
#include "agent/network/door.h"
#include "base/log.h"

namespace platen::agent {
namespace {

using namespace std::chrono_literals;

constexpr auto status_at_most_every = 1s, longest_wait = 1s, login_asked_every = 1s, desk_tried_every = 1s,
               identity_looked_at_every = 1s;

log::Level level_of(const std::string& name) {
  for (const log::Level level : {log::Level::debug, log::Level::info, log::Level::warn}) {
    if (name == std::array{"debug", "info", "warn"}[static_cast<std::size_t>(level)]) return level;
  }
  return log::Level::error;
}

// Where each of the old credentials stands in the new list.
std::vector<std::optional<std::size_t>> moved(const std::vector<snmp::Credential>& old,
                                              const std::vector<snmp::Credential>& fresh) {
  std::vector<std::optional<std::size_t>> out;
  for (const snmp::Credential& each : old) {
    const auto found = std::find_if(fresh.begin(), fresh.end(),
                                    [&](const snmp::Credential& other) { return snmp::same_login(each, other); });
    out.push_back(found == fresh.end() ? std::nullopt : std::optional(static_cast<std::size_t>(found - fresh.begin())));
  }
  return out;
}

std::optional<std::filesystem::file_time_type> stamp_of(const std::string& file) {
  std::error_code fault;
  const auto time = std::filesystem::last_write_time(file, fault);
  return fault ? std::nullopt : std::optional(time);
}

constexpr std::string_view how_to_enrol = "platen enroll CODE --cloud HOST, with the code that your dealer gives";

bool same_way(const config::Config& one, const config::Config& other) {
  const config::Cloud &a = one.cloud, &b = other.cloud;
  return one.poll_interval == other.poll_interval &&
         std::tie(a.address, a.ca_file, a.heartbeat, a.backoff_first, a.backoff_longest, a.batch_size, a.window,
                  a.history_rate, a.http2_retry) == std::tie(b.address, b.ca_file, b.heartbeat, b.backoff_first,
                                                             b.backoff_longest, b.batch_size, b.window, b.history_rate,
                                                             b.http2_retry);
}

bool same_search(const config::Config& a, const config::Config& b) {
  return std::tie(a.scan.targets, a.scan.exclude, a.scan.port, a.scan.allow_loopback, a.discovery) ==
         std::tie(b.scan.targets, b.scan.exclude, b.scan.port, b.scan.allow_loopback, b.discovery);
}

// To an owner whose agent has nothing to look for. Nothing is ever swept that was not asked for.
void propose(const std::string& file) {
  const auto networks = snmp::proposal(snmp::own_networks(false));
  std::string way_out = "name addresses in scan.targets";
  if (!networks.empty()) {
    way_out += fmt::format(", for example this host's own networks: targets = [\"{}\"]", fmt::join(networks, "\", \""));
  }
  log::warn("config.no-targets", {{"config", file}, {"way_out", way_out}});
}

}  // namespace

Agent::Agent(config::Config config, const Clock& clock)
    : config_(std::move(config)), clock_(clock), status_file_(config_.agent.state_dir) {
  status_.version = PLATEN_VERSION;
  status_.process = ::getpid();
  status_.started = status_.config_loaded = clock_.wall();
}

Agent::~Agent() = default;

schedule::Plan Agent::plan() const {
  return {.port = static_cast<std::uint16_t>(config_.scan.port),
          .sweep = config_.scan.interval,
          .intervals = {.supplies = config_.read.supplies_interval, .status = config_.read.status_interval},
          .batch = 4 * static_cast<std::size_t>(config_.read.at_once),
          .targets = [finder = finder_] { return finder->take(); }};
}

Expected<void> Agent::start(host::ServiceManager& manager) {
  manager_ = &manager;
  log::threshold(level_of(config_.agent.log_level));
  identity_stamp_ = stamp_of(identity::identity_file(config_.agent.state_dir));
  auto begun = ready(config_);
  if (!begun) return fail(begun.error().front());
  notice(begun->trouble);
  login_ = std::move(begun->login);
  const std::string owner = login_ ? login_->identity.agent_id : config_.agent.id;
  auto ledger =
      ledger::Ledger::open({.file = config_.agent.state_dir + "/ledger.db",
                            .owner = owner,
                            .owner_follows = owner.empty() && state_unusable_ && !config_.cloud.address.empty(),
                            .most_octets = config_.agent.ledger_size},
                           clock_);
  if (!ledger) return fail(ledger.error());
  ledger_ = std::move(*ledger);
  auto collector = ScannerCollector::open(config_, clock_, [this] { moved_on(); });
  if (!collector) return fail(collector.error());
  collector_ = std::move(*collector);
  status_.agent_id = owner.empty() ? "unnamed" : owner;
  finder_ = std::make_shared<TargetFinder>(config_.scan, config_.discovery, system_lookup(clock_));
  site_ = std::make_unique<Site>(config_, status_.agent_id, *ledger_, clock_,
                                 [this] { return post_ ? post_->state().cloud_time : std::nullopt; });
  noted_.emplace(*collector_, *site_);
  rounds_.emplace(status_.agent_id, plan(), *noted_, *site_, clock_);
  rounds_->remember(site_->winners(config_.credentials.size()));
  ledger_->on_append([this] {
    if (post_) post_->wake();
  });
  return take_over(config_);
}

Expected<void> Agent::run(std::stop_token stop, host::ServiceManager& manager) {
  bool anew = false;
  do {
    if (auto started = start(manager); !started) return started;
    log::info("agent.start", {{"version", status_.version},
                              {"agent", status_.agent_id},
                              {"config", config_.file},
                              {"state", config_.agent.state_dir},
                              {"cloud", login_ ? login_->cloud : config_.cloud.address},
                              {"way", login_ ? network::way_of(login_->door->settings()) : "none"},
                              {"ledger", ledger_->position().last}});
    if (!login_ && !login_owed_)
      log::warn("identity.none", {{"means", "readings stay here"}, {"way_out", how_to_enrol}});
    write_status(true);
    manager.ready();
    anew = work(stop);
    renewer_.reset();
    courier_.reset();
    post_.reset();
    site_->save(rounds_->fleet());
    if (anew) take_apart();
  } while (anew);
  write_status(false);
  log::info("agent.stop", {{"ledger", ledger_->position().last}});
  return {};
}

// For another start within this process.
void Agent::take_apart() {
  orders_.give(nullptr);
  desk_.reset(), journal_.reset();
  rounds_.reset(), noted_.reset(), site_.reset();
  finder_.reset(), collector_.reset(), ledger_.reset();
}

// True: to be started anew, under another name.
bool Agent::work(const std::stop_token& stop) {
  const std::stop_callback stop_job(stop, [this] {
    const std::lock_guard hold(mutex_);
    job_.request_stop();
  });
  while (!stop.stop_requested()) {
    bool reload = false;
    std::stop_token job;
    {
      const std::lock_guard hold(mutex_);
      reload = std::exchange(reload_asked_, false);
      tasks_due_ = false;
      if (!stop.stop_requested()) job_ = std::stop_source();
      job = job_.get_token();
    }
    if (reload) reload_now();
    ask_again_for_login();
    if (std::exchange(identity_changed_, false) && take_identity_up()) return true;
    do_tasks(true);
    for (const IpAddress& address : site_->due()) rounds_->read_soon(address);
    const MonotonicTime next = rounds_->step(job);
    ledger_->tend();
    site_->tend();
    moved_on();
    wait_until(next, stop);
  }
  return false;
}

std::string Agent::certificate_in_use() const { return login_ ? login_->identity.certificate_pem : ""; }

std::vector<Secret> Agent::other_secrets() const {
  if (!login_ || !login_->door->settings().routes.proxy) return {};
  return {login_->door->settings().routes.proxy->password};
}

void Agent::wake() {
  {
    const std::lock_guard hold(mutex_);
    tasks_due_ = true;
  }
  woken_.notify_all();
}

// Tasks are for agents that were enrolled by code: the others have no key to know them by.
void Agent::open_desk() {
  if (!login_ || login_->enrolment.empty() || clock_.monotonic() - desk_tried_at_ < desk_tried_every) return;
  desk_tried_at_ = clock_.monotonic();
  if (!journal_) journal_ = std::make_unique<LedgerJournal>(*ledger_);
  auto opened = tasks::Desk::open({.state_dir = config_.agent.state_dir,
                                   .policy_file = tasks::policy_file(config_.file),
                                   .tenant = login_->identity.tenant,
                                   .agent_id = login_->identity.agent_id,
                                   .task_key = login_->task_key,
                                   .wake = [this] { wake(); }},
                                  *journal_, hands_, clock_);
  const std::string why = opened ? "" : opened.error().text;
  if (!why.empty() && why != desk_trouble_) log::error("tasks.none", {{"why", why}});
  desk_trouble_ = why;
  if (!opened) return;
  desk_ = std::move(*opened);
  orders_.give(desk_);
}

// `between`: no printer is being asked, so that settings may change.
void Agent::do_tasks(bool between) {
  if (!desk_) open_desk();
  if (desk_) desk_->tick(between);
}

void Agent::watch_identity() {
  const MonotonicTime now = clock_.monotonic();
  if (now - identity_looked_at_ < identity_looked_at_every) return;
  identity_looked_at_ = now;
  const auto stamp = stamp_of(identity::identity_file(config_.agent.state_dir));
  if (!stamp || stamp == identity_stamp_) return;
  identity_stamp_ = stamp;
  identity_changed_ = true;
  const std::lock_guard hold(mutex_);
  job_.request_stop();
}

// True: it is another agent's, which needs another ledger.
bool Agent::take_identity_up() {
  const auto begun = ready(config_);
  identity_error_ = begun ? "" : begun.error().front().text;
  if (!begun) log::error("identity.unusable", {{"why", identity_error_}});
  if (!begun || !begun->login) return false;
  const identity::Identity& identity = begun->login->identity;
  log::info("identity.taken_up", {{"agent", identity.agent_id}, {"valid_until", to_rfc3339(identity.not_after)}});
  if (identity.agent_id != status_.agent_id) return true;
  if (const auto taken = take_over(config_); !taken) log::error("identity.unusable", {{"why", taken.error().text}});
  return false;
}

void Agent::wait_until(MonotonicTime next, const std::stop_token& stop) {
  const MonotonicTime now = clock_.monotonic();
  const auto longest = std::clamp<std::chrono::milliseconds>(next <= now ? 0ms : next - now, 0ms, longest_wait);
  if (longest == 0ms) return;
  if (next != rests_until_) {  // once after each piece of work
    rests_until_ = next;
    host::give_memory_back();
  }
  std::unique_lock hold(mutex_);
  woken_.wait_for(hold, stop, longest, [this] { return reload_asked_ || tasks_due_ || uplink_changed_; });
}

void Agent::reload() {
  const std::lock_guard hold(mutex_);
  reload_asked_ = true;
  job_.request_stop();
  woken_.notify_all();
}

// The site's file, under what came from afar.
Expected<config::Config, config::Faults> Agent::load_settings() {
  if (trial_) {
    auto site = config::load(config_.file);
    if (!site) return site;
    const auto remote = config::parse_remote(trial_->reveal(), "set_config");
    if (!remote) return fail(remote.error());
    return config::overlaid(std::move(*site), *remote);
  }
  auto loaded = config::load_with_remote(config_.file);
  if (!loaded) return fail(std::move(loaded.error()));
  if (!loaded->trouble.empty()) log::error("config.remote-left-out", {{"why", loaded->trouble}});
  status_.config_remote = loaded->trouble;
  return std::move(loaded->config);
}

Expected<void> Agent::try_settings(const Secret& toml) {
  const auto before = std::exchange(trial_, toml);
  auto fresh = load_settings();
  auto taken = fresh ? take_over(std::move(*fresh)) : fail(fresh.error().front());
  if (!taken) trial_ = before;
  if (taken) log::info("config.on-trial");
  return taken;
}

Expected<void> Agent::keep_settings() {
  const std::string file = config::remote_file(config_.agent.state_dir);
  auto kept = host::write_file(file, trial_->reveal(), 0600, host::Existing::replace);
  if (!kept) return kept;
  trial_.reset();
  log::info("config.confirmed", {{"file", file}});
  return {};
}

void Agent::drop_settings() {
  trial_.reset();
  log::warn("config.taken-back", {{"why", "nobody confirmed it in time"}});
  auto fresh = load_settings();
  const auto taken = fresh ? take_over(std::move(*fresh)) : fail(fresh.error().front());
  if (!taken) log::error("config.taken-back", {{"why", taken.error().text}});
}

void Agent::reload_now() {
  auto fresh = load_settings();
  config::Faults faults;
  if (!fresh) {
    faults = std::move(fresh.error());
  } else if (auto taken = take_over(std::move(*fresh)); !taken) {
    faults.push_back(std::move(taken.error()));
  }
  status_.config_error.clear();
  for (const Error& fault : faults) {
    log::error("reload.refused", {{"why", fault.text}});
    status_.config_error.append(status_.config_error.empty() ? "" : "\n").append(fault.text);
  }
  if (faults.empty()) {
    status_.config_loaded = clock_.wall();
    log::info("reload.done", {{"config", config_.file}});
  }
  write_status(true);
  manager_->reloaded();
}

// Once the state folder is back, what lies in it is taken up; what is wrong with that is said once.
void Agent::ask_again_for_login() {
  if (login_ || !login_owed_ || config_.cloud.address.empty() ||
      clock_.monotonic() - login_asked_at_ < login_asked_every)
    return;
  login_asked_at_ = clock_.monotonic();
  const auto taken = take_over(config_);
  const std::string why = taken ? "" : taken.error().text;
  if (!why.empty() && why != status_.config_error) log::error("identity.refused", {{"why", why}});
  status_.config_error = why;
}

void Agent::notice(const std::string& trouble) {
  if (trouble.empty() && state_unusable_) log::info("state.usable");
  if (!trouble.empty() && !state_unusable_)
    log::error("state.unusable", {{"why", trouble}, {"meanwhile", "printers are read, readings are held in memory"}});
  state_unusable_ = !trouble.empty();
  status_.state_trouble = trouble;
}

// In trouble the one in use stays, unless other files are named.
std::optional<Login> Agent::login_of(const Ready& begun, const config::Config& fresh) const {
  const auto files = [](const config::Cloud& cloud) {
    return std::tie(cloud.ca_file, cloud.certificate_file, cloud.key_file);
  };
  const bool hidden = !begun.login && !begun.trouble.empty() && (login_ || !fresh.cloud.address.empty());
  return hidden && files(fresh.cloud) == files(config_.cloud) ? login_ : begun.login;
}

// All of `fresh` or, on an error, nothing of it.
Expected<void> Agent::take_over(config::Config fresh) {
  if (std::tie(fresh.agent.id, fresh.agent.state_dir, fresh.agent.ledger_size) !=
      std::tie(config_.agent.id, config_.agent.state_dir, config_.agent.ledger_size)) {
    return fail(Code::invalid, config_.file +
                                   ": agent.id, agent.state_dir and agent.ledger_size take effect at a restart only; "
                                   "restart the agent");
  }
  auto begun = ready(fresh);
  if (!begun) return fail(begun.error().front());
  notice(begun->trouble);
  std::optional<Login> login = login_of(*begun, fresh);
  login_owed_ = !login && !begun->trouble.empty();
  std::unique_ptr<Post> post;
  const bool keep_post = post_ && login == login_ && same_way(fresh, config_);
  if (login && !keep_post) {
    ledger_->own(login->identity.agent_id);
    auto started = Post::start(fresh, *login, *ledger_, site_->egress(),
                               {.orders = login->enrolment.empty() ? nullptr : &orders_,
                                .changed = [this] { news(); },
                                .acknowledged = [this] { wake(); }});
    if (!started) return fail(started.error());
    post = std::move(*started);
  }
  std::unique_ptr<Courier> courier;
  const bool keep_courier = courier_ && login == login_ && fresh.command == config_.command;
  if (login && !keep_courier && !login->command.empty()) {
    auto started = start_courier(fresh, *login);
    if (!started) return fail(started.error());
    courier = std::move(*started);
  }
  if (!keep_post) post_ = std::move(post);
  if (!keep_courier) courier_ = std::move(courier);
  if (!login || login->enrolment.empty()) renewer_.reset();
  if (login && !login->enrolment.empty() && (!renewer_ || !keep_post))
    renewer_ = std::make_unique<Renewer>(identity::identity_file(fresh.agent.state_dir), login->door, clock_);
  const auto credentials = moved(config_.credentials, fresh.credentials);
  const bool search_anew = !same_search(fresh, config_) || fresh.credentials != config_.credentials;
  config_ = std::move(fresh);
  if (search_anew) finder_ = std::make_shared<TargetFinder>(config_.scan, config_.discovery, system_lookup(clock_));
  login_ = std::move(login);
  if (login_) status_.agent_id = login_->identity.agent_id;
  if (login_ && desk_) desk_->key_of_identity(login_->task_key);
  log::threshold(level_of(config_.agent.log_level));
  collector_->configure(config_);
  site_->configure(config_);
  rounds_->change(plan(), credentials, search_anew);
  if (config_.scan.targets.empty() && !config_.discovery.any()) propose(config_.file);
  return {};
}

Expected<std::unique_ptr<Courier>> Agent::start_courier(const config::Config& fresh, const Login& login) {
  courier_.reset();  // one at a time: the broker would end the other, and Paho knows one
  return Courier::start(fresh, login, orders_, [this] { news(); });
}

// Of a connection, from its thread.
void Agent::news() {
  uplink_changed_ = true;
  woken_.notify_all();
}

// Called often while the main job moves: feeds the watchdog, writes the status now and then.
void Agent::moved_on() {
  watch_identity();
  do_tasks(false);
  manager_->progress();
  status_.progress = clock_.wall();
  const bool changed = uplink_changed_.exchange(false);
  if (changed && post_) post_->wake();  // the broker may have said that there is something to ask for
  if (changed || clock_.monotonic() - status_written_ >= status_at_most_every) write_status(true);
}

void Agent::write_identity_status() {
  status_.enrolment = login_ || login_owed_ ? "" : "none: " + std::string(how_to_enrol);
  status_.certificate_until.reset(), status_.certificate_renewed.reset();
  std::string why = identity_error_;
  if (login_) {
    status_.certificate_until = login_->identity.not_after;
    const std::string file =
        login_->enrolment.empty() ? config_.cloud.certificate_file : identity::identity_file(config_.agent.state_dir);
    const auto valid = identity::validity(login_->identity, file, clock_.wall());
    if (!valid && why.empty()) why = valid.error().text;
  }
  if (renewer_) {
    if (post_) renewer_->heard(post_->state().cloud_time);
    const Renewer::State renewal = renewer_->state();
    status_.certificate_renewed = renewal.due;
    if (!renewal.error.empty()) why = renewal.error;
  }
  if (post_ && post_->state().removed)
    why = "the cloud removed this agent; to bring it back: platen enroll CODE --replace";
  if (!why.empty() && status_.certificate_error != why) log::warn("certificate", {{"why", why}});
  status_.certificate_error = why;
}

void Agent::write_status(bool running) {
  const auto usable = host::check_folder(config_.agent.state_dir);
  notice(usable ? "" : usable.error().in("agent.state_dir").text);
  site_->tick(rounds_->fleet());
  if (!state_unusable_) status_.state_trouble = site_->trouble();
  status_.running = running;
  status_.config_file = config_.file;
  status_.config_lines = config_.lines;
  status_.cloud_address = login_ ? login_->cloud : config_.cloud.address;
  status_.ledger = ledger_->position();
  status_.ledger_health = ledger_->health();
  status_.shelf = site_->shelf();
  status_.tally = rounds_->tally();
  status_.subnets = collector_->uses();
  status_.forecast = site_->forecast();
  status_.clock = site_->clock_state();
  status_.time_zone = site_->zone().name();
  status_.printers = rounds_->fleet().size();
  status_.silent_printers = rounds_->fleet().silent();
  if (post_) status_.uplink = post_->state();
  status_.command_address = login_ ? login_->command : "";
  status_.command = courier_ ? std::optional(courier_->state()) : std::nullopt;
  if (!login_) status_.uplink.reset();
  status_.tasks.reset();
  if (desk_) status_.tasks = desk_->state();
  write_identity_status();
  status_file_.write(to_json(status_));
  status_written_ = clock_.monotonic();
  manager_->status(fmt::format("{} printers known, {} records wait for the cloud", status_.printers,
                               status_.ledger.last - status_.ledger.acknowledged));
}

}  // namespace platen::agent
