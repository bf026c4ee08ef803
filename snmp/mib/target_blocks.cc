#include "snmp/mib/target_blocks.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"

namespace platen::snmp {
namespace {

constexpr int kWidestPrefix = 12;
constexpr std::size_t kLongestShown = 80;

tl::unexpected<Error> refuse(std::string_view target, std::string_view why) {
  std::string shown(target.substr(0, kLongestShown));
  if (shown.size() < target.size()) shown += "…";
  return fail(Code::invalid, "target '" + shown + "': " + std::string(why));
}

struct Forbidden {
  std::uint32_t first, last;
  bool loopback;
  std::string_view why;
};
constexpr std::string_view kLoopbackRefused =
    "that is this machine (loopback), which is only asked when loopback is allowed; give the printers' addresses";
constexpr auto kForbidden = std::to_array<Forbidden>({
    {0x00000000U, 0x00FFFFFFU, false,
     "0.0.0.0/8 holds no hosts; give the printers' own network, such as 192.168.1.0/24"},
    {0x7F000000U, 0x7FFFFFFFU, true, kLoopbackRefused},
    {0xE0000000U, 0xEFFFFFFFU, false, "multicast addresses cannot be scanned; give the printers' own addresses"},
    {0xF0000000U, 0xFFFFFFFFU, false,
     "broadcast and reserved addresses cannot be scanned; give the printers' network, such as 192.168.1.0/24"},
});

Expected<Block> check_four(std::string_view target, const Block& block, Use use, const TargetOptions& options) {
  if (use != Use::ask) return block;
  for (const Forbidden& forbidden : kForbidden) {
    if (forbidden.loopback && options.allow_loopback) continue;
    if (block.first <= forbidden.last && block.last >= forbidden.first) return refuse(target, forbidden.why);
  }
  return block;
}

bool is_zero(const IpAddress& six, std::size_t octets) {
  return std::all_of(six.octets().begin(), six.octets().begin() + static_cast<std::ptrdiff_t>(octets),
                     [](std::uint8_t octet) { return octet == 0; });
}
bool is_mapped_four(const IpAddress& six) {
  return is_zero(six, 10) && six.octets()[10] == 0xFF && six.octets()[11] == 0xFF;
}

std::string_view why_not_six(const IpAddress& six, const TargetOptions& options) {
  if (is_zero(six, 16)) return "'::' is no host; give the printer's own address";
  if (six.is_loopback() && !options.allow_loopback) return kLoopbackRefused;
  if (six.is_multicast()) return "multicast addresses cannot be scanned; give the printers' own addresses";
  if (six.is_link_local() && six.scope() == 0) {
    return "a link-local address needs its network interface; write it like fe80::7%eth0";
  }
  if (is_mapped_four(six)) return "write an IPv4 address as IPv4, such as 192.0.2.7";
  return "";
}

// "http://192.0.2.7/", "192.0.2.7:161", "printer.example:9100": no IPv6 address has a single colon.
bool has_scheme_or_port(std::string_view target) {
  return target.find("://") != target.npos || std::count(target.begin(), target.end(), ':') == 1;
}

std::optional<int> parse_number(std::string_view text, int most) {
  int number = 0;
  const auto [stop, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc{} || stop != text.data() + text.size() || number < 0 || number > most) return std::nullopt;
  return number;
}

Expected<Block> parse_six(std::string_view target, Use use, const TargetOptions& options) {
  const std::string_view before_scope = target.substr(0, target.find('%'));
  const std::size_t slash = target.find('/');
  if (before_scope.find('-') != target.npos || (slash != target.npos && use == Use::ask)) {
    return refuse(target, "IPv6 ranges are too large to scan; give single IPv6 addresses or an IPv4 range");
  }
  const auto address = IpAddress::parse_scoped(target.substr(0, slash));
  if (!address && address.error().text.find("interface") != std::string::npos)
    return refuse(target, address.error().text);
  if (!address || address->is_v4()) {
    return refuse(target, "that is no IPv6 address; write it like 2001:db8::7, without port or brackets");
  }
  const auto prefix = slash == target.npos ? std::optional(128) : parse_number(target.substr(slash + 1), 128);
  if (!prefix) return refuse(target, "the part after '/' must be a prefix length from 0 to 128, such as /64");
  if (use == Use::ask) {
    if (const std::string_view why = why_not_six(*address, options); !why.empty()) return refuse(target, why);
  }
  return Block{0, 0, *address, *prefix};
}

std::optional<std::uint32_t> parse_four(std::string_view text) {
  const auto address = IpAddress::parse(text);
  if (!address || !address->is_v4()) return std::nullopt;
  return address->to_v4();
}

tl::unexpected<Error> refuse_four(std::string_view target, std::string_view part) {
  return refuse(target,
                "'" + std::string(part.substr(0, kLongestShown)) + "' is no IPv4 address; write it like 192.0.2.7");
}

Expected<Block> parse_cidr(std::string_view target, std::size_t slash, Use use) {
  const auto address = parse_four(target.substr(0, slash));
  if (!address) return refuse_four(target, target.substr(0, slash));
  const auto prefix = parse_number(target.substr(slash + 1), 32);
  if (!prefix) return refuse(target, "the part after '/' must be a prefix length from 12 to 32, such as /24");
  if (use == Use::ask && *prefix < kWidestPrefix) {
    return refuse(target, "wider than /12 (1,048,576 addresses); give smaller networks, such as 10.1.0.0/16");
  }
  const std::uint32_t hosts = *prefix == 0 ? ~0U : (1U << (32 - *prefix)) - 1;
  const Block whole{*address & ~hosts, *address | hosts};
  // Nothing may ask a network or broadcast address, so nothing needs them; excluding a block excludes all of it.
  return use != Use::exclude && *prefix <= 30 ? Block{whole.first + 1, whole.last - 1} : whole;
}

Expected<Block> parse_range(std::string_view target, std::size_t dash) {
  const std::string_view from = target.substr(0, dash), to = target.substr(dash + 1);
  const auto first = parse_four(from);
  if (!first) return refuse_four(target, from);
  auto last = parse_four(to);
  if (!last && to.find('.') == to.npos) {
    if (const auto octet = parse_number(to, 255)) last = (*first & ~0xFFU) | static_cast<std::uint32_t>(*octet);
  }
  if (!last) return refuse_four(target, to);
  if (*last < *first) return refuse(target, "the range runs backwards; write the lower address first");
  return Block{*first, *last};
}

bool same_prefix(const IpAddress& a, const IpAddress& b, int prefix) {
  for (std::size_t i = 0; i < 16 && prefix > 0; ++i, prefix -= 8) {
    const auto mask = static_cast<std::uint8_t>(prefix >= 8 ? 0xFF : 0xFF << (8 - prefix));
    if (((a.octets()[i] ^ b.octets()[i]) & mask) != 0) return false;
  }
  return true;
}

}  // namespace

bool Block::holds(const IpAddress& address) const {
  if (address.is_v4()) return !six && address.to_v4() >= first && address.to_v4() <= last;
  return six && same_prefix(*six, address, prefix) && (six->scope() == 0 || six->scope() == address.scope());
}

Expected<Block> parse_block(std::string_view target, Use use, const TargetOptions& options) {
  if (target.empty()) return refuse(target, "empty; give an address, a range or a network such as 192.168.1.0/24");
  if (has_scheme_or_port(target)) {
    return refuse(target, "give a plain address or name, without http:// and without a port, such as 192.0.2.7");
  }
  if (target.find(':') != target.npos) return parse_six(target, use, options);
  const auto slash = target.find('/'), dash = target.find('-');
  Expected<Block> block = Block{};
  if (slash != target.npos) {
    block = parse_cidr(target, slash, use);
  } else if (dash != target.npos) {
    block = parse_range(target, dash);
  } else if (const auto address = parse_four(target)) {
    block = Block{*address, *address};
  } else {
    return refuse_four(target, target);
  }
  return block.and_then([&](const Block& parsed) { return check_four(target, parsed, use, options); });
}

bool may_be_asked(const IpAddress& address, const TargetOptions& options) {
  if (!address.is_v4()) return why_not_six(address, options).empty();
  const std::uint32_t four = address.to_v4();
  return check_four("", Block{four, four}, Use::ask, options).has_value();
}

}  // namespace platen::snmp
