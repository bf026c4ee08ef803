#include "snmp/mib/oid.h"

#include <algorithm>
#include <charconv>

namespace platen::snmp {

Expected<Oid> Oid::parse(std::string_view text) {
  const auto bad = [&](std::string_view why) {
    return fail(Code::invalid, "'" + std::string(text) + "' is not an OID: " + std::string(why));
  };
  std::string_view rest = text;
  if (!rest.empty() && rest.front() == '.') rest.remove_prefix(1);
  Oid oid;
  while (true) {
    std::uint32_t id = 0;
    const auto [stop, fault] = std::from_chars(rest.data(), rest.data() + rest.size(), id);
    if (fault == std::errc::result_out_of_range) return bad("a number above 4294967295");
    if (fault != std::errc{}) return bad("a number is missing");
    oid.ids_.push_back(id);
    if (oid.ids_.size() > max_length) return bad("more than 128 numbers");
    rest.remove_prefix(static_cast<std::size_t>(stop - rest.data()));
    if (rest.empty()) return oid;
    if (rest.front() != '.') return bad("only digits and dots may stand in it");
    rest.remove_prefix(1);
  }
}

bool Oid::starts_with(const Oid& prefix) const {
  return size() >= prefix.size() && std::equal(prefix.ids_.begin(), prefix.ids_.end(), ids_.begin());
}

std::span<const std::uint32_t> Oid::after(const Oid& prefix) const {
  if (!starts_with(prefix)) return {};
  return ids().subspan(prefix.size());
}

Oid Oid::operator+(std::span<const std::uint32_t> tail) const {
  Oid sum;
  sum.ids_.reserve(size() + tail.size());
  sum.ids_.assign(ids_.begin(), ids_.end());
  sum.ids_.insert(sum.ids_.end(), tail.begin(), tail.end());
  return sum;
}

std::string Oid::text() const { return dotted(ids_); }

std::string dotted(std::span<const std::uint32_t> ids) {
  std::string out;
  for (const std::uint32_t id : ids) {
    if (!out.empty()) out += '.';
    out += std::to_string(id);
  }
  return out;
}

}  // namespace platen::snmp
