// A disk that fails when a test says so: this program's fsync(), write() and their like stand in front of the C library's.
#pragma once

#include <cstdint>

namespace platen::tests {

void let_fsync_fail(bool fails);

// From the `nth` call on that writes, syncs, cuts or makes a file (1: the next one), calls fail with `error_number`; `times`
// of them. 0 for `nth`: none.
void let_calls_fail(int nth, int error_number, int times);
// The octets of every file from `from` to `to` (not included) cannot be read: EIO. 0, 0: all can.
void let_reads_fail(std::int64_t from, std::int64_t to);
[[nodiscard]] int calls_failed();  // since let_calls_fail()

}  // namespace platen::tests
