// egress: what has left this site, from the agent's own count in state_dir/egress.json.
#include <array>
#include <condition_variable>
#include <filesystem>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>

#include "agent/cli/program.h"
#include "agent/host/files.h"
#include "base/clock.h"
#include "base/command/columns.h"
#include "base/command/terminal.h"

namespace platen::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t largest = 1U << 20U;
constexpr std::chrono::milliseconds look_every{300};
constexpr std::array<const char*, 3> counted = {"sent", "pseudonymised", "held_back"};

// "records.reading", "octets.reading", then each field: how often sent, pseudonymised, held back.
using Row = std::array<std::uint64_t, counted.size()>;
using Rows = std::map<std::string, Row>;

std::uint64_t number(const Json& object, const char* key) {
  const auto at = object.find(key);
  return at != object.end() && at->is_number_unsigned() ? at->get<std::uint64_t>() : 0;
}

Json part_of(const Json& told, const char* key) {
  const auto at = told.find(key);
  return at != told.end() && at->is_object() ? *at : Json::object();
}

Expected<Rows> rows_of(const std::string& file) {
  const auto read = host::read_file(file, largest);
  if (!read) return fail(read.error());
  const Json told = Json::parse(read->octets, nullptr, false);
  if (!told.is_object()) return fail(Code::corrupt, file + " is not what platen-agent writes");
  Rows rows;
  const Json records = part_of(told, "records"), fields = part_of(told, "fields");
  for (const auto& [kind, each] : records.items()) {
    rows[" records." + kind] = {number(each, "sent")};
    rows[" octets." + kind] = {number(each, "octets")};
  }
  for (const auto& [name, each] : fields.items()) {
    for (std::size_t i = 0; i < counted.size(); ++i) rows[name][i] = number(each, counted.at(i));
  }
  return rows;
}

// What `now` has more than `before`, row by row; a count that fell was begun anew.
Rows grown(const Rows& before, const Rows& now) {
  Rows out;
  for (const auto& [name, row] : now) {
    const auto old = before.find(name);
    Row more{};
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::uint64_t then = old == before.end() ? 0 : old->second.at(i);
      more.at(i) = row.at(i) >= then ? row.at(i) - then : row.at(i);
    }
    if (more != Row{}) out.emplace(name, more);
  }
  return out;
}

std::string shown(const std::string& name) { return name.starts_with(' ') ? name.substr(1) : name; }

class Shown {
 public:
  Shown(const command::Arguments& arguments, bool live) : arguments_(arguments), live_(live) {
    if (live) columns_.push_back({"at"});
    columns_.push_back({"field"});
    for (const char* each : counted) columns_.push_back({each, true});
  }

  // False when nobody reads it any more.
  bool show(const Rows& rows, const std::string& at) {
    if (arguments_.format() == command::Format::json) return documents(rows, at);
    std::vector<command::Cells> cells;
    for (const auto& [name, row] : rows) {
      command::Cells& line = cells.emplace_back();
      if (live_) line.push_back(at);
      line.push_back(shown(name));
      for (const std::uint64_t count : row) line.push_back(std::to_string(count));
    }
    const bool header = std::exchange(header_, false);
    if (arguments_.format() == command::Format::csv) {
      std::string out = header && !arguments_.has("--no-header") ? command::csv_header(columns_) : "";
      for (const command::Cells& line : cells) out += command::csv_line(line);
      return command::print(out);
    }
    command::TableStyle style = command::table_style(arguments_);
    style.header = style.header && header;
    return command::print(command::table_text(columns_, cells, style));
  }

 private:
  bool documents(const Rows& rows, const std::string& at) {
    std::string out;
    for (const auto& [name, row] : rows) {
      Json document = {{"schema", "platen.egress-field/1"}};
      if (live_) document["at"] = at;
      document["field"] = shown(name);
      for (std::size_t i = 0; i < row.size(); ++i) document[counted.at(i)] = row.at(i);
      out += document.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
    }
    return out.empty() || command::print(out);
  }

  const command::Arguments& arguments_;
  const bool live_;
  bool header_ = true;
  std::vector<command::Column> columns_;
};

int follow(const command::Arguments& arguments, const std::string& file, Rows before) {
  const command::Interrupts interrupts;
  const std::stop_token stop = interrupts.token();
  Shown shown(arguments, true);
  std::mutex mutex;
  std::condition_variable_any pause;
  std::unique_lock hold(mutex);
  while (!stop.stop_requested()) {
    pause.wait_for(hold, stop, look_every, [] { return false; });
    auto now = rows_of(file);
    if (!now) continue;  // just being replaced, or the agent is away: it goes on
    const Rows news = grown(before, *now);
    before = std::move(*now);
    if (!news.empty() && !shown.show(news, to_rfc3339(system_clock().wall()))) return command::done;
  }
  return command::interrupted;
}

}  // namespace

int egress(const command::Arguments& arguments) {
  const std::string file = (std::filesystem::path(arguments.text("--state-dir")) / "egress.json").string();
  auto rows = rows_of(file);
  const bool absent = !rows && rows.error().code == Code::not_found;
  if (arguments.has("--follow") && (rows || absent)) return follow(arguments, file, rows ? std::move(*rows) : Rows{});
  if (!rows) {
    command::print_error(kProgram, rows.error(),
                         absent ? "Nothing has left yet, or platen-agent uses another state folder: --state-dir DIR."
                                : "Run it as a user that may read the agent's state.",
                         absent ? "egress.absent" : "egress.unreadable");
    return command::incomplete;
  }
  (void)Shown(arguments, false).show(*rows, "");
  return command::done;
}

}  // namespace platen::cli
