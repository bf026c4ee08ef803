// A record as the difference to another one: what a printer says now differs little from what it said before.
//
//   Source   RFC 8878 (Zstandard), with the base as the window that stands before the content; level 3. Any octets, any base.
//   Limits   1 MiB, base and content each.
//   Errors   Code::corrupt: no patch, or not of these limits. A patch of another base than the one it was made from gives
//            an error or other octets: who applies it must check the hash of what comes out.
//   Threads  an object is one thread's.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/expected.h"

namespace platen::wire {

class PatchMaker {
 public:
  PatchMaker();
  ~PatchMaker();
  // "" when no patch would be smaller than `content`.
  [[nodiscard]] std::string make(std::string_view base, std::string_view content);

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

class Patcher {
 public:
  Patcher();
  ~Patcher();
  [[nodiscard]] Expected<std::string> apply(std::string_view base, std::string_view patch);

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

}  // namespace platen::wire
