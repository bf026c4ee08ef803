// The writing half of the SQLite store: one connection, one transaction a batch. Not callable from two threads at once.
#pragma once

#include <span>
#include <string>

#include "base/sqlite/sqlite.h"
#include "cloud/store/printer_identity.h"
#include "cloud/store/row_memory.h"
#include "cloud/store/store.h"

namespace platen::cloud {

class SqliteWriter {
 public:
  explicit SqliteWriter(const std::string& file);  // throws sqlite::Fault; makes the schema in an empty file

  [[nodiscard]] PutResult put(const std::string& agent, const std::string& epoch, std::span<const StoredRecord> records,
                              WallTime now);
  void preview(const std::string& agent, const std::string& epoch, std::span<const StoredRecord> records, WallTime now);
  void saw(const std::string& agent, const Greeting& greeting, WallTime now);
  void saw_tasks(std::int64_t progress);
  void trouble(const std::string& agent, const std::string& text, WallTime now);
  [[nodiscard]] sqlite::Connection& connection() { return connection_; }

 private:
  struct Position {
    std::int64_t number = 0;
    std::uint64_t through = 0;
    std::string hash;
  };
  // What is latest of a printer; times in Unix milliseconds.
  struct Latest {
    std::int64_t printer = 0;
    std::string id;
    std::int64_t full_at = 0, full_record = 0;
    std::optional<std::int64_t> status_at, status_record;
  };
  struct Arrived {
    const std::string& agent;
    const Reading& reading;
    std::int64_t record = 0, at = 0;
  };

  [[nodiscard]] Position position_of(const std::string& agent, const std::string& epoch);
  [[nodiscard]] Position make_position(const std::string& agent, const std::string& epoch, WallTime now);
  [[nodiscard]] bool stored_like_this(const std::string& epoch, const Position& position,
                                      std::span<const StoredRecord> known);
  [[nodiscard]] bool store_fresh(const std::string& agent, Position& position, std::span<const StoredRecord> fresh,
                                 WallTime now);
  [[nodiscard]] std::int64_t store_record(const Position& position, const StoredRecord& record, WallTime now);
  [[nodiscard]] std::optional<std::string> hash_of(const Position& position, std::uint64_t seq);
  [[nodiscard]] bool known_by_origin(const std::string& agent, const StoredRecord& record);
  void store_reading(const Arrived& arrived);
  [[nodiscard]] Match whose(const IdentityKeys& keys);
  [[nodiscard]] std::int64_t make_printer(const IdentityKeys& keys, const Arrived& arrived);
  [[nodiscard]] Latest latest_of(std::int64_t printer);
  [[nodiscard]] bool becomes_latest(Latest& latest, const Arrived& arrived);
  void take_identity(std::int64_t printer, const IdentityKeys& keys, const std::string& agent);
  void refresh_row(const Latest& latest, const Arrived& arrived);
  [[nodiscard]] std::optional<Reading> stored(std::int64_t record);

  RowMemory memory_;
  sqlite::Connection connection_;
  sqlite::Statement find_position_, add_agent_, add_position_, move_position_, touch_agent_, saw_agent_, set_trouble_;
  sqlite::Statement find_hash_, find_origin_, add_origin_, add_record_, record_octets_, add_reading_;
  sqlite::Statement add_preview_, drop_previews_, drop_old_previews_, know_newest_;
  sqlite::Statement find_printers_, add_printer_, id_taken_, find_latest_, count_reading_, set_latest_, set_keys_,
      leave_place_, set_row_;
};

}  // namespace platen::cloud
