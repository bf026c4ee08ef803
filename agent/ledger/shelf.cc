#include "agent/ledger/shelf.h"

#include <algorithm>
#include <utility>

#include "base/log.h"

namespace platen::ledger {
namespace {

constexpr std::size_t records_at_once = 256, octets_at_once = std::size_t{1} << 20U;
constexpr std::size_t most_devices = 4096;  // beyond these, what is lost is counted without its device

std::size_t size_of(const Draft& record) {
  return sizeof(Draft) + record.kind.size() + record.octets.size() + record.device.size() + record.origins.size();
}

}  // namespace

Expected<void> Shelf::keep(Draft record) {
  if (held_.empty() && lost_.empty()) {
    const auto appended = ledger_.append({&record, 1});
    if (appended) return {};
    if (appended.error().code == Code::invalid) return fail(appended.error());
    log::error("ledger.held_in_memory", {{"why", appended.error().text}});
    state_.why = appended.error().text;
  }
  octets_ += size_of(record);
  held_.push_back({std::move(record), clock_.wall()});
  make_room();
  if (held_.size() > 1) flush();
  state_.held = held_.size();
  return {};
}

void Shelf::tend() {
  if (held_.empty() && lost_.empty()) return;
  flush();
  state_.held = held_.size();
}

void Shelf::flush() {
  while (!held_.empty() || !lost_.empty()) {
    if (const auto done = append_some(); !done) {
      state_.why = done.error().text;
      return;
    }
  }
  log::info("ledger.takes_again", {{"lost", state_.lost}});
  state_.why.clear();
}

Expected<void> Shelf::append_some() {
  if (held_.empty()) {
    const auto written = ledger_.append(gaps());
    if (!written) return fail(written.error());
    lost_.clear();
    return {};
  }
  std::vector<Draft> some;
  std::size_t octets = 0;
  for (const Held& held : held_) {
    octets += held.record.octets.size();
    if (!some.empty() && (some.size() == records_at_once || octets > octets_at_once)) break;
    some.push_back(held.record);
  }
  const auto appended = ledger_.append(some);
  if (!appended && appended.error().code != Code::invalid) return fail(appended.error());
  if (!appended) some.resize(1);  // keep() lets none in that no ledger takes: one by one it is found
  if (!appended && !ledger_.append(some)) lose(held_.front());
  for (std::size_t i = 0; i < some.size(); ++i) {
    octets_ -= size_of(held_.front().record);
    held_.pop_front();
  }
  return {};
}

void Shelf::make_room() {
  while (octets_ > most_octets_ && held_.size() > 1) {
    const auto least = std::min_element(held_.begin(), held_.end(), [](const Held& a, const Held& b) {
      return a.record.worth < b.record.worth;  // the first of equals: the oldest
    });
    lose(*least);
    octets_ -= size_of(least->record);
    held_.erase(least);
  }
}

void Shelf::lose(const Held& held) {
  ++state_.lost;
  const bool named = lost_.size() < most_devices || lost_.contains(held.record.device);
  Lost& lost = lost_[named ? held.record.device : ""];
  if (lost.records++ == 0) lost.from = held.at;
  lost.through = std::max(lost.through, held.at);
}

std::vector<Draft> Shelf::gaps() const {
  std::vector<Draft> records;
  for (const auto& [device, lost] : lost_) {
    const wire::Gap gap{.reason = wire::Gap::Reason::not_durable,
                        .records = lost.records,
                        .device = device,
                        .from = lost.from,
                        .through = lost.through,
                        .text = {}};
    records.push_back({.kind = std::string(wire::gap_kind), .octets = wire::encode_gap(gap), .device = device});
  }
  return records;
}

}  // namespace platen::ledger
