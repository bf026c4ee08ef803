#include "tests/zoo/ber.h"

#include <algorithm>
#include <array>
#include <limits>

namespace platen::zoo::ber {
namespace {

using snmp::Type;
using snmp::Value;

struct Pair {
  std::uint8_t tag;
  Type type;
};
constexpr std::array types = {
    Pair{tag::integer, Type::integer},
    Pair{tag::octets, Type::octets},
    Pair{tag::null, Type::null},
    Pair{tag::oid, Type::oid},
    Pair{tag::ip_address, Type::ip_address},
    Pair{tag::counter32, Type::counter32},
    Pair{tag::gauge32, Type::gauge32},
    Pair{tag::time_ticks, Type::time_ticks},
    Pair{tag::opaque, Type::opaque},
    Pair{tag::counter64, Type::counter64},
    Pair{tag::no_such_object, Type::no_such_object},
    Pair{tag::no_such_instance, Type::no_such_instance},
    Pair{tag::end_of_mib_view, Type::end_of_mib_view},
};

std::uint8_t octet_at(std::string_view octets, std::size_t i) { return static_cast<std::uint8_t>(octets[i]); }

}  // namespace

std::string_view Reader::fault() {
  ok_ = false;
  rest_ = {};
  return {};
}

std::string_view Reader::content(std::uint8_t wanted) {
  if (!ok_ || rest_.size() < 2 || peek() != wanted) return fault();
  std::size_t length = octet_at(rest_, 1), header = 2;
  if (length >= 0x80) {
    const std::size_t more = length - 0x80;
    if (more == 0 || more > 4 || rest_.size() < header + more) return fault();
    length = 0;
    for (std::size_t i = 0; i < more; ++i) length = length << 8U | octet_at(rest_, header + i);
    header += more;
  }
  if (length > rest_.size() - header) return fault();
  const std::string_view found = rest_.substr(header, length);
  rest_.remove_prefix(header + length);
  return found;
}

Reader Reader::enter(std::uint8_t wanted) {
  Reader inner{content(wanted)};
  inner.ok_ = ok_;
  return inner;
}

std::int64_t Reader::integer(std::uint8_t wanted) {
  const std::string_view octets = content(wanted);
  if (!ok_ || octets.empty() || octets.size() > 8) return fault(), 0;
  std::uint64_t number = (octet_at(octets, 0) & 0x80U) != 0 ? std::numeric_limits<std::uint64_t>::max() : 0;
  for (const char c : octets) number = number << 8U | static_cast<std::uint8_t>(c);
  return static_cast<std::int64_t>(number);
}

snmp::Oid Reader::oid() {
  const std::string_view octets = content(tag::oid);
  std::array<std::uint32_t, snmp::Oid::max_length> ids{};
  std::size_t count = 0;
  std::uint64_t id = 0;
  bool open = false;
  for (const char c : octets) {
    id = id << 7U | (static_cast<std::uint8_t>(c) & 0x7FU);
    open = (static_cast<std::uint8_t>(c) & 0x80U) != 0;
    if (id > std::numeric_limits<std::uint32_t>::max() || count + 2 > ids.size()) return fault(), snmp::Oid{};
    if (open) continue;
    if (count == 0) ids[count++] = static_cast<std::uint32_t>(std::min<std::uint64_t>(id / 40, 2));
    ids[count] = static_cast<std::uint32_t>(count == 1 ? id - 40 * std::uint64_t{ids[0]} : id);
    ++count;
    id = 0;
  }
  if (open) return fault(), snmp::Oid{};
  return snmp::Oid(std::span<const std::uint32_t>(ids.data(), count));
}

snmp::Value Reader::value() {
  const auto found = std::find_if(types.begin(), types.end(), [&](const Pair& p) { return p.tag == peek(); });
  if (!ok_ || rest_.empty() || found == types.end()) return fault(), Value{};
  switch (found->type) {
    case Type::integer:
    case Type::counter32:
    case Type::gauge32:
    case Type::time_ticks: return Value::integer(integer(found->tag), found->type);
    case Type::octets:
    case Type::ip_address:
    case Type::opaque: return Value::octets(std::string(content(found->tag)), found->type);
    case Type::oid: return Value::oid(oid());
    case Type::counter64: {
      const std::string_view octets = content(found->tag);
      if (!ok_ || octets.empty() || octets.size() > 9 || (octets.size() == 9 && octets.front() != 0)) {
        return fault(), Value{};
      }
      std::uint64_t number = 0;
      for (const char c : octets) number = number << 8U | static_cast<std::uint8_t>(c);
      return Value::counter64(number);
    }
    default: content(found->tag); return Value::exception(found->type);
  }
}

std::size_t Writer::open(std::uint8_t tag) {
  out_ += static_cast<char>(tag);
  out_.append("\x82\0\0", 3);
  return out_.size();
}

void Writer::close(std::size_t opened) {
  const std::size_t length = out_.size() - opened;
  out_[opened - 2] = static_cast<char>(length >> 8U & 0xFFU);
  out_[opened - 1] = static_cast<char>(length & 0xFFU);
}

void Writer::element(std::uint8_t tag, std::string_view content) {
  out_ += static_cast<char>(tag);
  const std::size_t length = content.size();
  if (length >= 0x80) out_ += static_cast<char>(length > 0xFF ? 0x82 : 0x81);
  if (length > 0xFF) out_ += static_cast<char>(length >> 8U & 0xFFU);
  out_ += static_cast<char>(length & 0xFFU);
  out_ += content;
}

void Writer::integer(std::int64_t number, std::uint8_t tag) {
  std::array<char, 8> octets{};
  std::size_t first = octets.size();
  std::int64_t left = number;
  do {
    octets[--first] = static_cast<char>(left & 0xFF);
    left >>= 8;
  } while (first > 0 && !(left == 0 && octets[first] >= 0) && !(left == -1 && octets[first] < 0));
  element(tag, {octets.data() + first, octets.size() - first});
}

void Writer::unsigned_integer(std::uint64_t number, std::uint8_t tag) {
  std::array<char, 9> octets{};
  std::size_t first = octets.size();
  do {
    octets[--first] = static_cast<char>(number & 0xFFU);
    number >>= 8U;
  } while (number != 0);
  if (octets[first] < 0) octets[--first] = 0;
  element(tag, {octets.data() + first, octets.size() - first});
}

void Writer::oid(std::span<const std::uint32_t> ids) {
  std::array<char, 5 * snmp::Oid::max_length> octets{};
  std::size_t end = 0;
  const auto put = [&](std::uint64_t id) {
    for (unsigned shift = 35; shift > 0; shift -= 7) {
      if (id >> shift != 0) octets[end++] = static_cast<char>(0x80U | (id >> shift & 0x7FU));
    }
    octets[end++] = static_cast<char>(id & 0x7FU);
  };
  if (ids.size() == 1) put(std::uint64_t{40} * ids[0]);
  if (ids.size() > 1) put(std::uint64_t{40} * ids[0] + ids[1]);
  for (std::size_t i = 2; i < ids.size(); ++i) put(ids[i]);
  element(tag::oid, {octets.data(), end});
}

void Writer::value(const snmp::Value& value) {
  const auto found = std::find_if(types.begin(), types.end(), [&](const Pair& p) { return p.type == value.type; });
  const std::uint8_t tag = found == types.end() ? tag::null : found->tag;
  if (value.object() != nullptr) return oid(value.object()->ids());
  if (value.bytes() != nullptr) return element(tag, *value.bytes());
  if (const auto wide = std::get_if<std::uint64_t>(&value.data)) return unsigned_integer(*wide, tag);
  if (const auto number = std::get_if<std::int64_t>(&value.data)) return integer(*number, tag);
  element(tag, {});
}

}  // namespace platen::zoo::ber
