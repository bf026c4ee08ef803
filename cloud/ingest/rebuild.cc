#include "cloud/ingest/rebuild.h"

#include <fmt/format.h>

#include <utility>

namespace platen::cloud {
namespace {

constexpr std::size_t most_octets = std::size_t{4} << 20U;  // of a batch, and of what is remembered

}  // namespace

Expected<void> Rebuild::make_whole(Store& store, const std::string& agent, const std::string& epoch,
                                   std::span<StoredRecord> records, std::uint64_t& seq) {
  std::size_t octets = 0;
  for (StoredRecord& record : records) {
    seq = record.seq;
    if (record.base != 0) {
      const auto from = base(store, agent, epoch, record.base);
      if (!from) return fail(from.error());
      auto whole = patch_.apply(*from, record.octets);
      if (!whole) return fail(Code::not_found, whole.error().text);
      record.octets = *std::move(whole);
      octets += record.octets.size();
      if (octets > most_octets)
        return fail(Code::invalid, fmt::format("the batch's records are more than {} octets", most_octets));
    }
    remember(record);
  }
  return {};
}

// A base is used once: the next record of that printer leans on this one.
Expected<std::string> Rebuild::base(Store& store, const std::string& agent, const std::string& epoch,
                                    std::uint64_t seq) {
  if (auto known = known_.extract(seq)) return octets_ -= known.mapped().size(), std::move(known.mapped());
  auto stored = store.octets(agent, epoch, seq);
  if (!stored) return fail(Code::unavailable, stored.error().text);
  if (!*stored) return fail(Code::not_found, fmt::format("record {}, on which it leans, is not here", seq));
  return **std::move(stored);
}

void Rebuild::remember(const StoredRecord& record) {
  if (record.kind != wire::reading_kind) return;
  octets_ += record.octets.size();
  known_[record.seq] = record.octets;
  for (; octets_ > most_octets && !known_.empty(); known_.erase(known_.begin()))
    octets_ -= known_.begin()->second.size();
}

}  // namespace platen::cloud
