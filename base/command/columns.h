// Rows as a table for people or as CSV (docs/cli.md, R4 and R5).
//
//   Shapes   Table: no boxes, two spaces between columns, one record a line, escaped for the terminal; cut to the width
//   of
//            a terminal only. CSV: RFC 4180, CRLF, formulas defused.
//   Effects  none.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace platen::command {

struct Column {
  std::string_view name;
  bool number = false;  // set flush right
};

struct TableStyle {
  bool header = true;
  bool color = false;     // the header in bold
  std::size_t width = 0;  // 0: lines are never cut
};

using Cells = std::vector<std::string>;
[[nodiscard]] std::string table_text(const std::vector<Column>& columns, const std::vector<Cells>& rows,
                                     const TableStyle& style);
[[nodiscard]] std::string csv_line(const Cells& cells);
[[nodiscard]] std::string csv_header(const std::vector<Column>& columns);
// Places on a terminal: code points, of which combining marks take none and wide East Asian ones two.
[[nodiscard]] std::size_t display_width(std::string_view text);

}  // namespace platen::command
