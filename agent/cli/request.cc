#include "agent/cli/request.h"

#include <algorithm>
#include <iostream>
#include <sstream>

#include "agent/config/config.h"
#include "agent/host/files.h"
#include "snmp/mib/targets.h"

namespace platen::cli {
namespace {

using command::Arguments;
using command::Kind;
using command::Option;

constexpr std::size_t kLargestFile = 4U << 20U;

Expected<host::File> file_or_stdin(const std::string& path) {
  if (path != "-") return host::read_file(path, kLargestFile);
  host::File out;
  char block[4096];
  while (out.octets.size() <= kLargestFile && (std::cin.read(block, sizeof block) || std::cin.gcount() > 0)) {
    out.octets.append(block, static_cast<std::size_t>(std::cin.gcount()));
  }
  if (out.octets.size() > kLargestFile) return fail(Code::invalid, "stdin holds more than 4 MiB");
  return out;
}

std::string without_scheme(const std::string& path) { return path.starts_with("file:") ? path.substr(5) : path; }

// "@FILE" and "-" are replaced by the words that stand there.
Expected<std::vector<std::string>> written_targets(const std::vector<std::string>& given) {
  std::vector<std::string> out;
  for (const std::string& word : given) {
    if (word != "-" && !word.starts_with('@')) {
      out.push_back(word);
      continue;
    }
    const std::string path = word == "-" ? word : word.substr(1);
    const auto file = file_or_stdin(path);
    if (!file) return fail(file.error());
    const auto words = words_of_file(file->octets);
    if (words.empty()) {
      return fail(Code::invalid, (path == "-" ? "stdin" : path) + " names no target; write one address a line");
    }
    out.insert(out.end(), words.begin(), words.end());
  }
  return out;
}

bool is_range(const std::string& target) { return target.find_first_of("/-") != std::string::npos; }

// Names become addresses; those without one go to request.missing.
std::vector<std::string> resolved(const std::vector<std::string>& words, const Resolve& resolve, Request& request,
                                  bool wanted) {
  std::vector<std::string> out;
  for (const std::string& word : words) {
    if (snmp::looks_like_address(word)) {
      out.push_back(word);
      const auto address = IpAddress::parse(word);
      if (wanted && address && !is_range(word)) request.named.emplace(*address, word);
    } else if (const auto address = resolve(word)) {
      out.push_back(address->text());
      if (wanted) request.named.emplace(*address, word + " (" + address->text() + ")");
    } else {
      request.missing.push_back(address.error());
    }
  }
  return out;
}

Error in_option(const Error& error, std::string_view option) {
  return {error.code, std::string(option) + ": " + error.text};
}

Expected<std::vector<std::string>> communities_in(const std::string& path) {
  const auto file = file_or_stdin(path);
  if (!file) return fail(file.error());
  if (file->everybody_reads) {
    return fail(Code::denied, "everybody on this host can read " + path + "; run: chmod 0600 " + path);
  }
  std::vector<std::string> out;
  std::istringstream lines(file->octets);
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (!line.empty()) out.push_back(line);
  }
  if (out.empty()) return fail(Code::invalid, path + " is empty; write one community a line");
  return out;
}

Expected<std::vector<snmp::Credential>> communities_of(const Arguments& arguments) {
  std::vector<std::string> names = arguments.all("--community");
  for (const std::string& given : arguments.all("--community-file")) {
    auto more = communities_in(without_scheme(given));
    if (!more) return fail(in_option(more.error(), "--community-file"));
    std::move(more->begin(), more->end(), std::back_inserter(names));
  }
  std::vector<snmp::Credential> out;
  for (std::string& name : names) {
    out.emplace_back();
    out.back().community = Secret(std::move(name));
  }
  return out;
}

Expected<std::vector<snmp::Credential>> credentials_of(const Arguments& arguments) {
  auto out = communities_of(arguments);
  if (!out) return out;
  for (const std::string& given : arguments.all("--v3-credential")) {
    const auto config = config::load(without_scheme(given));
    if (!config) return fail(in_option(config.error().front(), "--v3-credential"));
    if (config->entries.empty()) {
      return fail(Code::invalid, "--v3-credential: " + given + " holds no [[credential]]; docs/config.md shows one");
    }
    out->insert(out->end(), config->credentials.begin(), config->credentials.end());
  }
  if (out->empty()) out->emplace_back();
  return out;
}

Expected<void> take_targets(const Arguments& arguments, Targets how_many, const Resolve& resolve, Request& request) {
  auto words = written_targets(arguments.positionals());
  if (!words) return fail(words.error());
  if (how_many == Targets::one &&
      (words->size() != 1 || (snmp::looks_like_address((*words)[0]) && is_range((*words)[0])))) {
    return fail(Code::invalid, "'" + arguments.positionals()[0] + "' is not one address; for several use: platen scan");
  }
  const auto targets = resolved(*words, resolve, request, true);
  const auto excluded = resolved(arguments.all("--exclude"), resolve, request, false);
  auto expanded = snmp::expand_targets(targets, excluded, {.allow_loopback = arguments.has("--allow-loopback")});
  if (!expanded) {
    const bool loopback = expanded.error().text.find("loopback") != std::string::npos;
    return fail(Error{expanded.error().code, expanded.error().text + (loopback ? "; --allow-loopback allows it" : "")});
  }
  request.targets = std::move(*expanded);
  return {};
}

}  // namespace

