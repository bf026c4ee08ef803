// The hash chain of the store's epochs: checked from end to end, and filled in where an older version kept none.
//
//   Errors   throws sqlite::Fault.
#pragma once

#include <vector>

#include "base/sqlite/sqlite.h"
#include "cloud/store/store.h"

namespace platen::cloud {

[[nodiscard]] std::vector<EpochProof> verify_epochs(sqlite::Connection& connection);
void fill_in_hashes(sqlite::Connection& connection);  // within the caller's transaction

}  // namespace platen::cloud
