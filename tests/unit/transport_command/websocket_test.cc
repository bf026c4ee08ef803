// The frames of a WebSocket and the MQTT packets in them, however they are cut, and what is none.
#include "transport/command/websocket.h"

#include <doctest/doctest.h>

using namespace platen;
using namespace platen::channel;

namespace {

constexpr std::size_t longest = 1'000;
Frames frames() {
  return Frames(longest, [] { return Mask{1, 2, 3, 4}; });
}

std::string server_frame(int first, std::string_view content) {
  std::string out(1, static_cast<char>(first));
  if (content.size() < 126)
    out += static_cast<char>(content.size());
  else
    out += {126, static_cast<char>(content.size() >> 8U), static_cast<char>(content.size() & 0xFFU)};
  return out.append(content);
}

const std::string pingresp("\xD0\x00", 2);

std::string publish(std::size_t size) {  // a packet of that many octets behind its head
  std::string out = "\x30";
  for (std::size_t left = size; true; left >>= 7U) {
    out += static_cast<char>((left & 0x7FU) | (left > 0x7F ? 0x80U : 0U));
    if (left <= 0x7F) break;
  }
  return out + std::string(size, 'x');
}

}  // namespace

TEST_CASE("the question and its answer (RFC 6455 §1.2)") {
  const std::string key = "dGhlIHNhbXBsZSBub25jZQ==";
  const std::string request = upgrade_request("broker.example:443", "/mqtt", key);
  CHECK(request.starts_with("GET /mqtt HTTP/1.1\r\nHost: broker.example:443\r\n"));
  CHECK(request.ends_with("\r\n\r\n"));
  egress::HttpHead good{101,
                        {{"upgrade", "WebSocket"},
                         {"sec-websocket-accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="},
                         {"sec-websocket-protocol", "mqtt"}}};
  CHECK(check_upgrade(good, key));
  for (const char* field : {"upgrade", "sec-websocket-accept", "sec-websocket-protocol"}) {
    egress::HttpHead bad = good;
    bad.fields[field] = "something";
    CHECK_MESSAGE(!check_upgrade(bad, key), field);
    bad.fields.erase(field);
    CHECK_MESSAGE(!check_upgrade(bad, key), field);
  }
  good.status = 200;
  CHECK(!check_upgrade(good, key));
}

TEST_CASE("what goes out is masked, in one frame of the right length") {
  Frames one = frames();
  const std::string out = one.wrap("abcde");
  CHECK(out == std::string("\x82\x85\x01\x02\x03\x04"
                           "\x60\x60\x60\x60\x64",
                           11));
  CHECK(one.wrap(std::string(126, 'a')).substr(0, 4) == std::string("\x82\xFE\x00\x7E", 4));
  CHECK(one.wrap(std::string(65'536, 'a')).substr(0, 10) ==
        std::string("\x82\xFF\x00\x00\x00\x00\x00\x01\x00\x00", 10));
}

TEST_CASE("what comes in means the same wherever it is cut") {
  const std::string packet = publish(300);
  const std::string octets = server_frame(0x02, packet.substr(0, 1)) + server_frame(0x89, "hello") +
                             server_frame(0x00, "") + server_frame(0x80, packet.substr(1)) + server_frame(0x8A, "") +
                             server_frame(0x82, pingresp + pingresp);
  for (std::size_t step :
       {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{7}, std::size_t{127}, octets.size()}) {
    CAPTURE(step);
    Frames one = frames();
    std::string content, answer;
    for (std::size_t at = 0; at < octets.size(); at += step) {
      const auto part = one.unwrap(std::string_view(octets).substr(at, step), answer);
      REQUIRE(part);
      content += *part;
    }
    CHECK(content == packet + pingresp + pingresp);
    CHECK(answer == std::string("\x8A\x85\x01\x02\x03\x04"
                                "\x69\x67\x6f\x68\x6e",
                                11));
  }
}

TEST_CASE("what no broker sends ends the connection") {
  struct Row {
    const char* name;
    std::string octets;
  };
  const Row rows[] = {
      {"text", server_frame(0x81, pingresp)},
      {"reserved bit", server_frame(0xC2, pingresp)},
      {"unknown data frame", server_frame(0x83, pingresp)},
      {"unknown control frame", server_frame(0x8B, "")},
      {"continuation of nothing", server_frame(0x80, pingresp)},
      {"a second message within the first", server_frame(0x02, pingresp) + server_frame(0x82, pingresp)},
      {"masked", std::string("\x82\x82\x01\x02\x03\x04\xD1\x02", 8)},
      {"ping in pieces", server_frame(0x09, "a")},
      {"long ping", server_frame(0x89, std::string(126, 'a'))},
      {"packet without end of its length", server_frame(0x82, "\x30\xFF\xFF\xFF\xFF\x7F")},
      {"packet too long", server_frame(0x82, publish(longest + 1))},
      {"packet too long, by its head alone", server_frame(0x82, "\x30\xFF\xFF\xFF\x7F")},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    std::string answer;
    CHECK(!frames().unwrap(row.octets, answer));
    Frames slow = frames();
    bool ended = false;
    for (const char each : row.octets) ended = ended || !slow.unwrap(std::string_view(&each, 1), answer);
    CHECK(ended);
  }
  std::string answer;
  CHECK(frames().unwrap(server_frame(0x82, publish(longest)), answer));
}

TEST_CASE("what came before a close counts; the close is answered, and then nothing goes either way") {
  Frames one = frames();
  std::string answer;
  const auto content = one.unwrap(
      server_frame(0x82, pingresp) + server_frame(0x88, "\x03\xE8why") + server_frame(0x82, pingresp), answer);
  REQUIRE(content);
  CHECK(*content == pingresp);
  CHECK(answer == std::string("\x88\x82\x01\x02\x03\x04\x02\xEA", 8));
  CHECK(one.wrap("abc").empty());
  CHECK(one.unwrap("anything", answer) == std::string());
}
