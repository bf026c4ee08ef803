#include "transport/command/session.h"

#include <mqtt/async_client.h>

#include <algorithm>
#include <atomic>
#include <utility>

#include "transport/command/handover.h"

namespace platen::channel {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr int qos = 1;
constexpr milliseconds look_at_stop_every{50};

enum class Waited { done, stopped, silent };
// Throws mqtt::exception when the token failed.
Waited wait(mqtt::token& token, milliseconds patience, const std::stop_token& stop) {
  const auto deadline = steady_clock::now() + patience;
  while (!stop.stop_requested()) {
    if (token.wait_for(look_at_stop_every)) return Waited::done;
    if (steady_clock::now() >= deadline) return Waited::silent;
  }
  return Waited::stopped;
}

Error error_of(Waited waited, const char* question) {
  if (waited == Waited::stopped) return {Code::cancelled, "stopped"};
  return {Code::timeout, std::string("the broker does not answer ") + question};
}

// CONNACK in both versions: MQTT 3.1.1 table 3.1, MQTT 5 §3.2.2.2.
struct Row {
  int reason;
  Code code;
  const char* text;
};
constexpr Row refusals[] = {
    {2, Code::denied, "the broker does not take the client id"},
    {3, Code::unavailable, "the broker is not available"},
    {4, Code::denied, "the broker does not know this user and password"},
    {5, Code::denied, "the broker does not let this agent in"},
    {0x85, Code::denied, "the broker does not take the client id"},
    {0x86, Code::denied, "the broker does not know this user and password"},
    {0x87, Code::denied, "the broker does not let this agent in"},
    {0x88, Code::unavailable, "the broker is not available"},
    {0x89, Code::unavailable, "the broker is busy"},
    {0x8A, Code::denied, "the broker has banned this agent"},
    {0x97, Code::unavailable, "the quota of the broker is used up"},
    {0x9F, Code::unavailable, "the broker takes no more connections for now"},
};
constexpr int wrong_version_311 = 1, wrong_version_5 = 0x84;

Refusal refusal_of(const mqtt::exception& fault) {
  const int reason = fault.get_reason_code() > 0 ? fault.get_reason_code() : fault.get_return_code();
  if (reason == wrong_version_311 || reason == wrong_version_5)
    return {{Code::invalid, "the broker speaks another version of MQTT"}, true, true};
  for (const Row& row : refusals)
    if (row.reason == reason) return {{row.code, row.text}};
  if (reason > 0) return {{Code::denied, "the broker refused with reason " + std::to_string(reason)}};
  return {{Code::unavailable, "the broker hung up without an answer"}, true};
}

// What the broker says when it hangs up (MQTT 5 §3.14.2.1).
std::string farewell_of(int reason) {
  switch (reason) {
    case 0x8E: return "somebody else signed in under this name: is the identity in use twice?";
    case 0x87: return "the broker does not allow that";
    case 0x95: return "a message was too long for the broker";
    case 0x97: return "the quota of the broker is used up";
    default: return "the broker ended the connection with reason " + std::to_string(reason);
  }
}

// Filled where they stay: a copy of mqtt::connect_options 1.2.0 keeps the address of the first one's will.
void fill(mqtt::connect_options& out, Version version, const Hello& hello, milliseconds patience) {
  out.set_mqtt_version(static_cast<int>(version));
  out.set_keep_alive_interval(Session::keep_alive);
  out.set_connect_timeout(std::chrono::ceil<std::chrono::seconds>(patience));
  out.set_automatic_reconnect(false);
  const bool keeps = hello.session.count() != 0;
  if (version == Version::v5) {
    out.set_clean_start(!keeps);
    out.set_properties({{mqtt::property::SESSION_EXPIRY_INTERVAL, static_cast<std::int32_t>(hello.session.count())}});
  } else {
    out.set_clean_session(!keeps);
  }
  if (!hello.user.empty()) out.set_user_name(hello.user);
  if (!hello.password.empty()) out.set_password(hello.password.reveal());
  if (hello.will) out.set_will(mqtt::will_options(hello.will->topic, hello.will->payload, qos, hello.will->retained));
}

// Counts what waits for an answer.
class Unanswered final : public mqtt::iaction_listener {
 public:
  explicit Unanswered(const Ears& ears) : ears_(ears) {}
  [[nodiscard]] bool has_room() const { return count_ < Session::most_unanswered; }
  void one_more() { ++count_; }
  void one_less() { --count_; }
  void on_success(const mqtt::token&) override { --count_, ears_.answered(); }
  void on_failure(const mqtt::token&) override { --count_, ears_.answered(); }

