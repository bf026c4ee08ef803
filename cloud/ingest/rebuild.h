// Records that came as the difference to an earlier one (proto/patch.h), made whole again. What comes out is proved by the
// chain's hash of the batch, which the store compares.
//
//   Limits   4 MiB of whole records a batch; 4 MiB remembered of a stream, the rest is read from the store.
//   Errors   Code::not_found: the base is not there as the agent had it: the record is wanted whole. Code::invalid: too much.
//            Code::unavailable: the store does not answer.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>

#include "cloud/store/store.h"
#include "proto/patch.h"

namespace platen::cloud {

class Rebuild {
 public:
  // `seq` is the record that cannot be made whole, when there is an error.
  [[nodiscard]] Expected<void> make_whole(Store& store, const std::string& agent, const std::string& epoch,
                                          std::span<StoredRecord> records, std::uint64_t& seq);

 private:
  [[nodiscard]] Expected<std::string> base(Store& store, const std::string& agent, const std::string& epoch,
                                           std::uint64_t seq);
  void remember(const StoredRecord& record);

  wire::Patcher patch_;
  std::map<std::uint64_t, std::string> known_;  // whole records of this stream, by seq
  std::size_t octets_ = 0;                      // of them
};

}  // namespace platen::cloud
