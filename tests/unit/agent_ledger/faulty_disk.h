// A disk whose fsync fails when a test says so: this program's fsync() and fdatasync() stand in front of the C
// library's.
#pragma once

namespace platen::tests {

void let_fsync_fail(bool fails);

}  // namespace platen::tests
