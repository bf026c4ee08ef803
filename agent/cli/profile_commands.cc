// `platen profile test` and `platen profile check`: a dealer's own profile, tried before it reads a printer.
#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "agent/cli/program.h"
#include "agent/cli/wire.h"
#include "agent/host/files.h"
#include "base/command/columns.h"
#include "base/command/terminal.h"
#include "base/text.h"
#include "snmp/mib/snmprec.h"
#include "snmp/printer/profile_trial.h"

namespace platen::cli {
namespace {

constexpr std::size_t kLargestProfile = (1U << 20U) + 1;  // one octet more than a profile may have
constexpr std::size_t kLargestRecording = 64U << 20U;
constexpr std::string_view kWayOut = "Correct the profile, see docs/profiles.md.";

std::string name_of(const std::string& path) { return std::filesystem::path(path).filename().string(); }

void refuse(const Error& error, std::string_view way_out, std::string_view code) {
  command::print_error(kProgram, error, way_out, code);
}

struct Others {
  snmp::Profiles profiles = snmp::Profiles::built_in();
  int exit_code = command::done;  // of a command that finds nothing else
};

// The built-in ones and those of --profiles, without the file that is tried: that one comes last. nullopt: a folder
// cannot be read, and that was said.
std::optional<Others> others_of(const command::Arguments& arguments) {
  Others others;
  const auto refused = add_profiles(arguments, others.profiles);
  if (!refused) return refuse(refused.error(), "", "usage"), std::nullopt;
  complain_of_profiles(*refused);
  if (!refused->empty()) others.exit_code = command::incomplete;
  return others;
}

std::string grade(const snmp::RuleTrial& rule) {
  return rule.confidence == 0 ? std::string() : std::string(1, rule.confidence);
}

std::string sentence_of(const snmp::ProfileTrial& trial) {
  if (trial.used == trial.name) return "this one is used for this device";
  return trial.used.empty() ? "no profile is used for this device" : "'" + trial.used + "' is used for this device";
}

// As much of a value as a table can show; the JSON has all of it.
std::string shortened(const std::string& value) {
  constexpr std::size_t enough = 32;
  std::size_t end = std::min(value.size(), enough);
  while (end > 0 && end < value.size() && (static_cast<unsigned char>(value[end]) & 0xC0U) == 0x80U) --end;
  return value.substr(0, end) + (end < value.size() ? "…" : "");
}

std::string table_of(const command::Arguments& arguments, const snmp::ProfileTrial& trial) {
  static const std::vector<command::Column> columns = {{"line", true}, {"rule"},       {"label"}, {"matched"},
                                                       {"value"},      {"confidence"}, {"oid"},   {"why"}};
  std::vector<command::Cells> cells;
  for (const snmp::RuleTrial& rule : trial.rules) {
    cells.push_back({rule.line == 0 ? "" : std::to_string(rule.line), rule.kind, rule.label,
                     rule.matched ? "yes" : "no", shortened(rule.value), grade(rule), rule.oid, rule.why});
  }
  std::string out = command::table_text(columns, cells, command::table_style(arguments));
  out += "\n" + std::to_string(trial.matched()) + " of " + std::to_string(trial.rules.size()) + " matched; " +
         for_terminal(sentence_of(trial)) + "\n";
  for (const std::string& conflict : trial.conflicts) out += "conflict: " + for_terminal(conflict) + "\n";
  for (const std::string& flag : trial.reading.flags) out += "flag: " + for_terminal(flag) + "\n";
  return out;
}

std::string json_of(const std::string& file, const std::string& recording, const snmp::ProfileTrial& trial) {
  using Json = nlohmann::ordered_json;
  Json out = {{"schema", "platen.profile-test/1"}, {"file", file}, {"recording", recording}, {"profile", trial.name}};
  const auto said = [](Json& to, const char* key, const std::string& text) {
    if (!text.empty()) to[key] = text;
  };
  said(out, "extends", trial.extends);
  said(out, "sys_object_id", trial.device);
  out["fits"] = trial.fits;
  said(out, "used", trial.used);
  out["matched"] = trial.matched();
  out["rules"] = Json::array();
  for (const snmp::RuleTrial& rule : trial.rules) {
    Json row = Json::object();
    if (rule.line != 0) row["line"] = rule.line;
    row["rule"] = rule.kind;
    row["label"] = rule.label;
    row["matched"] = rule.matched;
    said(row, "value", rule.value);
    said(row, "raw", rule.raw);
    said(row, "confidence", grade(rule));
    said(row, "oid", rule.oid);
    said(row, "why", rule.why);
    out["rules"].push_back(std::move(row));
  }
  out["conflicts"] = trial.conflicts;
  out["flags"] = trial.reading.flags;
  return out.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Expected<snmp::VarBinds> recorded(const std::string& path) {
  const auto file = host::read_file(path, kLargestRecording);
  if (!file) return fail(file.error());
  auto rows = snmp::parse_snmprec(file->octets);
  if (!rows) return fail(Error{rows.error().code, path + ": " + rows.error().text});
  return rows;
}

}  // namespace

int profile_test(const command::Arguments& arguments) {
  const std::string path = arguments.positionals()[0], recording = arguments.text("--recording");
  if (recording.empty()) {
    refuse({Code::invalid, "no recording is named"},
           "Make one with `platen record ADDRESS --output FILE`, give it with --recording FILE.", "usage");
    return command::usage;
  }
  const auto file = host::read_file(path, kLargestProfile);
  if (!file) return refuse(file.error(), "", "profile"), command::usage;
  const auto rows = recorded(recording);
  if (!rows) return refuse(rows.error(), "", "recording"), command::usage;
  auto others = others_of(arguments);
  if (!others) return command::usage;
  const auto trial = snmp::try_profile(std::move(others->profiles), name_of(path), file->octets, *rows);
  if (!trial) return refuse(trial.error(), kWayOut, "profile"), command::usage;
  const bool json = arguments.format() == command::Format::json;
  command::print(json ? json_of(path, recording, *trial) : table_of(arguments, *trial));
  if (trial->matched() > 0) return others->exit_code;
  refuse({Code::not_found, name_of(path) + ": no rule matched anything in " + recording},
         "Are the OIDs those of this maker? The numbers are written from the enterprise number on.",
         "profile.no-match");
  return command::incomplete;
}

int profile_check(const command::Arguments& arguments) {
  auto others = others_of(arguments);
  if (!others) return command::usage;
  int code = others->exit_code;
  for (const std::string& path : arguments.positionals()) {
    const auto file = host::read_file(path, kLargestProfile);
    const auto added = file ? others->profiles.add(name_of(path), file->octets) : fail(file.error());
    if (added) {
      command::print(for_terminal(path) + ": good\n");
      continue;
    }
    refuse(added.error(), file ? kWayOut : "", "profile");
    code = command::usage;
  }
  return code;
}

}  // namespace platen::cli
