// Words → what was meant, by the table. Why this is not CLI11: docs/adr/0012-one-command-table.md.
#include <algorithm>
#include <charconv>

#include "base/command/table.h"
#include "base/text.h"

namespace platen::command {
namespace {

std::string joined(const std::vector<std::string_view>& words) {
  std::string out;
  for (const std::string_view word : words) out += (out.empty() ? "" : ", ") + std::string(word);
  return out;
}

std::string option_label(const Option& option) {
  return std::string(option.name) + (option.value.empty() ? "" : " " + std::string(option.value));
}

Misuse unknown_option(const Command& command, const std::string& name) {
  std::vector<std::string_view> names;
  for (const Option& option : command.options) names.push_back(option.name);
  const std::string near = nearest(name, names);
  return {"unknown option '" + name + "'",
          near.empty() ? "The options of this command: add --help" : "Did you mean: " + near};
}

Expected<void, Misuse> check_choice(std::string_view what, const std::string& value,
                                    const std::vector<std::string_view>& choices) {
  if (choices.empty() || std::find(choices.begin(), choices.end(), value) != choices.end()) return {};
  const std::string near = nearest(value, choices);
  return fail(Misuse{std::string(what) + ": unknown value '" + value + "'",
                     near.empty() ? "Possible: " + joined(choices)
                                  : "Did you mean: " + near + "   (possible: " + joined(choices) + ")"});
}

std::string limit_text(const Option& option, std::int64_t value) {
  if (option.kind != Kind::duration) return std::to_string(value);
  if (value % 3'600'000 == 0) return std::to_string(value / 3'600'000) + "h";
  if (value % 60'000 == 0) return std::to_string(value / 60'000) + "m";
  return value % 1000 == 0 ? std::to_string(value / 1000) + "s" : std::to_string(value) + "ms";
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

Expected<void, Misuse> check_amount(const Option& option, const std::string& value) {
  std::optional<std::int64_t> amount;
  if (option.kind == Kind::number) amount = whole_number(value);
  if (option.kind == Kind::duration) {
    if (const auto duration = parse_duration(value)) amount = duration->count();
  }
  const std::string_view wanted =
      option.kind == Kind::number ? "a whole number" : "a time such as 500ms, 2s, 15m or 24h";
  const bool limited = option.low != 0 || option.high != 0;
  const std::string range =
      limited ? " from " + limit_text(option, option.low) + " to " + limit_text(option, option.high) : "";
  const bool inside = amount && (limited ? *amount >= option.low && *amount <= option.high : *amount >= 0);
  if (inside) return {};
  return fail(Misuse{std::string(option.name) + ": '" + value + "' is not " + std::string(wanted) + range,
                     "Write: " + option_label(option)});
}

Expected<void, Misuse> check_value(const Option& option, const std::string& value) {
  if (value.empty())
    return fail(
        Misuse{"option " + std::string(option.name) + " was given an empty value", "Write: " + option_label(option)});
  if (option.kind == Kind::number || option.kind == Kind::duration) return check_amount(option, value);
  return check_choice(option.name, value, option.choices);
}

// The words of a person, one after the other, sorted into options and free words.
class Splitter {
 public:
  Splitter(const Command& command, const std::vector<std::string>& words) : command_(command), words_(words) {}

  Expected<void, Misuse> split(Arguments& into) {
    while (at_ < words_.size()) {
      const std::string& word = words_[at_++];
      if (word == "--") {
        into.positionals_.insert(into.positionals_.end(), words_.begin() + static_cast<std::ptrdiff_t>(at_),
                                 words_.end());
        return {};
      }
      const bool long_one = word.starts_with("--");
      if (!long_one && (word.size() < 2 || word[0] != '-')) {
        into.positionals_.push_back(word);
      } else if (auto good = long_one ? take_long(word, into) : take_letters(word, into); !good) {
        return good;
      }
    }
    return {};
  }

 private:
  Expected<void, Misuse> take_long(const std::string& word, Arguments& into) {
    const std::size_t equals = word.find('=');
    const std::string name = word.substr(0, equals);
    const auto option =
        std::find_if(command_.options.begin(), command_.options.end(), [&](const Option& o) { return o.name == name; });
    if (option == command_.options.end()) return fail(unknown_option(command_, name));
    return take(*option, equals == std::string::npos ? std::nullopt : std::optional(word.substr(equals + 1)), into);
  }

  Expected<void, Misuse> take_letters(const std::string& word, Arguments& into) {
    for (const char letter : word.substr(1)) {
      const auto option = std::find_if(command_.options.begin(), command_.options.end(),
                                       [&](const Option& o) { return o.letter == letter; });
      if (option == command_.options.end()) return fail(unknown_option(command_, word));
      if (auto good = take(*option, std::nullopt, into); !good) return good;
    }
    return {};
  }

  Expected<void, Misuse> take(const Option& option, std::optional<std::string> value, Arguments& into) {
    auto& values = into.given_[std::string(option.name)];
    if (option.value.empty()) {
      if (value)
        return fail(
            Misuse{"option " + std::string(option.name) + " takes no value", "Write: " + std::string(option.name)});
      return {};
    }
    if (!value && at_ < words_.size() && may_be_value(option, words_[at_])) value = words_[at_++];
    if (!value)
      return fail(Misuse{"option " + std::string(option.name) + " needs a value", "Write: " + option_label(option)});
    if (!values.empty() && !option.many) {
      return fail(Misuse{"option " + std::string(option.name) + " was given more than once", "Give it once."});
    }
    values.push_back(*value);
    return check_value(option, *value);
  }

  // What begins with a hyphen is an option, but for stdin and a negative number, which is refused with its bounds.
  static bool may_be_value(const Option& option, std::string_view word) {
    if (word == "-" || !word.starts_with('-')) return true;
    const bool amount = option.kind == Kind::number || option.kind == Kind::duration;
    return amount && word[1] >= '0' && word[1] <= '9';
  }

  const Command& command_;
  const std::vector<std::string>& words_;
  std::size_t at_ = 0;
};

Expected<void, Misuse> check_positionals(const Command& command, const std::vector<std::string>& words) {
  const auto& wanted = command.positionals;
  const auto required = static_cast<std::size_t>(
      std::count_if(wanted.begin(), wanted.end(), [](const Positional& p) { return p.required; }));
  if (words.size() < required) {
    const Positional& missing = wanted[words.size()];
    return fail(
        Misuse{"missing " + std::string(missing.name) + ": " + std::string(missing.about), "Examples: add --help"});
  }
  const bool open_end = !wanted.empty() && wanted.back().many;
  if (words.size() > wanted.size() && !open_end)
    return fail(Misuse{"unexpected word '" + words[wanted.size()] + "'", "What this command takes: add --help"});
  for (std::size_t i = 0; i < words.size(); ++i) {
    const Positional& place = wanted[std::min(i, wanted.size() - 1)];
    if (words[i].empty())
      return fail(Misuse{std::string(place.name) + " is empty", "What this command takes: add --help"});
    if (place.many) continue;
    if (auto good = check_choice(place.name, words[i], place.choices); !good) return fail(good.error());
  }
  return {};
}

Expected<void, Misuse> check_format(const Arguments& arguments) {
  if (arguments.has("--json") && arguments.has("--format") && arguments.text("--format") != "json") {
    return fail(
        Misuse{"--json and --format " + arguments.text("--format") + " contradict each other", "Give one of them."});
  }
  return {};
}

}  // namespace

Expected<Arguments, Misuse> parse(const Command& command, const std::vector<std::string>& words) {
  const auto end = std::find(words.begin(), words.end(), "--");
  const auto asks_help = [](const std::string& word) { return word == "--help" || word == "-h"; };
  Arguments arguments;
  if (std::any_of(words.begin(), end, asks_help)) {
    arguments.given_["--help"] = {};
    return arguments;
  }
  for (const Option& option : command.options) {
    if (!option.fallback.empty()) arguments.fallback_.emplace(option.name, option.fallback);
  }
  if (auto good = Splitter(command, words).split(arguments); !good) return fail(good.error());
  if (auto good = check_format(arguments); !good) return fail(good.error());
  if (auto good = check_positionals(command, arguments.positionals()); !good) return fail(good.error());
  return arguments;
}

bool Arguments::has(std::string_view option) const { return given_.find(option) != given_.end(); }

std::vector<std::string> Arguments::all(std::string_view option) const {
  if (const auto at = given_.find(option); at != given_.end()) return at->second;
  if (const auto at = fallback_.find(option); at != fallback_.end()) return {at->second};
  return {};
}

std::string Arguments::text(std::string_view option) const {
  const std::vector<std::string> values = all(option);
  return values.empty() ? "" : values.back();
}

std::int64_t Arguments::number(std::string_view option) const { return whole_number(text(option)).value_or(0); }

std::chrono::milliseconds Arguments::duration(std::string_view option) const {
  return parse_duration(text(option)).value_or(std::chrono::milliseconds{0});
}

Format Arguments::format() const {
  const std::string word = has("--json") ? "json" : text("--format");
  return word == "json" ? Format::json : word == "csv" ? Format::csv : Format::table;
}

Expected<std::chrono::milliseconds> parse_duration(std::string_view text) {
  struct Unit {
    std::string_view name;
    std::int64_t milliseconds;
  };
  constexpr Unit units[] = {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}};
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto amount = whole_number(text.substr(0, digits));
  for (const Unit& unit : units) {
    if (amount && text.substr(digits) == unit.name && *amount <= 1'000'000'000)
      return std::chrono::milliseconds(*amount * unit.milliseconds);
  }
  return platen::fail(Code::invalid, "'" + std::string(text) + "' is not a time such as 500ms, 2s, 15m or 24h");
}

}  // namespace platen::command
