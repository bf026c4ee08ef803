#include "cloud/enroll/registry.h"

#include <openssl/rand.h>

#include <array>

#include "agent/host/files.h"
#include "base/text.h"

namespace platen::enroll {
namespace {

using sqlite::Blob;
using sqlite::Query;
using sqlite::Statement;

constexpr std::int64_t application_id = 0x506C456E;  // "PlEn"
constexpr int schema_version = 1;
constexpr const char* schema = R"(
CREATE TABLE code(
  number INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE,
  dealer TEXT NOT NULL, customer TEXT NOT NULL, site TEXT NOT NULL, agent TEXT NOT NULL,
  made INTEGER NOT NULL, expires INTEGER NOT NULL, used INTEGER, key_hash BLOB) STRICT;
CREATE TABLE agent(
  agent TEXT PRIMARY KEY, dealer TEXT NOT NULL, customer TEXT NOT NULL, site TEXT NOT NULL,
  enrolled INTEGER NOT NULL, until INTEGER NOT NULL, revoked INTEGER, copied_at INTEGER,
  copied TEXT NOT NULL DEFAULT '') STRICT;
CREATE TABLE certificate(
  number INTEGER PRIMARY KEY, agent TEXT NOT NULL, fingerprint BLOB NOT NULL, replaced BLOB NOT NULL,
  key_hash BLOB NOT NULL, der BLOB NOT NULL) STRICT;
CREATE INDEX certificate_of ON certificate(agent, number);
)";
constexpr int kept_certificates = 4;  // of one agent

std::int64_t number_of(WallTime time) { return time.time_since_epoch().count(); }
WallTime time_of(std::int64_t number) { return WallTime(std::chrono::milliseconds(number)); }
std::optional<WallTime> time_in(const Query& query, int column) {
  return query.null(column) ? std::nullopt : std::optional(time_of(query.integer(column)));
}

std::string hash_of(std::string_view secret) {
  return sha256(std::string("platen.code.v1") + '\0' + std::string(secret));
}

std::string new_agent_id() {
  std::array<unsigned char, 8> random{};
  must(RAND_bytes(random.data(), static_cast<int>(random.size())), "RAND_bytes");
  return "agent-" + to_hex({reinterpret_cast<const char*>(random.data()), random.size()});
}

std::int64_t pragma(sqlite::Connection& connection, const char* sql) {
  Statement statement(connection, sql);
  Query query(statement);
  return query.next() ? query.integer(0) : 0;
}

Answer refused(Answer::Outcome outcome, std::string text, Place place = {}) {
  return {.outcome = outcome, .text = std::move(text), .place = std::move(place), .certificate_der = {}};
}

const char* text_of(RenewalVerdict verdict) {
  switch (verdict) {
    case RenewalVerdict::revoked: return "this agent was removed from the cloud";
    case RenewalVerdict::too_old: return "the certificate expired more than 90 days ago";
    case RenewalVerdict::superseded: return "another copy of this identity has been renewed since";
    default: return "a renewed certificate needs a new key";
  }
}

// Runs what throws; what SQLite or OpenSSL did not like becomes an Error.
template <class Do>
auto guarded(std::mutex& mutex, const char* doing, Do run) -> decltype(run()) {
  try {
    const std::lock_guard hold(mutex);
    return run();
  } catch (const sqlite::Fault& fault) {
    return fail(sqlite::to_error(fault, doing));
  } catch (const Refused& refused) {
    return fail(Code::bug, std::string(refused.step) + " failed");
  }
}

}  // namespace

Registry::Registry(const std::string& file) : connection_(file, sqlite::Connection::Mode::read_write) {}

