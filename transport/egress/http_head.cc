#include "transport/egress/http_head.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "transport/egress/endpoint.h"

namespace platen::egress {
namespace {

constexpr std::size_t longest = 16'384, most_fields = 100;
constexpr std::string_view end_of_head = "\r\n\r\n";

std::optional<int> number(std::string_view text, int least, int most) {
  int value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = fault == std::errc{} && end == text.data() + text.size();
  return whole && value >= least && value <= most ? std::optional(value) : std::nullopt;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  return first == std::string_view::npos ? "" : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// "HTTP/1.1 200 OK"; 0: that is none.
int status_of(std::string_view line) {
  const bool ours = line.size() >= 12 && (line.starts_with("HTTP/1.1 ") || line.starts_with("HTTP/1.0 "));
  if (!ours || (line.size() > 12 && line[12] != ' ')) return 0;
  return number(line.substr(9, 3), 100, 599).value_or(0);
}

// Said twice, and not alike, nobody knows where the body ends (RFC 9112 §6.3).
bool frames(std::string_view name) { return name == "content-length" || name == "transfer-encoding"; }

}  // namespace

std::string_view HttpHead::field(std::string_view name) const {
  const auto at = fields.find(name);
  return at == fields.end() ? std::string_view() : std::string_view(at->second);
}

bool head_is_whole(std::string_view octets) {
  constexpr std::string_view start = "HTTP/1.";
  const std::size_t known = std::min(octets.size(), start.size());
  return octets.substr(0, known) != start.substr(0, known) || octets.find(end_of_head) != std::string_view::npos ||
         octets.size() > longest;
}

std::optional<HttpHead> parse_head(std::string_view octets) {
  octets = octets.substr(0, longest);
  const std::size_t end = octets.find(end_of_head);
  if (end == std::string_view::npos) return std::nullopt;
  octets = octets.substr(0, end + 2);
  HttpHead head;
  for (std::size_t count = 0; !octets.empty() && count <= most_fields; ++count) {
    const std::size_t line_end = octets.find("\r\n");
    const std::string_view line = octets.substr(0, line_end);
    octets.remove_prefix(line_end + 2);
    if (count == 0) {
      head.status = status_of(line);
      if (head.status == 0) return std::nullopt;
      continue;
    }
    const std::size_t colon = line.find(':');
    if (colon == 0 || colon == std::string_view::npos) continue;
    const std::string_view value = trimmed(line.substr(colon + 1));
    const auto [field, is_new] = head.fields.emplace(lower_case(line.substr(0, colon)), value);
    if (!is_new && field->second != value && frames(field->first)) return std::nullopt;
  }
  return head;
}

std::optional<WallTime> parse_date(std::string_view text) {
  constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (text.size() != 29 || text.substr(25) != " GMT" || text[3] != ',' || text[19] != ':' || text[22] != ':')
    return std::nullopt;
  const auto* const month = std::find(months.begin(), months.end(), text.substr(8, 3));
  const auto day = number(text.substr(5, 2), 1, 31), year = number(text.substr(12, 4), 1970, 9999);
  const auto hour = number(text.substr(17, 2), 0, 23), minute = number(text.substr(20, 2), 0, 59),
             second = number(text.substr(23, 2), 0, 60);
  if (month == months.end() || !day || !year || !hour || !minute || !second) return std::nullopt;
  const std::chrono::year_month_day date = std::chrono::year(*year) /
                                           std::chrono::month(static_cast<unsigned>(month - months.begin()) + 1) /
                                           std::chrono::day(static_cast<unsigned>(*day));
  if (!date.ok()) return std::nullopt;
  return WallTime(std::chrono::sys_days(date)) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
         std::chrono::seconds(*second);
}

}  // namespace platen::egress
