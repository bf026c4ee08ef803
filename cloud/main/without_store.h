// What a command says that finds no store.
#pragma once

#include <string>

#include "base/expected.h"

namespace platen::cloud {

// `error` of opening the store, with the way out when there is none in `folder`.
[[nodiscard]] Error without_store(const Error& error, const std::string& folder);

}  // namespace platen::cloud
