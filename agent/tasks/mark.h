// How many tasks this agent has begun, in a small file beside the book: an older copy of the book is known by it.
//
//   Shapes   tasks.mark in the state folder: "platen-tasks 1 LINEAGE COUNT\n". Enrolment writes one that says "fresh": nothing
//            was ever begun under this identity, so a missing book is a new one and no lost one.
//   Errors   write: as host::write_file. read: nothing for a file that is missing or not whole.
//   Effects  durable when write_mark() returns.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/expected.h"

namespace platen::tasks {

inline constexpr std::string_view fresh = "fresh";

struct Mark {
  std::string lineage;  // of the book: 32 hex digits, or `fresh`
  std::uint64_t begun = 0;
  friend bool operator==(const Mark&, const Mark&) = default;
};

[[nodiscard]] std::string mark_file(const std::string& state_dir);
[[nodiscard]] std::optional<Mark> read_mark(const std::string& state_dir);
[[nodiscard]] Expected<void> write_mark(const std::string& state_dir, const Mark& mark);

}  // namespace platen::tasks
