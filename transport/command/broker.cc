// The adapter for brokers that know agents by their certificates.
#include "transport/command/client.h"
#include "transport/command/looks.h"
#include "transport/command/words.h"

namespace platen::channel {
namespace {

class BrokerChannel final : public CommandChannel, private Dialect {
 public:
  BrokerChannel(BrokerOptions options, Route route, Taker& taker)
      : options_(std::move(options)), taker_(taker), looks_(taker), client_(std::move(route), *this) {}

  void run(std::stop_token stop) override { client_.run(stop); }
  void say_received(std::string task_state) override {
    (void)client_.say({.topic = topic_of(options_.agent_id, "seen"), .payload = std::move(task_state)});
  }
  [[nodiscard]] State state() const override { return client_.state(); }
  void on_change(std::function<void(const State&)> told) override { client_.on_change(std::move(told)); }

 private:
  [[nodiscard]] Message presence(const char* word) const {
    return {.topic = topic_of(options_.agent_id, "presence"), .payload = word, .retained = true};
  }
  Hello hello(WallTime) override {
    return {.client_id = options_.agent_id, .will = presence("offline"), .session = options_.session};
  }
  [[nodiscard]] std::chrono::milliseconds lifetime(double) const override { return {}; }
  [[nodiscard]] bool speaks(Version) const override { return true; }
  [[nodiscard]] std::vector<Subscription> topics() const override { return {{topic_of(options_.agent_id, "task")}}; }
  std::vector<Message> greeting() override {
    looks_.ask();  // what the broker has forgotten meanwhile is in the list
    return {presence("online")};
  }
  std::vector<Message> farewell() override { return {presence("offline")}; }
  Taken take(Message message, std::vector<Message>&) override {
    if (message.topic != topic_of(options_.agent_id, "task")) return Taken::unknown;
    if (message.payload.empty()) return looks_.ask(), Taken::understood;
    taker_.offer(std::move(message.payload));
    return Taken::handed_over;
  }
  void missed_some() override { looks_.ask(); }
  MonotonicTime tend(MonotonicTime now) override { return looks_.tend(now); }

  const BrokerOptions options_;
  Taker& taker_;
  Looks looks_;
  Client client_;
};

bool is_path(std::string_view text) {
  return text.starts_with('/') && text.size() <= 1024 &&
         text.find_first_of(std::string_view(" \t\r\n#\0", 6)) == std::string_view::npos;
}

}  // namespace

Expected<std::unique_ptr<CommandChannel>> make_broker_channel(BrokerOptions options, Taker& taker) {
  auto to = egress::parse_endpoint(options.address);
  if (!to) return fail(to.error().in("command.address"));
  if (!is_path(options.path))
    return fail(Code::invalid, "command.path \"" + options.path + "\" is no path of a URL, like \"/mqtt\"");
  if (!is_topic_word(options.agent_id))
    return fail(Code::invalid, "the agent's name cannot stand in an MQTT topic: letters, digits and .-_: can");
  Route route{
      .purpose = "commands",
      .to = *std::move(to),
      .path = options.path,
      .tls = {.roots_pem = options.roots_pem, .certificate_pem = options.certificate_pem, .key_pem = options.key_pem},
      .patience = options.patience,
      .door = options.door};
  route.tls.offers.assign(egress::command_offers.begin(), egress::command_offers.end());
  return std::make_unique<BrokerChannel>(std::move(options), std::move(route), taker);
}

}  // namespace platen::channel
