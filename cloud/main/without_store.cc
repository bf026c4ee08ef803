#include "cloud/main/without_store.h"

namespace platen::cloud {

Error without_store(const Error& error, const std::string& folder) {
  if (error.code != Code::not_found) return error;
  return {error.code, "there is no store in '" + folder + "': is --data the folder that `platen-cloud serve` uses?"};
}

}  // namespace platen::cloud
