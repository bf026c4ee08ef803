#include "transport/command/words.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <limits>
#include <nlohmann/json.hpp>

#include "transport/command/base64.h"
#include "transport/command/channel.h"

namespace platen::channel {
namespace {

using Json = nlohmann::json;

constexpr std::string_view root = "platen/v1/", methods = "$iothub/methods/POST/", rid_mark = "/?$rid=";
constexpr std::size_t longest_word = 128;
constexpr int deepest = 32;

bool is_word_letter(char each) {
  constexpr std::string_view further = ".-_:";
  return (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') || (each >= '0' && each <= '9') ||
         further.find(each) != std::string_view::npos;
}

// Levels of `text` beyond what is read are not read at all.
Json parsed(std::string_view text) {
  if (text.size() > most_octets) return {};
  bool too_deep = false;
  const auto look = [&](int depth, Json::parse_event_t, Json&) { return !(too_deep = too_deep || depth > deepest); };
  Json out = Json::parse(text, look, false);
  return too_deep || out.is_discarded() ? Json() : out;
}

std::string url_encoded(std::string_view text) {
  std::string out;
  for (const char each : text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    const auto octet = static_cast<std::uint8_t>(each);
    if (is_word_letter(each) && each != ':')
      out += each;
    else
      out.append({'%', digits[octet >> 4U], digits[octet & 15U]});
  }
  return out;
}

std::string hmac_sha256(std::string_view key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
       text.size(), digest.data(), &size);
  return {digest.begin(), digest.begin() + size};
}

}  // namespace

bool is_topic_word(std::string_view text) {
  return !text.empty() && text.size() <= longest_word && std::all_of(text.begin(), text.end(), is_word_letter);
}

std::string topic_of(std::string_view agent_id, std::string_view leaf) {
  return std::string(root) + std::string(agent_id) + "/" + std::string(leaf);
}

std::optional<AgentTopic> agent_topic(std::string_view topic) {
  if (!topic.starts_with(root)) return std::nullopt;
  topic.remove_prefix(root.size());
  const std::size_t slash = topic.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const std::string_view agent = topic.substr(0, slash), leaf = topic.substr(slash + 1);
  const bool known = leaf == "task" || leaf == "seen" || leaf == "presence";
  if (!known || !is_topic_word(agent)) return std::nullopt;
  return AgentTopic{std::string(agent), std::string(leaf)};
}

std::string azure_path(bool by_token) {
  return by_token ? "/$iothub/websocket?iothub-no-client-cert=true" : "/$iothub/websocket";
}

Expected<Secret> shared_access_signature(std::string_view hub, std::string_view device_id, const Secret& key,
                                         std::chrono::sys_seconds expiry) {
  const auto octets = from_base64(key.reveal());
  if (!octets || octets->empty())
    return fail(Code::invalid, "command.key_file does not hold a shared access key (base 64)");
  const Secret raw(*octets);
  const std::string what = url_encoded(std::string(hub) + "/devices/" + std::string(device_id));
  const std::string until = std::to_string(expiry.time_since_epoch().count());
  const std::string signature = to_base64(hmac_sha256(raw.reveal(), what + "\n" + until));
  return Secret("SharedAccessSignature sr=" + what + "&sig=" + url_encoded(signature) + "&se=" + until);
}

std::optional<Method> method_of(std::string_view topic) {
  if (!topic.starts_with(methods)) return std::nullopt;
  topic.remove_prefix(methods.size());
  const std::size_t mark = topic.find(rid_mark);
  if (mark == std::string_view::npos) return std::nullopt;
  Method method{std::string(topic.substr(0, mark)), std::string(topic.substr(mark + rid_mark.size()))};
  if (!is_topic_word(method.name) || !is_topic_word(method.rid)) return std::nullopt;
  return method;
}

std::string method_answer_topic(int status, std::string_view rid) {
  return "$iothub/methods/res/" + std::to_string(status) + "/?$rid=" + std::string(rid);
}

std::string state_json(std::string_view state) {
  return Json{{"state", state}}.dump(-1, ' ', true, Json::error_handler_t::replace);
}

Expected<Meaning> meaning_of_method(std::string_view payload) {
  if (payload.empty()) return Meaning{Meaning::Is::look};
  const Json json = parsed(payload);
  if (json.is_null() || (json.is_object() && json.empty())) {
    if (payload == "null" || json.is_object()) return Meaning{Meaning::Is::look};
    return fail(Code::invalid, "the payload is not JSON");
  }
  const auto task = json.is_object() ? json.find("task") : json.end();
  if (!json.is_object() || json.size() != 1 || task == json.end() || !task->is_string())
    return fail(Code::invalid, R"(the payload is not {"task": "BASE64"})");
  auto octets = from_base64(task->get_ref<const std::string&>());
  if (!octets) return fail(Code::invalid, "the task is not base 64");
  if (octets->empty()) return Meaning{Meaning::Is::look};
  return Meaning{Meaning::Is::command, *std::move(octets)};
}

std::optional<std::int64_t> look_of_twin(std::string_view payload) {
  Json json = parsed(payload);
  if (!json.is_object()) return std::nullopt;
  if (const auto desired = json.find("desired"); desired != json.end()) json = Json(*desired);
  if (!json.is_object()) return std::nullopt;
  const auto look = json.find("look");
  if (look == json.end() || !look->is_number_integer()) return std::nullopt;
  if (look->is_number_unsigned() && look->get<std::uint64_t>() > std::numeric_limits<std::int64_t>::max())
    return std::nullopt;
  return look->get<std::int64_t>();
}

std::string reported(std::string_view version, std::optional<std::int64_t> look) {
  Json out = {{"version", version}, {"state", "online"}};
  if (look) out["look"] = *look;
  return out.dump(-1, ' ', true, Json::error_handler_t::replace);
}

}  // namespace platen::channel
