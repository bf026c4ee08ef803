#include "agent/cli/request.h"

#include <algorithm>
#include <iostream>
#include <sstream>

#include "agent/config/config.h"
#include "agent/host/files.h"
#include "agent/host/resolve.h"
#include "snmp/mib/targets.h"

namespace platen::cli {
namespace {

using command::Arguments;
using command::Kind;
using command::Option;

constexpr std::string_view kPublic = "public";  // no secret: every printer comes with it
constexpr std::size_t kMiB = 1U << 20U;
constexpr std::size_t kLargestCommunityFile = kMiB;

Expected<host::File> file_or_stdin(const std::string& path, std::size_t most_octets) {
  if (path != "-") return host::read_file(path, most_octets);
  host::File out;
  char block[4096];
  while (out.octets.size() <= most_octets && (std::cin.read(block, sizeof block) || std::cin.gcount() > 0)) {
    out.octets.append(block, static_cast<std::size_t>(std::cin.gcount()));
  }
  if (out.octets.size() > most_octets) {
    return fail(Code::invalid, "stdin holds more than " + std::to_string(most_octets / kMiB) + " MiB");
  }
  return out;
}

std::string without_scheme(const std::string& path) { return path.starts_with("file:") ? path.substr(5) : path; }

bool is_range(const std::string& target) {
  return target.substr(0, target.find('%')).find_first_of("/-") != std::string::npos;
}

Error in_option(const Error& error, std::string_view option) {
  return {error.code, std::string(option) + ": " + error.text};
}

// "" when it can be one. The line itself may be a secret: it is never shown.
std::string why_no_community(const std::string& line) {
  if (line.find('\0') != line.npos) return "this is no text; name a file that holds one community a line";
  const auto good = snmp::check({.community = Secret(line)});
  return good ? "" : good.error().text + "; write one community a line";
}

Expected<std::vector<std::string>> communities_in(const std::string& path) {
  const std::string shown = path == "-" ? "stdin" : path;
  const auto file = file_or_stdin(path, kLargestCommunityFile);
  if (!file) return fail(file.error());
  if (file->everybody_reads) {
    return fail(Code::denied, "everybody on this host can read " + path + "; run: chmod 0600 " + path);
  }
  std::vector<std::string> out;
  std::istringstream lines(file->octets);
  std::size_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.find_first_not_of(" \t") == line.npos) continue;
    if (const std::string why = why_no_community(line); !why.empty()) {
      return fail(Code::invalid, shown + ":" + std::to_string(number) + ": " + why);
    }
    out.push_back(line);
  }
  if (out.empty()) return fail(Code::invalid, shown + ":1: no community stands here; write one a line");
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
    out.back().name = "community " + std::to_string(out.size());
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
  if (out->empty()) out->emplace_back().name = kPublic;
  return out;
}

Expected<std::string> text_of(const std::string& path) {
  return file_or_stdin(path, config::largest_target_file).map([](host::File&& file) { return std::move(file.octets); });
}

// "@FILE" and "-" are replaced by the words that stand there; every word is one that can be used so.
Expected<std::vector<std::string>> words_of(const std::vector<std::string>& items, snmp::Use use,
                                            const snmp::TargetOptions& options) {
  std::vector<std::string> out;
  for (const std::string& item : items) {
    auto words =
        item == "-"
            ? text_of("-").and_then([](const std::string& text) { return config::words_of_text(text, "stdin"); })
            : config::target_words(std::span(&item, 1), text_of);
    if (!words) return fail(words.error());
    for (config::TargetWord& word : *words) {
      if (const auto good = config::check_word(word, use, options); !good) {
        const bool loopback = good.error().text.find("loopback") != std::string::npos;
        return fail(Error{good.error().code, good.error().text + (loopback ? "; --allow-loopback allows it" : "")});
      }
      out.push_back(std::move(word.text));
    }
  }
  return out;
}

// Names of exclusions too: what cannot be found cannot be left out either, so then nothing is asked.
Expected<void> take_exclusions(const Arguments& arguments, const Resolve& resolve, snmp::Surroundings& around) {
  const auto words = words_of(arguments.all("--exclude"), snmp::Use::exclude, around.options);
  if (!words) return fail(in_option(words.error(), "--exclude"));
  auto found = config::with_addresses(*words, snmp::Use::exclude, resolve);
  if (!found.missing.empty()) {
    return fail(Error{Code::not_found, "--exclude: " + found.missing.front().text +
                                           ", so it could not be left out; give its address, or take it out"});
  }
  around.excluded = std::move(found.addresses);
  return {};
}

