// Records into a Batch: as they are when they are few, as a zstd frame from 1 KB on. A record that resembles the one of its
// series that was sent before on this stream goes as the difference to it.
//
//   Source   proto/platen/v1/uplink.proto: Batch. Level 1: half a millisecond for 256 KB, a tenth of the octets.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>

#include "proto/patch.h"
#include "transport/uplink/uplink.h"

namespace platen::v1 {
class Batch;
class Record;
class RecordList;
}  // namespace platen::v1

namespace platen::uplink {

class Packer {
 public:
  Packer();
  ~Packer();
  void pack(std::span<Outgoing> records, v1::Batch& batch);
  void pack_preview(std::span<Outgoing> records, v1::Batch& batch);  // whole records

 private:
  struct Base {
    std::uint64_t seq = 0;
    std::string octets;
  };
  void put_octets(Outgoing& record, v1::Record& to);

  void compress(v1::RecordList& list, v1::Batch& batch);

  struct Context;
  std::unique_ptr<Context> context_;
  wire::PatchMaker make_patch_;
  std::map<std::string, Base, std::less<>> bases_;  // by series
  std::size_t base_octets_ = 0;
};

}  // namespace platen::uplink