 private:
  const Ears& ears_;
  std::atomic<int> count_ = 0;
};

class Subscribed final : public mqtt::iaction_listener {
 public:
  Subscribed(const Ears& ears, Version version) : ears_(ears), version_(version) {}
  void on_success(const mqtt::token& token) override {
    constexpr int refused = 0x80;
    if (version_ == Version::v311)
      return ears_.subscribed({});                         // its codes are not to be had: mqttpp 1.2.0 makes some up
    const auto response = token.get_subscribe_response();  // a copy: its reasons live in it
    const auto& reasons = response.get_reason_codes();
    if (std::any_of(reasons.begin(), reasons.end(), [](int reason) { return reason >= refused; }))
      return on_failure(token);
    ears_.subscribed({});
  }
  void on_failure(const mqtt::token&) override {
    ears_.subscribed(fail(Code::denied, "the broker does not let this agent read its own topics"));
  }

 private:
  const Ears& ears_;
  const Version version_;
};

class PahoSession final : public Session {
 public:
  PahoSession(const std::string& uri, Version version, const Hello& hello, Ears ears)
      : version_(version),
        ears_(std::move(ears)),
        unanswered_(ears_),
        subscribed_(ears_, version),
        client_(uri, hello.client_id, mqtt::create_options(static_cast<int>(version))) {
    client_.set_message_callback([this](const mqtt::const_message_ptr& came) {
      ears_.message({came->get_topic(), came->get_payload_str(), came->is_retained()});
    });
    client_.set_connection_lost_handler([this](const std::string&) { ears_.lost(""); });
    client_.set_disconnected_handler(
        [this](const mqtt::properties&, mqtt::ReasonCode reason) { ears_.lost(farewell_of(reason)); });
  }
  Expected<void, Refusal> connect(const Hello& hello, milliseconds patience, const std::stop_token& stop) try {
    mqtt::connect_options options;
    fill(options, version_, hello, patience);
    const Waited waited = wait(*client_.connect(options), patience, stop);
    if (waited != Waited::done) return tl::unexpected(Refusal{error_of(waited, "CONNECT")});
    return {};
  } catch (const mqtt::exception& fault) {
    return tl::unexpected(refusal_of(fault));
  }

  void subscribe(const std::vector<Subscription>& wanted) override try {
    const auto filters = std::make_shared<mqtt::string_collection>();
    mqtt::iasync_client::qos_collection levels;
    for (const Subscription& each : wanted) filters->push_back(each.filter), levels.push_back(each.qos);
    client_.subscribe(filters, levels, nullptr, subscribed_);
  } catch (const mqtt::exception& fault) {
    ears_.subscribed(fail(Code::unavailable, std::string("SUBSCRIBE cannot be sent: ") + fault.what()));
  }

  [[nodiscard]] bool has_room() const override { return unanswered_.has_room(); }

  void publish(const Message& message) override {
    if (!has_room()) return;
    unanswered_.one_more();
    try {
      const auto out = mqtt::make_message(message.topic, message.payload, qos, message.retained);
      if (version_ == Version::v5 && message.expires.count() != 0)
        out->set_properties(
            {{mqtt::property::MESSAGE_EXPIRY_INTERVAL, static_cast<std::int32_t>(message.expires.count())}});
      client_.publish(out, nullptr, unanswered_);
    } catch (const mqtt::exception&) {
      unanswered_.one_less();  // the connection ends, and says so itself
    }
  }

  void close(milliseconds patience) override try {
    if (client_.is_connected()) client_.disconnect()->wait_for(patience);
  } catch (const mqtt::exception&) {  // it ended by itself meanwhile
  }

 private:
  const Version version_;
  Ears ears_;
  Unanswered unanswered_;
  Subscribed subscribed_;
  mqtt::async_client client_;  // last: it ends before what it calls
};

}  // namespace

std::string_view name_of(Version version) { return version == Version::v5 ? "MQTT 5" : "MQTT 3.1.1"; }

Expected<std::unique_ptr<Session>, Refusal> Session::open(int fd, Version version, const Hello& hello, Ears ears,
                                                          milliseconds patience, const std::stop_token& stop) {
  const auto handover = Handover::prepare(fd);
  if (!handover) return tl::unexpected(Refusal{handover.error()});
  auto session = std::make_unique<PahoSession>(handover->uri(), version, hello, std::move(ears));
  if (auto connected = session->connect(hello, patience, stop); !connected) return tl::unexpected(connected.error());
  return session;
}

}  // namespace platen::channel
