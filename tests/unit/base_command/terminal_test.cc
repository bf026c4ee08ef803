#include "base/command/terminal.h"

#include <doctest/doctest.h>

#include <csignal>
#include <thread>

using namespace platen::command;

TEST_CASE("R6: colour is wanted on a terminal, unless somebody says otherwise") {
  struct Row {
    const char* choice;
    bool terminal;
    const char* no_color;
    const char* term;
    bool want;
  };
  const Row rows[] = {
      {"auto", true, "", "xterm", true}, {"auto", false, "", "xterm", false}, {"auto", true, "1", "xterm", false},
      {"auto", true, "", "dumb", false}, {"never", true, "", "xterm", false}, {"always", false, "1", "dumb", true},
  };
  for (const Row& row : rows) {
    CAPTURE(row.choice);
    CAPTURE(row.no_color);
    CHECK(wants_color(row.choice, row.terminal, row.no_color, row.term) == row.want);
  }
}

TEST_CASE("Ctrl-C asks to stop and leaves the program alive") {
  Interrupts interrupts;
  CHECK_FALSE(interrupts.happened());
  std::raise(SIGINT);
  std::stop_token token = interrupts.token();
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!token.stop_requested() && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  CHECK(interrupts.happened());
}

TEST_CASE("after its life, signals do what they did before") {
  struct sigaction before {
  }, after{};
  ::sigaction(SIGTERM, nullptr, &before);
  { const Interrupts interrupts; }
  ::sigaction(SIGTERM, nullptr, &after);
  const bool same = before.sa_handler == after.sa_handler;
  CHECK(same);
}
