#include "tests/zoo/usm_crypto.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <memory>

namespace platen::zoo {
namespace {

using snmp::Auth;
using snmp::Priv;

struct Algorithm {
  const EVP_MD* (*md)();
  std::size_t digest;  // octets of the truncated MAC
};
Algorithm algorithm_of(Auth auth) {
  switch (auth) {
    case Auth::md5: return {EVP_md5, 12};
    case Auth::sha1: return {EVP_sha1, 12};
    case Auth::sha224: return {EVP_sha224, 16};
    case Auth::sha256: return {EVP_sha256, 24};
    case Auth::sha384: return {EVP_sha384, 32};
    case Auth::sha512: return {EVP_sha512, 48};
    case Auth::none: break;
  }
  return {EVP_md5, 0};
}

struct Cipher {
  const EVP_CIPHER* (*cipher)();
  std::size_t key;  // octets taken from the privacy key
};
// Three equal keys make triple DES single DES, which OpenSSL 3 offers only in its legacy provider.
Cipher cipher_of(Priv priv) {
  switch (priv) {
    case Priv::aes128: return {EVP_aes_128_cfb128, 16};
    case Priv::aes192: return {EVP_aes_192_cfb128, 24};
    case Priv::aes256: return {EVP_aes_256_cfb128, 32};
    default: return {EVP_des_ede3_cbc, 16};
  }
}

const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

std::string hash(Auth auth, std::string_view data) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned length = 0;
  EVP_Digest(data.data(), data.size(), out.data(), &length, algorithm_of(auth).md(), nullptr);
  return {reinterpret_cast<const char*>(out.data()), length};
}

void put32(std::string& out, std::uint32_t number) {
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(number >> shift & 0xFFU);
}

struct Material {
  std::string key, iv;
};
Material material(Priv priv, std::string_view key, const PrivacyIv& from) {
  Material made;
  if (priv != Priv::des) {  // RFC 3826 §3.1.2.1
    put32(made.iv, from.boots);
    put32(made.iv, from.time);
    made.iv += from.salt;
    made.key = key.substr(0, cipher_of(priv).key);
    return made;
  }
  for (int i = 0; i < 3; ++i) made.key += key.substr(0, 8);
  for (std::size_t i = 0; i < 8; ++i) made.iv += static_cast<char>(key[8 + i] ^ from.salt[i]);  // RFC 3414 §8.1.1.1
  return made;
}

std::string run(Priv priv, std::string_view key, const PrivacyIv& iv, std::string_view in, int encrypt) {
  if (key.size() < cipher_of(priv).key || iv.salt.size() != 8) return {};
  const Material made = material(priv, key, iv);
  const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context(EVP_CIPHER_CTX_new(),
                                                                                &EVP_CIPHER_CTX_free);
  std::string out(in.size() + 16, '\0');
  int done = 0, last = 0;
  auto* to = reinterpret_cast<unsigned char*>(out.data());
  if (EVP_CipherInit_ex(context.get(), cipher_of(priv).cipher(), nullptr, bytes(made.key), bytes(made.iv), encrypt) !=
      1)
    return {};
  EVP_CIPHER_CTX_set_padding(context.get(), 0);
  if (EVP_CipherUpdate(context.get(), to, &done, bytes(in), static_cast<int>(in.size())) != 1) return {};
  if (EVP_CipherFinal_ex(context.get(), to + done, &last) != 1) return {};
  out.resize(static_cast<std::size_t>(done) + static_cast<std::size_t>(last));
  return out;
}

}  // namespace

std::string key_of_pass_phrase(Auth auth, std::string_view pass) {
  constexpr std::size_t megabyte = 1U << 20U;
  if (auth == Auth::none || pass.empty()) return {};
  std::string data;
  data.reserve(megabyte + pass.size());
  while (data.size() < megabyte) data += pass;
  data.resize(megabyte);
  return hash(auth, data);
}

std::string localised(Auth auth, std::string_view ku, std::string_view engine_id) {
  if (ku.empty()) return {};
  return hash(auth, std::string(ku) + std::string(engine_id) + std::string(ku));
}

std::string privacy_key(Auth auth, Priv priv, std::string kul) {
  if (kul.empty()) return {};
  while (kul.size() < cipher_of(priv).key) kul += hash(auth, kul);
  return kul;
}

std::size_t digest_length(Auth auth) { return algorithm_of(auth).digest; }

std::string digest(Auth auth, std::string_view key, std::string_view message) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned length = 0;
  const Algorithm algorithm = algorithm_of(auth);
  HMAC(algorithm.md(), key.data(), static_cast<int>(key.size()), bytes(message), message.size(), out.data(), &length);
  return {reinterpret_cast<const char*>(out.data()), algorithm.digest};
}

bool same_octets(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string encrypted(Priv priv, std::string_view key, const PrivacyIv& iv, std::string_view plain) {
  std::string padded(plain);
  if (priv == Priv::des) padded.resize((plain.size() + 7) / 8 * 8, '\0');
  return run(priv, key, iv, padded, 1);
}

std::string decrypted(Priv priv, std::string_view key, const PrivacyIv& iv, std::string_view cipher) {
  return run(priv, key, iv, cipher, 0);
}

}  // namespace platen::zoo