std::vector<std::string> words_of_file(std::string_view text) {
  std::vector<std::string> out;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line.substr(0, line.find('#')));
    for (std::string word; words >> word;) out.push_back(word);
  }
  return out;
}

std::vector<Option> wire_options() {
  return {
      {.name = "--community",
       .value = "NAME",
       .about = "SNMP v1/v2c community to try; without any credential: public",
       .many = true},
      {.name = "--community-file",
       .value = "FILE",
       .about = "file with communities, one a line; - reads stdin",
       .many = true,
       .kind = Kind::file},
      {.name = "--v3-credential",
       .value = "FILE",
       .about = "TOML file with [[credential]] entries (user, auth, auth_pass, priv, priv_pass), see docs/config.md",
       .many = true,
       .kind = Kind::file},
      {.name = "--port",
       .value = "N",
       .about = "UDP port of SNMP",
       .fallback = "161",
       .kind = Kind::number,
       .low = 1,
       .high = 65'535},
      {.name = "--timeout",
       .value = "TIME",
       .about = "wait for the first answer; doubled on each further try",
       .fallback = "2s",
       .kind = Kind::duration,
       .low = 10,
       .high = 60'000},
      {.name = "--retries",
       .value = "N",
       .about = "further tries when no answer comes",
       .fallback = "2",
       .kind = Kind::number,
       .low = 0,
       .high = 10},
      {.name = "--profiles",
       .value = "DIR",
       .about = "folder with vendor profiles to add to the built-in ones",
       .many = true,
       .kind = Kind::folder},
      {.name = "--allow-loopback", .about = "allow targets in 127.0.0.0/8 and ::1, for trying out"},
  };
}

Expected<Request> request_of(const Arguments& arguments, Targets how_many, const Resolve& resolve) {
  Request request;
  if (auto good = take_targets(arguments, how_many, resolve, request); !good) return fail(good.error());
  auto credentials = credentials_of(arguments);
  if (!credentials) return fail(credentials.error());
  request.options.credentials = std::move(*credentials);
  request.options.port = static_cast<std::uint16_t>(arguments.number("--port"));
  request.options.patience = {.timeout = arguments.duration("--timeout"),
                              .retries = static_cast<int>(arguments.number("--retries"))};
  request.options.report_silent = arguments.has("--all") || !request.named.empty();
  request.profiles = snmp::Profiles::built_in();
  for (const std::string& folder : arguments.all("--profiles")) {
    auto refused = request.profiles.add_folder(folder);
    std::move(refused.begin(), refused.end(), std::back_inserter(request.refused_profiles));
  }
  return request;
}

}  // namespace platen::cli
