// Which addresses a credential may be shown to. It is never offered to any other.
//
//   Shapes   "192.0.2.7", "192.0.2.1-192.0.2.40", "192.0.2.1-40", "10.0.0.0/8", "2001:db8::7", "2001:db8::/48": a block
//            of any size, all of it. Without a range the scope is everywhere.
//   Errors   Code::invalid, one sentence that names the range and the way out.
//   Effects  none.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/expected.h"
#include "base/ip_address.h"

namespace platen::snmp {

class Scope {
 public:
  Scope() = default;
  [[nodiscard]] static Expected<Scope> of(std::span<const std::string> ranges);

  [[nodiscard]] bool is_everywhere() const { return spans_.empty(); }
  [[nodiscard]] bool holds(const IpAddress& zoned) const;  // on whatever interface
  friend bool operator==(const Scope&, const Scope&) = default;

 private:
  struct Span {
    IpAddress first, last;  // of one family
    friend auto operator<=>(const Span&, const Span&) = default;
  };
  [[nodiscard]] static Expected<Span> span_of(const std::string& range);
  [[nodiscard]] static Expected<Span> block_of(const std::string& range, std::size_t slash);
  std::vector<Span> spans_;  // in order, apart from each other
};

}  // namespace platen::snmp
