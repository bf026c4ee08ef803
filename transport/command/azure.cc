// The adapter for Azure IoT Hub. MQTT 3.1.1 only, QoS 1 at most, nothing retained, at most five subscriptions; whatever it does
// not like ends the connection.
#include "transport/command/client.h"
#include "transport/command/looks.h"
#include "transport/command/words.h"

namespace platen::channel {
namespace {

constexpr std::string_view desired_topic = "$iothub/twin/PATCH/properties/desired/";
constexpr std::string_view twin_topic = "$iothub/twin/res/200/";

class AzureChannel final : public CommandChannel, private Dialect {
 public:
  AzureChannel(AzureOptions options, Route route, Taker& taker)
      : options_(std::move(options)),
        messages_("devices/" + options_.device_id + "/messages/"),
        taker_(taker),
        looks_(taker),
        client_(std::move(route), *this) {}

  void run(std::stop_token stop) override { client_.run(stop); }
  void say_received(std::string task_state) override {
    (void)client_.say({.topic = messages_ + "events/%24.ct=application%2Fx-protobuf&kind=task-state",
                       .payload = std::move(task_state)});
  }
  [[nodiscard]] State state() const override { return client_.state(); }
  void on_change(std::function<void(const State&)> told) override { client_.on_change(std::move(told)); }

 private:
  Hello hello(WallTime now) override {
    Hello out{.client_id = options_.device_id,
              .user = options_.hub + "/" + options_.device_id + "/?api-version=2021-04-12",
              .session = std::chrono::seconds(1)};  // the hub has its own idea of how long
    if (options_.key.empty()) return out;
    const auto expiry = std::chrono::ceil<std::chrono::seconds>(now) + options_.token_life;
    out.password = *shared_access_signature(options_.hub, options_.device_id, options_.key, expiry);
    return out;
  }
  [[nodiscard]] std::chrono::milliseconds lifetime(double chance) const override {
    if (options_.key.empty()) return {};
    const double part = 0.8 - 0.1 * chance;  // a fleet's tokens end at different times
    return std::chrono::milliseconds(
        static_cast<std::int64_t>(part * 1000 * static_cast<double>(options_.token_life.count())));
  }
  [[nodiscard]] bool speaks(Version version) const override { return version == Version::v311; }
  [[nodiscard]] std::vector<Subscription> topics() const override {
    return {{"$iothub/methods/POST/#"},
            {"$iothub/twin/res/#"},
            {std::string(desired_topic) + "#"},
            {messages_ + "devicebound/#"}};
  }
  std::vector<Message> greeting() override {
    looks_.ask();
    return {{.topic = "$iothub/twin/GET/?$rid=twin"}, report()};  // what was desired meanwhile is not pushed
  }
  std::vector<Message> farewell() override { return {}; }

  Taken take(Message message, std::vector<Message>& answers) override {
    if (const auto method = method_of(message.topic)) return answer(*method, message.payload, answers);
    if (message.topic.starts_with(desired_topic)) return notice(look_of_twin(message.payload), answers);
    if (message.topic.starts_with(twin_topic)) return notice(look_of_twin(message.payload), answers);
    if (message.topic.starts_with("$iothub/twin/res/")) return Taken::understood;
    if (!message.topic.starts_with(messages_ + "devicebound/")) return Taken::unknown;
    if (message.payload.empty()) return looks_.ask(), Taken::understood;
    taker_.offer(std::move(message.payload));
    return Taken::handed_over;
  }
  Taken answer(const Method& method, std::string_view payload, std::vector<Message>& answers) {
    auto meaning =
        method.name == "task" ? meaning_of_method(payload) : fail(Code::not_found, "there is no such method");
    const int status = meaning ? 200 : meaning.error().code == Code::not_found ? 404 : 400;
    const std::string text = meaning ? "received" : meaning.error().text;
    answers.push_back({.topic = method_answer_topic(status, method.rid), .payload = state_json(text)});
    if (!meaning) return Taken::unknown;
    if (meaning->is == Meaning::Is::look) looks_.ask();
    if (meaning->is != Meaning::Is::command) return Taken::understood;
    taker_.offer(std::move(meaning->octets));
    return Taken::handed_over;
  }
  Taken notice(std::optional<std::int64_t> look, std::vector<Message>& answers) {
    if (!look || look == look_) return Taken::understood;
    look_ = look;
    looks_.ask();
    answers.push_back(report());
    return Taken::understood;
  }
  [[nodiscard]] Message report() const {
    return {.topic = "$iothub/twin/PATCH/properties/reported/?$rid=report",
            .payload = reported(options_.version, look_)};
  }
  void missed_some() override { looks_.ask(); }
  MonotonicTime tend(MonotonicTime now) override { return looks_.tend(now); }

  const AzureOptions options_;
  const std::string messages_;
  Taker& taker_;
  Looks looks_;
  std::optional<std::int64_t> look_;
  Client client_;
};

}  // namespace

Expected<std::unique_ptr<CommandChannel>> make_azure_channel(AzureOptions options, Taker& taker) {
  auto to = egress::parse_endpoint(options.address);
  if (!to) return fail(to.error().in("command.address"));
  if (options.hub.empty()) options.hub = to->host;
  if (!is_topic_word(options.device_id))
    return fail(Code::invalid,
                "command.device_id \"" + options.device_id + "\" is no device id: letters, digits and .-_:");
  const bool by_token = !options.key.empty();
  if (by_token) {
    const auto token = shared_access_signature(options.hub, options.device_id, options.key, {});
    if (!token) return fail(token.error());
  }
  Route route{.purpose = "commands",
              .to = *std::move(to),
              .path = azure_path(by_token),
              .tls = {.roots_pem = options.roots_pem},
              .patience = options.patience,
              .door = options.door};
  if (!by_token) route.tls.certificate_pem = options.certificate_pem, route.tls.key_pem = options.key_pem;
  return std::make_unique<AzureChannel>(std::move(options), std::move(route), taker);
}

}  // namespace platen::channel
