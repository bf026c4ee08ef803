// The files that the pages need, compiled in. Served under a name that holds their hash, so that browsers may keep them
// for good.
#pragma once

#include <span>
#include <string_view>

namespace platen::portal {

struct Asset {
  std::string_view name;       // "portal.css"
  std::string_view served_as;  // "portal.1a2b3c4d.css"
  std::string_view content_type;
  std::string_view octets;
};

[[nodiscard]] std::span<const Asset> assets();
[[nodiscard]] const Asset& asset(std::string_view name);  // one that exists: names are literals of this program
[[nodiscard]] const Asset* asset_served_as(std::string_view served_as);

}  // namespace platen::portal
