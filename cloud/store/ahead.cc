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

struct Stranger {
  std::string agent;
  Ahead ahead;
};

PrinterRow row_of(const std::string& id, const Stranger& stranger) {
  const std::int64_t full_at = stranger.ahead.full->at;
  PrinterRow row{.id = id, .agent = stranger.agent, .latest = stranger.ahead.full->reading, .first_seen = at(full_at)};
  take_newest(row, full_at, stranger.ahead.status, nullptr);
  row.previewed = true;
  return row;
}

void keep_newest(std::optional<Timed>& kept, Timed other) {
  if (!kept || kept->at < other.at) kept = std::move(other);
}

}  // namespace

Previews::Previews(sqlite::Connection& connection) {
  Statement all(connection, "SELECT a.agent, v.at, v.octets FROM previews v JOIN agents a ON a.number = v.agent");
  Statement find(connection, candidates_sql), taken(connection, "SELECT 1 FROM printers WHERE id = ?1");
  std::map<std::string, Stranger> strangers;  // by id
  for (Query query(all); query.next();) {
    auto reading = wire::decode_reading(query.octets(2));
    if (!reading) continue;  // of another version
    const std::string agent = query.text(0);
    const IdentityKeys keys = keys_of(agent, *reading);
    Query candidates(find, keys.serial, keys.mac, keys.place);
    const Match match = match_printer(keys, candidates_of(candidates));
    const bool status = keys.kind == Reading::Kind::status;
    Ahead* ahead = match.is == Match::Is::known ? &ahead_[match.number] : nullptr;
    if (match.is == Match::Is::fresh || (match.is == Match::Is::nobody && status)) {
      const std::string id = fresh_id(keys);
      if (Query(taken, id).next()) continue;
      strangers[id].agent = agent;
      ahead = &strangers[id].ahead;
    }
    if (ahead != nullptr) keep_newest(status ? ahead->status : ahead->full, {query.integer(1), std::move(*reading)});
  }
  for (auto& [id, stranger] : strangers) {
    if (stranger.ahead.full) strangers_.push_back(row_of(id, stranger));
  }
}

const Ahead* Previews::of(std::int64_t printer) const {
  const auto found = ahead_.find(printer);
  return found == ahead_.end() ? nullptr : &found->second;
}

void take_newest(PrinterRow& row, std::int64_t full_at, std::optional<Timed> status, const Ahead* ahead) {
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
}

}  // namespace platen::cloud
