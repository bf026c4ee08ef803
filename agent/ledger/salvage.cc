#include "agent/ledger/salvage.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>

#include "agent/ledger/book.h"
#include "agent/ledger/mark.h"
#include "proto/chain.h"

namespace platen::ledger {
namespace {

using sqlite::Connection;
using sqlite::Query;
using sqlite::Statement;

constexpr std::size_t page_octets = 4096;
constexpr std::ptrdiff_t header_page_count = 28;  // https://sqlite.org/fileformat2.html §1.3
constexpr std::uint64_t longest_step = 16;        // numbers, about what a page of records holds
constexpr int patient_steps = 4096;               // after these the steps grow, so that the end is reached in any case

struct Facts {
  std::string owner, epoch, acknowledged_hash;
  std::uint64_t acknowledged = 0;
  std::optional<std::uint64_t> last;
  std::uint64_t due_elsewhere = 0;  // in the ledger that stood here before this file took its name
};

// `table` read with those of `columns` that it has, in whatever version, and nothing for the others. None: no such table.
std::optional<Statement> prepare(Connection& connection, const std::string& table,
                                 std::initializer_list<const char*> columns, const std::string& rest) try {
  std::set<std::string> there;
  Statement names(connection, "SELECT name FROM pragma_table_info(?1)");
  for (Query query(names, table); query.next();) there.insert(query.text(0));
  if (there.empty()) return std::nullopt;
  std::string sql;
  for (const char* column : columns)
    sql += (sql.empty() ? "SELECT " : ", ") + std::string(there.contains(column) ? column : "NULL");
  return Statement(connection, (sql + " FROM " + table + " " + rest).c_str());
} catch (const sqlite::Fault&) {
  return std::nullopt;
}

std::optional<Statement> prepare_rows(Connection& connection) {
  return prepare(connection, "record", {"seq", "kind", "octets", "hash", "first", "origins", "frame", "device"},
                 "WHERE seq > ?1 ORDER BY seq");
}

std::optional<Connection> open_quietly(const std::string& file) try {
  Connection connection = open_alone(file);
  connection.leave_as_it_is();
  connection.run("PRAGMA writable_schema = ON");  // reads a file that is shorter than its header says
  if (!prepare_rows(connection)) return std::nullopt;
  return connection;
} catch (const sqlite::Fault&) {
  return std::nullopt;
}

// The first page holds the file's header and the list of its tables: both are the same in every ledger.
void replace_first_page(const std::string& file) try {
  const std::string fresh = file + ".first_page";
  const int made = ::open(fresh.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const int damaged = ::open(file.c_str(), O_RDWR | O_CLOEXEC);
  if (made >= 0) {
    Connection connection = open_alone(fresh);
    connection.run("PRAGMA auto_vacuum = INCREMENTAL");
    make_schema(connection, "");
  }
  std::array<char, page_octets> page{};
  if (made >= 0 && damaged >= 0 && ::pread(made, page.data(), page.size(), 0) == ssize_t{page_octets} &&
      ::lseek(damaged, 0, SEEK_END) > off_t{page_octets}) {
    std::fill_n(page.begin() + header_page_count, 4, '\0');  // then the size of the file counts
    std::ignore = ::pwrite(damaged, page.data(), page.size(), 0);
  }
  for (const int fd : {made, damaged}) {
    if (fd >= 0) ::close(fd);
  }
  std::filesystem::remove(fresh);
} catch (const sqlite::Fault&) {
  return;  // then nothing reads
}

// A log whose file is empty or gone may hold all of it, but SQLite reads it only beside a file.
void make_room_for_log(const std::string& file) {
  std::error_code fault;
  const bool alone = std::filesystem::file_size(file, fault) == 0 && !fault;
  if (alone && std::filesystem::file_size(file + "-wal", fault) > 0 && !fault)
    std::filesystem::resize_file(file, 2 * page_octets, fault);
}

Facts facts_of(Connection* connection, const std::string& file) {
  Facts facts;
  const auto mark = read_mark(file);
  if (mark) facts = {"", mark->epoch, mark->acknowledged_hash, mark->acknowledged, mark->last, 0};
  if (connection == nullptr) return facts;
  try {
    auto statement = prepare(*connection, "head", {"epoch", "last", "acknowledged", "acknowledged_hash", "owner"}, "");
    if (!statement) return facts;
    Query query(*statement);
    if (!query.next()) return facts;
    const auto number = [&](int column) { return static_cast<std::uint64_t>(query.integer(column)); };
    const bool same = mark && mark->epoch == query.text(0);
    facts = {query.text(4), query.text(0), query.text(3), number(2),
             same ? std::max(mark->last, number(1)) : number(1)};
    if (mark && !same) facts.due_elsewhere = mark->last - mark->acknowledged;
  } catch (const sqlite::Fault&) {
    return facts;
  }
  return facts;
}

class FileSalvage final : public Salvage {
 public:
  FileSalvage(std::optional<Connection> connection, Facts facts)
      : connection_(std::move(connection)), facts_(std::move(facts)) {
    if (!connection_) return;
    rows_ = prepare_rows(*connection_);
    frames_ = prepare(*connection_, "frame", {"octets"}, "WHERE number = ?1");
    devices_ = prepare(*connection_, "device", {"name", "worth"}, "WHERE number = ?1");
  }

  std::vector<Found> after(std::uint64_t seq, std::size_t most, std::size_t most_octets) override {
    std::vector<Found> found;
    std::uint64_t from = std::max(seq, facts_.acknowledged), step = 1;
    hash_ = connection_ ? known_hash(from) : "";
    for (int tries = 0; rows_; ++tries) {
      const std::uint64_t began = from;
      try {
        read_on(from, most, most_octets, found);
        break;
      } catch (const sqlite::Fault&) {
        if (from > began) step = 1;
        if (from >= facts_.last.value_or(UINT64_MAX >> 2U)) break;
        from += step;
        step = tries < patient_steps ? std::min(step * 2, longest_step) : step * 2;
        hash_.clear();
      }
    }
    return found;
  }

  std::optional<std::uint64_t> due() const override {
    if (!facts_.last) return std::nullopt;
    return *facts_.last - std::min(*facts_.last, facts_.acknowledged) + facts_.due_elsewhere;
  }

 private:
  std::string known_hash(std::uint64_t seq) {
    if (seq == 0) return wire::chain_start(facts_.epoch);
    if (seq == facts_.acknowledged) return facts_.acknowledged_hash;
    try {
      Statement statement(*connection_, "SELECT hash FROM record WHERE seq = ?1");
      Query query(statement, static_cast<std::int64_t>(seq));
      return query.next() ? query.text(0) : "";
    } catch (const sqlite::Fault&) {
      return "";
    }
  }

  // `from` and hash_ keep up with what was read, so that a fault says where.
  void read_on(std::uint64_t& from, std::size_t most, std::size_t most_octets, std::vector<Found>& found) {
    std::size_t octets = 0;
    for (Query query(*rows_, static_cast<std::int64_t>(from));
         found.size() < most && octets < most_octets && query.next();) {
      const auto seq = static_cast<std::uint64_t>(query.integer(0));
      const auto first = query.null(4) ? seq : static_cast<std::uint64_t>(query.integer(4));
      if (seq <= from || first > seq) throw sqlite::Fault{SQLITE_CORRUPT, "pages out of their order"};
      if (first > from + 1) hash_.clear();
      Draft record{.kind = query.text(1), .octets = content_at(query)};
      const bool withheld = record.kind == wire::withheld_kind;
      const bool proved =
          withheld || (!hash_.empty() && wire::chain_link(hash_, seq, record.kind, record.octets) == query.octets(3));
      hash_ = query.text(3);
      from = seq;
      if (!proved) continue;
      octets += record.octets.size();
      record.origins = wire::encode_origins({facts_.epoch, seq, hash_}, query.octets(5));
      if (withheld) record.kind = wire::gap_kind;
      if (!query.null(7)) name_device(record, query.integer(7));
      found.push_back({std::move(record), first, seq});
    }
  }

  // Of a record that leans on a frame (book_file.cc) the whole; what it cannot be made from is proved by no hash.
  std::string content_at(const Query& query) {
    if (query.null(6)) return query.text(2);
    const std::string& frame = frame_of(query.integer(6));
    return query.octets(2).empty() ? frame : patch_.apply(frame, query.octets(2)).value_or("");
  }

  const std::string& frame_of(std::int64_t number) {
    if (number == frame_ && frames_) return frame_octets_;
    frame_ = number;
    frame_octets_.clear();
    try {
      if (!frames_) return frame_octets_;
      if (Query query(*frames_, number); query.next()) frame_octets_ = query.text(0);
    } catch (const sqlite::Fault&) {
      frame_octets_.clear();
    }
    return frame_octets_;
  }

  void name_device(Draft& record, std::int64_t number) {
    try {
      if (!devices_) return;
      Query query(*devices_, number);
      if (!query.next()) return;
      record.device = query.text(0);
      record.worth = static_cast<Worth>(std::clamp<std::int64_t>(query.integer(1), 0, 3));
    } catch (const sqlite::Fault&) {
      record.worth = Worth::always;  // nobody's, then
    }
  }

  std::optional<Connection> connection_;
  std::optional<Statement> rows_, frames_, devices_;
  const Facts facts_;
  wire::Patcher patch_;
  std::int64_t frame_ = 0;  // whose octets these are
  std::string frame_octets_;
  std::string hash_;  // of the record before the next one; "": not known
};

}  // namespace

std::unique_ptr<Salvage> Salvage::open(const std::string& file, const std::string& owner) {
  make_room_for_log(file);
  auto connection = open_quietly(file);
  if (!connection) {
    replace_first_page(file);
    connection = open_quietly(file);
  }
  Facts facts = facts_of(connection ? &*connection : nullptr, file);
  if (!facts.owner.empty() && !owner.empty() && facts.owner != owner) {
    connection.reset();
    facts = facts_of(nullptr, file);
  }
  return std::make_unique<FileSalvage>(std::move(connection), std::move(facts));
}

}  // namespace platen::ledger
