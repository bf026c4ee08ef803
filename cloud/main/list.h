// What a command lists, in the shape that was asked for.
#pragma once

#include <string>
#include <vector>

#include "base/command/columns.h"
#include "base/command/command.h"
#include "base/expected.h"

namespace platen::cloud {

struct List {
  std::vector<command::Column> columns;
  std::vector<command::Cells> rows;  // for the table and CSV
  std::vector<std::string> lines;    // JSON documents
};
void show(const command::Arguments& arguments, const List& list);

// `error` of opening the store, with the way out when there is none in `folder`.
[[nodiscard]] Error without_store(const Error& error, const std::string& folder);

}  // namespace platen::cloud
