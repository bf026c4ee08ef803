#include "cloud/main/task_history.h"

#include "base/log.h"

namespace platen::cloud {
Expected<void> compare_histories(TaskBook& book, Store& store, WallTime now) {
  const auto seen = store.tasks_seen();
  if (!seen) return fail(seen.error());
  const auto new_enough = book.is_as_new_as(*seen, now);
  if (!new_enough) return fail(new_enough.error());
  if (!*new_enough)
    log::warn("tasks.older_copy", {{"why", "tasks.db is older than cloud.db: what was open in it is unknown now"}});
  const auto through = book.taken_through();
  if (!through) return fail(through.error());
  const auto hash = store.hash_at(&Store::task_results, *through);
  if (!hash) return fail(hash.error());
  const auto goes_on = book.goes_on_from(*hash, now);
  if (!goes_on) return fail(goes_on.error());
  if (!*goes_on)
    log::warn("tasks.older_store",
              {{"why", "cloud.db is older than tasks.db: results are taken anew, those that were lost are unknown"}});
  return {};
}

}  // namespace platen::cloud
