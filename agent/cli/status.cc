#include <filesystem>
#include <nlohmann/json.hpp>

#include "agent/cli/program.h"
#include "agent/host/files.h"
#include "agent/host/notice.h"
#include "agent/host/process.h"
#include "base/clock.h"
#include "base/command/terminal.h"

namespace platen::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kLargest = 1U << 20U;
constexpr int kDeepest = 8;

std::string plain(const Json& value) {
  return value.is_string()    ? value.get<std::string>()
         : value.is_boolean() ? (value.get<bool>() ? "yes" : "no")
                              : value.dump();
}

// A killed agent left the last thing that it had to say. Nothing is shown as running that is not.
void correct(Json& told) {
  const bool claims = told.value("running", Json()) == true;
  const Json process = told.value("process", Json());
  if (!claims || !process.is_number_integer() || host::process_runs(process.get<long>())) return;
  told["running"] = false;
  told["ended"] = "without a word: killed, or the power failed";
  if (told.contains("uplink") && told["uplink"].is_object()) told["uplink"]["connected"] = false;
}

// For people: the lines where settings stand are for `config check`.
void leave_out_lines(Json& told) {
  if (told.contains("config") && told["config"].is_object()) told["config"].erase("lines");
}

// {"cloud": {"connected": true}} → "cloud.connected", "yes".
void flatten(const std::string& path, const Json& value, int depth, std::vector<command::Cells>& rows) {
  if (!value.is_structured() || depth == kDeepest) {
    rows.push_back({path, plain(value)});
    return;
  }
  std::size_t number = 0;
  for (const auto& [key, part] : value.items()) {
    const std::string name = value.is_array() ? std::to_string(++number) : key;
    if (name != "schema") flatten(path.empty() ? name : path + "." + name, part, depth + 1, rows);
  }
}

struct Told {
  std::string file;
  Json json;  // null: it is not what platen-agent writes
};

Expected<Told> read_told(const std::string& file) {
  auto read = host::read_file(file, kLargest);
  if (!read) return fail(read.error());
  Json json = Json::parse(read->octets, nullptr, false);
  return Told{file, json.is_object() ? std::move(json) : Json()};
}

std::string moment_of(const Told& told) {
  const Json progress = told.json.is_object() ? told.json.value("progress", Json()) : Json();
  return progress.is_string() ? progress.get<std::string>() : "";
}

// What the agent said last: in its folder or, when that took nothing, in memory.
Expected<Told> latest_word(const std::string& folder) {
  auto latest = read_told((std::filesystem::path(folder) / "status.json").string());
  for (const std::string& place : host::notice_files(folder)) {
    auto word = read_told(place);
    if (word && word->json.is_object() && (!latest || moment_of(*word) > moment_of(*latest))) latest = std::move(word);
  }
  return latest;
}

}  // namespace

int status(const command::Arguments& arguments) {
  auto read = latest_word(arguments.text("--state-dir"));
  if (!read) {
    const bool absent = read.error().code == Code::not_found;
    command::print_error(kProgram, read.error(),
                         absent ? "Has platen-agent run with this state folder? Another folder: --state-dir DIR."
                                : "Run it as a user that may read the agent's state.",
                         absent ? "status.absent" : "status.unreadable");
    return command::incomplete;
  }
  Json& told = read->json;
  if (!told.is_object()) {
    command::print_error(kProgram, {Code::corrupt, read->file + " is not what platen-agent writes"},
                         "Restart the agent: it writes the file again.", "status.corrupt");
    return command::incomplete;
  }
  correct(told);
  if (arguments.format() == command::Format::json)
    return command::print(told.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n"), command::done;
  leave_out_lines(told);
  std::vector<command::Cells> rows;
  flatten("", told, 0, rows);
  command::print(command::table_text({{"key"}, {"value"}}, rows, command::table_style(arguments)));
  return command::done;
}

}  // namespace platen::cli
