#include "snmp/mib/scope.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace platen::snmp {
namespace {

tl::unexpected<Error> refuse(const std::string& range, std::string_view why) {
  return fail(Code::invalid, "scope '" + range + "': " + std::string(why));
}

std::optional<unsigned> number(std::string_view text, unsigned most) {
  unsigned value = 0;
  const auto [stop, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc{} || stop != text.data() + text.size() || value > most) return std::nullopt;
  return value;
}

// A scope says nothing of interfaces: fe80::7%eth0 lies in fe80::/10.
IpAddress unzoned(const IpAddress& address) { return address.is_v4() ? address : IpAddress::v6(address.octets()); }

}  // namespace

Expected<Scope::Span> Scope::block_of(const std::string& range, std::size_t slash) {
  const auto address = IpAddress::parse(range.substr(0, slash));
  if (!address) return refuse(range, "the part before '/' is no address");
  const unsigned bits = address->is_v4() ? 32 : 128;
  const auto prefix = number(std::string_view(range).substr(slash + 1), bits);
  if (!prefix) return refuse(range, "the part after '/' must be a prefix length up to " + std::to_string(bits));
  return Span{address->first_of(*prefix), address->last_of(*prefix)};
}

Expected<Scope::Span> Scope::span_of(const std::string& range) {
  if (const auto slash = range.find('/'); slash != range.npos) return block_of(range, slash);
  const auto dash = range.find('-');
  const auto first = IpAddress::parse(range.substr(0, dash));
  if (!first) {
    return refuse(range, "no address, range or network; host names have no place here, write 192.0.2.0/24 for example");
  }
  if (dash == range.npos) return Span{*first, *first};
  auto last = IpAddress::parse(range.substr(dash + 1));
  if (const auto octet = number(std::string_view(range).substr(dash + 1), 255); octet && first->is_v4())
    last = IpAddress::v4((first->to_v4() & ~0xFFU) | *octet);
  if (!last || last->is_v4() != first->is_v4()) return refuse(range, "the part after '-' is no address like the first");
  if (*last < *first) return refuse(range, "the range runs backwards; write the lower address first");
  return Span{*first, *last};
}

Expected<Scope> Scope::of(std::span<const std::string> ranges) {
  std::vector<Span> spans;
  for (const std::string& range : ranges) {
    const auto span = span_of(range);
    if (!span) return fail(span.error());
    spans.push_back({unzoned(span->first), unzoned(span->last)});
  }
  std::sort(spans.begin(), spans.end());
  Scope scope;
  for (const Span& span : spans) {
    if (!scope.spans_.empty() && span.first <= scope.spans_.back().last) {
      scope.spans_.back().last = std::max(scope.spans_.back().last, span.last);
    } else {
      scope.spans_.push_back(span);
    }
  }
  return scope;
}

bool Scope::holds(const IpAddress& zoned) const {
  if (is_everywhere()) return true;
  const IpAddress address = unzoned(zoned);
  const auto after = std::upper_bound(spans_.begin(), spans_.end(), address,
                                      [](const IpAddress& wanted, const Span& span) { return wanted < span.first; });
  return after != spans_.begin() && address <= std::prev(after)->last;
}

}  // namespace platen::snmp