Expected<std::unique_ptr<Registry>> Registry::open(const std::string& file) try {
  const auto made = host::write_file(file, "", 0600, host::Existing::keep);
  if (!made && made.error().code != Code::conflict) return fail(made.error());
  std::unique_ptr<Registry> registry(new Registry(file));
  sqlite::Connection& connection = registry->connection_;
  connection.run("PRAGMA synchronous = FULL");
  sqlite::Transaction transaction(connection);
  const std::int64_t id = pragma(connection, "PRAGMA application_id");
  const std::int64_t version = pragma(connection, "PRAGMA user_version");
  if (id == 0 && version == 0 && pragma(connection, "SELECT count(*) FROM sqlite_master") == 0) {
    connection.run(schema);
    connection.run(("PRAGMA application_id = " + std::to_string(application_id) +
                    "; PRAGMA user_version = " + std::to_string(schema_version))
                       .c_str());
  } else if (id != application_id) {
    return fail(Code::corrupt, file + ": not the enrolments of platen-cloud; give another --data, or move it away");
  } else if (version > schema_version) {
    return fail(Code::invalid,
                file + ": written by a newer platen-cloud; install that version, or give another --data");
  }
  transaction.commit();
  return registry;
} catch (const sqlite::Fault& fault) {
  return fail(sqlite::to_error(fault, file));
}

Expected<std::int64_t> Registry::add_code(const Secret& secret, const Place& place, WallTime now) {
  Place tried = place;
  if (tried.agent_id.empty()) tried.agent_id = "any";
  if (auto fits = check_name(tried); !fits) return fail(fits.error());
  return guarded(mutex_, "keep a code", [&]() -> Expected<std::int64_t> {
    sqlite::Transaction transaction(connection_);
    Statement promised(connection_, "SELECT 1 FROM code WHERE agent = ?1 AND used IS NULL AND expires > ?2");
    if (!place.agent_id.empty() && (agent(place.agent_id) || Query(promised, place.agent_id, number_of(now)).next())) {
      return fail(Code::conflict, "'" + place.agent_id +
                                      "' is an agent already, or a code for it waits; choose another "
                                      "name (that of a removed agent is never used again)");
    }
    Statement add(connection_,
                  "INSERT INTO code(hash, dealer, customer, site, agent, made, expires) VALUES(?1, ?2, ?3, ?4, ?5, ?6, "
                  "?7)");
    const std::string hash = hash_of(secret.reveal());
    Query(add, Blob{hash}, place.dealer, place.customer, place.site, place.agent_id, number_of(now),
          number_of(now + code_lifetime))
        .run();
    const std::int64_t number = connection_.last_rowid();
    transaction.commit();
    return number;
  });
}

Expected<std::vector<CodeRow>> Registry::codes() {
  return guarded(mutex_, "read the codes", [&]() -> Expected<std::vector<CodeRow>> {
    Statement statement(connection_,
                        "SELECT number, agent, dealer, customer, site, made, expires, used FROM code ORDER BY number "
                        "DESC");
    std::vector<CodeRow> out;
    for (Query query(statement); query.next();) {
      out.push_back({.number = query.integer(0),
                     .place = {query.text(1), query.text(2), query.text(3), query.text(4)},
                     .made = time_of(query.integer(5)),
                     .expires = time_of(query.integer(6)),
                     .used = time_in(query, 7)});
    }
    return out;
  });
}

Expected<std::vector<AgentEntry>> Registry::agents() {
  return guarded(mutex_, "read the agents", [&]() -> Expected<std::vector<AgentEntry>> {
    Statement statement(connection_,
                        "SELECT agent, dealer, customer, site, enrolled, until, revoked, copied, copied_at FROM agent "
                        "ORDER BY agent");
    std::vector<AgentEntry> out;
    for (Query query(statement); query.next();) {
      out.push_back({.place = {query.text(0), query.text(1), query.text(2), query.text(3)},
                     .enrolled = time_of(query.integer(4)),
                     .certificate_until = time_of(query.integer(5)),
                     .revoked = time_in(query, 6),
                     .copied = query.text(7),
                     .copied_at = time_in(query, 8)});
    }
    return out;
  });
}

std::optional<AgentEntry> Registry::agent(const std::string& agent_id) {
  Statement statement(connection_, "SELECT dealer, customer, site, revoked FROM agent WHERE agent = ?1");
  Query query(statement, agent_id);
  if (!query.next()) return std::nullopt;
  AgentEntry found;
  found.place = {agent_id, query.text(0), query.text(1), query.text(2)};
  found.revoked = time_in(query, 3);
  return found;
}

