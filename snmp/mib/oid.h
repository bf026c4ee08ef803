// An OBJECT IDENTIFIER: ordered as SNMP orders (RFC 3416 §4.2.2), at most 128 sub-identifiers (RFC 2578 §7.1.3).
#pragma once

#include <compare>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"

namespace platen::snmp {

class Oid {
 public:
  static constexpr std::size_t max_length = 128;

  Oid() = default;
  Oid(std::initializer_list<std::uint32_t> ids) : ids_(ids) {}
  explicit Oid(std::span<const std::uint32_t> ids) : ids_(ids.begin(), ids.end()) {}
  // "1.3.6.1.2.1" or ".1.3.6.1.2.1". Errors: Code::invalid (empty part, letter, > 2^32-1, too long).
  [[nodiscard]] static Expected<Oid> parse(std::string_view text);

  [[nodiscard]] std::span<const std::uint32_t> ids() const { return ids_; }
  [[nodiscard]] std::size_t size() const { return ids_.size(); }
  [[nodiscard]] bool empty() const { return ids_.empty(); }
  [[nodiscard]] std::uint32_t operator[](std::size_t i) const { return ids_[i]; }
  [[nodiscard]] bool starts_with(const Oid& prefix) const;
  [[nodiscard]] std::span<const std::uint32_t> after(const Oid& prefix) const;  // {} when it does not start with it
  [[nodiscard]] Oid operator+(std::span<const std::uint32_t> tail) const;
  [[nodiscard]] Oid operator+(std::uint32_t id) const { return *this + std::span<const std::uint32_t>(&id, 1); }
  [[nodiscard]] std::string text() const;  // "1.3.6.1", no leading dot

  friend bool operator==(const Oid&, const Oid&) = default;
  friend std::strong_ordering operator<=>(const Oid& a, const Oid& b) = default;

 private:
  std::vector<std::uint32_t> ids_;
};

[[nodiscard]] std::string dotted(std::span<const std::uint32_t> ids);  // an index as text: "1.30"

}  // namespace platen::snmp
