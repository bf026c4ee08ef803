// What the book of meters makes of a store that was restored from an older copy (MeterBook: Restored).
//
//   Errors   the store's; throws sqlite::Fault for the book. Threads: one at a time.
#pragma once

#include "cloud/store/meter_tables.h"
#include "cloud/store/store.h"

namespace platen::cloud {

// Does the book keep anything of it? A forecast, or a reading of a printer.
[[nodiscard]] bool is_kept(const FeedRow& row);

// False: the store has another record, or none, under our last number. The book then takes it from its beginning.
[[nodiscard]] Expected<bool> goes_on_from(MeterTables& book, Store& store);

}  // namespace platen::cloud
