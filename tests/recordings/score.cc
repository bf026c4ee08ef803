// Scores the reading of recorded printers against hand-worked expectations.
//
//   score [FOLDER]              NAME.snmprec beside NAME.expected.json, and identity-cases.json: gate and decode each
//   score [FOLDER] --json FILE  the lines of `platen scan --format json` instead; each is compared with its best match
//   score … --least PERCENT     fails below (95 unless told)
//
// FOLDER: the argument, else $PLATEN_RECORDINGS, else ../shared/recordings. Without one: exit 77 (skipped).
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "base/reading/json.h"
#include "snmp/mib/snmprec.h"
#include "snmp/printer/decode.h"
#include "tests/recordings/compare.h"

namespace {

using namespace platen;
using recordings::Json;
using recordings::Score;
namespace fs = std::filesystem;

constexpr int kSkipped = 77;
constexpr const char* kExpected = ".expected.json";

struct Options {
  fs::path folder;
  std::string json_lines;
  double least = 95;
};

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Options options_of(int argc, char** argv) {
  Options options;
  const char* folder = std::getenv("PLATEN_RECORDINGS");
  options.folder = folder == nullptr ? "../shared/recordings" : folder;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--json" && i + 1 < argc)
      options.json_lines = argv[++i];
    else if (word == "--least" && i + 1 < argc)
      options.least = std::strtod(argv[++i], nullptr);
    else
      options.folder = word;
  }
  return options;
}

std::map<std::string, Json> expectations(const fs::path& folder) {
  std::map<std::string, Json> all;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(kExpected))
      all[name.substr(0, name.size() - std::char_traits<char>::length(kExpected))] = Json::parse(text_of(entry.path()));
  }
  return all;
}

Json decoded(const snmp::VarBinds& rows, const snmp::Profiles& profiles) {
  if (!snmp::gate(rows).is_printer) return {};
  const auto address = IpAddress::parse("192.0.2.10").value();
  return Json::parse(to_json(snmp::decode(rows, address, WallTime{}, Reading::Kind::full, profiles)));
}

Score score_recordings(const fs::path& folder, const snmp::Profiles& profiles) {
  Score total;
  for (const auto& [name, expected] : expectations(folder)) {
    const auto rows = snmp::parse_snmprec(text_of(folder / (name + ".snmprec")));
    if (!rows) std::printf("%s: %s\n", name.c_str(), rows.error().text.c_str());
    const Score score = recordings::compare(expected, rows ? decoded(*rows, profiles) : Json());
    std::printf("%6.2f %%  %3d of %3d  %s\n", score.percent(), score.right, score.fields, name.c_str());
    for (const std::string& difference : score.differences) std::printf("            %s\n", difference.c_str());
    total.add(score);
  }
  return total;
}

// Makes and models that a person reads from sysDescr and sysObjectID alone.
Score score_identities(const fs::path& folder, const snmp::Profiles& profiles) {
  Score total;
  const std::string text = text_of(folder / "identity-cases.json");
  for (const Json& each : text.empty() ? Json::array() : Json::parse(text).at("cases")) {
    snmp::VarBinds rows = {
        {snmp::Oid{1, 3, 6, 1, 2, 1, 1, 1, 0}, snmp::Value::octets(each.at("sysDescr").get<std::string>())}};
    if (each.at("sysObjectID").is_string()) {
      rows.push_back({snmp::Oid{1, 3, 6, 1, 2, 1, 1, 2, 0},
                      snmp::Value::oid(snmp::Oid::parse(each.at("sysObjectID").get<std::string>()).value())});
    }
    const auto address = IpAddress::parse("192.0.2.10").value();
    const Json got = Json::parse(to_json(snmp::decode(rows, address, WallTime{}, Reading::Kind::full, profiles)));
    const Json expected = {
        {"is_printer", true}, {"manufacturer", each.at("manufacturer")}, {"model", each.at("model")}};
    const Score score = recordings::compare(expected, got);
    for (const std::string& difference : score.differences)
      std::printf("            %s (%s)\n", difference.c_str(), each.at("sysDescr").dump().c_str());
    total.add(score);
  }
  std::printf("%6.2f %%  %3d of %3d  identity cases\n", total.percent(), total.right, total.fields);
  return total;
}

// A scan does not say which recording a line comes from: the pair that fits best goes first, and each line serves once.
std::map<std::string, std::size_t> matched(const std::map<std::string, Json>& expected,
                                           const std::vector<Json>& lines) {
  struct Pair {
    double percent;
    std::string name;
    std::size_t line;
  };
  std::vector<Pair> pairs;
  for (const auto& [name, each] : expected) {
    if (!each.at("is_printer").get<bool>()) continue;
    for (std::size_t i = 0; i < lines.size(); ++i)
      pairs.push_back({recordings::compare(each, lines[i]).percent(), name, i});
  }
  std::stable_sort(pairs.begin(), pairs.end(), [](const Pair& a, const Pair& b) { return a.percent > b.percent; });
  std::map<std::string, std::size_t> line_of;
  std::vector<bool> taken(lines.size());
  for (const Pair& pair : pairs) {
    if (!taken[pair.line] && line_of.emplace(pair.name, pair.line).second) taken[pair.line] = true;
  }
  return line_of;
}

Score score_lines(const fs::path& folder, const std::string& file) {
  std::vector<Json> lines;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    Json document = Json::parse(line, nullptr, false);
    if (document.is_object() && document.value("is_printer", true)) lines.push_back(std::move(document));
  }
  const auto expected = expectations(folder);
  const auto line_of = matched(expected, lines);
  Score total;
  for (const auto& [name, each] : expected) {
    const auto line = line_of.find(name);
    const Score score = recordings::compare(each, line == line_of.end() ? Json() : lines[line->second]);
    std::printf("%6.2f %%  %3d of %3d  %s\n", score.percent(), score.right, score.fields, name.c_str());
    for (const std::string& difference : score.differences) std::printf("            %s\n", difference.c_str());
    total.add(score);
  }
  const std::size_t strangers = lines.size() - line_of.size();
  if (strangers > 0) std::printf("            %zu devices taken for printers that are none\n", strangers);
  total.fields += static_cast<int>(strangers);
  return total;
}

}  // namespace

int main(int argc, char** argv) {
  const Options options = options_of(argc, argv);
  if (!fs::is_directory(options.folder)) {
    std::printf("skipped: no folder of recordings at %s (name one, or set PLATEN_RECORDINGS)\n",
                options.folder.string().c_str());
    return kSkipped;
  }
  const auto profiles = snmp::Profiles::built_in();
  Score total;
  if (options.json_lines.empty()) {
    total = score_recordings(options.folder, profiles);
    total.add(score_identities(options.folder, profiles));
  } else {
    total = score_lines(options.folder, options.json_lines);
  }
  std::printf("%6.2f %%  %d of %d fields\n", total.percent(), total.right, total.fields);
  return total.fields > 0 && total.percent() >= options.least ? 0 : 1;
}
