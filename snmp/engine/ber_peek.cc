#include "snmp/engine/ber_peek.h"

#include <algorithm>

namespace platen::snmp {
namespace {

constexpr std::uint8_t tag_integer = 0x02;
constexpr std::uint8_t tag_octets = 0x04;
constexpr std::uint8_t tag_sequence = 0x30;
constexpr std::uint8_t tag_trap_v1 = 0xA4;  // the one PDU without a request-id (RFC 1157 §4.1.6)
constexpr std::uint8_t tag_first_pdu = 0xA0;
constexpr std::uint8_t tag_last_pdu = 0xA8;
constexpr std::uint32_t usm_model = 3;  // RFC 3411 §5, SnmpSecurityModel

// Walks forward over the elements of one container.
class Reader {
 public:
  Reader(std::span<const std::uint8_t> octets, std::size_t at, std::size_t end) : octets_(octets), at_(at), end_(end) {}

  [[nodiscard]] std::optional<std::uint8_t> tag() const {
    if (at_ >= end_) return std::nullopt;
    return octets_[at_];
  }
  // The content of the next element, which must have this tag and be here as a whole.
  std::optional<Reader> element(std::uint8_t tag) { return take(tag, false); }
  // The same, but its end may be missing.
  std::optional<Reader> container(std::uint8_t tag) { return take(tag, true); }

  // A non-negative INTEGER below 2^31.
  std::optional<std::uint32_t> number() {
    const auto content = element(tag_integer);
    if (!content || content->size() == 0 || content->size() > 4 || octets_[content->at_] > 0x7F) return std::nullopt;
    std::uint32_t value = 0;
    for (const std::uint8_t octet : content->rest()) value = value << 8U | octet;
    return value;
  }

  [[nodiscard]] std::span<const std::uint8_t> rest() const { return octets_.subspan(at_, size()); }
  [[nodiscard]] std::size_t at() const { return at_; }
  [[nodiscard]] std::size_t size() const { return end_ - at_; }

 private:
  std::optional<std::size_t> length() {
    if (at_ >= end_) return std::nullopt;
    const std::uint8_t first = octets_[at_++];
    if (first < 0x80) return first;
    const std::size_t count = first & 0x7FU;
    if (count == 0 || count > 4 || count > size()) return std::nullopt;  // RFC 3417 §8 forbids the indefinite form
    std::size_t value = 0;
    for (std::size_t i = 0; i < count; ++i) value = value << 8U | octets_[at_++];
    return value;
  }

  std::optional<Reader> take(std::uint8_t wanted, bool may_be_cut) {
    if (tag() != wanted) return std::nullopt;
    ++at_;
    const auto promised = length();
    if (!promised || (*promised > size() && !may_be_cut)) return std::nullopt;
    const std::size_t begin = at_;
    at_ += std::min(*promised, size());
    return Reader(octets_, begin, at_);
  }

  std::span<const std::uint8_t> octets_;
  std::size_t at_;
  std::size_t end_;
};

// number() that also says where it stood.
bool read_id(Reader& in, Peek& found) {
  Reader probe = in;
  const auto content = probe.element(tag_integer);
  const auto id = in.number();
  if (!content || !id) return false;
  found.id = *id;
  found.id_at = content->at();
  found.id_size = content->size();
  return true;
}

std::optional<Peek> peek_community(Reader message, Peek found) {
  if (!message.element(tag_octets)) return std::nullopt;
  const auto tag = message.tag();
  if (!tag || *tag < tag_first_pdu || *tag > tag_last_pdu || *tag == tag_trap_v1) return std::nullopt;
  found.pdu = *tag;
  auto pdu = message.container(*tag);
  if (!pdu || !read_id(*pdu, found)) return std::nullopt;
  return found;
}

bool read_header(Reader& message, Peek& found) {
  auto header = message.element(tag_sequence);
  if (!header || !read_id(*header, found)) return false;
  const auto max_size = header->number();
  const auto flags = header->element(tag_octets);
  const auto model = header->number();
  if (!max_size || !flags || flags->size() != 1 || model != usm_model) return false;
  found.max_size = *max_size;
  found.flags = flags->rest().front();
  return true;
}

std::optional<Peek> peek_v3(Reader message, Peek found) {
  if (!read_header(message, found)) return std::nullopt;
  auto wrapped = message.element(tag_octets);
  auto parameters = wrapped ? wrapped->element(tag_sequence) : std::nullopt;
  const auto engine_id = parameters ? parameters->element(tag_octets) : std::nullopt;
  const auto boots = engine_id ? parameters->number() : std::nullopt;
  const auto time = boots ? parameters->number() : std::nullopt;
  const auto user = time ? parameters->element(tag_octets) : std::nullopt;
  if (!user) return std::nullopt;
  found.engine_id = engine_id->rest();
  found.engine_boots = *boots;
  found.engine_time = *time;
  found.user = user->rest();
  return found;
}

}  // namespace

std::optional<Peek> peek(std::span<const std::uint8_t> octets) {
  Reader datagram(octets, 0, octets.size());
  auto message = datagram.container(tag_sequence);
  const auto version = message ? message->number() : std::nullopt;
  if (!version) return std::nullopt;
  Peek found;
  switch (*version) {  // RFC 1157, RFC 1901, RFC 3412: 0, 1, 3
    case 0: found.version = Version::v1; return peek_community(*message, found);
    case 1: found.version = Version::v2c; return peek_community(*message, found);
    case 3: found.version = Version::v3; return peek_v3(*message, found);
    default: return std::nullopt;
  }
}

}  // namespace platen::snmp
