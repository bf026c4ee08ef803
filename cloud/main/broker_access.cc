#include "cloud/main/broker_access.h"

#include "agent/host/files.h"
#include "base/log.h"
#include "cloud/deploy/deploy.h"

namespace platen::cloud {
namespace {

Expected<void> write(const std::string& path, const std::set<std::string>& removed) {
  return host::write_file(path, deploy::access_list(removed), 0644, host::Existing::replace);
}

}  // namespace

Expected<void> write_access_list(const std::string& path, enroll::Registry& registry) {
  return registry.revoked().and_then([&](const std::set<std::string>& removed) { return write(path, removed); });
}

void BrokerAccess::keep() {
  if (path_.empty()) return;
  const auto kept = follow();
  if (!kept && kept.error().text != trouble_) log::warn("broker.access_not_kept", {{"why", kept.error().text}});
  trouble_ = kept ? "" : kept.error().text;
}

Expected<void> BrokerAccess::follow() {
  auto removed = registry_.revoked();
  if (!removed) return fail(removed.error());
  if (written_ && *removed == removed_) return {};
  auto done = write(path_, *removed);
  if (!done) return done;
  removed_ = std::move(*removed);
  written_ = true;
  return {};
}

}  // namespace platen::cloud
