#include "base/command/columns.h"

#include <algorithm>

#include "base/text.h"

namespace platen::command {
namespace {

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

char32_t point_at(std::string_view text, std::size_t at, std::size_t length) {
  const auto lead = static_cast<unsigned char>(text[at]);
  char32_t point = length == 1 ? lead : lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) point = point << 6U | (static_cast<unsigned char>(text[at + i]) & 0x3FU);
  return point;
}

std::size_t places(char32_t point) {
  if (point >= 0x300 && point <= 0x36F) return 0;
  const bool wide = (point >= 0x1100 && point <= 0x115F) || (point >= 0x2E80 && point <= 0xA4CF) ||
                    (point >= 0xAC00 && point <= 0xD7A3) || (point >= 0xF900 && point <= 0xFAFF) ||
                    (point >= 0xFE30 && point <= 0xFE6F) || (point >= 0xFF00 && point <= 0xFF60) ||
                    (point >= 0x1F300 && point <= 0x1FAFF) || (point >= 0x20000 && point <= 0x3FFFD);
  return wide ? 2 : 1;
}

std::size_t length_at(std::string_view text, std::size_t at) {
  std::size_t length = 1;
  while (at + length < text.size() && length < 4 && is_continuation(text[at + length])) ++length;
  return length;
}

// The longest beginning of `line` that takes at most `width` places.
std::string cut(std::string_view line, std::size_t width) {
  std::size_t taken = 0, at = 0;
  while (at < line.size()) {
    const std::size_t length = length_at(line, at);
    taken += places(point_at(line, at, length));
    if (taken > width) break;
    at += length;
  }
  return std::string(line.substr(0, at));
}

std::string line_of(const Cells& cells, const std::vector<Column>& columns, const std::vector<std::size_t>& widths) {
  std::string out;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::string text = i < cells.size() ? for_terminal(cells[i]) : "";
    const std::string pad(widths[i] - std::min(widths[i], display_width(text)), ' ');
    out += (i == 0 ? "" : "  ") + (columns[i].number ? pad + text : text + pad);
  }
  out.erase(out.find_last_not_of(' ') + 1);
  return out;
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t out = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = length_at(text, at);
    out += places(point_at(text, at, length));
    at += length;
  }
  return out;
}

std::string table_text(const std::vector<Column>& columns, const std::vector<Cells>& rows, const TableStyle& style) {
  Cells names;
  std::vector<std::size_t> widths;
  for (const Column& column : columns) {
    names.emplace_back(column.name);
    widths.push_back(style.header ? display_width(column.name) : 0);
  }
  for (const Cells& row : rows) {
    for (std::size_t i = 0; i < std::min(row.size(), widths.size()); ++i) {
      widths[i] = std::max(widths[i], display_width(for_terminal(row[i])));
    }
  }
  const auto fitted = [&](const std::string& line) { return style.width == 0 ? line : cut(line, style.width); };
  std::string out;
  if (style.header) {
    const std::string line = fitted(line_of(names, columns, widths));
    out = style.color ? "\x1b[1m" + line + "\x1b[0m\n" : line + "\n";
  }
  for (const Cells& row : rows) out += fitted(line_of(row, columns, widths)) + "\n";
  return out;
}

std::string csv_line(const Cells& cells) {
  std::string out;
  for (std::size_t i = 0; i < cells.size(); ++i) out += (i == 0 ? "" : ",") + for_csv(cells[i]);
  return out + "\r\n";
}

std::string csv_header(const std::vector<Column>& columns) {
  Cells names;
  for (const Column& column : columns) names.emplace_back(column.name);
  return csv_line(names);
}

}  // namespace platen::command
