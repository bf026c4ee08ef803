// BER as SNMP uses it, written apart from Net-SNMP on purpose: the zoo cross-checks what the engine encodes.
//
//   Source   ITU-T X.690 §8 (definite lengths only), RFC 3417 §8; the types of RFC 2578 §7.1.
//   Errors   a Reader that was given rubbish turns false and stays so; every later read returns an empty value.
//   Effects  none. Reader never reads outside its octets, whatever they say.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "snmp/mib/varbind.h"

namespace platen::zoo::ber {

namespace tag {
inline constexpr std::uint8_t integer = 0x02, octets = 0x04, null = 0x05, oid = 0x06, sequence = 0x30;
inline constexpr std::uint8_t ip_address = 0x40, counter32 = 0x41, gauge32 = 0x42, time_ticks = 0x43, opaque = 0x44,
                              counter64 = 0x46;
inline constexpr std::uint8_t no_such_object = 0x80, no_such_instance = 0x81, end_of_mib_view = 0x82;
inline constexpr std::uint8_t get = 0xA0, get_next = 0xA1, response = 0xA2, set = 0xA3, get_bulk = 0xA5, report = 0xA8;
}  // namespace tag

class Reader {
 public:
  explicit Reader(std::string_view octets) : rest_(octets) {}

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  [[nodiscard]] std::uint8_t peek() const { return rest_.empty() ? 0 : static_cast<std::uint8_t>(rest_.front()); }
  [[nodiscard]] std::string_view rest() const { return rest_; }

  std::string_view content(std::uint8_t wanted);  // the content octets of the next element, which must have this tag
  Reader enter(std::uint8_t wanted);              // the same as a Reader
  std::int64_t integer(std::uint8_t wanted = tag::integer);
  std::string_view octets() { return content(tag::octets); }
  snmp::Oid oid();
  snmp::Value value();  // any type a varbind may hold

 private:
  std::string_view fault();
  std::string_view rest_;
  bool ok_ = true;
};

// Appends to a string. Constructed elements reserve a three-octet length, which BER allows and real agents send too.
class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}

  [[nodiscard]] std::size_t open(std::uint8_t tag);
  void close(std::size_t opened);  // content may be up to 65,535 octets
  void element(std::uint8_t tag, std::string_view content);
  void integer(std::int64_t number, std::uint8_t tag = tag::integer);
  void unsigned_integer(std::uint64_t number, std::uint8_t tag);
  void oid(std::span<const std::uint32_t> ids);
  void value(const snmp::Value& value);

 private:
  std::string& out_;
};

}  // namespace platen::zoo::ber
