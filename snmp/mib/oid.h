// An OBJECT IDENTIFIER: ordered as SNMP orders (RFC 3416 §4.2.2), at most 128 sub-identifiers (RFC 2578 §7.1.3).
#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/expected.h"

namespace platen::snmp {

class Oid {
 public:
  static constexpr std::size_t max_length = 128;

  Oid() = default;
  Oid(std::initializer_list<std::uint32_t> ids) : Oid(std::span(ids.begin(), ids.size())) {}
  explicit Oid(std::span<const std::uint32_t> ids) { std::copy(ids.begin(), ids.end(), make_room(ids.size())); }
  Oid(const Oid& other) : Oid(other.ids()) {}
  Oid(Oid&& other) noexcept : size_(std::exchange(other.size_, 0)), near_(other.near_), far_(std::move(other.far_)) {}
  Oid& operator=(const Oid& other) { return *this = Oid(other); }
  Oid& operator=(Oid&& other) noexcept {
    size_ = std::exchange(other.size_, 0);
    near_ = other.near_;
    far_ = std::move(other.far_);
    return *this;
  }
  ~Oid() = default;
  // "1.3.6.1.2.1" or ".1.3.6.1.2.1". Errors: Code::invalid (empty part, letter, > 2^32-1, too long).
  [[nodiscard]] static Expected<Oid> parse(std::string_view text);

  [[nodiscard]] std::span<const std::uint32_t> ids() const { return {data(), size_}; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::uint32_t operator[](std::size_t i) const { return ids()[i]; }
  [[nodiscard]] bool starts_with(const Oid& prefix) const;
  [[nodiscard]] std::span<const std::uint32_t> after(const Oid& prefix) const;  // {} when it does not start with it
  [[nodiscard]] Oid operator+(std::span<const std::uint32_t> tail) const;
  [[nodiscard]] Oid operator+(std::uint32_t id) const { return *this + std::span<const std::uint32_t>(&id, 1); }
  [[nodiscard]] std::string text() const;  // "1.3.6.1", no leading dot

  friend bool operator==(const Oid& a, const Oid& b) { return a.size_ == b.size_ && (a <=> b) == 0; }
  friend std::strong_ordering operator<=>(const Oid& a, const Oid& b);

 private:
  // What printers have fits (18 numbers at the most in their makers' tables): a scan makes millions of these.
  static constexpr std::size_t near_length = 20;

  [[nodiscard]] const std::uint32_t* data() const { return size_ > near_length ? far_.get() : near_.data(); }
  std::uint32_t* make_room(std::size_t size);

  std::size_t size_ = 0;
  std::array<std::uint32_t, near_length> near_{};
  std::unique_ptr<std::uint32_t[]> far_;  // all of it when it is longer than near_
};

[[nodiscard]] std::string dotted(std::span<const std::uint32_t> ids);  // an index as text: "1.30"

}  // namespace platen::snmp
