#include "snmp/mib/oid.h"

#include <algorithm>
#include <charconv>

namespace platen::snmp {

std::uint32_t* Oid::make_room(std::size_t size) {
  size_ = size;
  if (size <= near_length) return near_.data();
  far_ = std::make_unique<std::uint32_t[]>(size);
  return far_.get();
}

std::strong_ordering operator<=>(const Oid& a, const Oid& b) {
  const std::uint32_t* left = a.data();
  const std::uint32_t* right = b.data();
  const std::size_t shared = std::min(a.size_, b.size_);
  for (std::size_t i = 0; i < shared; ++i) {
    if (left[i] != right[i]) return left[i] <=> right[i];
  }
  return a.size_ <=> b.size_;
}

Expected<Oid> Oid::parse(std::string_view text) {
  const auto bad = [&](std::string_view why) {
    return fail(Code::invalid, "'" + std::string(text) + "' is not an OID: " + std::string(why));
  };
  std::string_view rest = text;
  if (!rest.empty() && rest.front() == '.') rest.remove_prefix(1);
  std::array<std::uint32_t, max_length> ids{};
  for (std::size_t size = 0;;) {
    std::uint32_t id = 0;
    const auto [stop, fault] = std::from_chars(rest.data(), rest.data() + rest.size(), id);
    if (fault == std::errc::result_out_of_range) return bad("a number above 4294967295");
    if (fault != std::errc{}) return bad("a number is missing");
    if (size == max_length) return bad("more than 128 numbers");
    ids[size++] = id;
    rest.remove_prefix(static_cast<std::size_t>(stop - rest.data()));
    if (rest.empty()) return Oid(std::span(ids).first(size));
    if (rest.front() != '.') return bad("only digits and dots may stand in it");
    rest.remove_prefix(1);
  }
}

bool Oid::starts_with(const Oid& prefix) const {
  if (size_ < prefix.size_) return false;
  const std::uint32_t* mine = data();
  const std::uint32_t* wanted = prefix.data();
  for (std::size_t i = 0; i < prefix.size_; ++i) {
    if (mine[i] != wanted[i]) return false;
  }
  return true;
}

std::span<const std::uint32_t> Oid::after(const Oid& prefix) const {
  if (!starts_with(prefix)) return {};
  return ids().subspan(prefix.size());
}

Oid Oid::operator+(std::span<const std::uint32_t> tail) const {
  Oid sum;
  std::uint32_t* out = sum.make_room(size() + tail.size());
  out = std::copy(ids().begin(), ids().end(), out);
  std::copy(tail.begin(), tail.end(), out);
  return sum;
}

std::string Oid::text() const { return dotted(ids()); }

std::string dotted(std::span<const std::uint32_t> ids) {
  std::string out;
  for (const std::uint32_t id : ids) {
    if (!out.empty()) out += '.';
    out += std::to_string(id);
  }
  return out;
}

}  // namespace platen::snmp