Expected<void> take_sources(const Arguments& arguments, Request& request) {
  request.sources = {arguments.has("--mdns"), arguments.has("--wsd"), arguments.has("--slp")};
  auto within = words_of(arguments.all("--within"), snmp::Use::within, request.around.options);
  if (!within) return fail(in_option(within.error(), "--within"));
  for (const std::string& word : *within) {
    if (snmp::looks_like_address(word)) continue;
    return fail(Code::invalid, "--within: '" + word + "' must be an address, a range or a network");
  }
  if (!within->empty() && !request.sources.any()) {
    return fail(Code::invalid, "--within says where candidates may lie; ask for some with --mdns, --wsd or --slp");
  }
  request.around.within = std::move(*within);
  return {};
}

Expected<void> take_targets(const Arguments& arguments, Targets how_many, const Resolve& resolve, Request& request) {
  snmp::Surroundings& around = request.around;
  around.options.allow_loopback = arguments.has("--allow-loopback");
  const auto words = words_of(arguments.positionals(), snmp::Use::ask, around.options);
  if (!words) return fail(words.error());
  if (how_many == Targets::one &&
      (words->size() != 1 || (snmp::looks_like_address(words->front()) && is_range(words->front())))) {
    return fail(Code::invalid, "'" + arguments.positionals()[0] + "' is not one address; for several use: platen scan");
  }
  auto found = config::with_addresses(*words, snmp::Use::ask, resolve);
  if (how_many == Targets::one) {
    found.addresses.resize(std::min<std::size_t>(found.addresses.size(), 1));
    found.named.resize(std::min<std::size_t>(found.named.size(), 1));
  }
  for (const config::Named& named : found.named) {
    request.named.emplace(named.address, named.name + " (" + named.address.text() + ")");
  }
  for (const std::string& word : *words) {
    const auto address = is_range(word) ? fail(Code::invalid, "") : IpAddress::parse_scoped(word);
    if (address) request.named.insert_or_assign(*address, word);
  }
  request.missing = std::move(found.missing);
  around.targets = std::move(found.addresses);
  if (auto good = take_exclusions(arguments, resolve, around); !good) return good;
  if (auto good = take_sources(arguments, request); !good) return good;
  auto expanded = snmp::expand_targets(around.targets, around.excluded, around.options);
  if (!expanded) return fail(expanded.error());
  request.targets = std::move(*expanded);
  return {};
}

}  // namespace

std::vector<Expected<std::vector<IpAddress>>> resolve(std::span<const std::string> names) {
  return host::resolve_all(names, std::chrono::seconds(10), {});
}

std::vector<Option> target_options() {
  return {
      {.name = "--exclude",
       .value = "TARGET",
       .about = "never ask this address, range, network or name; @FILE for a file of them",
       .many = true},
      {.name = "--mdns", .about = "ask the own networks for printers by multicast DNS, and check those that answer"},
      {.name = "--wsd", .about = "the same by WS-Discovery"},
      {.name = "--slp", .about = "the same by the Service Location Protocol"},
      {.name = "--within",
       .value = "TARGET",
       .about = "where those printers may lie beside the targets: an address, a range or a network of any width",
       .many = true},
  };
}

Option profiles_option() {
  return {.name = "--profiles",
          .value = "DIR",
          .about = "folder with vendor profiles to add to the built-in ones",
          .many = true,
          .kind = Kind::folder};
}

Expected<std::vector<Error>> add_profiles(const Arguments& arguments, snmp::Profiles& to) {
  std::vector<Error> refused;
  for (const std::string& folder : arguments.all("--profiles")) {
    if (const auto there = host::check_readable_folder(folder); !there) {
      return fail(in_option(there.error(), "--profiles"));
    }
    auto more = to.add_folder(folder);
    std::move(more.begin(), more.end(), std::back_inserter(refused));
  }
  return refused;
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
       .about = "TOML file with [[credential]] entries (version, user, auth, auth_pass, priv, priv_pass, scope), see "
                "docs/config.md",
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
      {.name = "--subnet-budget",
       .value = "N",
       .about = "datagrams a second at most to one subnet (/24; IPv6 /64)",
       .fallback = "5000",
       .kind = Kind::number,
       .low = 10,
       .high = 100'000},
      profiles_option(),
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
  if (snmp::is_print_port(request.options.port)) {
    return fail(Code::invalid, "--port " + std::to_string(request.options.port) +
                                   ": printers print what they receive there; SNMP listens on 161");
  }
  request.options.patience = {.timeout = arguments.duration("--timeout"),
                              .retries = static_cast<int>(arguments.number("--retries"))};
  request.options.subnet_budget = static_cast<double>(arguments.number("--subnet-budget"));
  request.options.report_silent = arguments.has("--all") || !request.named.empty();
  request.profiles = snmp::Profiles::built_in();
  auto refused = add_profiles(arguments, request.profiles);
  if (!refused) return fail(refused.error());
  request.refused_profiles = std::move(*refused);
  return request;
}

}  // namespace platen::cli
