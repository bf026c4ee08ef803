// kill -9 at any moment: what append() has returned is there, once, in order.
#include <doctest/doctest.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): kill is POSIX
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <map>
#include <random>
#include <set>

#include "agent/ledger/ledger.h"
#include "tests/unit/agent_ledger/folder.h"

using namespace platen;

namespace {

struct Promise {
  std::uint64_t seq = 0, name = 0;  // record `name` was promised as number `seq`
};

// Appends until it is killed and reports each promise; acknowledges now and then, as a cloud would.
[[noreturn]] void write_until_killed(const std::string& file, int pipe, std::uint64_t round) {
  auto ledger = ledger::Ledger::open(file, system_clock());
  for (std::uint64_t i = 0; ledger; ++i) {
    const Promise first{0, round << 32U | i << 1U};
    const std::array<std::string, 2> records = {std::to_string(first.name), std::to_string(first.name | 1U)};
    const auto last = (*ledger)->append("reading", records);
    if (!last) break;
    const Promise made{*last, first.name | 1U};
    if (::write(pipe, &made, sizeof made) != sizeof made) break;
    if (i % 7 == 6 && !(*ledger)->acknowledge((*ledger)->position().epoch, *last - 8)) break;
  }
  ::_exit(1);
}

class Writer {
 public:
  Writer(const std::string& file, std::uint64_t round) {
    std::array<int, 2> ends{};
    REQUIRE(::pipe(ends.data()) == 0);
    child_ = ::fork();
    if (child_ == 0) write_until_killed(file, ends[1], round);
    ::close(ends[1]);
    from_child_ = ends[0];
  }
  ~Writer() { ::close(from_child_); }
  bool hear(Promise& promise) const { return ::read(from_child_, &promise, sizeof promise) == sizeof promise; }
  void kill() const {
    ::kill(child_, SIGKILL);
    int status = 0;
    ::waitpid(child_, &status, 0);
    CHECK(WIFSIGNALED(status));  // it was still at work
  }

 private:
  pid_t child_ = 0;
  int from_child_ = 0;
};

}  // namespace

TEST_CASE("50 kills: every promised record is there, none twice, no number missing") {
  const tests::Folder folder;
  const std::string file = folder / "ledger.db";
  std::mt19937 random(50);  // NOLINT(cert-msc51-cpp): the same places on every run
  std::map<std::uint64_t, std::uint64_t> promised;
  for (std::uint64_t round = 1; round <= 50; ++round) {
    const Writer writer(file, round);
    Promise promise;
    for (auto wanted = std::uniform_int_distribution<unsigned>(0, 20)(random); wanted > 0 && writer.hear(promise);
         --wanted)
      promised[promise.seq] = promise.name;
    for (auto spin = std::uniform_int_distribution<unsigned>(0, 200'000)(random); spin > 0; --spin)
      asm volatile("");  // so that the kill hits any part of an append, not only its end
    writer.kill();
    while (writer.hear(promise)) promised[promise.seq] = promise.name;

    const auto verified = ledger::verify(file);
    REQUIRE_MESSAGE(verified, (verified ? "" : verified.error().text));
    REQUIRE_MESSAGE(verified->faults.empty(), verified->faults.front());
    const auto ledger = ledger::Ledger::open(file, system_clock()).value();
    std::uint64_t expected = verified->position.acknowledged;
    std::set<std::string> names;
    const auto entries = ledger->after(0, std::size_t{1} << 30U).value();
    for (const auto& entry : entries) {
      REQUIRE(entry.seq == ++expected);
      REQUIRE(names.insert(entry.octets).second);
      if (const auto it = promised.find(entry.seq); it != promised.end())
        REQUIRE(entry.octets == std::to_string(it->second));
    }
    REQUIRE(expected == verified->position.last);
    REQUIRE((promised.empty() || promised.rbegin()->first <= verified->position.last));
    REQUIRE(verified->position.last % 2 == 0);  // both records of an append, or none
  }
  CHECK(promised.size() > 200);
}
