#include "snmp/engine/request_ids.h"

#include <bit>
#include <random>

namespace platen::snmp {
namespace {

struct SipState {
  std::uint64_t v0, v1, v2, v3;

  void round() {
    v0 += v1, v1 = std::rotl(v1, 13) ^ v0, v0 = std::rotl(v0, 32);
    v2 += v3, v3 = std::rotl(v3, 16) ^ v2;
    v0 += v3, v3 = std::rotl(v3, 21) ^ v0;
    v2 += v1, v1 = std::rotl(v1, 17) ^ v2, v2 = std::rotl(v2, 32);
  }
  void absorb(std::uint64_t word) {
    v3 ^= word;
    round();
    round();
    v0 ^= word;
  }
};

std::uint32_t as_id(std::uint64_t hash) { return 0x40000000U | (static_cast<std::uint32_t>(hash) & 0x3FFFFFFFU); }

std::uint64_t draw() {
  std::random_device device;
  return static_cast<std::uint64_t>(device()) << 32U | device();
}

}  // namespace

std::uint64_t siphash(const std::array<std::uint64_t, 2>& key, std::span<const std::uint64_t> words) {
  SipState state{key[0] ^ 0x736f6d6570736575U, key[1] ^ 0x646f72616e646f6dU, key[0] ^ 0x6c7967656e657261U,
                 key[1] ^ 0x7465646279746573U};
  for (const std::uint64_t word : words) state.absorb(word);
  state.absorb(static_cast<std::uint64_t>(words.size() * sizeof(std::uint64_t)) << 56U);
  state.v2 ^= 0xFF;
  for (int i = 0; i < 4; ++i) state.round();
  return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
}

RequestIds::RequestIds() : key_{draw(), draw()} {}

std::uint32_t RequestIds::next() {
  const std::array<std::uint64_t, 1> words{count_++};
  return as_id(siphash(key_, words));
}

std::uint32_t RequestIds::of(const Peer& peer) const {
  std::array<std::uint64_t, 3> words{0, 0,
                                     static_cast<std::uint64_t>(peer.port) << 1U | (peer.address.is_v4() ? 1U : 0U)};
  const auto& octets = peer.address.octets();
  for (std::size_t i = 0; i < octets.size(); ++i) words[i / 8] = words[i / 8] << 8U | octets[i];
  return as_id(siphash(key_, words));
}

}  // namespace platen::snmp
