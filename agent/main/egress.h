// What has left this site, by field and by count: kept in state_dir/egress.json for `platen egress`.
//
//   Rules    A record counts when it is handed to the stream, once however often it is sent again. What the privacy policy
//            took out counts as held back, by field. No value is ever written here.
//   Shapes   One JSON object, "schema":"platen.egress/1".
//   Errors   a file that cannot be read begins anew, one that cannot be written is logged once.
//   Threads  Callable from any thread.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "agent/privacy/policy.h"
#include "base/clock.h"

namespace platen::agent {

class Egress {
 public:
  Egress(std::string file, const Clock& clock);
  void restore();  // goes on with what the file says, the first time that there is one
  void held_back(const privacy::Counts& counts);
  void leaves(const std::string& epoch, std::uint64_t seq, std::string_view kind, std::string_view octets);
  // A copy that goes ahead of its record: counted as a preview, and its fields as often as they leave.
  void leaves_as_preview(std::string_view octets);
  void save();  // when something changed

 private:
  struct Records {
    std::uint64_t count = 0, octets = 0;
  };
  void add(std::string_view json);
  void count(const std::string& kind, std::string_view octets);
  void count_fields(std::string_view octets);
  [[nodiscard]] std::string to_json() const;

  const std::string file_;
  std::mutex mutex_;
  WallTime since_;
  std::string epoch_;
  std::uint64_t through_ = 0;
  std::map<std::string, Records, std::less<>> records_;  // by kind
  privacy::Counts fields_;
  bool changed_ = false, complained_ = false, restored_ = false;
};

}  // namespace platen::agent
