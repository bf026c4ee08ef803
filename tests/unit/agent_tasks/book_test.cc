#include "agent/tasks/book.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "tests/unit/agent_tasks/bench.h"

using namespace platen;
using namespace std::chrono_literals;
using tasks::Book;
using test::now;
namespace fs = std::filesystem;

namespace {

struct Fixture {
  std::unique_ptr<Book> open(const std::string& owner = "Example/agent-1") {
    return Book::open(folder.path(), owner, now).value();
  }
  [[nodiscard]] std::string file() const { return folder.path() + "/tasks.db"; }
  static Book::Name name(unsigned number) { return {test::id_of(number), "scan", now + 1h}; }
  void begin(unsigned number) { open()->begin({name(number)}, now); }
  tests::Folder folder;
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "what was begun and did not end is interrupted, and its result waits to be sent") {
  begin(1);
  auto book = open();
  const auto row = book->find(test::id_of(1));
  REQUIRE(row);
  CHECK(row->over);
  CHECK(row->result.outcome == wire::TaskResult::Outcome::interrupted);
  REQUIRE(book->unsent(9).size() == 1);
  book->sent(test::id_of(1));
  CHECK(book->unsent(9).empty());
  CHECK_FALSE(book->find(test::id_of(2)));
}

TEST_CASE_FIXTURE(Fixture, "a result comes back as it was; the newest outputs stay, rows go a day after their end") {
  auto book = open();
  for (unsigned number = 0; number < 40; ++number) {
    const wire::TaskResult result{.task_id = test::id_of(number),
                                  .outcome = wire::TaskResult::Outcome::done,
                                  .text = "done",
                                  .began = now,
                                  .ended = now + std::chrono::seconds(number),
                                  .output = std::string("\0x", 2)};
    book->finish(name(number), result);
    CHECK(book->find(test::id_of(number))->result == result);
    book->sent(test::id_of(number));
  }
  CHECK(book->find(test::id_of(39))->whole);
  CHECK_FALSE(book->find(test::id_of(0))->whole);
  CHECK(book->newest(3).front().result.task_id == test::id_of(39));
  book->prune(now + 24h);
  CHECK(book->find(test::id_of(39)));
  book->prune(now + 26h);
  CHECK_FALSE(book->find(test::id_of(39)));
}

TEST_CASE_FIXTURE(Fixture, "a book knows from when on it is complete") {
  SUBCASE("made with the identity: from the beginning") {
    REQUIRE(tasks::write_mark(folder.path(), {.lineage = std::string(tasks::fresh)}));
    CHECK(open()->remembers_since() == WallTime{});
  }
  SUBCASE("made later: nobody knows what was before") { CHECK_FALSE(open()->remembers_since()); }
  SUBCASE("settled, it stays so") {
    open()->settle(now);
    CHECK(open()->remembers_since() == now);
    begin(1);
    CHECK(open()->remembers_since() == now);
  }
  SUBCASE("an older copy") {
    open()->settle(now);
    fs::copy_file(file(), file() + ".copy");
    begin(1);
    fs::rename(file() + ".copy", file());
    CHECK_FALSE(open()->remembers_since());
  }
  SUBCASE("gone") {
    open()->settle(now);
    begin(1);
    fs::remove(file());
    CHECK_FALSE(open()->remembers_since());
  }
  SUBCASE("its mark is gone") {
    open()->settle(now);
    fs::remove(tasks::mark_file(folder.path()));
    CHECK_FALSE(open()->remembers_since());
  }
  SUBCASE("damaged") {
    open()->settle(now);
    std::ofstream(file(), std::ios::trunc) << "no book at all, and longer than nothing";
    CHECK_FALSE(open()->remembers_since());
    CHECK(fs::exists(file() + ".aside"));
  }
  SUBCASE("another agent's") {
    open()->settle(now);
    CHECK_FALSE(open("Example/agent-2")->remembers_since());
  }
  SUBCASE("enrolled anew over an old one") {
    begin(1);
    REQUIRE(tasks::write_mark(folder.path(), {.lineage = std::string(tasks::fresh)}));
    CHECK_FALSE(open()->remembers_since());  // of the same name: what was begun before may come again
    REQUIRE(tasks::write_mark(folder.path(), {.lineage = std::string(tasks::fresh)}));
    CHECK(open("Example/agent-2")->remembers_since() == WallTime{});
  }
}

TEST_CASE_FIXTURE(Fixture, "keys: the identity's is taken in once, an ended one does not come back") {
  const std::string first(32, '1'), second(32, '2'), third(32, '3');
  constexpr WallTime for_ever = WallTime::max();
  const auto until = [&](const Book& book, const std::string& key) {
    for (const tasks::TrustedKey& each : book.keys()) {
      if (each.public_key == key) return each.until.value_or(for_ever);
    }
    return WallTime::min();
  };
  {
    auto book = open();
    book->adopt("", now);
    CHECK(book->keys().empty());
    book->adopt(first, now);
    CHECK(until(*book, first) == for_ever);
    book->trust(second, first, now + 1h);
    book->adopt(first, now + 2h);
  }
  auto book = open();
  CHECK(until(*book, first) == now + 1h);
  CHECK(until(*book, second) == for_ever);
  book->adopt(third, now);  // a renewal brought it: the others end a day later at the latest
  CHECK(until(*book, first) == now + 1h);
  CHECK(until(*book, second) == now + 24h);
}
