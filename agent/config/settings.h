// The table of settings: every key of the agent's file, once. The loader, `config check`, docs/config.md and the sample
// file all read this table; a key that is not here does not exist.
//
//   Shapes   Values are strings in TOML except numbers, booleans and lists: interval = "15m", port = 161, targets =
//   ["…"].
//            A list of credentials is written [[credential]], once for each.
//   Effects  none.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/secret.h"

namespace platen::config {

struct Config;

enum class Type { text, number, boolean, duration, bytes, list, secret, path };

// Where a value goes. credential.* goes to the last entry of Config::entries.
using Slot = std::variant<std::string*, int*, bool*, std::chrono::milliseconds*, std::uint64_t*,
                          std::vector<std::string>*, Secret*>;

struct Setting {
  std::string_view key;  // "scan.interval"
  Type type = Type::text;
  std::string_view fallback;  // as in the file, but without quotes; "" where nothing is the fallback
  std::string_view allowed;   // "10s..30d" for numbers, durations and sizes; "debug|info" for words; "" anything
  std::string_view about;     // one sentence or two, for docs/config.md and the sample
  Slot (*slot)(Config&) = nullptr;
};

struct Section {
  std::string_view name, about;
  bool many = false;  // [[name]]
};

[[nodiscard]] std::span<const Setting> settings();
[[nodiscard]] std::span<const Section> sections();
[[nodiscard]] std::string_view name_of(Type type);  // "text", "duration", …
// The two ends of an "a..b" in `allowed`; both empty when it is not a range.
struct Bounds {
  std::string_view least, most;
};
[[nodiscard]] Bounds bounds_of(const Setting& setting);

[[nodiscard]] std::string settings_markdown();  // docs/config.md
[[nodiscard]] std::string sample_file();        // installer/linux/agent.toml: every key, commented out, at its fallback

}  // namespace platen::config
