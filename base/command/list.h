// What a command lists, printed to stdout in the shape that was asked for: a table, CSV or JSON, a document a line.
#pragma once

#include <string>
#include <vector>

#include "base/command/columns.h"
#include "base/command/command.h"

namespace platen::command {

struct List {
  std::vector<Column> columns;
  std::vector<Cells> rows;         // for the table and CSV
  std::vector<std::string> lines;  // JSON documents, without their newlines
};
void print_list(const Arguments& arguments, const List& list);

}  // namespace platen::command
