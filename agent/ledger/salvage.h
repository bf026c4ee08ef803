// What still reads in a ledger's file that was put aside: records that were not acknowledged, and whose hash says that
// they are as they were appended. What cannot be proved is left out: a wrong number is worse than none.
//
//   Rules    Skips pages that cannot be read. A first page that is gone is replaced by that of an empty ledger, which has
//            the same tables at the same places. A log without its file is read as well. Reads the tables of any version that has them.
//   Errors   none: what does not read is not there.
//   Effects  the file is left as it is, but for a replaced first page.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/ledger/ledger.h"

namespace platen::ledger {

class Salvage {
 public:
  virtual ~Salvage() = default;
  // `owner`: whose records are wanted; those of another agent are left where they are.
  [[nodiscard]] static std::unique_ptr<Salvage> open(const std::string& file, const std::string& owner);

  struct Found {
    Draft record;  // with its origin
    std::uint64_t first = 0, seq = 0;
  };
  // The next records after number `seq`; none: that was all.
  [[nodiscard]] virtual std::vector<Found> after(std::uint64_t seq, std::size_t most, std::size_t most_octets) = 0;
  // How many numbers were not acknowledged when the file was put aside; nothing: nobody knows.
  [[nodiscard]] virtual std::optional<std::uint64_t> due() const = 0;
};

}  // namespace platen::ledger
