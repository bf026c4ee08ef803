// Tasks on pages: a button, a state, a table.
#pragma once

#include <string>
#include <vector>

#include "cloud/portal/html.h"
#include "cloud/tasks/task_book.h"

namespace platen::portal {

// Nothing without a token: from there nothing may be asked.
[[nodiscard]] Html order_form(const Url& where, const std::string& token, std::string_view label);
[[nodiscard]] Html task_chip(const cloud::TaskRow& task);
// What became of it, in a line; "" the agent's own words come from elsewhere.
[[nodiscard]] Html task_line(const cloud::TaskRow& task, WallTime now);
[[nodiscard]] Html task_table(const std::vector<cloud::TaskRow>& tasks, WallTime now);
// Something may happen any moment: the page looks again by itself.
[[nodiscard]] bool is_worth_waiting(const cloud::TaskRow& task, WallTime now);

}  // namespace platen::portal
