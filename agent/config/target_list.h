// Targets and exclusions as people write them, on a command line or in the settings: words, and files of words.
//
//   Shapes   An item is an address, a range, a network or a host name, or "@FILE". In a file, words are separated by
//            blanks, commas or line ends; "#" starts a remark; CRLF and a byte order mark are taken for what they are.
//   Errors   One sentence that says what, where ("floor3.txt:12") and what to do.
//   Effects  target_words() calls `read` for each file; nothing else.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"
#include "snmp/mib/targets.h"

namespace platen::config {

inline constexpr std::size_t largest_target_file = 4U << 20U;

struct TargetWord {
  std::string text;
  std::string from;  // "floor3.txt:12"; "" when it stands in the list itself
};

using ReadText = std::function<Expected<std::string>(const std::string& path)>;

[[nodiscard]] Expected<std::vector<TargetWord>> target_words(std::span<const std::string> items, const ReadText& read);
// The words of one file's text, which is called `name` in errors.
[[nodiscard]] Expected<std::vector<TargetWord>> words_of_text(std::string_view text, const std::string& name);
// Is this an address, range or network that can be used so, or a host name?
[[nodiscard]] Expected<void> check_word(const TargetWord& word, snmp::Use use, const snmp::TargetOptions& options);

// Words with each host name replaced by what it stands for: its IPv4 addresses, or its IPv6 addresses when it has no
// other; an exclusion, all of them.
using ResolveNames = std::function<std::vector<Expected<std::vector<IpAddress>>>(std::span<const std::string> names)>;
struct Named {
  std::string name;
  IpAddress address;
};
struct Resolved {
  std::vector<std::string> addresses;  // addresses, ranges and networks
  std::vector<Named> named;
  std::vector<Error> missing;  // of names without an address
};
[[nodiscard]] Resolved with_addresses(std::span<const std::string> words, snmp::Use use, const ResolveNames& resolve);

}  // namespace platen::config