std::optional<Issued> Registry::latest(const std::string& agent_id) {
  Statement statement(connection_,
                      "SELECT fingerprint, replaced, key_hash FROM certificate WHERE agent = ?1 ORDER BY number DESC "
                      "LIMIT 1");
  Query query(statement, agent_id);
  if (!query.next()) return std::nullopt;
  return Issued{.fingerprint = query.text(0), .from = query.text(1), .key_hash = query.text(2)};
}

std::string Registry::certificate(const std::string& agent_id, const std::string& key_hash) {
  Statement statement(connection_,
                      "SELECT der FROM certificate WHERE agent = ?1 AND key_hash = ?2 ORDER BY number DESC LIMIT 1");
  Query query(statement, agent_id, Blob{key_hash});
  return query.next() ? query.text(0) : "";
}

Expected<std::set<std::string>> Registry::revoked() {
  return guarded(mutex_, "read the removed agents", [&]() -> Expected<std::set<std::string>> {
    Statement statement(connection_, "SELECT agent FROM agent WHERE revoked IS NOT NULL");
    std::set<std::string> out;
    for (Query query(statement); query.next();) out.insert(query.text(0));
    return out;
  });
}

void Registry::keep(const Place& place, const Issued& issued, const std::string& der, WallTime not_after,
                    WallTime now) {
  Statement agent(connection_,
                  "INSERT INTO agent(agent, dealer, customer, site, enrolled, until) VALUES(?1, ?2, ?3, ?4, ?5, ?6) "
                  "ON CONFLICT(agent) DO UPDATE SET until = excluded.until");
  Query(agent, place.agent_id, place.dealer, place.customer, place.site, number_of(now), number_of(not_after)).run();
  Statement add(connection_,
                "INSERT INTO certificate(agent, fingerprint, replaced, key_hash, der) VALUES(?1, ?2, ?3, ?4, ?5)");
  Query(add, place.agent_id, Blob{issued.fingerprint}, Blob{issued.from}, Blob{issued.key_hash}, Blob{der}).run();
  Statement thin(connection_,
                 "DELETE FROM certificate WHERE agent = ?1 AND number NOT IN (SELECT number FROM certificate WHERE "
                 "agent = ?1 ORDER BY number DESC LIMIT ?2)");
  Query(thin, place.agent_id, std::int64_t{kept_certificates}).run();
}

Expected<Answer> Registry::use_code(std::string_view secret, const std::string& key_hash, WallTime now,
                                    const Sign& sign) {
  return guarded(mutex_, "use a code", [&]() -> Expected<Answer> {
    sqlite::Transaction transaction(connection_);
    Statement find(connection_,
                   "SELECT number, agent, dealer, customer, site, expires, used, key_hash FROM code WHERE hash = ?1");
    const std::string hash = hash_of(secret);
    std::optional<CodeFacts> facts;
    std::int64_t number = 0;
    Place place;
    if (Query query(find, Blob{hash}); query.next()) {
      number = query.integer(0);
      place = {query.text(1), query.text(2), query.text(3), query.text(4)};
      facts = {.expires = time_of(query.integer(5)), .used = time_in(query, 6), .key_hash = query.text(7)};
    }
    const auto no = [](const std::string& text) { return refused(Answer::Outcome::code_refused, text); };
    switch (judge_code(facts, key_hash, now)) {
      case CodeVerdict::unknown: return no("the cloud does not know this activation code");
      case CodeVerdict::expired: return no("this activation code expired at " + to_rfc3339(facts->expires));
      case CodeVerdict::used: return no("this activation code was used at " + to_rfc3339(*facts->used));
      case CodeVerdict::again: break;
      case CodeVerdict::fresh: {
        auto answer = first(number, place, key_hash, now, sign);
        if (answer && answer->outcome == Answer::Outcome::issued) transaction.commit();
        return answer;
      }
    }
    const auto known = agent(place.agent_id);
    if (known && known->revoked) return refused(Answer::Outcome::revoked, text_of(RenewalVerdict::revoked));
    return Answer{Answer::Outcome::issued, "", place, certificate(place.agent_id, key_hash)};
  });
}

