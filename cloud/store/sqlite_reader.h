// The reading half of the SQLite store: its own read-only connection, so that a page never waits for a batch nor holds
// one up. Not callable from two threads at once.
#pragma once

#include <string>
#include <vector>

#include "base/sqlite/sqlite.h"
#include "cloud/store/ahead.h"
#include "cloud/store/store.h"

namespace platen::cloud {

// Every function throws sqlite::Fault.
class SqliteReader {
 public:
  explicit SqliteReader(const std::string& file);

  [[nodiscard]] Standing standing(const std::string& agent, const std::string& epoch);
  [[nodiscard]] std::optional<std::string> octets(const std::string& agent, const std::string& epoch,
                                                  std::uint64_t seq);
  [[nodiscard]] std::vector<AgentRow> agents();
  [[nodiscard]] std::vector<PrinterRow> printers(const std::string& id);  // "" = all
  [[nodiscard]] std::vector<ReadingRow> readings(const std::string& printer_id, std::size_t newest);
  [[nodiscard]] std::vector<FleetRow> fleet();
  [[nodiscard]] std::vector<HistoryPoint> history(const std::string& printer_id, std::size_t newest);
  [[nodiscard]] std::vector<FeedRow> feed(std::int64_t after, std::size_t most);
  [[nodiscard]] std::int64_t tasks_seen();
  [[nodiscard]] std::vector<FeedRow> task_results(std::int64_t after, std::size_t most);
  [[nodiscard]] sqlite::Connection& connection() { return connection_; }

 private:
  [[nodiscard]] std::vector<PrinterRow> printers(const std::string& id, const Previews& previews);
  sqlite::Connection connection_;
};

}  // namespace platen::cloud
