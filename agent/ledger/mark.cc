#include "agent/ledger/mark.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <string_view>
#include <tuple>

#include "base/text.h"

namespace platen::ledger {
namespace {

// "epoch last acknowledged hash\n", each of a fixed width, so that a write never leaves a longer one behind.
constexpr std::size_t epoch_digits = 32, number_digits = 20, hash_digits = 64;
constexpr std::size_t last_at = epoch_digits + 1, acknowledged_at = last_at + number_digits + 1,
                      hash_at = acknowledged_at + number_digits + 1, size = hash_at + hash_digits + 1;

bool is_hex(std::string_view text) { return text.find_first_not_of("0123456789abcdef") == std::string_view::npos; }

std::string from_hex(std::string_view digits) {
  std::string octets;
  const auto value = [](char digit) { return digit <= '9' ? digit - '0' : digit - 'a' + 10; };
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
    octets += static_cast<char>(value(digits[i]) * 16 + value(digits[i + 1]));
  return octets;
}

std::optional<std::uint64_t> number_at(std::string_view text, std::size_t at) {
  std::uint64_t value = 0;
  const char* const end = text.data() + at + number_digits;
  const auto [stopped, fault] = std::from_chars(text.data() + at, end, value);
  return fault == std::errc{} && stopped == end ? std::optional(value) : std::nullopt;
}

}  // namespace

std::string mark_file(const std::string& ledger_file) { return ledger_file + ".mark"; }

std::optional<Mark> read_mark(const std::string& ledger_file) {
  std::array<char, size + 1> octets{};
  const int fd = ::open(mark_file(ledger_file).c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return std::nullopt;
  const ssize_t count = ::pread(fd, octets.data(), octets.size(), 0);
  ::close(fd);
  const std::string_view text(octets.data(), size);
  const std::string_view epoch = text.substr(0, epoch_digits), hash = text.substr(hash_at, hash_digits);
  if (count != static_cast<ssize_t>(size) || !is_hex(epoch)) return std::nullopt;
  const auto last = number_at(text, last_at), acknowledged = number_at(text, acknowledged_at);
  if (!last || !acknowledged || *acknowledged > *last) return std::nullopt;
  return Mark{std::string(epoch), *last, *acknowledged, is_hex(hash) ? from_hex(hash) : ""};
}

MarkWriter::MarkWriter(const std::string& ledger_file)
    : fd_(::open(mark_file(ledger_file).c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)) {}

MarkWriter::~MarkWriter() {
  if (fd_ >= 0) ::close(fd_);
}

void MarkWriter::write(const Mark& mark) {
  const std::string text = fmt::format("{:.32} {:020} {:020} {:-<64}\n", mark.epoch, mark.last, mark.acknowledged,
                                       to_hex(mark.acknowledged_hash));
  if (fd_ >= 0 && text.size() == size) std::ignore = ::pwrite(fd_, text.data(), text.size(), 0);
}

}  // namespace platen::ledger