Expected<Answer> Registry::first(std::int64_t number, Place place, const std::string& key_hash, WallTime now,
                                 const Sign& sign) {
  if (place.agent_id.empty()) place.agent_id = new_agent_id();
  auto made = sign(place);
  if (!made && made.error().code == Code::invalid) return refused(Answer::Outcome::request_refused, made.error().text);
  if (!made) return fail(made.error());
  Statement use(connection_, "UPDATE code SET used = ?2, key_hash = ?3, agent = ?4 WHERE number = ?1");
  Query(use, number, number_of(now), Blob{key_hash}, place.agent_id).run();
  const WallTime until = end_of(*made);
  keep(place, {.fingerprint = sha256(*made), .from = {}, .key_hash = key_hash}, *made, until, now);
  return Answer{Answer::Outcome::issued, "", place, std::move(*made)};
}

Expected<Answer> Registry::renew(const Presented& shown, const std::string& key_hash, WallTime now, const Sign& sign) {
  return guarded(mutex_, "renew a certificate", [&]() -> Expected<Answer> {
    sqlite::Transaction transaction(connection_);
    const std::string& id = shown.name.agent_id;
    const auto known = agent(id);
    const Issued wanted{.fingerprint = {}, .from = shown.fingerprint, .key_hash = key_hash};
    const RenewalVerdict verdict =
        judge_renewal(known && known->revoked, shown.not_after, latest(id), wanted, shown.key_hash, now);
    const Place place = known ? known->place : shown.name;
    if (verdict == RenewalVerdict::again) return Answer{Answer::Outcome::issued, "", place, certificate(id, key_hash)};
    if (verdict == RenewalVerdict::superseded) {
      mark_copied(id, "an older certificate than its latest asked for renewal: a backup was restored, or it was copied",
                  now);
      transaction.commit();
    }
    if (verdict != RenewalVerdict::fresh) {
      return refused(verdict == RenewalVerdict::revoked ? Answer::Outcome::revoked : Answer::Outcome::request_refused,
                     text_of(verdict), place);
    }
    auto made = sign(place);
    if (!made) return fail(made.error());
    const Issued issued{.fingerprint = sha256(*made), .from = shown.fingerprint, .key_hash = key_hash};
    keep(place, issued, *made, end_of(*made), now);
    transaction.commit();
    return Answer{Answer::Outcome::issued, "", place, std::move(*made)};
  });
}

Expected<void> Registry::note(const Presented& made, const std::string& certificate_der, WallTime now) {
  return guarded(mutex_, "keep a certificate", [&]() -> Expected<void> {
    sqlite::Transaction transaction(connection_);
    keep(made.name, {.fingerprint = made.fingerprint, .from = {}, .key_hash = made.key_hash}, certificate_der,
         made.not_after, now);
    transaction.commit();
    return {};
  });
}

Expected<bool> Registry::revoke(const std::string& agent_id, WallTime now) {
  return guarded(mutex_, "remove an agent", [&]() -> Expected<bool> {
    sqlite::Transaction transaction(connection_);
    const auto known = agent(agent_id);
    if (known && known->revoked) return false;
    Statement statement(connection_,
                        "INSERT INTO agent(agent, dealer, customer, site, enrolled, until, revoked) VALUES(?1, '', '', "
                        "'', ?2, ?2, ?2) ON CONFLICT(agent) DO UPDATE SET revoked = excluded.revoked");
    Query(statement, agent_id, number_of(now)).run();
    transaction.commit();
    return true;
  });
}

Expected<void> Registry::copied(const std::string& agent_id, const std::string& why, WallTime now) {
  return guarded(mutex_, "note a copied identity", [&]() -> Expected<void> {
    mark_copied(agent_id, why, now);
    return {};
  });
}

void Registry::mark_copied(const std::string& agent_id, const std::string& why, WallTime now) {
  Statement statement(connection_, "UPDATE agent SET copied = ?2, copied_at = ?3 WHERE agent = ?1");
  Query(statement, agent_id, why, number_of(now)).run();
}

}  // namespace platen::enroll
