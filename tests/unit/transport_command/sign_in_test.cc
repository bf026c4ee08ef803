// A sign-in that is only tried: its octets, and what the answers mean.
#include "transport/command/sign_in.h"

#include <doctest/doctest.h>

using namespace platen::channel;
using Is = SignIn::Is;

namespace {

// As a server frames it (RFC 6455 §5.2).
std::string framed(const std::string& octets, char code = '\x82') {
  return std::string{code, static_cast<char>(octets.size())} + octets;
}
std::string connack_311(char reason) { return framed({'\x20', '\x02', '\0', reason}); }
std::string connack_5(char reason) { return framed({'\x20', '\x03', '\0', reason, '\0'}); }

}  // namespace

TEST_CASE("the question, octet by octet: a clean start, a name of its own, and in MQTT 5 a method that nobody has") {
  const std::string properties = std::string("\x12\x15\0\x0F", 4) + "platen-netcheck";
  const std::string head("\0\4MQTT", 6), id("\0\2me", 4);
  const std::string v5 = head + std::string("\5\2\0\x1E", 4) + properties + id;
  const std::string v311 = head + std::string("\4\2\0\x1E", 4) + id;
  for (const auto& [level, body] : {std::pair{Level::v5, v5}, std::pair{Level::v311, v311}}) {
    const std::string packet = std::string{'\x10', static_cast<char>(body.size())} + body;
    const std::string frame =
        std::string{'\x82', static_cast<char>(0x80U | packet.size())} + std::string(4, '\0') + packet;
    CHECK(sign_in_question(level, "me", {}) == frame);
  }
  CHECK(sign_in_question(Level::v5, "me", {1, 2, 3, 4}) != sign_in_question(Level::v5, "me", {}));
  CHECK(sign_in_question(Level::v5, std::string(1'000, 'x'), {}).size() < 126);
}

TEST_CASE("what the answers mean") {
  struct Row {
    const char* name;
    Level level;
    std::string octets;
    SignIn want;
  };
  const Row rows[] = {
      {"refused for the method alone", Level::v5, connack_5('\x8C'), {Is::welcome, 0x8C}},
      {"accepted", Level::v5, connack_5('\0'), {Is::welcome, 0}},
      {"not authorised", Level::v5, connack_5('\x87'), {Is::not_authorised, 0x87}},
      {"banned", Level::v5, connack_5('\x8A'), {Is::not_authorised, 0x8A}},
      {"another version, in its words", Level::v5, connack_5('\x84'), {Is::other_version, 0x84}},
      {"another version, in older words", Level::v5, connack_311('\1'), {Is::other_version, 1}},
      {"busy", Level::v5, connack_5('\x89'), {Is::refused, 0x89}},
      {"accepted, 3.1.1", Level::v311, connack_311('\0'), {Is::welcome, 0}},
      {"not authorised, 3.1.1", Level::v311, connack_311('\5'), {Is::not_authorised, 5}},
      {"0x8C means nothing in 3.1.1", Level::v311, connack_311('\x8C'), {Is::refused, 0x8C}},
      {"in two frames",
       Level::v311,
       framed({'\x20', '\x02'}, '\x02') + framed({'\0', '\5'}, '\x80'),
       {Is::not_authorised, 5}},
      {"nothing", Level::v5, "", {Is::hung_up}},
      {"only a farewell", Level::v5, framed("\x03\xE8", '\x88'), {Is::hung_up}},
      {"a DISCONNECT", Level::v5, framed({'\xE0', '\0'}), {Is::refused}},
      {"a PUBLISH", Level::v5, framed({'\x30', '\x02', '\0', '\0'}), {Is::nonsense}},
      {"no frame at all", Level::v5, "HTTP/1.1 200 OK", {Is::nonsense}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(sign_in_answer(row.level, row.octets) == row.want);
  }
}

TEST_CASE("it is not waited for longer than needed, nor read too early") {
  const std::string whole = connack_311('\0');
  for (std::size_t size = 0; size < whole.size(); ++size) CHECK_FALSE(sign_in_is_answered(whole.substr(0, size)));
  CHECK(sign_in_is_answered(whole));
  CHECK(sign_in_is_answered(framed("\x03\xE8", '\x88')));
  CHECK(sign_in_is_answered("HTTP/1.1 200 OK"));
}
