#include "snmp/sources/own_networks.h"

#include <algorithm>

namespace platen::snmp {
namespace {

constexpr int widest_swept = 12;

IpAddress first_of(const IpAddress& address, int prefix) {
  std::array<std::uint8_t, 16> octets = address.octets();
  for (std::size_t i = 0; i < octets.size(); ++i, prefix -= 8) {
    const unsigned kept = static_cast<unsigned>(std::clamp(prefix, 0, 8));
    octets[i] = static_cast<std::uint8_t>(octets[i] & 0xFF00U >> kept);
  }
  if (!address.is_v4()) return IpAddress::v6(octets);
  return IpAddress::v4(std::uint32_t{octets[0]} << 24U | std::uint32_t{octets[1]} << 16U |
                       std::uint32_t{octets[2]} << 8U | octets[3]);
}

}  // namespace

std::string target_text(const OwnNetwork& network) {
  return first_of(network.address, network.prefix).text() + "/" + std::to_string(network.prefix);
}

std::vector<std::string> proposal(std::span<const OwnNetwork> networks) {
  std::vector<std::string> out;
  for (const OwnNetwork& network : networks) {
    const bool self_assigned = network.address.is_v4() && network.address.to_v4() >> 16U == 0xA9FE;  // RFC 3927
    if (!network.address.is_v4() || network.address.is_loopback() || self_assigned || network.prefix > 30) continue;
    OwnNetwork swept = network;
    if (swept.prefix < widest_swept) swept.prefix = 24;
    const std::string text = target_text(swept);
    if (std::find(out.begin(), out.end(), text) == out.end()) out.push_back(text);
  }
  return out;
}

}  // namespace platen::snmp
