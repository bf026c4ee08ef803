#include "cloud/enroll/challenges.h"

#include <openssl/rand.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "cloud/enroll/openssl.h"

namespace platen::enroll {

std::string Challenges::make(MonotonicTime now) {
  std::array<unsigned char, 16> random{};
  must(RAND_bytes(random.data(), static_cast<int>(random.size())), "RAND_bytes");
  std::string nonce = to_hex({reinterpret_cast<const char*>(random.data()), random.size()});
  if (waiting_.size() >= most) waiting_.pop_front();
  waiting_.emplace_back(nonce, now);
  return nonce;
}

bool Challenges::take(std::string_view nonce, MonotonicTime now) {
  while (!waiting_.empty() && now - waiting_.front().second > valid_) waiting_.pop_front();
  const auto found =
      std::find_if(waiting_.begin(), waiting_.end(), [&](const auto& each) { return each.first == nonce; });
  if (found == waiting_.end()) return false;
  waiting_.erase(found);
  return true;
}

}  // namespace platen::enroll
