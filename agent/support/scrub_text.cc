#include "agent/support/scrub_text.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace platen::support {
namespace {

using Counts = std::map<std::string, std::size_t>;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_word_end(char c) {
  return static_cast<unsigned char>(c) <= ' ' || std::string_view("\"'<>()[]{},;=|").find(c) != std::string_view::npos;
}

bool is_text(std::string_view octets) {
  return std::none_of(octets.begin(), octets.end(), [](char c) {
    const auto octet = static_cast<unsigned char>(c);
    return octet == 0x7F || (octet < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\0');
  });
}

// "srv01.corp.example": three labels or more, the last one letters only.
bool is_host_name(std::string_view word) {
  const std::size_t last_dot = word.rfind('.');
  if (last_dot == std::string_view::npos || std::count(word.begin(), word.end(), '.') < 2) return false;
  const std::string_view last = word.substr(last_dot + 1);
  const auto allowed = [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '.'; };
  return last.size() >= 2 && std::all_of(last.begin(), last.end(), is_letter) &&
         std::all_of(word.begin(), word.end(), allowed) && is_letter(word[0]) &&
         word.find("..") == std::string_view::npos;
}

std::string replace_names(std::string text, const std::set<std::string>& names, Counts& what) {
  for (const std::string& name : names) {
    for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at + 8)) {
      text.replace(at, name.size(), "scrubbed");
      ++what["names seen in personal objects"];
    }
  }
  return text;
}

std::string replaced_address(std::string_view word, Places& places, bool dotted_numbers, Counts& what) {
  const auto address = IpAddress::parse(word);
  const bool counts = address && Places::is_somebodys(*address) && (dotted_numbers || !address->is_v4());
  if (!counts) return std::string(word);
  ++what["IP addresses"];
  return places.instead_of(*address).text();
}

// "ipp://srv01/queue" and "\\srv01\share": the host goes, the rest stays.
std::string replaced_host(std::string_view word, std::size_t host, Places& places, Counts& what) {
  const std::size_t end = std::min(word.find_first_of("/:\\", host), word.size());
  const std::string_view name = word.substr(host, end - host);
  if (name.empty()) return std::string(word);
  std::string instead = replaced_address(name, places, true, what);
  if (instead == name) instead = "host.example", ++what["host names"];
  return std::string(word.substr(0, host)) + instead + std::string(word.substr(end));
}

std::string replaced_word(std::string_view word, Places& places, bool dotted_numbers, Counts& what) {
  if (const std::size_t scheme = word.find("://"); scheme != std::string_view::npos)
    return replaced_host(word, scheme + 3, places, what);
  if (word.starts_with("\\\\")) return replaced_host(word, 2, places, what);
  const std::size_t at = word.find('@');
  if (at != std::string_view::npos && at > 0 && at + 1 < word.size())
    return ++what["e-mail addresses"], "someone@example.org";
  if (is_host_name(word)) return ++what["host names"], "host.example";
  return replaced_address(word, places, dotted_numbers, what);
}

std::string replace_words(std::string_view text, Places& places, bool dotted_numbers, Counts& what) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = at;
    while (at < text.size() && !is_word_end(text[at])) ++at;
    if (at == start) {
      out += text[at++];
      continue;
    }
    std::string_view word = text.substr(start, at - start);
    const std::size_t kept = word.find_last_not_of(".:") + 1;  // a full stop after a word is not of the word
    out += replaced_word(word.substr(0, kept), places, dotted_numbers, what);
    out += word.substr(kept);
  }
  return out;
}

// "+49 30 1234567", "(555) 123-4567", "030/123456"; not "2026-11-21 10:00", not a serial number.
bool is_phone(std::string_view run) {
  const auto digits = std::count_if(run.begin(), run.end(), is_digit);
  const auto separators =
      std::count_if(run.begin(), run.end(), [](char c) { return c == ' ' || c == '-' || c == '/' || c == ')'; });
  if (digits < 7 || digits > 15) return false;
  if (run[0] == '+' || run[0] == '(') return true;
  return run[0] == '0' && separators >= 1 && separators <= 3;
}

std::string replace_phones(std::string_view text, Counts& what) {
  constexpr std::string_view inside = "0123456789 +()-/";
  constexpr std::size_t longest = 40;
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const bool starts = is_digit(text[at]) || text[at] == '+' || text[at] == '(';
    const bool after_word = at > 0 && (is_letter(text[at - 1]) || is_digit(text[at - 1]) || text[at - 1] == '.');
    std::size_t end = at + 1;
    if (starts && !after_word) end = at + std::min(text.substr(at, longest).find_first_not_of(inside), longest);
    end = std::min(end, text.size());
    while (end > at + 1 && !is_digit(text[end - 1])) --end;
    const std::string_view run = text.substr(at, end - at);
    const bool ends_here =
        end == text.size() || (text[end] == '.' && (end + 1 == text.size() || is_word_end(text[end + 1])));
    const bool before_word = !ends_here && (is_letter(text[end]) || text[end] == '.' || text[end] == ':');
    const bool phone = run.size() > 6 && !before_word && is_phone(run);
    if (phone) ++what["telephone numbers"];
    out += phone ? std::string_view("scrubbed") : run;
    at = end;
  }
  return out;
}

}  // namespace

bool Places::is_somebodys(const IpAddress& address) {
  if (address.is_loopback() || address.is_multicast()) return false;
  const auto& octets = address.octets();
  if (address.is_v4()) return octets[0] != 0 && octets[0] < 224;
  return std::any_of(octets.begin(), octets.end(), [](std::uint8_t octet) { return octet != 0; });
}

IpAddress Places::instead_of(const IpAddress& address) {
  const auto known = instead_.find(address);
  if (known != instead_.end()) return known->second;
  IpAddress instead;
  if (address.is_v4()) {
    four_ = std::min(four_ + 1, 254U);
    instead = IpAddress::v4(0xC0000200U + four_);
  } else {
    six_ = static_cast<std::uint8_t>(std::min(six_ + 1, 255));
    instead = IpAddress::v6({0x20, 0x01, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, six_});
  }
  instead_.emplace(address, instead);
  return instead;
}

std::string scrub_text(const std::string& text, const std::set<std::string>& names, Places& places, bool dotted_numbers,
                       std::map<std::string, std::size_t>& what) {
  if (!is_text(text)) return text;
  const std::string without_names = replace_names(text, names, what);
  return replace_phones(replace_words(without_names, places, dotted_numbers, what), what);
}

}  // namespace platen::support
