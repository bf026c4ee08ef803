// The two directions of the scan document: a Writer and a Reader with the same verbs, so that one description of the
// fields (json.cc) serves both and they cannot drift apart. Private to this room.
#pragma once

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <span>

#include "base/reading/names.h"
#include "base/reading/reading.h"

namespace platen::json_io {

using Json = nlohmann::ordered_json;

constexpr std::int64_t kExact = std::int64_t{1} << 53;  // above it a JavaScript reader would round

template <class Int>
[[nodiscard]] Json exact(Int number) {
  if (std::cmp_greater(number, kExact) || std::cmp_less(number, -kExact)) return std::to_string(number);
  return number;
}

class Writer {
 public:
  Json out = Json::object();

  void value(const char* key, const std::string& text) { out[key] = text; }
  void non_empty(const char* key, const std::string& text) {
    if (!text.empty()) out[key] = text;
  }
  void value(const char* key, bool flag) { out[key] = flag; }
  void value(const char* key, char letter) { out[key] = std::string(1, letter); }
  void value(const char* key, std::uint64_t number) { out[key] = exact(number); }
  void value(const char* key, const std::vector<std::string>& texts) { out[key] = texts; }
  void value(const char* key, const Amount& amount) { out[key] = exact(amount.raw); }
  void value(const char* key, double number) { out[key] = number; }
  void value(const char* key, std::int64_t number) { out[key] = exact(number); }
  void value(const char* key, std::int32_t number) { out[key] = number; }
  void value(const char* key, std::uint32_t number) { out[key] = number; }
  void value(const char* key, WallTime time) {
    if (time != WallTime{}) out[key] = to_rfc3339(time);
  }
  template <class T>
  void value(const char* key, const std::optional<T>& maybe) {
    if (maybe) value(key, *maybe);
  }
  void word(const char* key, MibEnum list, const std::optional<std::int32_t>& number) {
    if (number) out[key] = name_of(list, *number);
  }
  template <class Enum>
  void choice(const char* key, std::span<const std::string_view> words, Enum chosen) {
    out[key] = words[static_cast<std::size_t>(chosen)];
  }
  template <class Rows, class Describe>
  void rows(const char* key, const Rows& rows, Describe describe) {
    Json list = Json::array();
    for (const auto& row : rows) {
      Writer each;
      describe(each, row);
      list.push_back(std::move(each.out));
    }
    out[key] = std::move(list);
  }
  // What follows from the other fields: written for those who read, not read back.
  template <class Fill>
  void derived(Fill fill) {
    fill(*this);
  }
};

class Reader {
 public:
  Reader(const Json& in, std::string path, std::optional<Error>& fault)
      : in_(in), path_(std::move(path)), fault_(fault) {
    if (!in_.is_object()) complain("", "an object is needed");
  }

  void value(const char* key, std::string& text) {
    if (const Json* node = find(key, &Json::is_string, "a text is needed")) text = node->get<std::string>();
  }
  void non_empty(const char* key, std::string& text) { value(key, text); }
  void value(const char* key, bool& flag) {
    if (const Json* node = find(key, &Json::is_boolean, "true or false is needed")) flag = node->get<bool>();
  }
  void value(const char* key, char& letter) {
    std::string text(1, letter);
    value(key, text);
    if (text.size() == 1)
      letter = text[0];
    else
      complain(key, "one letter is needed");
  }
  void value(const char* key, std::vector<std::string>& texts) {
    const Json* list = find(key, &Json::is_array, "a list of texts is needed");
    if (list == nullptr) return;
    for (const Json& item : *list) {
      if (!item.is_string()) return complain(key, "a list of texts is needed");
      texts.push_back(item.get<std::string>());
    }
  }
  void value(const char* key, std::uint64_t& number) { whole(key, number); }
  void value(const char* key, std::int64_t& number) { whole(key, number); }
  void value(const char* key, std::int32_t& number) { whole(key, number); }
  void value(const char* key, std::uint32_t& number) { whole(key, number); }
  void value(const char* key, Amount& amount) {
    std::int64_t raw = amount.raw;
    whole(key, raw);
    amount = Amount::from_wire(raw);
  }
  void value(const char* key, WallTime& time);
  template <class T>
  void value(const char* key, std::optional<T>& maybe) {
    if (in_.is_object() && in_.contains(key)) value(key, maybe.emplace());
  }
  void word(const char* key, MibEnum list, std::optional<std::int32_t>& number);
  template <class Enum>
  void choice(const char* key, std::span<const std::string_view> words, Enum& chosen) {
    std::string text(words[static_cast<std::size_t>(chosen)]);
    value(key, text);
    const auto at = std::find(words.begin(), words.end(), text);
    if (at == words.end()) return complain(key, "'" + text + "' is not one of its words");
    chosen = static_cast<Enum>(at - words.begin());
  }
  template <class Row, class Describe>
  void rows(const char* key, std::vector<Row>& rows, Describe describe) {
    const Json* list = find(key, &Json::is_array, "a list is needed");
    if (list == nullptr) return;
    for (std::size_t i = 0; i < list->size() && !fault_; ++i) {
      Reader each((*list)[i], path_ + key + "[" + std::to_string(i) + "].", fault_);
      describe(each, rows.emplace_back());
    }
  }
  template <class Fill>
  void derived(Fill) {}

 private:
  const Json* find(const char* key, bool (Json::*is)() const noexcept, const char* need);
  void complain(const char* key, const std::string& what);
  [[nodiscard]] const Json* integer(const char* key, Json& parsed);
  template <class Int>
  void whole(const char* key, Int& number) {
    Json parsed;
    const Json* node = integer(key, parsed);
    if (node == nullptr) return;
    const bool wide = node->is_number_unsigned();
    const bool fits =
        wide ? std::in_range<Int>(node->get<std::uint64_t>()) : std::in_range<Int>(node->get<std::int64_t>());
    if (!fits) return complain(key, "the number is out of range");
    number = wide ? static_cast<Int>(node->get<std::uint64_t>()) : static_cast<Int>(node->get<std::int64_t>());
  }

  const Json& in_;
  std::string path_;
  std::optional<Error>& fault_;
};

}  // namespace platen::json_io
