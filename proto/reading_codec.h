// platen::Reading as platen.v1.Record octets and back: the contract between agent and cloud, seen from C++ without
// protobuf headers.
//
//   Source   proto/platen/v1/reading.proto.  Errors  decode: Code::corrupt (not this message), Code::invalid (bounds).
#pragma once

#include <string>
#include <string_view>

#include "base/expected.h"
#include "base/reading/reading.h"

namespace platen::wire {

[[nodiscard]] std::string encode_reading(const Reading& reading);  // a serialised platen.v1.Reading
[[nodiscard]] Expected<Reading> decode_reading(std::string_view octets);

}  // namespace platen::wire
