// A scan document against a hand-worked expectation, field by field: a score and every difference.
//
//   Rules    null in the expectation = no such key in the document. KEY_accept beside KEY lists further right answers.
//   Rows of a
//            table are joined on "index", vendor counters on their OID. Keys about the recording (notes, hand_checked
//            …) do not count.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace platen::recordings {

using Json = nlohmann::json;

struct Score {
  int right = 0;
  int fields = 0;
  std::vector<std::string> differences;  // "supplies[1.3].percent: expected 21.0, got none"

  void add(const Score& other);
  [[nodiscard]] double percent() const { return fields == 0 ? 100.0 : 100.0 * right / fields; }
};

// `got` is a scan document, or null where the device was not taken for a printer.
[[nodiscard]] Score compare(const Json& expected, const Json& got);

}  // namespace platen::recordings
