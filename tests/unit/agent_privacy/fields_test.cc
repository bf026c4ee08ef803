// The table of fields against the Reading itself, walked by its structure: a field that is added to the one and not to
// the other fails here.
#include "agent/privacy/fields.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/pfr.hpp>
#include <fstream>
#include <iterator>
#include <set>
#include <type_traits>

#include "agent/privacy/policy.h"

using namespace platen;           // NOLINT: a test
using namespace platen::privacy;  // NOLINT

namespace {

template <class T>
inline constexpr bool is_list = false;
template <class T>
inline constexpr bool is_list<std::vector<T>> = true;

// Fills every text of a reading with a text of its own, and one row in each table; counts the fields.
class Filler {
 public:
  std::size_t fields = 0;
  std::set<std::string> texts;

  void fill(std::string& text) {
    text = "text " + std::to_string(++fields);
    texts.insert(text);
  }
  void fill(std::optional<std::string>& text) { fill(text.emplace()); }
  void fill(std::vector<std::string>& texts_) { fill(texts_.emplace_back()); }
  template <class T>
  void fill(std::optional<T>& value) {
    ++fields;
    value.emplace();
  }
  template <class T>
  void fill(T& value) {
    if constexpr (is_list<T>) {
      fill(value.emplace_back());
    } else if constexpr (std::is_same_v<T, WallTime> || !std::is_class_v<T>) {
      ++fields;
    } else {
      boost::pfr::for_each_field(value, [this](auto& member) { this->fill(member); });
    }
  }
};

std::set<std::string> texts_of(Reading reading) {
  std::set<std::string> out;
  for (const Field& field : fields()) {
    if (field.change == nullptr) continue;
    field.change(reading, [&](const std::string& text) -> std::optional<std::string> {
      out.insert(text);
      return text;
    });
  }
  return out;
}

}  // namespace

TEST_CASE("every field of a reading has one row, and every text can be reached through it") {
  Reading reading;
  Filler filler;
  filler.fill(reading);
  CHECK(fields().size() == filler.fields);
  CHECK(texts_of(reading) == filler.texts);
  std::set<std::string_view> names;
  for (const Field& field : fields()) {
    CAPTURE(field.name);
    CHECK(names.insert(field.name).second);
    CHECK(field.count(reading) == 1);
  }
}

TEST_CASE("dropped, a text is gone from everywhere") {
  for (const Field& field : fields()) {
    if (field.change == nullptr) continue;
    CAPTURE(field.name);
    Reading reading;
    Filler filler;
    filler.fill(reading);
    field.change(reading, [](const std::string&) { return std::nullopt; });
    CHECK(field.count(reading) == 0);
    CHECK(texts_of(reading).size() == filler.texts.size() - (texts_of(reading).contains("") ? 0 : 1));
  }
}

TEST_CASE("each choice is about a text, its fallback is allowed, and what tells of people is dropped by default") {
  std::set<std::string_view> keys, dropped;
  for (const Choice& choice : choices) {
    CAPTURE(choice.key);
    CHECK(keys.insert(choice.key).second);
    CHECK(choice.key.starts_with("privacy."));
    const auto all = fields();
    const auto field = std::find_if(all.begin(), all.end(), [&](const Field& f) { return f.name == choice.field; });
    REQUIRE(field != all.end());
    CHECK(static_cast<bool>(field->change));
    CHECK(choice.allowed.find(choice.fallback) != std::string_view::npos);
    if (choice.fallback == "drop") dropped.insert(choice.field);
  }
  CHECK(dropped == std::set<std::string_view>{"sys_contact", "sys_name", "printer_name", "console_display"});
}

TEST_CASE("the page about privacy names every field and what becomes of it") {
  std::ifstream in("docs/privacy.md");
  const std::string page{std::istreambuf_iterator<char>(in), {}};
  for (const Field& field : fields()) {
    CAPTURE(field.name);
    CHECK(page.find("`" + std::string(field.name) + "`") != std::string::npos);
  }
  for (const Choice& choice : choices) {
    const std::string row = "| `" + std::string(choice.field) + "` | " + std::string(choice.fallback) + " | `" +
                            std::string(choice.key.substr(choice.key.find('.') + 1)) + "` | " +
                            std::string(choice.about) + " |";
    CHECK_MESSAGE(page.find(row) != std::string::npos, row);
  }
}
