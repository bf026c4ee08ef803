#include "cloud/tasks/task_restore.h"

namespace platen::cloud {
namespace {

using sqlite::Blob;
using sqlite::Query;
using sqlite::Statement;

std::int64_t milliseconds(WallTime time) { return time.time_since_epoch().count(); }

}  // namespace

bool is_as_new_as(sqlite::Connection& book, std::int64_t seen, WallTime now) {
  Statement find(book, "SELECT progress FROM head");
  if (Query query(find); query.next() && query.integer(0) >= seen) return true;
  Statement doubt(
      book,
      "UPDATE tasks SET unsure = ?1, withdrawn = 1, running = NULL, done = 0, of = 0, text = 'The list of tasks was "
      "restored from an older copy: this may have been done, or taken back. Look, and ask again.' WHERE outcome IS "
      "NULL AND withdrawn = 0");
  Query(doubt, milliseconds(now)).run();
  Statement go_on(book, "UPDATE head SET progress = max(progress, ?1) + 1");
  Query(go_on, seen).run();
  return false;
}

bool goes_on_from(sqlite::Connection& book, const std::string& hash, WallTime now) {
  Statement find(book, "SELECT through, hash FROM head");
  std::string known;
  {
    Query query(find);
    if (!query.next() || query.integer(0) == 0) return true;
    known = std::string(query.octets(1));
  }
  if (known == hash && !hash.empty()) return true;
  Statement move(book, "UPDATE head SET hash = ?1, through = iif(?2, through, 0)");
  const bool adopted = known.empty() && !hash.empty();  // written by an earlier version, which kept none
  Query(move, Blob{hash}, std::int64_t{adopted}).run();
  if (adopted) return true;
  Statement doubt(book,
                  "UPDATE tasks SET unsure = ?1, running = NULL, done = 0, of = 0, text = 'The store was restored from "
                  "an older copy: its result may have been lost.' WHERE outcome IS NULL AND withdrawn = 0 AND "
                  "coalesce(delivered, announced) IS NOT NULL");
  Query(doubt, milliseconds(now)).run();
  return false;
}

}  // namespace platen::cloud
