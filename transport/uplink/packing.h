// Records into a Batch: as they are when they are few, as a zstd frame from 1 KB on.
//
//   Source   proto/platen/v1/uplink.proto: Batch. Level 1: half a millisecond for 256 KB, a tenth of the octets.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "transport/uplink/uplink.h"

namespace platen::v1 {
class Batch;
}

namespace platen::uplink {

class Packer {
 public:
  Packer();
  ~Packer();
  void pack(const std::string& epoch, std::span<Outgoing> records, v1::Batch& batch);

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

}  // namespace platen::uplink
