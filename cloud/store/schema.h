// The tables of the store, version 6. Times are Unix milliseconds UTC. A column that may be NULL is something a printer
// did not say.
#pragma once

namespace platen::cloud {

inline constexpr const char* schema_sql = R"sql(
CREATE TABLE agents (
  number     INTEGER PRIMARY KEY,
  agent      TEXT NOT NULL UNIQUE,
  epoch      TEXT NOT NULL,               -- the latest one
  version    TEXT NOT NULL,
  records    INTEGER NOT NULL,
  first_seen INTEGER NOT NULL,
  last_seen  INTEGER NOT NULL,
  trouble    TEXT NOT NULL DEFAULT '',    -- what its ledger last said to be missing, or a fork
  trouble_at INTEGER,
  newest     INTEGER NOT NULL DEFAULT 0,  -- the last number of that epoch that is known to exist
  address    TEXT NOT NULL DEFAULT ''     -- where it came from last; '' when nobody said
) STRICT;

CREATE TABLE positions (                  -- last seq stored of each (agent, epoch)
  number     INTEGER PRIMARY KEY,
  agent      INTEGER NOT NULL REFERENCES agents,
  epoch      TEXT NOT NULL,
  through    INTEGER NOT NULL,
  hash       BLOB NOT NULL,               -- of the chain at through (proto/chain.h)
  UNIQUE (agent, epoch)
) STRICT;

CREATE TABLE records (                    -- everything that came, whole
  number     INTEGER PRIMARY KEY,
  position   INTEGER NOT NULL REFERENCES positions,
  seq        INTEGER NOT NULL,
  kind       TEXT NOT NULL,
  octets     BLOB NOT NULL,
  stored_at  INTEGER NOT NULL,
  hash       BLOB NOT NULL,               -- of the chain at seq
  first      INTEGER,                     -- withheld: it stands for first..seq
  UNIQUE (position, seq)
) STRICT;
CREATE INDEX records_withheld ON records (position) WHERE kind = 'withheld';
CREATE INDEX records_of_tasks ON records (number) WHERE kind IN ('task-begun', 'task-result');

CREATE TABLE previews (                   -- the newest readings whose records are still on their way
  agent      INTEGER NOT NULL REFERENCES agents,
  printer    TEXT NOT NULL,               -- serial|mac|place
  kind       INTEGER NOT NULL,
  position   INTEGER NOT NULL REFERENCES positions,
  seq        INTEGER NOT NULL,
  at         INTEGER NOT NULL,            -- as in readings
  octets     BLOB NOT NULL,
  UNIQUE (agent, printer, kind)
) STRICT;
CREATE INDEX previews_by_seq ON previews (position, seq);

CREATE TABLE origins (                    -- where readings stood that were salvaged from a ledger that was given up
  agent      INTEGER NOT NULL REFERENCES agents,
  epoch      TEXT NOT NULL,
  seq        INTEGER NOT NULL,
  hash       BLOB NOT NULL,
  PRIMARY KEY (agent, epoch, seq, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE tasks_seen (                 -- how far the list of tasks (tasks.db) had come when it last said so
  one        INTEGER PRIMARY KEY CHECK (one = 1),
  progress   INTEGER NOT NULL
) STRICT;
INSERT INTO tasks_seen VALUES (1, 0);

CREATE TABLE printers (
  number     INTEGER PRIMARY KEY,
  id         TEXT NOT NULL UNIQUE,
  serial_key TEXT NOT NULL, mac_key TEXT NOT NULL, model_key TEXT NOT NULL,   -- as printer_identity.h compares them
  place      TEXT NOT NULL,               -- agent|address of the latest full reading; '' when another device stands there now
  agent      TEXT NOT NULL,
  first_seen INTEGER NOT NULL,
  last_read  INTEGER NOT NULL,
  readings   INTEGER NOT NULL,
  full_at    INTEGER NOT NULL, full_record   INTEGER NOT NULL REFERENCES records,
  status_at  INTEGER,          status_record INTEGER REFERENCES records,      -- only when later than full_at
  -- what the list of the fleet shows (FleetRow)
  manufacturer TEXT NOT NULL, model TEXT NOT NULL, serial TEXT NOT NULL, address TEXT NOT NULL, name TEXT NOT NULL, location TEXT NOT NULL,
  total INTEGER, mono INTEGER, color INTEGER,
  lowest_is INTEGER NOT NULL, lowest_percent REAL NOT NULL, lowest_name TEXT NOT NULL,
  alerts INTEGER NOT NULL, critical_alerts INTEGER NOT NULL,
  device_status INTEGER, printer_status INTEGER, detected_errors TEXT NOT NULL, complete INTEGER NOT NULL
) STRICT;
CREATE INDEX printers_by_serial ON printers (serial_key) WHERE serial_key <> '';
CREATE INDEX printers_by_mac    ON printers (mac_key)    WHERE mac_key <> '';
CREATE INDEX printers_by_place  ON printers (place)      WHERE place <> '';

CREATE TABLE readings (                   -- the history: one row a reading, the rest is in its record
  record     INTEGER PRIMARY KEY REFERENCES records,
  printer    INTEGER NOT NULL REFERENCES printers,
  at         INTEGER NOT NULL,            -- read_at, but never later than stored_at
  total      INTEGER
) STRICT;
CREATE INDEX readings_by_printer ON readings (printer, at);
CREATE INDEX readings_by_time    ON readings (at);
)sql";

// From version 1, which kept no chain; the hashes are then filled in (chain_upkeep.h).
inline constexpr const char* schema_1_to_2_sql = R"sql(
ALTER TABLE agents    ADD COLUMN trouble TEXT NOT NULL DEFAULT '';
ALTER TABLE agents    ADD COLUMN trouble_at INTEGER;
ALTER TABLE positions ADD COLUMN hash BLOB NOT NULL DEFAULT x'';
ALTER TABLE records   ADD COLUMN hash BLOB NOT NULL DEFAULT x'';
ALTER TABLE records   ADD COLUMN first INTEGER;
CREATE TABLE origins (
  agent      INTEGER NOT NULL REFERENCES agents,
  epoch      TEXT NOT NULL,
  seq        INTEGER NOT NULL,
  hash       BLOB NOT NULL,
  PRIMARY KEY (agent, epoch, seq, hash)
) STRICT, WITHOUT ROWID;
)sql";

// From version 2, which showed nothing before its turn.
inline constexpr const char* schema_2_to_3_sql = R"sql(
ALTER TABLE agents ADD COLUMN newest INTEGER NOT NULL DEFAULT 0;
CREATE INDEX records_withheld ON records (position) WHERE kind = 'withheld';
CREATE TABLE previews (
  agent      INTEGER NOT NULL REFERENCES agents,
  printer    TEXT NOT NULL,
  kind       INTEGER NOT NULL,
  position   INTEGER NOT NULL REFERENCES positions,
  seq        INTEGER NOT NULL,
  at         INTEGER NOT NULL,
  octets     BLOB NOT NULL,
  UNIQUE (agent, printer, kind)
) STRICT;
CREATE INDEX previews_by_seq ON previews (position, seq);
)sql";

// From version 3, which knew no tasks.
inline constexpr const char* schema_3_to_4_sql = R"sql(
CREATE INDEX records_of_tasks ON records (number) WHERE kind IN ('task-begun', 'task-result');
)sql";

// From version 4, which did not keep where agents come from.
inline constexpr const char* schema_4_to_5_sql = R"sql(
ALTER TABLE agents ADD COLUMN address TEXT NOT NULL DEFAULT '';
)sql";

// From version 5, which could not tell that the list of tasks was an older copy.
inline constexpr const char* schema_5_to_6_sql = R"sql(
CREATE TABLE tasks_seen (
  one        INTEGER PRIMARY KEY CHECK (one = 1),
  progress   INTEGER NOT NULL
) STRICT;
INSERT INTO tasks_seen VALUES (1, 0);
)sql";

}  // namespace platen::cloud
