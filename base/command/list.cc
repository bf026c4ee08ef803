#include "base/command/list.h"

#include "base/command/terminal.h"

namespace platen::command {

void print_list(const Arguments& arguments, const List& list) {
  switch (arguments.format()) {
    case Format::json:
      for (const std::string& line : list.lines) print(line + "\n");
      return;
    case Format::csv:
      if (!arguments.has("--no-header")) print(csv_header(list.columns));
      for (const Cells& row : list.rows) print(csv_line(row));
      return;
    case Format::table: break;
  }
  print(table_text(list.columns, list.rows, table_style(arguments)));
}

}  // namespace platen::command
