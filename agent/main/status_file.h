// status.json: in the state folder, and while that takes nothing in memory (agent/host/notice.h), where `platen status` looks
// as well.
//
//   Effects  writes one of the files; what was left in memory goes when the state folder takes it again. What fails is logged
//            once.
#pragma once

#include <string>
#include <vector>

namespace platen::agent {

class StatusFile {
 public:
  explicit StatusFile(const std::string& state_dir);
  void write(const std::string& json);

 private:
  void leave_word(const std::string& json);

  std::string file_, word_;  // word_: the file in memory; "": none
  std::vector<std::string> places_;
  bool complained_ = false;
};

}  // namespace platen::agent
