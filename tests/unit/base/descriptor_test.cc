#include "base/descriptor.h"

#include <doctest/doctest.h>
#include <fcntl.h>

#include <utility>

using platen::Descriptor;

namespace {

bool is_open(int fd) { return ::fcntl(fd, F_GETFD) != -1; }
Descriptor some_file() { return Descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC)); }

}  // namespace

TEST_CASE("a descriptor is closed once, by who holds it last") {
  int fd = -1;
  {
    Descriptor first = some_file();
    REQUIRE(first);
    fd = first.get();
    const Descriptor second = std::move(first);
    CHECK_FALSE(first);  // NOLINT(bugprone-use-after-move): it is defined to be empty
    CHECK(second.get() == fd);
    CHECK(is_open(fd));
  }
  CHECK_FALSE(is_open(fd));
}

TEST_CASE("what is assigned to is closed, and what is released stays open") {
  Descriptor held = some_file();
  const int before = held.get();
  held = some_file();
  CHECK_FALSE(is_open(before));
  const int released = held.release();
  held = Descriptor();
  CHECK(is_open(released));
  ::close(released);
}
