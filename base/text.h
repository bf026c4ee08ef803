// Text that came from elsewhere, made safe to show. Every exit (terminal, CSV, HTML, log) escapes; nobody trusts the
// source.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace platen {

[[nodiscard]] std::string to_hex(std::string_view octets);      // "0a1b", lower case, no separators
[[nodiscard]] std::string mac_text(std::string_view octets);    // "AA:BB:CC:DD:EE:FF"
[[nodiscard]] std::string for_terminal(std::string_view text);  // control and bidi characters as \x1b, \u202e
[[nodiscard]] std::string for_html(std::string_view text);      // & < > " ' as entities, controls dropped
// RFC 4180 quoting; a leading = + - @ TAB CR gets a '; control and bidi characters but TAB, CR and LF as for_terminal.
[[nodiscard]] std::string for_csv(std::string_view text);
[[nodiscard]] std::string for_log(std::string_view text);  // one line; quoted when it holds blanks or quotes
[[nodiscard]] bool is_utf8(std::string_view text);         // strict (RFC 3629: no overlongs, no surrogates)
// The candidate nearest to `word` within edit distance 2, or "".
[[nodiscard]] std::string nearest(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace platen
