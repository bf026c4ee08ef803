#include "proto/task_key.h"

#include <doctest/doctest.h>

namespace platen::wire {
namespace {

TEST_CASE("a task is proved by the key that signed it, and by nothing else") {
  const auto key = make_task_key(), other = make_task_key();
  REQUIRE((key && other));
  const std::string task("octets\0as they are", 18);
  const auto signature = sign_task(*key, task);
  REQUIRE(signature.has_value());
  CHECK(signed_by(key->public_key, task, *signature));
  CHECK_FALSE(signed_by(other->public_key, task, *signature));
  CHECK_FALSE(signed_by(key->public_key, task + '\0', *signature));
  CHECK_FALSE(signed_by(key->public_key, "", *signature));
  for (std::size_t i = 0; i < signature->size(); ++i) {
    std::string bent = *signature;
    bent[i] = static_cast<char>(bent[i] ^ 1);
    CHECK_FALSE(signed_by(key->public_key, task, bent));
  }
  CHECK_FALSE(signed_by(key->public_key, task, ""));
  CHECK_FALSE(signed_by(key->public_key, task, *signature + "x"));
  CHECK_FALSE(signed_by("", task, *signature));
}

TEST_CASE("RFC 8032 is what signs: the public key of its first test vector") {
  const Secret pem(
      "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
      "-----END PRIVATE KEY-----\n");
  const auto key = read_task_key(pem);
  REQUIRE(key.has_value());
  CHECK(key->public_key.substr(0, 4) == "\xd7\x5a\x98\x01");
  CHECK(task_key_id(key->public_key).size() == task_key_id_octets);
  CHECK(task_key_id(key->public_key) != task_key_id(make_task_key()->public_key));
}

TEST_CASE("a key is read back from its own text; other text is refused") {
  const auto key = make_task_key();
  REQUIRE(key.has_value());
  CHECK(read_task_key(key->pem)->public_key == key->public_key);
  CHECK_FALSE(read_task_key(Secret("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")).has_value());
  CHECK_FALSE(read_task_key(Secret()).has_value());
}

}  // namespace
}  // namespace platen::wire
