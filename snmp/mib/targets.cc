#include "snmp/mib/targets.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>

namespace platen::snmp {
namespace {

// IPv4 addresses from `first` to `last`, both meant, in host order; or one IPv6 address.
struct Block {
  std::uint32_t first = 0, last = 0;
  std::optional<IpAddress> six = std::nullopt;
};

constexpr int kWidestPrefix = 12;

enum class Use { ask, exclude };  // what may not be asked may still be excluded

tl::unexpected<Error> refuse(std::string_view target, std::string_view why) {
  return fail(Code::invalid, "target '" + std::string(target) + "': " + std::string(why));
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

Expected<Block> check(std::string_view target, const Block& block, Use use, const TargetOptions& options) {
  if (use == Use::exclude) return block;
  for (const Forbidden& forbidden : kForbidden) {
    if (forbidden.loopback && options.allow_loopback) continue;
    if (block.first <= forbidden.last && block.last >= forbidden.first) return refuse(target, forbidden.why);
  }
  return block;
}

Expected<Block> parse_six(std::string_view target, Use use, const TargetOptions& options) {
  if (target.find('/') != target.npos || target.find('-') != target.npos) {
    return refuse(target, "IPv6 ranges are too large to scan; give single IPv6 addresses or an IPv4 range");
  }
  const auto address = IpAddress::parse(target);
  if (!address) {
    return refuse(target, "that is no IPv6 address; write it like 2001:db8::7, without port, scope or brackets");
  }
  const auto& octets = address->octets();
  const auto zeros = [&](std::size_t from, std::size_t to) {
    return std::all_of(octets.begin() + from, octets.begin() + to, [](std::uint8_t octet) { return octet == 0; });
  };
  const Block block{0, 0, *address};
  if (use == Use::exclude) return block;
  if (zeros(0, 16)) return refuse(target, "'::' is no host; give the printer's own address");
  if (address->is_loopback() && !options.allow_loopback) return refuse(target, kLoopbackRefused);
  if (address->is_multicast()) {
    return refuse(target, "multicast addresses cannot be scanned; give the printers' own addresses");
  }
  if (octets[0] == 0xFE && (octets[1] & 0xC0U) == 0x80U) {
    return refuse(target,
                  "link-local IPv6 addresses depend on an interface; give the printer's IPv4 or global address");
  }
  if (zeros(0, 10) && octets[10] == 0xFF && octets[11] == 0xFF) {
    return refuse(target, "write an IPv4 address as IPv4, such as 192.0.2.7");
  }
  return block;
}

std::optional<std::uint32_t> parse_four(std::string_view text) {
  const auto address = IpAddress::parse(text);
  if (!address || !address->is_v4()) return std::nullopt;
  return address->to_v4();
}

std::optional<std::uint32_t> parse_number(std::string_view text, std::uint32_t most) {
  std::uint32_t number = 0;
  const auto [stop, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc{} || stop != text.data() + text.size() || number > most) return std::nullopt;
  return number;
}

tl::unexpected<Error> refuse_four(std::string_view target, std::string_view part) {
  return refuse(target, "'" + std::string(part) + "' is no IPv4 address; write it like 192.0.2.7");
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
  return use == Use::ask && *prefix <= 30 ? Block{whole.first + 1, whole.last - 1} : whole;
}

Expected<Block> parse_range(std::string_view target, std::size_t dash) {
  const std::string_view from = target.substr(0, dash), to = target.substr(dash + 1);
  const auto first = parse_four(from);
  if (!first) return refuse_four(target, from);
  auto last = parse_four(to);
  if (!last && to.find('.') == to.npos) {
    if (const auto octet = parse_number(to, 255)) last = (*first & ~0xFFU) | *octet;
  }
  if (!last) return refuse_four(target, to);
  if (*last < *first) return refuse(target, "the range runs backwards; write the lower address first");
  return Block{*first, *last};
}

Expected<Block> parse(std::string_view target, Use use, const TargetOptions& options) {
  if (target.empty()) return refuse(target, "empty; give an address, a range or a network such as 192.168.1.0/24");
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
  return block.and_then([&](const Block& parsed) { return check(target, parsed, use, options); });
}

// Addresses spoken for: disjoint spans, first -> last.
class Taken {
 public:
  // Takes [first, last] and returns the parts of it that were free.
  std::vector<Block> take(std::uint32_t first, std::uint32_t last) {
    std::vector<Block> free;
    std::uint64_t at = first, end = last;
    std::uint32_t merged = first;
    auto span = spans_.upper_bound(first);
    if (span != spans_.begin() && std::prev(span)->second >= first) --span;
    while (span != spans_.end() && span->first <= last) {
      if (span->first > at) free.push_back({static_cast<std::uint32_t>(at), span->first - 1});
      at = std::max<std::uint64_t>(at, span->second + std::uint64_t{1});
      merged = std::min(merged, span->first);
      end = std::max<std::uint64_t>(end, span->second);
      span = spans_.erase(span);
    }
    if (at <= last) free.push_back({static_cast<std::uint32_t>(at), last});
    spans_[merged] = static_cast<std::uint32_t>(end);
    return free;
  }
  // Takes one IPv6 address; false when it was taken.
  bool take(const IpAddress& six) {
    const auto at = std::lower_bound(sixes_.begin(), sixes_.end(), six);
    if (at != sixes_.end() && *at == six) return false;
    sixes_.insert(at, six);
    return true;
  }
  std::vector<Block> take(const Block& block) {
    if (!block.six) return take(block.first, block.last);
    return take(*block.six) ? std::vector<Block>{block} : std::vector<Block>{};
  }

 private:
  std::map<std::uint32_t, std::uint32_t> spans_;
  std::vector<IpAddress> sixes_;
};

// One target's free blocks, handed out address by address.
struct Source {
  std::vector<Block> blocks;
  std::size_t block = 0;
  std::uint32_t offset = 0;

  std::optional<IpAddress> next() {
    if (block == blocks.size()) return std::nullopt;
    const Block& here = blocks[block];
    const std::uint32_t address = here.first + offset;
    if (here.six || address == here.last) {
      ++block, offset = 0;
    } else {
      ++offset;
    }
    return here.six ? *here.six : IpAddress::v4(address);
  }
};

std::vector<IpAddress> interleave(std::vector<Source> sources, std::uint64_t total) {
  std::vector<IpAddress> out;
  out.reserve(total);
  while (!sources.empty()) {
    std::erase_if(sources, [&](Source& source) {
      const auto address = source.next();
      if (address) out.push_back(*address);
      return !address;
    });
  }
  return out;
}

}  // namespace

Expected<std::vector<IpAddress>> expand_targets(std::span<const std::string> targets,
                                                std::span<const std::string> excluded, const TargetOptions& options) {
  Taken taken;
  for (const std::string& text : excluded) {
    const auto block = parse(text, Use::exclude, options);
    if (!block) return fail(block.error().in("excluded"));
    taken.take(*block);
  }
  std::vector<Source> sources;
  std::uint64_t total = 0;
  for (const std::string& text : targets) {
    const auto block = parse(text, Use::ask, options);
    if (!block) return fail(block.error());
    Source source{taken.take(*block)};
    for (const Block& part : source.blocks) total += std::uint64_t{part.last} - part.first + 1;
    if (total > options.max_addresses) {
      return refuse(text, "with it there are more than " + std::to_string(options.max_addresses) +
                              " addresses to ask; give fewer or smaller networks");
    }
    sources.push_back(std::move(source));
  }
  if (total == 0 && !targets.empty()) {
    return fail(Code::invalid, "nothing is left to ask: the exclusions cover every target; exclude less");
  }
  return interleave(std::move(sources), total);
}

bool looks_like_address(std::string_view text) {
  if (text.find_first_of(":/") != text.npos) return true;
  return text.find_first_of("0123456789") != text.npos && text.find_first_not_of("0123456789.-") == text.npos;
}

}  // namespace platen::snmp
