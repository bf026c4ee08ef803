#include "cloud/store/ahead.h"

#include <algorithm>
#include <utility>

#include "cloud/store/candidates.h"
#include "proto/reading_codec.h"

namespace platen::cloud {
namespace {

using sqlite::Query;
using sqlite::Statement;

WallTime at(std::int64_t ms) { return WallTime{std::chrono::milliseconds{ms}}; }

void keep_newest(std::optional<Timed>& kept, Timed other) {
  if (!kept || kept->at < other.at) kept = std::move(other);
}

}  // namespace

Previews::Previews(sqlite::Connection& connection) {
  Statement all(connection, "SELECT a.agent, v.at, v.octets FROM previews v JOIN agents a ON a.number = v.agent");
  Statement find(connection, candidates_sql), taken(connection, "SELECT 1 FROM printers WHERE id = ?1");
  for (Query query(all); query.next();) {
    auto reading = wire::decode_reading(query.octets(2));
    if (!reading) continue;  // of another version
    const std::string agent = query.text(0);
    const IdentityKeys keys = keys_of(agent, *reading);
    Query candidates(find, keys.serial, keys.mac, keys.place);
    const Match match = match_printer(keys, candidates_of(candidates));
    Timed preview{query.integer(1), std::move(*reading)};
    if (match.is == Match::Is::known) {
      Ahead& ahead = ahead_[match.number];
      keep_newest(keys.kind == Reading::Kind::full ? ahead.full : ahead.status, std::move(preview));
    } else if (match.is == Match::Is::fresh) {
      const std::string id = fresh_id(keys);
      if (!Query(taken, id).next()) add_stranger(agent, std::move(preview), id);
    }
  }
}

void Previews::add_stranger(const std::string& agent, Timed preview, const std::string& id) {
  PrinterRow row{.id = id,
                 .agent = agent,
                 .latest = std::move(preview.reading),
                 .first_seen = at(preview.at),
                 .last_read = at(preview.at),
                 .readings = 0,
                 .previewed = true};
  const auto same = std::ranges::find(strangers_, id, &PrinterRow::id);
  if (same == strangers_.end())
    strangers_.push_back(std::move(row));
  else if (same->last_read < row.last_read)
    *same = std::move(row);
}

const Ahead* Previews::of(std::int64_t printer) const {
  const auto found = ahead_.find(printer);
  return found == ahead_.end() ? nullptr : &found->second;
}

bool take_newest(PrinterRow& row, std::int64_t full_at, std::optional<Timed> status, const Ahead* ahead) {
  bool previewed = false;
  if (ahead != nullptr && ahead->full && ahead->full->at > full_at) {
    full_at = ahead->full->at;
    row.latest = ahead->full->reading;
    previewed = true;
  }
  if (status && status->at <= full_at) status.reset();
  if (ahead != nullptr && ahead->status && ahead->status->at > (status ? status->at : full_at)) {
    status = ahead->status;
    previewed = true;
  }
  if (status) row.latest = with_status(std::move(row.latest), status->reading);
  row.last_read = std::max(row.last_read, at(status ? status->at : full_at));
  row.previewed = previewed;
  return previewed;
}

}  // namespace platen::cloud
