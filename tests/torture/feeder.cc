// Writes into a ledger and says what it was promised, so that a disk, a kernel or a power cut can be asked to keep it.
//
//   ledger_feeder feed FILE RECORDS ACKNOWLEDGE_EVERY   appends (0 records: until it is ended); after each answer a line
//       "durable EPOCH SEQ NAME" or "refused WHY". Every so many records a cloud's acknowledgement comes: it says
//       "acknowledged EPOCH SEQ" before the ledger hears of it, as a cloud has stored them by then.
//   ledger_feeder show FILE                             "position EPOCH FIRST LAST ACKNOWLEDGED", then "record SEQ NAME" and
//       "missing RECORDS" for what the ledger itself says to be lost
#include <unistd.h>

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <random>
#include <string>

#include "agent/ledger/ledger.h"

namespace {

using namespace platen;

// One write(2) a line: what was said before a kill has been said.
void say(const std::string& line) {
  const std::string out = line + "\n";
  if (::write(STDOUT_FILENO, out.data(), out.size()) < 0) ::_exit(3);
}

int give_up(const Error& error) {
  std::fprintf(stderr, "ledger_feeder: %s\n", error.text.c_str());
  return 1;
}

std::size_t number(const char* text) {
  std::size_t value = 0;
  std::from_chars(text, text + std::strlen(text), value);
  return value;
}

// The last record that was promised, acknowledged as a cloud would: a little behind.
void acknowledge(ledger::Ledger& ledger, std::uint64_t last) {
  constexpr std::uint64_t behind = 5;
  const ledger::Position position = ledger.position();
  if (last <= behind || last - behind <= position.acknowledged) return;
  say("acknowledged " + position.epoch + " " + std::to_string(last - behind));
  if (const auto done = ledger.acknowledge(position.epoch, last - behind); !done) say("refused " + done.error().text);
}

int feed(const std::string& file, std::size_t records, std::size_t acknowledge_every) {
  auto ledger = ledger::Ledger::open(file, system_clock());
  if (!ledger) return give_up(ledger.error());
  std::mt19937_64 random(std::random_device{}());
  const std::string run = std::to_string(random());
  for (std::size_t i = 1; records == 0 || i <= records; ++i) {
    const std::string name = run + "-" + std::to_string(i);
    const std::array<std::string, 1> octets = {name + " " + std::string(200 + random() % 3000, 'x')};
    const auto last = (*ledger)->append("reading", octets);
    if (!last) {
      say("refused " + last.error().text);
      continue;
    }
    say("durable " + (*ledger)->position().epoch + " " + std::to_string(*last) + " " + name);
    if (acknowledge_every != 0 && i % acknowledge_every == 0) acknowledge(**ledger, *last);
  }
  return 0;
}

int show(const std::string& file) {
  auto ledger = ledger::Ledger::open(file, system_clock());
  if (!ledger) return give_up(ledger.error());
  const ledger::Position at = (*ledger)->position();
  say("position " + at.epoch + " " + std::to_string(at.first) + " " + std::to_string(at.last) + " " +
      std::to_string(at.acknowledged));
  const auto entries = (*ledger)->after(0, std::size_t{1} << 30U);
  if (!entries) return give_up(entries.error());
  for (const auto& entry : *entries) {
    if (entry.kind == wire::gap_kind) {
      const auto gap = wire::decode_gap(entry.octets);
      say("missing " + std::to_string(gap ? gap->records.value_or(0) : 0));
      continue;
    }
    say("record " + std::to_string(entry.seq) + " " + entry.octets.substr(0, entry.octets.find(' ')));
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string verb = argc > 1 ? argv[1] : "";
  if (verb == "feed" && argc == 5) return feed(argv[2], number(argv[3]), number(argv[4]));
  if (verb == "show" && argc == 3) return show(argv[2]);
  std::fputs("usage: ledger_feeder feed FILE RECORDS ACKNOWLEDGE_EVERY | ledger_feeder show FILE\n", stderr);
  return 2;
}
