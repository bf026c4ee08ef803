#include "cloud/enroll/limits.h"

#include <algorithm>

#include "base/ip_address.h"

namespace platen::enroll {

std::chrono::seconds Limit::wait(std::string_view key, MonotonicTime now) const {
  const auto found = windows_.find(key);
  if (found == windows_.end() || found->second.count < most_) return {};
  const MonotonicTime ends = found->second.began + window_;
  return now >= ends ? std::chrono::seconds() : std::chrono::ceil<std::chrono::seconds>(ends - now);
}

void Limit::count(std::string_view key, MonotonicTime now) {
  auto found = windows_.find(key);
  if (found == windows_.end()) {
    if (windows_.size() >= keys_) {
      windows_.erase(std::min_element(windows_.begin(), windows_.end(),
                                      [](const auto& a, const auto& b) { return a.second.began < b.second.began; }));
    }
    found = windows_.emplace(std::string(key), Window{now, 0}).first;
  }
  if (now >= found->second.began + window_) found->second = {now, 0};
  ++found->second.count;
}

std::string address_key(std::string_view text) {
  const auto address = IpAddress::parse(text);
  if (!address || address->is_v4()) return std::string(text);
  return address->first_of(64).text();
}

}  // namespace platen::enroll
