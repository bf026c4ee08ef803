// How often somebody may try: at most `most` times within `window`, by key (an address, the beginning of a code). Pure.
//
//   Bounds   `keys` of them are remembered; when they are all in use, the one whose window began first is forgotten.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace platen::enroll {

class Limit {
 public:
  Limit(unsigned most, std::chrono::seconds window, std::size_t keys = 10'000)
      : most_(most), window_(window), keys_(keys) {}

  // How long to wait; zero: go ahead. Counts nothing.
  [[nodiscard]] std::chrono::seconds wait(std::string_view key, MonotonicTime now) const;
  void count(std::string_view key, MonotonicTime now);

 private:
  struct Window {
    MonotonicTime began{};
    unsigned count = 0;
  };
  const unsigned most_;
  const std::chrono::seconds window_;
  const std::size_t keys_;
  std::map<std::string, Window, std::less<>> windows_;
};

// What an address counts as: itself, or the /64 that it is one of.
[[nodiscard]] std::string address_key(std::string_view address);

}  // namespace platen::enroll
