// The ledger's file: its schema, the checks before anything is touched, and the statements that read and write it.
//
//   Errors   open: Expected, with the way out, for what the file is; Code::corrupt for what has to be put aside. What
//            SQLite says is thrown as sqlite::Fault, which sqlite_ledger.cc turns into an Error.
//   Threads  none of its own: the ledger holds a mutex.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "agent/ledger/ledger.h"
#include "base/sqlite/sqlite.h"
#include "proto/patch.h"

namespace platen::ledger {

// What the file says of itself, in one row.
struct Head {
  std::string owner, epoch;
  std::uint64_t last = 0, acknowledged = 0;
  std::string last_hash, acknowledged_hash;  // proto/chain.h; acknowledged_hash is "" within withheld numbers
};

// A file put aside, and how far its records are carried over.
struct Rescue {
  std::string file;
  std::uint64_t missing = 0;             // known to be missing beside what the file should hold
  std::uint64_t after = 0, carried = 0;  // numbers of that file
};

class Book {
 public:
  // Makes the file when there is none, or an empty one; brings an older one up to date.
  [[nodiscard]] static Expected<std::unique_ptr<Book>> open(const std::string& file, const std::string& owner);
  // As open(), but of any owner, and without making or changing anything.
  [[nodiscard]] static Expected<std::unique_ptr<Book>> open_to_look(const std::string& file);
  explicit Book(sqlite::Connection connection);

  [[nodiscard]] Head head();
  // Cheap sentences that must be true before anything is promised on top of the file. "" or the first that is not.
  [[nodiscard]] std::string implausible(const Head& head);
  // Each of these is one transaction, and returns the head as it is now on disk.
  [[nodiscard]] Head append(Head head, std::span<const Draft> records, WallTime now);
  [[nodiscard]] Head trim(Head head, std::uint64_t through);
  [[nodiscard]] Head carry_over(Head head, const Rescue& rescue, std::span<const Draft> records, WallTime now);
  [[nodiscard]] Head end_rescue(Head head, const Rescue& rescue, const Draft& gap, WallTime now);
  void begin_rescue(const Rescue& rescue);
  [[nodiscard]] std::vector<Rescue> rescues();
  // False: there is nothing at `seq` that could be kept aside.
  [[nodiscard]] bool park(const Head& head, std::uint64_t seq, const std::string& why, WallTime now);
  // Takes back what a failed commit may have left behind: the file ends with `head` again.
  void cut_back_to(const Head& head);

  // Throws SQLITE_CORRUPT when a record does not fit the chain.
  [[nodiscard]] std::vector<Entry> after(const Head& head, std::uint64_t seq, std::size_t max_octets);
  // Of each device the newest full reading and the newest status, as far as they lie between the two.
  [[nodiscard]] std::vector<Entry> newest_of_each(std::uint64_t after, std::uint64_t before, std::size_t max_octets);
  void each(const std::function<void(const Entry&)>& told);                // every record, whatever its hash
  [[nodiscard]] std::string hash_at(const Head& head, std::uint64_t seq);  // "" when it is not known
  // Throws away, in one transaction, some of the oldest records that are worth least, and appends gap records that say of
  // which device, from when to when. Returns the head, and how many there were.
  [[nodiscard]] std::pair<Head, std::size_t> thin(Head head, WallTime now);
  void forget_old_devices(const Head& head);
  [[nodiscard]] std::uint64_t parked();
  [[nodiscard]] std::uint64_t octets_in_use();
  [[nodiscard]] bool moved() const { return connection_.moved(); }  // the file's name is another file's, or nobody's
  [[nodiscard]] sqlite::Connection& connection() { return connection_; }

 private:
  void insert(Head& head, std::span<const Draft> records, WallTime now);
  void insert_reading(std::uint64_t seq, const Draft& record, const std::string& hash, WallTime now);
  [[nodiscard]] std::int64_t new_frame(std::uint64_t newest, std::optional<std::int64_t> old,
                                       const std::string& octets);
  [[nodiscard]] Entry entry_at(const sqlite::Query& query);
  struct Thinned;
  [[nodiscard]] std::size_t thinned_at_once(const Head& head);
  [[nodiscard]] std::vector<Thinned> next_to_thin(Worth worth, std::size_t most);
  [[nodiscard]] static bool is_worth_it(const std::vector<Thinned>& rows);
  void withhold_thinned(std::uint64_t seq, std::uint64_t first);
  void write(const Head& head);
  void give_space_back();

  sqlite::Connection connection_;
  sqlite::Statement insert_, range_, hash_of_, covering_, drop_through_, drop_after_, shorten_, withhold_, set_head_,
      get_head_;
  sqlite::Statement find_device_, add_device_, set_device_, add_frame_, retire_frame_, drop_frames_, drop_retired_;
  wire::PatchMaker make_patch_;
  wire::Patcher patch_;
};

// The schema's version, and how many records `verify` and salvage find in which shape.
inline constexpr std::int64_t application_id = 0x504C544C;  // "PLTL", in the file's header
inline constexpr std::int64_t schema_version = 2;
// A connection with the pragmas that keep everybody else out.
[[nodiscard]] sqlite::Connection open_alone(const std::string& file);
void make_schema(sqlite::Connection& connection, const std::string& owner);  // in an empty file

}  // namespace platen::ledger
