// Octets as a person writes them from an RFC: hex digits, 'text', blanks as you like.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

inline std::vector<std::uint8_t> octets(std::string_view written) {
  const auto digit = [](char c) -> unsigned {
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
    std::abort();
  };
  std::vector<std::uint8_t> out;
  for (std::size_t i = 0; i < written.size(); ++i) {
    if (written[i] == ' ') continue;
    if (written[i] == '\'') {
      for (++i; written.at(i) != '\''; ++i) out.push_back(static_cast<std::uint8_t>(written[i]));
      continue;
    }
    out.push_back(static_cast<std::uint8_t>(digit(written[i]) << 4U | digit(written.at(i + 1))));
    ++i;
  }
  return out;
}
