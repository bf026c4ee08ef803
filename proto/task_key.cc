#include "proto/task_key.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>

#include <array>

#include "base/handle.h"

namespace platen::wire {
namespace {

constexpr std::string_view context = "platen.task.v1";

using Key = Handle<EVP_PKEY, EVP_PKEY_free>;
using Digest = Handle<EVP_MD_CTX, EVP_MD_CTX_free>;
using Memory = Handle<BIO, BIO_free>;

// OpenSSL's error queue is left empty for the next caller.
tl::unexpected<Error> refused(Code code, std::string text) {
  ERR_clear_error();
  return fail(code, std::move(text));
}

int no_pass_phrase(char*, int, int, void*) { return -1; }

const unsigned char* octets_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* octets_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

std::string named(std::string_view task) { return std::string(context).append(1, '\0').append(task); }

Key parse(const Secret& pem) {
  const Memory memory(BIO_new_mem_buf(pem.reveal().data(), static_cast<int>(pem.reveal().size())));
  return Key(PEM_read_bio_PrivateKey(memory.get(), nullptr, no_pass_phrase, nullptr));
}

// Without halves that are not of Ed25519.
TaskKey taken_from(const EVP_PKEY* key, Secret pem) {
  std::string half(task_key_octets, '\0'), seed = half;
  std::size_t half_size = half.size(), seed_size = seed.size();
  const bool got = EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519 &&
                   EVP_PKEY_get_raw_public_key(key, octets_of(half), &half_size) == 1 &&
                   EVP_PKEY_get_raw_private_key(key, octets_of(seed), &seed_size) == 1;
  if (!got || half_size != half.size() || seed_size != seed.size()) return {};
  return {.pem = std::move(pem), .seed = Secret(std::move(seed)), .public_key = std::move(half)};
}

}  // namespace

Expected<TaskKey> make_task_key() {
  const Key key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  const Memory memory(BIO_new(BIO_s_secmem()));
  if (key == nullptr || memory == nullptr ||
      PEM_write_bio_PKCS8PrivateKey(memory.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1)
    return refused(Code::unavailable, "OpenSSL made no key for tasks");
  char* text = nullptr;
  const auto size = static_cast<std::size_t>(BIO_get_mem_data(memory.get(), &text));
  return taken_from(key.get(), Secret(std::string(text, size)));
}

Expected<TaskKey> read_task_key(const Secret& pem) {
  const Key key = parse(pem);
  TaskKey out = key == nullptr ? TaskKey{} : taken_from(key.get(), pem);
  if (out.public_key.empty()) return refused(Code::invalid, "no Ed25519 key in PEM");
  return out;
}

Expected<std::string> sign_task(const TaskKey& key, std::string_view task) {
  const std::string& seed = key.seed.reveal();
  const Key usable(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, octets_of(seed), seed.size()));
  const Digest digest(EVP_MD_CTX_new());
  const std::string said = named(task);
  std::string signature(task_signature_octets, '\0');
  std::size_t size = signature.size();
  if (usable == nullptr || EVP_DigestSignInit(digest.get(), nullptr, nullptr, nullptr, usable.get()) != 1 ||
      EVP_DigestSign(digest.get(), octets_of(signature), &size, octets_of(said), said.size()) != 1 ||
      size != signature.size())
    return refused(Code::invalid, "the key for tasks cannot sign");
  return signature;
}

bool signed_by(std::string_view public_key, std::string_view task, std::string_view signature) {
  if (public_key.size() != task_key_octets || signature.size() != task_signature_octets) return false;
  const Key key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, octets_of(public_key), public_key.size()));
  const Digest digest(EVP_MD_CTX_new());
  const std::string said = named(task);
  const bool good =
      key != nullptr && EVP_DigestVerifyInit(digest.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
      EVP_DigestVerify(digest.get(), octets_of(signature), signature.size(), octets_of(said), said.size()) == 1;
  ERR_clear_error();
  return good;
}

std::string task_key_id(std::string_view public_key) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(octets_of(public_key), public_key.size(), digest.data());
  return {reinterpret_cast<const char*>(digest.data()), task_key_id_octets};
}

}  // namespace platen::wire
