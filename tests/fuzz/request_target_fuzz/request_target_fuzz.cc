// Any octets as a request target and as a Host header: a value or a refusal, never a dot segment, a control character
// or a crash; what was understood as a fleet query comes back the same through its own URL.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/text.h"
#include "cloud/portal/fleet_view.h"
#include "cloud/portal/request_target.h"

using namespace platen::portal;

namespace {
void must(bool holds) {
  if (!holds) std::abort();
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static_cast<void>(is_our_host(text, {"cloud.example"}));
  const auto target = parse_target(text);
  if (!target) return 0;
  for (const std::string& segment : target->path) {
    must(segment != "." && segment != ".." && segment.find('/') == std::string::npos && platen::is_utf8(segment));
  }
  const auto query = fleet_query(*target);
  if (!query) return 0;
  const auto again = parse_target(fleet_url(*query).text());
  must(!again || fleet_query(*again) == query);  // percent-encoding may make it too long,
  must(again.has_value() || fleet_url(*query).text().size() > longest_target);  // and nothing else may go wrong
  return 0;
}
