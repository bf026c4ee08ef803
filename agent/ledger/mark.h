// How far the ledger had come, in a small file beside it: so that a ledger whose file is damaged or gone can still say how
// many records are missing.
//
//   Effects  written without fsync after each change: it survives the agent's death, and after a power cut it is older
//            than the ledger at worst, never newer. What cannot be written or read is left out: it is a help, no promise.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace platen::ledger {

struct Mark {
  std::string epoch;
  std::uint64_t last = 0, acknowledged = 0;
  std::string acknowledged_hash;  // 32 octets, or "" when it is not known
};

[[nodiscard]] std::string mark_file(const std::string& ledger_file);
[[nodiscard]] std::optional<Mark> read_mark(const std::string& ledger_file);

class MarkWriter {
 public:
  explicit MarkWriter(const std::string& ledger_file);
  ~MarkWriter();
  MarkWriter(const MarkWriter&) = delete;
  MarkWriter& operator=(const MarkWriter&) = delete;
  void write(const Mark& mark);

 private:
  int fd_;
};

}  // namespace platen::ledger
