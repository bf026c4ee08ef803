#include "transport/command/sign_in.h"

#include <span>

namespace platen::channel {
namespace {

constexpr std::size_t longest = 4'096;
constexpr std::uint8_t connect = 0x10, connack = 0x20, disconnect = 0xE0, clean = 0x02, authentication_method = 0x15;
constexpr std::string_view nobodys_method = "platen-netcheck";
constexpr char keep_alive = 30;  // seconds

void put_text(std::string& out, std::string_view text) {
  out += static_cast<char>(text.size() >> 8U);
  out += static_cast<char>(text.size() & 0xFFU);
  out += text;
}

// What MQTT carries of it, as far as it has come; `whole`: there is no need to wait for more.
std::string content_of(std::string_view octets, bool& whole) {
  constexpr char close_frame = '\x88';
  Frames frames(longest, [] { return Mask{}; });
  std::string owed;
  const auto content = frames.unwrap(octets, owed);
  whole = !content || content->size() >= 4 || (octets.size() >= 2 && octets.front() == close_frame);
  return content.value_or("?");
}

struct Row {
  int reason;
  SignIn::Is is;
};
constexpr Row of_5[] = {
    {0x00, SignIn::Is::welcome},        {0x8C, SignIn::Is::welcome},        // for our method
    {0x84, SignIn::Is::other_version},  {0x01, SignIn::Is::other_version},  // an older broker's word for it
    {0x86, SignIn::Is::not_authorised}, {0x87, SignIn::Is::not_authorised}, {0x8A, SignIn::Is::not_authorised}};
constexpr Row of_311[] = {{0, SignIn::Is::welcome},
                          {1, SignIn::Is::other_version},
                          {0x84, SignIn::Is::other_version},
                          {4, SignIn::Is::not_authorised},
                          {5, SignIn::Is::not_authorised}};

}  // namespace

std::string sign_in_question(Level level, std::string_view client_id, const Mask& mask) {
  std::string body;
  put_text(body, "MQTT");
  body += static_cast<char>(level);
  body += static_cast<char>(clean);
  body += '\0';
  body += keep_alive;
  if (level == Level::v5) {
    std::string properties(1, static_cast<char>(authentication_method));
    put_text(properties, nobodys_method);
    body += static_cast<char>(properties.size());
    body += properties;
  }
  put_text(body, client_id.substr(0, 64));  // so that all lengths have one octet
  std::string packet{static_cast<char>(connect), static_cast<char>(body.size())};
  return Frames(longest, [&] { return mask; }).wrap(packet + body);
}

bool sign_in_is_answered(std::string_view octets) {
  bool whole = false;
  (void)content_of(octets, whole);
  return whole;
}

SignIn sign_in_answer(Level level, std::string_view octets) {
  bool whole = false;
  const std::string content = content_of(octets, whole);
  if (content.empty()) return {SignIn::Is::hung_up};
  const auto at = [&](std::size_t index) { return static_cast<std::uint8_t>(content[index]); };
  if (content.size() < 4 || at(0) != connack) return {at(0) == disconnect ? SignIn::Is::refused : SignIn::Is::nonsense};
  const int reason = at(3);
  const std::span<const Row> rows = level == Level::v5 ? std::span<const Row>(of_5) : std::span<const Row>(of_311);
  for (const Row& row : rows)
    if (row.reason == reason) return {row.is, reason};
  return {SignIn::Is::refused, reason};
}

}  // namespace platen::channel
