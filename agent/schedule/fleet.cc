#include "agent/schedule/fleet.h"

#include <algorithm>

namespace platen::schedule {
namespace {

constexpr std::chrono::hours patience{30 * 24};

}  // namespace

Fleet::Fleet(std::string_view agent_id) : seed_(stable_hash(agent_id)) {}

// Two addresses, one serial, no network card in common. True: both must be asked again before anything is said.
bool Fleet::in_doubt(const snmp::Peer& peer, Printer& namesake, Likeness& seen, MonotonicTime now) {
  if (namesake.likeness.duplicate_serial) return seen.duplicate_serial = true, false;
  if (namesake.silent) return false;  // it has moved, and got a new card
  const auto here = printers_.find(peer);
  const auto doubted_at = here == printers_.end() ? std::nullopt : here->second.doubted_at;
  if (doubted_at && namesake.answered_at > *doubted_at) {
    namesake.likeness.duplicate_serial = seen.duplicate_serial = true;
    return false;
  }
  namesake.full_at.reset();
  if (doubted_at) return true;
  Printer& asking = printers_[peer];
  asking = {};
  asking.doubted_at = now;
  return true;
}

Fleet::News Fleet::news_of(const snmp::Peer& peer, Likeness& seen, MonotonicTime now) {
  const auto here = printers_.find(peer);
  const bool known = here != printers_.end() && !here->second.doubted_at;
  if (known && same_printer(here->second.likeness, seen) != Same::no) {
    seen.duplicate_serial |= here->second.likeness.duplicate_serial;
    return News::same;
  }
  const auto elsewhere = [&](auto is) {
    return std::find_if(printers_.begin(), printers_.end(),
                        [&](const Entry& entry) { return entry.first != peer && is(entry.second.likeness); });
  };
  const auto namesake = elsewhere([&](const Likeness& other) { return may_be_twins(other, seen); });
  if (namesake != printers_.end() && in_doubt(peer, namesake->second, seen, now)) return News::in_doubt;
  const auto before = elsewhere([&](const Likeness& other) { return same_printer(other, seen) == Same::yes; });
  if (before == printers_.end()) return known ? News::replaced : News::first_seen;
  seen.duplicate_serial |= before->second.likeness.duplicate_serial;
  printers_.erase(before);
  return News::moved;
}

Fleet::News Fleet::read_in_full(const snmp::Peer& peer, std::size_t credential, const snmp::Tolerance& tolerance,
                                const snmp::VarBinds& rows, const Reading& reading, MonotonicTime now, bool whole) {
  Likeness seen = likeness_of(reading);
  const News news = news_of(peer, seen, now);
  Printer& printer = printers_[peer];
  if (news != News::same && news != News::in_doubt) printer = {};
  printer.credential = credential;
  printer.tolerance = tolerance;
  printer.status_at = printer.answered_at = now;
  printer.silent = false;
  if (news == News::in_doubt) return news;
  printer.full_at = now;
  if (news == News::same && !reading.complete) return news;  // half an answer must not make us forget who it is
  printer.rows = KnownRows(rows, shelf_);
  if (whole) printer.whole_at = now;
  printer.likeness = std::move(seen);
  printer.likeness_at = now;
  return news;
}

bool Fleet::read_status(const snmp::Peer& peer, std::size_t credential, const snmp::Tolerance& tolerance,
                        const Reading& reading, MonotonicTime now) {
  const auto here = printers_.find(peer);
  if (here == printers_.end()) return false;
  Printer& printer = here->second;
  printer.status_at = now;
  printer.answered_at = now;
  printer.silent = false;
  printer.credential = credential;
  printer.tolerance = tolerance;
  if (same_since(printer.likeness, likeness_of(reading), now - printer.likeness_at) == Same::yes) return true;
  printer.full_at.reset();
  return false;
}

void Fleet::did_not_answer(const snmp::Peer& peer, Reading::Kind kind, MonotonicTime now) {
  const auto here = printers_.find(peer);
  if (here == printers_.end()) return;
  here->second.silent = true;
  here->second.status_at = now;
  if (kind == Reading::Kind::full) here->second.full_at = now;
}

void Fleet::forget(const snmp::Peer& peer) { printers_.erase(peer); }

void Fleet::read_soon(const snmp::Peer& peer) {
  const auto here = printers_.find(peer);
  if (here != printers_.end()) here->second.full_at.reset();
}

std::vector<Winner> Fleet::winners() const {
  std::vector<Winner> out;
  for (const auto& [peer, printer] : printers_) out.push_back({peer, printer.credential});
  return out;
}

void Fleet::remember(std::span<const Winner> winners, MonotonicTime now) {
  for (const Winner& winner : winners) {
    Printer& printer = printers_[winner.peer];
    printer.credential = winner.credential;
    printer.status_at = printer.answered_at = now;
  }
}

MonotonicTime Fleet::due_at(const Entry& entry, Reading::Kind kind, const Intervals& intervals) const {
  const auto& [peer, printer] = entry;
  const std::uint64_t seed = stable_hash(peer.address.text(), seed_);
  if (kind == Reading::Kind::full) return schedule::next_due({seed, intervals.supplies}, printer.full_at);
  if (intervals.status >= intervals.supplies) return MonotonicTime::max();  // the full reads are enough
  return schedule::next_due({seed + 1, intervals.status}, printer.status_at);
}

std::vector<snmp::Peer> Fleet::due(Reading::Kind kind, const Intervals& intervals, MonotonicTime now,
                                   std::size_t most) const {
  struct Candidate {
    bool silent;
    MonotonicTime since;
    snmp::Peer peer;
    auto operator<=>(const Candidate&) const = default;
  };
  std::vector<Candidate> found;
  for (const Entry& entry : printers_) {
    const MonotonicTime since = due_at(entry, kind, intervals);
    if (since <= now) found.push_back({entry.second.silent, since, entry.first});
  }
  std::sort(found.begin(), found.end());
  std::vector<snmp::Peer> peers;
  for (const Candidate& candidate : found) {
    if (peers.size() < most) peers.push_back(candidate.peer);
  }
  return peers;
}

MonotonicTime Fleet::next_due(const Intervals& intervals) const {
  MonotonicTime soonest = MonotonicTime::max();
  for (const Entry& entry : printers_) {
    soonest = std::min(
        {soonest, due_at(entry, Reading::Kind::full, intervals), due_at(entry, Reading::Kind::status, intervals)});
  }
  return soonest;
}

const Printer* Fleet::find(const snmp::Peer& peer) const {
  const auto here = printers_.find(peer);
  return here == printers_.end() ? nullptr : &here->second;
}

std::size_t Fleet::silent() const {
  return static_cast<std::size_t>(
      std::count_if(printers_.begin(), printers_.end(), [](const Entry& entry) { return entry.second.silent; }));
}

bool Fleet::well_known(const snmp::Peer& peer) const {
  const Printer* printer = find(peer);
  return printer != nullptr && !printer->silent;
}

void Fleet::keep_only(const std::function<bool(const snmp::Peer&)>& wanted) {
  std::erase_if(printers_, [&](const Entry& entry) { return !wanted(entry.first); });
}

void Fleet::renumber_credentials(std::span<const std::optional<std::size_t>> now_at) {
  std::erase_if(printers_, [&](const Entry& entry) {
    return entry.second.credential >= now_at.size() || !now_at[entry.second.credential];
  });
  for (auto& [peer, printer] : printers_) printer.credential = *now_at[printer.credential];
}

void Fleet::forget_the_lost(MonotonicTime now) {
  std::erase_if(printers_, [&](const Entry& entry) { return now - entry.second.answered_at > patience; });
}

}  // namespace platen::schedule
