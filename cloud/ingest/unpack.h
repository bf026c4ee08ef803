// A Batch, as it came from the network, into records for the store. Pure.
//
//   Limits   4 MiB unpacked, whatever a frame promises; 16,384 records, counted before they are parsed; their numbers
//            follow each other.
//   Errors   Code::invalid in a sentence for the agent's log.
#pragma once

#include <string>
#include <vector>

#include "base/expected.h"
#include "cloud/store/store.h"

namespace platen::v1 {
class Batch;
}

namespace platen::cloud {

[[nodiscard]] Expected<std::vector<StoredRecord>> unpack(v1::Batch& batch);
// Of a preview: the readings that can be decoded, each with its own number; what else is in it is passed over.
[[nodiscard]] Expected<std::vector<StoredRecord>> unpack_preview(v1::Batch& batch);
// Fills `reading` where the record is one. "" or what the first one that could not be decoded suffers from.
[[nodiscard]] std::string decode_readings(std::vector<StoredRecord>& records);

}  // namespace platen::cloud
