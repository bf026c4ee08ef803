// The key that signs tasks, and the proof by it.
//
//   Source   Ed25519 (RFC 8032) over "platen.task.v1" ‖ 0x00 ‖ octets. proto/platen/v1/tasks.proto: SignedTask.
//   Shapes   public keys 32 octets, signatures 64, key ids 8 (the first of SHA-256 of the public key).
//   Errors   Code::invalid: a key that cannot be used; Code::unavailable: OpenSSL made none.
//   Effects  make_task_key() takes random bits of the host; nothing else has any.
#pragma once

#include <string>
#include <string_view>

#include "base/expected.h"
#include "base/secret.h"

namespace platen::wire {

inline constexpr std::size_t task_key_octets = 32, task_signature_octets = 64, task_key_id_octets = 8;

struct TaskKey {
  Secret pem;              // PKCS #8
  Secret seed;             // 32 octets; the same key, which OpenSSL would look for in the PEM at every signature
  std::string public_key;  // 32 octets
};
[[nodiscard]] Expected<TaskKey> make_task_key();
[[nodiscard]] Expected<TaskKey> read_task_key(const Secret& pem);

[[nodiscard]] Expected<std::string> sign_task(const TaskKey& key, std::string_view task);
// False also for a key or a signature of another length.
[[nodiscard]] bool signed_by(std::string_view public_key, std::string_view task, std::string_view signature);
[[nodiscard]] std::string task_key_id(std::string_view public_key);

}  // namespace platen::wire
