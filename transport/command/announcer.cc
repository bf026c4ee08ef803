#include "transport/command/announcer.h"

#include "transport/command/client.h"
#include "transport/command/words.h"

namespace platen::channel {
namespace {

class BrokerAnnouncer final : public Announcer, private Dialect {
 public:
  BrokerAnnouncer(std::string client_id, Route route, Listener& listener)
      : client_id_(std::move(client_id)), listener_(listener), client_(std::move(route), *this) {}

  void run(std::stop_token stop) override { client_.run(stop); }
  bool announce(std::string_view agent_id, std::string signed_task, std::chrono::seconds expires) override {
    return is_topic_word(agent_id) &&
           client_.say({.topic = topic_of(agent_id, "task"), .payload = std::move(signed_task), .expires = expires});
  }
  [[nodiscard]] State state() const override { return client_.state(); }
  void on_change(std::function<void(const State&)> told) override { client_.on_change(std::move(told)); }

 private:
  Hello hello(WallTime) override { return {.client_id = client_id_}; }
  [[nodiscard]] std::chrono::milliseconds lifetime(double) const override { return {}; }
  [[nodiscard]] bool speaks(Version) const override { return true; }
  [[nodiscard]] std::vector<Subscription> topics() const override {
    return {{topic_of("+", "seen")}, {topic_of("+", "presence"), 0}};  // that of a whole fleet comes at once
  }
  std::vector<Message> greeting() override { return {}; }
  std::vector<Message> farewell() override { return {}; }
  Taken take(Message message, std::vector<Message>&) override {
    const auto topic = agent_topic(message.topic);
    if (!topic || topic->leaf == "task") return Taken::unknown;
    if (topic->leaf == "presence") {
      if (message.payload != "online" && message.payload != "offline") return Taken::unknown;
      listener_.presence(topic->agent_id, message.payload == "online", message.retained);
      return Taken::understood;
    }
    listener_.seen(topic->agent_id, std::move(message.payload));
    return Taken::handed_over;
  }
  void missed_some() override { listener_.missed_some(); }
  MonotonicTime tend(MonotonicTime) override { return MonotonicTime::max(); }

  const std::string client_id_;
  Listener& listener_;
  Client client_;
};

}  // namespace

Expected<std::unique_ptr<Announcer>> make_announcer(AnnouncerOptions options, Listener& listener) {
  auto to = egress::parse_endpoint(options.address);
  if (!to) return fail(to.error().in("the broker's address"));
  Route route{.purpose = "announcements",
              .to = *std::move(to),
              .path = options.path,
              .tls = {.roots_pem = options.roots_pem,
                      .name = options.server_name,
                      .certificate_pem = options.certificate_pem,
                      .key_pem = options.key_pem},
              .patience = options.patience,
              .door = options.door};
  route.tls.offers.assign(egress::command_offers.begin(), egress::command_offers.end());
  return std::make_unique<BrokerAnnouncer>(std::move(options.client_id), std::move(route), listener);
}

}  // namespace platen::channel
