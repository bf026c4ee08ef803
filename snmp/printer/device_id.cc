#include "snmp/printer/device_id.h"

#include <algorithm>
#include <iterator>

#include "snmp/printer/brands.h"

namespace platen::snmp {
namespace {

struct Key {
  std::string_view word;  // lower case
  std::optional<std::string> DeviceId::*member;
};
constexpr Key kKeys[] = {{"mfg", &DeviceId::manufacturer},   {"manufacturer", &DeviceId::manufacturer},
                         {"mdl", &DeviceId::model},          {"model", &DeviceId::model},
                         {"sn", &DeviceId::serial},          {"sern", &DeviceId::serial},
                         {"serialnumber", &DeviceId::serial}};

}  // namespace

std::optional<DeviceId> parse_device_id(std::string_view text) {
  DeviceId id;
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find(';'));
    text.remove_prefix(std::min(pair.size() + 1, text.size()));
    const std::size_t colon = pair.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string key = lower(trimmed(pair.substr(0, colon)));
    const std::string_view value = trimmed(pair.substr(colon + 1));
    const auto* const at =
        std::find_if(std::begin(kKeys), std::end(kKeys), [&](const Key& row) { return row.word == key; });
    if (at != std::end(kKeys) && !value.empty() && !(id.*at->member)) id.*at->member = std::string(value);
  }
  return id.manufacturer || id.model ? std::optional(std::move(id)) : std::nullopt;
}

}  // namespace platen::snmp
