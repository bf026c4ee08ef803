#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

namespace platen {
namespace {

struct Decoded {
  char32_t point;
  std::size_t length;  // 0: not UTF-8 here
};

// One code point by the table of RFC 3629 §4, so overlong forms and surrogates are refused.
Decoded decode(std::string_view text, std::size_t at) {
  const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = octet(at);
  if (lead < 0x80) return {lead, 1};
  const std::size_t length = lead >= 0xC2 && lead <= 0xDF   ? 2U
                             : lead >= 0xE0 && lead <= 0xEF ? 3U
                             : lead >= 0xF0 && lead <= 0xF4 ? 4U
                                                            : 0U;
  if (length == 0 || at + length > text.size()) return {0, 0};
  char32_t point = lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    const unsigned char next = octet(at + i);
    const unsigned char low = i > 1 ? 0x80 : lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    const unsigned char high = i > 1 ? 0xBF : lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (next < low || next > high) return {0, 0};
    point = point << 6U | (next & 0x3FU);
  }
  return {point, length};
}

bool is_control(char32_t point) { return point < 0x20 || (point >= 0x7F && point < 0xA0); }

// Marks that reorder or hide what a person reads.
bool is_deceptive(char32_t point) {
  return (point >= 0x200B && point <= 0x200F) || (point >= 0x2028 && point <= 0x202E) ||
         (point >= 0x2060 && point <= 0x206F) || point == 0xFEFF;
}

std::string escaped(char32_t point) {
  return point < 0x100 ? fmt::format("\\x{:02x}", static_cast<unsigned>(point))
                       : fmt::format("\\u{:04x}", static_cast<unsigned>(point));
}

// Of the control characters only those in `kept` stay as they are.
std::string without_controls(std::string_view text, std::u32string_view kept) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const Decoded here = decode(text, at);
    const bool control = is_control(here.point) && kept.find(here.point) == kept.npos;
    const bool plain = here.length != 0 && !control && !is_deceptive(here.point);
    out += plain ? std::string(text.substr(at, here.length))
                 : escaped(here.length == 0 ? static_cast<unsigned char>(text[at]) : here.point);
    at += std::max<std::size_t>(here.length, 1);
  }
  return out;
}

}  // namespace

std::string to_hex(std::string_view octets) {
  std::string out;
  for (const char octet : octets) out += fmt::format("{:02x}", static_cast<unsigned char>(octet));
  return out;
}

std::string mac_text(std::string_view octets) {
  std::string out;
  for (const char octet : octets)
    out += fmt::format("{}{:02X}", out.empty() ? "" : ":", static_cast<unsigned char>(octet));
  return out;
}

std::string for_terminal(std::string_view text) { return without_controls(text, U""); }

std::string for_html(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const Decoded here = decode(text, at);
    if (here.length == 0) {
      out += "\xEF\xBF\xBD";
    } else if (is_deceptive(here.point) || (is_control(here.point) && here.point != '\n' && here.point != '\t')) {
      out += for_html(escaped(here.point));
    } else {
      switch (here.point) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        case '\'': out += "&#39;"; break;
        default: out += text.substr(at, here.length);
      }
    }
    at += std::max<std::size_t>(here.length, 1);
  }
  return out;
}

std::string for_csv(std::string_view text) {
  std::string cell = without_controls(text, U"\t\r\n");
  if (!cell.empty() && std::string_view("=+-@\t\r").find(cell[0]) != std::string_view::npos) cell.insert(0, "'");
  if (cell.find_first_of(",\"\r\n") == std::string::npos) return cell;
  std::string quoted = "\"";
  for (const char c : cell) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + '"';
}

std::string for_log(std::string_view text) {
  std::string safe = for_terminal(text);
  if (!safe.empty() && safe.find_first_of(" \"=\\") == std::string::npos) return safe;
  std::string quoted = "\"";
  for (const char c : safe) quoted += c == '"' ? std::string("\\\"") : std::string(1, c);
  return quoted + '"';
}

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const Decoded here = decode(text, at);
    if (here.length == 0) return false;
    at += here.length;
  }
  return true;
}

std::string nearest(std::string_view word, std::span<const std::string_view> candidates) {
  std::string_view best;
  std::size_t best_distance = 3;
  for (const std::string_view candidate : candidates) {
    std::vector<std::size_t> row(candidate.size() + 1);
    std::iota(row.begin(), row.end(), 0U);
    for (std::size_t i = 0; i < word.size(); ++i) {
      std::size_t diagonal = std::exchange(row[0], i + 1);
      for (std::size_t j = 0; j < candidate.size(); ++j) {
        const std::size_t change = diagonal + (word[i] == candidate[j] ? 0U : 1U);
        diagonal = std::exchange(row[j + 1], std::min({change, row[j] + 1, row[j + 1] + 1}));
      }
    }
    if (row.back() < best_distance) best = candidate, best_distance = row.back();
  }
  return std::string(best);
}

}  // namespace platen
