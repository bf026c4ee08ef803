// The log of a program: one event a line, UTC, level, key=value; journald adds its own time stamp when it reads our
// stderr.
//
//   2026-11-21T02:10:45.123Z info uplink.connected cloud=cloud.example:443 tries=3
//
//   Effects  writes to stderr (spdlog behind it); callable from any thread. Values are escaped (base/text.h), secrets
//   have no overload.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace platen::log {

enum class Level { debug, info, warn, error };

struct Field {
  std::string_view key;
  std::string value;
  Field(std::string_view k, std::string_view v) : key(k), value(v) {}
  Field(std::string_view k, const char* v) : key(k), value(v) {}
  Field(std::string_view k, const std::string& v) : key(k), value(v) {}
  template <class Number>
  requires std::is_arithmetic_v<Number> Field(std::string_view k, Number v) : key(k), value(std::to_string(v)) {}
};

void event(Level level, std::string_view name, std::initializer_list<Field> fields = {});
void threshold(Level lowest);
// The newest lines are kept in memory from now on, as many as fit in `octets`.
void keep_recent(std::size_t octets);
[[nodiscard]] std::vector<std::string> recent(std::size_t most);  // oldest first, with their time

inline void debug(std::string_view name, std::initializer_list<Field> fields = {}) {
  event(Level::debug, name, fields);
}
inline void info(std::string_view name, std::initializer_list<Field> fields = {}) { event(Level::info, name, fields); }
inline void warn(std::string_view name, std::initializer_list<Field> fields = {}) { event(Level::warn, name, fields); }
inline void error(std::string_view name, std::initializer_list<Field> fields = {}) {
  event(Level::error, name, fields);
}

}  // namespace platen::log
