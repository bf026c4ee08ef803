#include "base/toml.h"

#include <algorithm>
#include <vector>

namespace platen {
namespace {

struct AssertionFailed {};

bool trips_over(std::string_view text) {
  try {
    static_cast<void>(toml::parse(text));
  } catch (const AssertionFailed&) {
    return true;
  } catch (const toml::parse_error&) {
    return false;
  }
  return false;
}

// The parser reads from front to back, so the first line that it trips over is where the beginnings of the text turn
// bad.
std::uint32_t line_it_trips_over(std::string_view text) {
  std::vector<std::size_t> ends;
  for (std::size_t at = 0; at < text.size(); at = ends.back())
    ends.push_back(std::min(text.find('\n', at), text.size() - 1) + 1);
  const auto first =
      std::partition_point(ends.begin(), ends.end(), [&](std::size_t end) { return !trips_over(text.substr(0, end)); });
  return static_cast<std::uint32_t>(first - ends.begin()) + 1;
}

}  // namespace

void toml_assertion_failed() { throw AssertionFailed{}; }

Expected<toml::table, TomlFault> parse_toml(std::string_view text, std::string_view file_name) {
  try {
    return toml::parse(text, file_name);
  } catch (const toml::parse_error& fault) {
    return fail(TomlFault{std::max(fault.source().begin.line, 1U), std::string(fault.description())});
  } catch (const AssertionFailed&) {
    return fail(TomlFault{line_it_trips_over(text), "this is no key and no table header"});
  }
}

}  // namespace platen
