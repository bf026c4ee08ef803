// Days without a cloud, then the way back: how large the ledger grows, what it keeps when its space ends, and in what order
// and how fast everything reaches the cloud. Fails when a promise of docs/ledger.md is broken.
//
//   ninety_days PRINTERS DAYS LEDGER_KIB [HISTORY_RATE]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <utility>

#include "cloud/store/store.h"
#include "proto/reading_codec.h"
#include "tests/simulation/days.h"
#include "tests/simulation/drain.h"
#include "tests/unit/agent_ledger/folder.h"

namespace {

using namespace platen;
using namespace std::chrono_literals;
using ledger::Worth;
using tests::Sent;

constexpr std::chrono::minutes slot{15};

void check(bool holds, const std::string& promise) {
  if (!holds) tests::give_up(promise);
}

const char* name_of(Worth worth) {
  constexpr const char* names[] = {"status", "supplies", "meters", "other"};
  return names[static_cast<std::size_t>(worth)];
}

struct Outage {
  std::map<Worth, std::uint64_t> appended;
  std::map<std::string, WallTime> newest_meters;
};

Outage live(const tests::Days& days, int length, ledger::Ledger& ledger, ManualClock& clock) {
  Outage outage;
  for (int quarter = 0; quarter < length * 96; ++quarter) {
    const auto drafts = days.due(clock.wall());
    const auto last = ledger.append(drafts);
    if (!last) tests::give_up(last.error().text);
    for (const ledger::Draft& draft : drafts) {
      ++outage.appended[draft.worth];
      if (draft.worth == Worth::meters) outage.newest_meters[draft.device] = clock.wall();
    }
    clock.advance(slot);
    if (quarter + 1 == 30 * 96 || quarter + 1 == length * 96) {
      const double whole = static_cast<double>(ledger.health().octets), day = (quarter + 1) / 96.0;
      std::printf("after %3.0f days: %8llu records, %6.1f MiB, %.0f octets a printer and day\n", day,
                  static_cast<unsigned long long>(*last), whole / (1 << 20),
                  whole / day / static_cast<double>(days.printers()));
    }
  }
  return outage;
}

// What is kept: how much of each worth, and since when.
void show_kept(ledger::Ledger& ledger, const Outage& outage) {
  struct Kept {
    std::uint64_t count = 0;
    WallTime oldest = WallTime::max();
  };
  std::map<Worth, Kept> kept;
  std::map<std::string, WallTime> meters;
  std::uint64_t withheld = 0, counted = 0;
  for (std::uint64_t seq = ledger.position().acknowledged;;) {
    const auto entries = ledger.after(seq, std::size_t{4} << 20U).value();
    if (entries.empty()) break;
    seq = entries.back().seq;
    for (const ledger::Entry& entry : entries) {
      if (entry.kind == wire::withheld_kind) withheld += entry.seq - entry.first + 1;
      if (entry.kind == wire::gap_kind) counted += wire::decode_gap(entry.octets)->records.value_or(0);
      if (entry.kind != wire::reading_kind) continue;
      const WallTime at = wire::decode_reading(entry.octets)->read_at;
      Kept& each = kept[entry.worth];
      ++each.count, each.oldest = std::min(each.oldest, at);
      if (entry.worth == Worth::meters) meters[entry.device] = std::max(meters[entry.device], at);
    }
  }
  for (const auto& [worth, appended] : outage.appended) {
    const Kept& each = kept[worth];
    std::printf("kept: %-8s %8llu of %8llu, the oldest of %s\n", name_of(worth),
                static_cast<unsigned long long>(each.count), static_cast<unsigned long long>(appended),
                each.count == 0 ? "-" : to_rfc3339(each.oldest).c_str());
  }
  std::printf("withheld: %llu numbers; gap records count %llu readings\n", static_cast<unsigned long long>(withheld),
              static_cast<unsigned long long>(counted));
  check(withheld == counted, "every number without content is counted in a gap record");
  check(meters == outage.newest_meters, "the newest meters of every printer are kept");
  if (kept[Worth::status].count > 0 && kept[Worth::supplies].count < outage.appended.at(Worth::supplies))
    check(kept[Worth::status].count < outage.appended.at(Worth::status) / 2, "status goes before supplies");
  if (kept[Worth::meters].count < outage.appended.at(Worth::meters))
    check(kept[Worth::supplies].count < outage.appended.at(Worth::supplies) / 10, "supplies go before meters");
}

bool all_shown(cloud::Store& store, std::size_t printers, WallTime since) {
  const auto rows = store.printers().value();
  return rows.size() == printers && std::all_of(rows.begin(), rows.end(), [&](const cloud::PrinterRow& row) {
           return row.latest.read_at >= since || row.last_read >= since;
         });
}

// The cloud is back. A printer is read every few seconds meanwhile.
void drain(const tests::Days& days, ledger::Ledger& ledger, const std::string& file, std::size_t rate,
           ManualClock& clock) {
  const auto store = cloud::open_sqlite_store(file).value();
  uplink::Options options;
  options.agent_id = "site";
  if (rate != 0) options.history_rate = rate;
  tests::Drain drain(options, ledger, *store, clock);
  const MonotonicTime began = clock.monotonic();
  const WallTime newest = clock.wall() - slot, end_of_outage = clock.wall();
  const auto pause = std::chrono::duration_cast<std::chrono::milliseconds>(slot) / days.printers();
  std::map<Sent::Is, std::pair<std::uint64_t, std::uint64_t>> said;  // messages, octets
  MonotonicTime next_read = began + pause;
  std::size_t reader = 0;
  bool first_batch = true;
  std::chrono::milliseconds worst{};
  for (;;) {
    while (const auto sent = drain.step()) {
      auto& [messages, octets] = said[sent->is];
      ++messages, octets += sent->octets;
      if (sent->is == Sent::Is::batch && std::exchange(first_batch, false))
        check(all_shown(*store, days.printers(), newest),
              "every printer is shown as it is now before any history goes");
    }
    if (ledger.position().acknowledged == ledger.position().last) break;
    clock.advance(std::max<std::chrono::milliseconds>(1ms, std::min(drain.deadline(), next_read) - clock.monotonic()));
    if (clock.monotonic() < next_read) continue;
    const std::size_t printer = reader++ % days.printers();
    const ledger::Draft draft = days.draft(printer, Worth::status, clock.wall());
    if (!ledger.append({&draft, 1})) tests::give_up("the ledger takes nothing");
    next_read += pause;
    const MonotonicTime read = clock.monotonic();
    if (ledger.position().last - ledger.position().acknowledged < 2) continue;
    while (const auto sent = drain.step()) ++said[sent->is].first, said[sent->is].second += sent->octets;
    const auto shown = store->printers().value();
    const bool there = std::any_of(shown.begin(), shown.end(),
                                   [&](const cloud::PrinterRow& row) { return row.last_read == clock.wall(); });
    check(there || clock.wall() == end_of_outage, "what is read while history is under way is shown at once");
    worst = std::max(worst, clock.monotonic() - read);
    if (reader > 50) next_read = MonotonicTime::max();  // enough of them: each look reads the whole fleet
  }
  const double took = static_cast<double>((clock.monotonic() - began).count()) / 1000;
  constexpr std::pair<Sent::Is, const char*> names[] = {
      {Sent::Is::preview, "previews"}, {Sent::Is::batch, "batches"}, {Sent::Is::heartbeat, "heartbeats"}};
  for (const auto& [is, name] : names)
    std::printf(
        "drain: %6llu %s of %.1f KiB on average\n", static_cast<unsigned long long>(said[is].first), name,
        said[is].first == 0 ? 0.0 : static_cast<double>(said[is].second) / 1024 / static_cast<double>(said[is].first));
  std::printf(
      "drain: order: previews of %zu printers, then the history oldest first, in %.0f s; %zu readings taken meanwhile "
      "shown at once\n",
      days.printers(), took, reader);

  const auto agent = store->agents().value().at(0);
  const auto proof = store->verify().value().at(0);
  check(agent.through_seq == ledger.position().last && proof.faults.empty(),
        "the cloud is complete, and every hash fits");
  check(proof.withheld == agent.withheld, "what has no content is counted");
  const auto shown = store->printers().value();
  for (const cloud::PrinterRow& row : shown) check(!row.previewed, "nothing is a preview any more");
  std::printf("cloud: complete from 1 to %llu, %llu of these numbers without content; every hash fits\n",
              static_cast<unsigned long long>(agent.through_seq), static_cast<unsigned long long>(agent.withheld));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fputs("usage: ninety_days PRINTERS DAYS LEDGER_KIB [HISTORY_RATE]\n", stderr);
    return 2;
  }
  const tests::Folder folder;
  const tests::Days days(static_cast<std::size_t>(std::stoi(argv[1])));
  ManualClock clock;
  clock.step_wall(tests::a_monday - clock.wall());
  const auto ledger =
      ledger::Ledger::open(ledger::Options{.file = folder / "ledger.db",
                                           .most_octets = static_cast<std::uint64_t>(std::stoi(argv[3])) << 10U},
                           clock);
  if (!ledger) tests::give_up(ledger.error().text);
  const Outage outage = live(days, std::stoi(argv[2]), **ledger, clock);
  show_kept(**ledger, outage);
  drain(days, **ledger, folder / "cloud.db", argc > 4 ? static_cast<std::size_t>(std::stoi(argv[4])) : 0, clock);
}
