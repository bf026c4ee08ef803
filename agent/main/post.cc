#include "agent/main/post.h"

#include "base/log.h"

namespace platen::agent {
namespace {

// A reason is news once: until it changes only the count grows, which the next line tells.
class ChangeLog {
 public:
  explicit ChangeLog(std::string address) : address_(std::move(address)) {}
  void operator()(const uplink::State& state) {
    if (!state.connected && state.last_error == why_) return;
    why_ = state.connected ? "" : state.last_error;
    if (state.connected) {
      log::info("uplink.connected", {{"cloud", address_},
                                     {"protocol", state.protocol},
                                     {"acknowledged", state.acknowledged},
                                     {"reconnects", state.reconnects}});
    } else {
      log::warn("uplink.waiting", {{"cloud", address_}, {"why", why_}, {"reconnects", state.reconnects}});
    }
  }

 private:
  std::string address_, why_;
};

// Readings of one printer and of one kind.
std::string series_of(const ledger::Entry& entry) {
  return entry.device.empty() ? "" : entry.device + "/" + std::to_string(static_cast<int>(entry.worth));
}

}  // namespace

// The ledger in the uplink's words.
class Post::Records final : public uplink::Source {
 public:
  Records(ledger::Ledger& ledger, Egress& egress, std::function<void()> settled)
      : ledger_(ledger), egress_(egress), settled_(std::move(settled)) {}
  std::string epoch() override { return ledger_.position().epoch; }
  std::uint64_t first_kept() override { return ledger_.position().first; }
  std::uint64_t newest() override { return ledger_.position().last; }
  std::string hash_at(std::uint64_t seq) override { return ledger_.hash_at(seq).value_or(""); }
  std::vector<uplink::Outgoing> after(const std::string& epoch, std::uint64_t seq, std::size_t max_octets) override {
    auto entries = ledger_.after(epoch, seq, max_octets);
    std::vector<uplink::Outgoing> out;
    if (!entries) {
      log::error("ledger.unreadable", {{"after", seq}, {"why", entries.error().text}});
      return out;
    }
    for (const ledger::Entry& entry : *entries) egress_.leaves(epoch, entry.seq, entry.kind, entry.octets);
    for (ledger::Entry& entry : *entries)
      out.push_back({entry.seq, std::move(entry.kind), std::move(entry.octets), entry.first, std::move(entry.hash),
                     std::move(entry.origins), series_of(entry)});
    return out;
  }
  std::vector<uplink::Outgoing> newest_of_each(const std::string& epoch, std::uint64_t after, std::uint64_t before,
                                               std::size_t max_octets) override {
    auto entries = ledger_.newest_of_each(epoch, after, before, max_octets);
    std::vector<uplink::Outgoing> out;
    if (!entries) log::error("ledger.unreadable", {{"before", before}, {"why", entries.error().text}});
    if (!entries) return out;
    for (ledger::Entry& entry : *entries) {
      egress_.leaves_as_preview(entry.octets);
      out.push_back({entry.seq, std::move(entry.kind), std::move(entry.octets)});
    }
    return out;
  }
  void acknowledged(const std::string& epoch, std::uint64_t through_seq) override {
    const auto done = ledger_.acknowledge(epoch, through_seq);
    if (!done) log::warn("ledger.acknowledgement", {{"through", through_seq}, {"why", done.error().text}});
    settled_();
  }
  void park(const std::string& epoch, std::uint64_t seq, const std::string& why) override {
    const auto done = ledger_.park(epoch, seq, why);
    if (!done) log::warn("ledger.not_parked", {{"seq", seq}, {"why", done.error().text}});
  }
  void begin_epoch(const std::string& epoch, uplink::Break why, std::uint64_t missing) override {
    using Reason = wire::Gap::Reason;
    const Reason reason = why == uplink::Break::forked ? Reason::restored : Reason::cloud_lost;
    const auto begun = ledger_.begin_epoch(epoch, reason, missing);
    if (!begun) log::error("ledger.no_new_epoch", {{"why", begun.error().text}});
  }

 private:
  ledger::Ledger& ledger_;
  Egress& egress_;
  const std::function<void()> settled_;
};

Post::Post() = default;
Post::~Post() = default;

Expected<std::unique_ptr<Post>> Post::start(const config::Config& config, const Login& login, ledger::Ledger& ledger,
                                            Egress& egress, Told told) {
  const config::Cloud& cloud = config.cloud;
  const identity::Identity& identity = login.identity;
  uplink::Options options;
  options.address = login.cloud;
  options.agent_id = identity.agent_id;
  options.agent_version = PLATEN_VERSION;
  options.roots_pem = login.roots_pem;
  options.certificate_pem = identity.certificate_pem;
  options.key_pem = identity.key_pem;
  options.batch_octets = static_cast<std::size_t>(cloud.batch_size);
  options.window = static_cast<std::size_t>(cloud.window);
  options.history_rate = static_cast<std::size_t>(cloud.history_rate);
  options.heartbeat = cloud.heartbeat;
  options.backoff_first = cloud.backoff_first;
  options.backoff_longest = cloud.backoff_longest;
  options.climb_first = cloud.http2_retry;
  options.poll = config.poll_interval;
  options.door = login.door;
  std::unique_ptr<Post> post(new Post);
  post->records_ = std::make_unique<Records>(ledger, egress, std::move(told.acknowledged));
  auto made = uplink::Uplink::make(std::move(options), *post->records_, told.orders);
  if (!made) return fail(made.error());
  post->uplink_ = std::move(*made);
  post->uplink_->on_change(
      [log = ChangeLog(login.cloud), changed = std::move(told.changed)](const uplink::State& state) mutable {
        log(state);
        changed();
      });
  post->thread_ = std::jthread([&uplink = *post->uplink_](const std::stop_token& stop) { uplink.run(stop); });
  return post;
}

}  // namespace platen::agent
