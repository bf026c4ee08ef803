#include "snmp/mib/targets.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <optional>
#include <set>

#include "snmp/mib/target_blocks.h"

namespace platen::snmp {
namespace {

// Addresses spoken for: IPv4 as disjoint spans, first -> last; IPv6 as networks and single addresses.
class Taken {
 public:
  // Takes the block and returns the parts of it that were free. An IPv6 network is free or not as a whole.
  std::vector<Block> take(const Block& block) {
    if (!block.six) return take(block.first, block.last);
    if (holds(*block.six)) return {};
    if (block.prefix == 128 && (block.six->scope() != 0 || !block.six->is_link_local())) {
      sixes_.insert(*block.six);
    } else {
      networks_.push_back(block);
    }
    return {block};
  }
  [[nodiscard]] bool holds(const IpAddress& address) const {
    if (!address.is_v4()) {
      return sixes_.contains(address) || std::any_of(networks_.begin(), networks_.end(),
                                                     [&](const Block& network) { return network.holds(address); });
    }
    const auto span = spans_.upper_bound(address.to_v4());
    return span != spans_.begin() && std::prev(span)->second >= address.to_v4();
  }

 private:
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

  std::map<std::uint32_t, std::uint32_t> spans_;
  std::set<IpAddress> sixes_;
  std::vector<Block> networks_;
};

// The free blocks of one subnet, handed out address by address.
struct Subnet {
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

// What is to be asked, subnet by subnet in the order in which they were named.
class Subnets {
 public:
  void add(const Block& block) {
    if (block.six) {
      Key network{true, block.six->scope(), 0};
      for (std::size_t i = 0; i < 8; ++i) network.bits = network.bits << 8U | block.six->octets()[i];
      return place(network).push_back(block);
    }
    for (std::uint64_t first = block.first; first <= block.last; first = (first | 0xFFU) + 1) {
      const auto last = static_cast<std::uint32_t>(std::min<std::uint64_t>(first | 0xFFU, block.last));
      place({false, 0, first >> 8U}).push_back({static_cast<std::uint32_t>(first), last});
    }
  }
  std::vector<IpAddress> round_about(std::uint64_t total) && {
    std::vector<IpAddress> out;
    out.reserve(total);
    while (!subnets_.empty()) {
      std::erase_if(subnets_, [&](Subnet& subnet) {
        const auto address = subnet.next();
        if (address) out.push_back(*address);
        return !address;
      });
    }
    return out;
  }

 private:
  struct Key {
    bool six;
    std::uint32_t scope;
    std::uint64_t bits;
    auto operator<=>(const Key&) const = default;
  };
  std::vector<Block>& place(const Key& key) {
    const auto [at, fresh] = places_.try_emplace(key, subnets_.size());
    if (fresh) subnets_.emplace_back();
    return subnets_[at->second].blocks;
  }
  std::map<Key, std::size_t> places_;
  std::vector<Subnet> subnets_;
};

Expected<Taken> taken_by(std::span<const std::string> excluded, const TargetOptions& options) {
  Taken taken;
  for (const std::string& text : excluded) {
    const auto block = parse_block(text, Use::exclude, options);
    if (!block) return fail(block.error().in("excluded"));
    taken.take(*block);
  }
  return taken;
}

}  // namespace

Expected<void> check_target(std::string_view target, Use use, const TargetOptions& options) {
  return parse_block(target, use, options).map([](const Block&) {});
}

Expected<std::vector<IpAddress>> expand_targets(std::span<const std::string> targets,
                                                std::span<const std::string> excluded, const TargetOptions& options) {
  auto taken = taken_by(excluded, options);
  if (!taken) return fail(taken.error());
  Subnets subnets;
  std::uint64_t total = 0;
  for (const std::string& text : targets) {
    const auto block = parse_block(text, Use::ask, options);
    if (!block) return fail(block.error());
    const std::vector<Block> free = taken->take(*block);
    for (const Block& part : free) total += std::uint64_t{part.last} - part.first + 1;
    if (total > options.max_addresses) {
      return fail(Code::invalid, "target '" + text + "': with it there are more than " +
                                     std::to_string(options.max_addresses) +
                                     " addresses to ask; give fewer or smaller networks");
    }
    for (const Block& part : free) subnets.add(part);
  }
  if (total == 0 && !targets.empty()) {
    return fail(Code::invalid, "nothing is left to ask: the exclusions cover every target; exclude less");
  }
  return std::move(subnets).round_about(total);
}

struct Reach::Blocks {
  Taken allowed, excluded;
  TargetOptions options;
};

Reach::Reach() : blocks_(std::make_shared<const Blocks>()) {}

Expected<Reach> Reach::of(std::span<const std::string> targets, std::span<const std::string> within,
                          std::span<const std::string> excluded, const TargetOptions& options) {
  auto left_out = taken_by(excluded, options);
  if (!left_out) return fail(left_out.error());
  auto blocks = std::make_shared<Blocks>(Blocks{{}, std::move(*left_out), options});
  const auto add = [&](std::span<const std::string> texts, Use use) -> Expected<void> {
    for (const std::string& text : texts) {
      const auto block = parse_block(text, use, options);
      if (!block) return fail(block.error());
      blocks->allowed.take(*block);
    }
    return {};
  };
  if (auto added = add(targets, Use::ask); !added) return fail(added.error());
  if (auto added = add(within, Use::within); !added) return fail(added.error());
  Reach reach;
  reach.blocks_ = std::move(blocks);
  return reach;
}

bool Reach::holds(const IpAddress& address) const {
  return blocks_->allowed.holds(address) && !excludes(address) && may_be_asked(address, blocks_->options);
}

bool Reach::excludes(const IpAddress& address) const { return blocks_->excluded.holds(address); }

bool looks_like_address(std::string_view text) {
  if (text.find_first_of(":/") != text.npos) return true;
  return text.find_first_of("0123456789") != text.npos && text.find_first_not_of("0123456789.-") == text.npos;
}

bool is_host_name(std::string_view text) {
  return !text.empty() && text.size() <= 253 && text.front() != '-' && text.front() != '.' &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.' || c == '_';
         });
}

}  // namespace platen::snmp
