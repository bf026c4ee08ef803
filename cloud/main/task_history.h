// The list of tasks and the store beside it belong together, but are two files: one of them may be an older copy. Looked at
// whenever the list is opened, by the server and by commands; TaskBook says what is made of it.
//
//   Errors   those of both. Effects: says it in the log.
#pragma once

#include "base/clock.h"
#include "cloud/store/store.h"
#include "cloud/tasks/task_book.h"

namespace platen::cloud {

[[nodiscard]] Expected<void> compare_histories(TaskBook& book, Store& store, WallTime now);

}  // namespace platen::cloud
