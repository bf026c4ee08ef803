#include "cloud/main/list.h"

#include "base/command/terminal.h"

namespace platen::cloud {

void show(const command::Arguments& arguments, const List& list) {
  switch (arguments.format()) {
    case command::Format::json:
      for (const std::string& line : list.lines) command::print(line + "\n");
      return;
    case command::Format::csv:
      if (!arguments.has("--no-header")) command::print(command::csv_header(list.columns));
      for (const command::Cells& row : list.rows) command::print(command::csv_line(row));
      return;
    case command::Format::table: break;
  }
  command::print(command::table_text(list.columns, list.rows, command::table_style(arguments)));
}

Error without_store(const Error& error, const std::string& folder) {
  if (error.code != Code::not_found) return error;
  return {error.code, "there is no store in '" + folder + "': is --data the folder that `platen-cloud serve` uses?"};
}

}  // namespace platen::cloud
