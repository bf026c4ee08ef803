// A disk that fails when a test says so: this program's fsync(), write() and their like stand in front of the C library's.
#pragma once

namespace platen::tests {

void let_fsync_fail(bool fails);

// From the `nth` call on that writes, syncs, cuts or makes a file (1: the next one), calls fail with `error_number`; `times`
// of them. 0 for `nth`: none.
void let_calls_fail(int nth, int error_number, int times);
[[nodiscard]] int calls_failed();  // since let_calls_fail()

}  // namespace platen::tests
