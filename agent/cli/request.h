// What a person asked to be scanned, read or recorded, made ready for the scanner.
//
//   Effects  Reads the files that the options name, stdin for "-", and asks the resolver for host names. Sends nothing
//            to any target.
//   Errors   A sentence with the way out; all of them are wrong usage (exit code 2).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "agent/config/target_list.h"
#include "base/command/command.h"
#include "snmp/discover/scanner.h"
#include "snmp/sources/candidates.h"

namespace platen::cli {

struct Request {
  std::vector<IpAddress> targets;
  std::map<IpAddress, std::string> named;  // asked for one by one, as they were written: each of them must answer
  std::vector<Error> missing;              // host names without an address
  snmp::Sources sources;                   // asked for candidates before the sweep
  snmp::Surroundings around;               // where those may lie
  snmp::ScanOptions options;
  snmp::Profiles profiles;
  std::vector<Error> refused_profiles;
};

// Options that decide what is asked and how: shared by scan, read and record.
[[nodiscard]] std::vector<command::Option> wire_options();
// Options that decide where printers are looked for: of scan.
[[nodiscard]] std::vector<command::Option> target_options();

using Resolve = config::ResolveNames;
// The system's resolver, at most ten seconds.
[[nodiscard]] std::vector<Expected<std::vector<IpAddress>>> resolve(std::span<const std::string> names);
[[nodiscard]] command::Option profiles_option();
// What --profiles names, added to `to`; those that were refused. Fails when a folder cannot be read.
[[nodiscard]] Expected<std::vector<Error>> add_profiles(const command::Arguments& arguments, snmp::Profiles& to);

// With `one`, the only target must be an address or a name.
enum class Targets { many, one };
[[nodiscard]] Expected<Request> request_of(const command::Arguments& arguments, Targets how_many,
                                           const Resolve& resolve);

}  // namespace platen::cli
