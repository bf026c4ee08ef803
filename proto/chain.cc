#include "proto/chain.h"

#include <openssl/evp.h>

#include <array>

namespace platen::wire {
namespace {

std::string sha256(std::string_view text) {
  std::array<unsigned char, 32> hash{};
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), hash.data(), &size, EVP_sha256(), nullptr);
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

}  // namespace

std::string chain_start(std::string_view epoch) { return sha256(epoch); }

std::string chain_link(std::string_view before, std::uint64_t seq, std::string_view kind, std::string_view octets) {
  std::string text;
  text.reserve(before.size() + sizeof seq + kind.size() + 1 + octets.size());
  text.append(before);
  for (int shift = 56; shift >= 0; shift -= 8) text += static_cast<char>(seq >> static_cast<unsigned>(shift) & 0xFFU);
  text.append(kind).append(1, '\0').append(octets);
  return sha256(text);
}

}  // namespace platen::wire
