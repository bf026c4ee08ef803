#include "base/reading/json_io.h"

namespace platen::json_io {

void Reader::complain(const char* key, const std::string& what) {
  if (!fault_) fault_ = Error{Code::invalid, "scan document, " + path_ + key + ": " + what};
}

const Json* Reader::find(const char* key, bool (Json::*is)() const noexcept, const char* need) {
  if (!in_.is_object()) return nullptr;
  const auto at = in_.find(key);
  if (at == in_.end()) return nullptr;
  if (((*at).*is)()) return &*at;
  complain(key, need);
  return nullptr;
}

// A number, or the digits of one in a text (integers above 2^53 are written so).
const Json* Reader::integer(const char* key, Json& parsed) {
  if (!in_.is_object()) return nullptr;
  const auto at = in_.find(key);
  if (at == in_.end()) return nullptr;
  if (at->is_number_integer()) return &*at;
  if (at->is_string()) {
    parsed = Json::parse(at->get_ref<const std::string&>(), nullptr, false);
    if (parsed.is_number_integer()) return &parsed;
  }
  complain(key, "a whole number is needed");
  return nullptr;
}

void Reader::value(const char* key, WallTime& time) {
  if (!in_.contains(key)) return;
  std::string text;
  value(key, text);
  if (const auto parsed = from_rfc3339(text))
    time = *parsed;
  else
    complain(key, "a time such as 2026-11-21T02:10:45.123Z is needed");
}

void Reader::word(const char* key, MibEnum list, std::optional<std::int32_t>& number) {
  const Json* node = find(key, &Json::is_string, "a word is needed");
  if (node == nullptr) return;
  number = number_of(list, node->get_ref<const std::string&>());
  if (!number) complain(key, "'" + node->get<std::string>() + "' is not one of its words");
}

}  // namespace platen::json_io
