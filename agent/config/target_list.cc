#include "agent/config/target_list.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace platen::config {
namespace {

constexpr std::size_t most_words = 100'000, longest_shown = 80;
constexpr std::string_view blanks = " \t\r\f\v,", byte_order_mark = "\xEF\xBB\xBF";

bool is_plain_text(std::string_view line) {
  const bool control = std::any_of(line.begin(), line.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && blanks.find(c) == std::string_view::npos) || c == 0x7F;
  });
  return !control && is_utf8(line);
}

void take_line(std::string_view line, const std::string& from, std::vector<TargetWord>& out) {
  line = line.substr(0, line.find('#'));
  for (std::size_t at = line.find_first_not_of(blanks); at != line.npos; at = line.find_first_not_of(blanks)) {
    line.remove_prefix(at);
    const std::size_t end = std::min(line.find_first_of(blanks), line.size());
    out.push_back({std::string(line.substr(0, end)), from});
    line.remove_prefix(end);
  }
}

Error in_file(const TargetWord& word, Error error) {
  return word.from.empty() ? std::move(error) : error.in(word.from);
}

}  // namespace

Expected<std::vector<TargetWord>> words_of_text(std::string_view text, const std::string& name) {
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  std::vector<TargetWord> out;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    const std::string from = fmt::format("{}:{}", name, number);
    if (!is_plain_text(line)) {
      return fail(Code::invalid, from + ": this is no text in UTF-8; write one address, range, network or name a line");
    }
    take_line(line, from, out);
    if (out.size() > most_words) {
      return fail(Code::invalid, fmt::format("{}: more than {} targets; write networks and ranges instead of single "
                                             "addresses",
                                             from, most_words));
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (out.empty())
    return fail(Code::invalid, name + " names no target; write one address, range, network or name a line");
  return out;
}

Expected<std::vector<TargetWord>> target_words(std::span<const std::string> items, const ReadText& read) {
  std::vector<TargetWord> out;
  for (const std::string& item : items) {
    if (!item.starts_with('@')) {
      out.push_back({item, ""});
      continue;
    }
    const std::string path = item.substr(1);
    if (path.empty()) return fail(Code::invalid, "'@' names no file of targets; write @FILE");
    const auto text = read(path);
    if (!text) return fail(text.error());
    auto words = words_of_text(*text, path);
    if (!words) return words;
    std::move(words->begin(), words->end(), std::back_inserter(out));
  }
  return out;
}

Expected<void> check_word(const TargetWord& word, snmp::Use use, const snmp::TargetOptions& options) {
  if (snmp::looks_like_address(word.text)) {
    const auto good = snmp::check_target(word.text, use, options);
    return good ? good : fail(in_file(word, good.error()));
  }
  if (snmp::is_host_name(word.text)) return {};
  const bool nested = word.text.starts_with('@');
  return fail(in_file(word, {Code::invalid, fmt::format("'{}' is no address, range, CIDR block or host name{}",
                                                        word.text.substr(0, longest_shown),
                                                        nested ? "; a file of targets cannot name another" : "")}));
}

Resolved with_addresses(std::span<const std::string> words, snmp::Use use, const ResolveNames& resolve) {
  Resolved out;
  std::vector<std::string> names;
  for (const std::string& word : words) (snmp::looks_like_address(word) ? out.addresses : names).push_back(word);
  const auto answers = names.empty() ? std::vector<Expected<std::vector<IpAddress>>>() : resolve(names);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (!answers[i]) {
      out.missing.push_back(answers[i].error());
      continue;
    }
    const bool four = std::any_of(answers[i]->begin(), answers[i]->end(), [](const auto& one) { return one.is_v4(); });
    for (const IpAddress& address : *answers[i]) {
      if (use == snmp::Use::ask && four && !address.is_v4()) continue;
      out.addresses.push_back(address.text());
      out.named.push_back({names[i], address});
    }
  }
  return out;
}

}  // namespace platen::config
