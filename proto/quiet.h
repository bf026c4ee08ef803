// While it lives protobuf says nothing on stderr: it has a line for each text that is no UTF-8, and whoever may send us octets
// would fill the log with them.
#pragma once

#include <memory>

namespace platen::wire {

class Quiet {
 public:
  Quiet();
  ~Quiet();
  Quiet(const Quiet&) = delete;
  Quiet& operator=(const Quiet&) = delete;

 private:
  struct Silence;
  std::unique_ptr<Silence> silence_;
};

}  // namespace platen::wire
