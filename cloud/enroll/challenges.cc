#include "cloud/enroll/challenges.h"

#include <openssl/rand.h>

#include <algorithm>

#include "cloud/enroll/openssl.h"

namespace platen::enroll {

std::string Challenges::make(MonotonicTime now) {
  std::string nonce(32, '\0');
  must(RAND_bytes(reinterpret_cast<unsigned char*>(nonce.data()), static_cast<int>(nonce.size())), "RAND_bytes");
  if (waiting_.size() >= most) waiting_.pop_front();
  waiting_.emplace_back(nonce, now);
  return nonce;
}

bool Challenges::take(std::string_view nonce, MonotonicTime now) {
  while (!waiting_.empty() && now - waiting_.front().second > valid) waiting_.pop_front();
  const auto found =
      std::find_if(waiting_.begin(), waiting_.end(), [&](const auto& each) { return each.first == nonce; });
  if (found == waiting_.end()) return false;
  waiting_.erase(found);
  return true;
}

}  // namespace platen::enroll
