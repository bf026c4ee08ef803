#include "cloud/store/meter_restore.h"

namespace platen::cloud {
namespace {

constexpr std::size_t rows_at_once = 1000;

// A book of version 1 did not remember what it took: it was everything up to `through`. The last number of it that the
// store still has.
Expected<std::int64_t> remember_what_was_taken(MeterTables& book, Store& store, std::int64_t through) {
  std::int64_t last = 0;
  for (;;) {
    const auto rows = store.feed(last, rows_at_once);
    if (!rows) return fail(rows.error());
    if (rows->empty()) return last;
    for (const FeedRow& row : *rows) {
      if (row.number > through) return last;
      if (is_kept(row)) book.remember(row);
      last = row.number;
    }
  }
}

}  // namespace

bool is_kept(const FeedRow& row) { return row.kind == "forecast" || (row.reading && !row.printer_id.empty()); }

Expected<bool> goes_on_from(MeterTables& book, Store& store) {
  sqlite::Transaction whole(book.connection());
  const MeterHead head = book.head();
  const auto hash = store.hash_at(&Store::feed, head.through);
  if (!hash) return fail(hash.error());
  const bool known = !hash->empty() && head.hash == *hash;
  if (head.through == 0 || known) return true;
  const bool unsaid = head.hash.empty();
  if (unsaid) {
    const auto last = remember_what_was_taken(book, store, head.through);
    if (!last) return fail(last.error());
    // What the store lost would not be known when it comes again.
    book.drop_samples_after(static_cast<meter::Order>(*last));
  }
  const bool adopted = unsaid && !hash->empty();
  book.set_head(adopted ? MeterHead{head.through, *hash, head.shift}
                        : MeterHead{.through = 0, .hash = "", .shift = head.shift + head.through});
  whole.commit();
  return adopted;
}

}  // namespace platen::cloud
