// What a person asked to be scanned, read or recorded, made ready for the scanner.
//
//   Effects  Reads the files that the options name, stdin for "-", and asks the resolver for host names. Sends nothing
//            to any target.
//   Errors   A sentence with the way out; all of them are wrong usage (exit code 2).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "agent/cli/resolve.h"
#include "base/command/command.h"
#include "snmp/discover/scanner.h"

namespace platen::cli {

struct Request {
  std::vector<IpAddress> targets;
  std::map<IpAddress, std::string> named;  // asked for one by one, as they were written: each of them must answer
  std::vector<Error> missing;              // host names without an address
  snmp::ScanOptions options;
  snmp::Profiles profiles;
  std::vector<Error> refused_profiles;
};

// Options that decide what is asked and how: shared by scan, read and record.
[[nodiscard]] std::vector<command::Option> wire_options();

// With `one`, the only target must be an address or a name.
enum class Targets { many, one };
[[nodiscard]] Expected<Request> request_of(const command::Arguments& arguments, Targets how_many,
                                           const Resolve& resolve);

// The words of a file of targets: one a line or several, "#" starts a remark.
[[nodiscard]] std::vector<std::string> words_of_file(std::string_view text);

}  // namespace platen::cli
