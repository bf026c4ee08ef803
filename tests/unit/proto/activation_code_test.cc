#include "proto/activation_code.h"

#include <doctest/doctest.h>

#include <string>

using namespace platen;
using namespace platen::wire;

namespace {

const std::string random_octets("\x00\x44\x32\x14\xc7\x42\x54\xb6\x35\xcf\x84\x65\x3a", 13);
const std::string fingerprint(32, '\xA5');

std::string sample() { return wire::to_text(make_activation_code(random_octets, fingerprint)).reveal(); }

}  // namespace

TEST_CASE("a code carries 100 bits of secret and the fingerprint, and reads back as it was made") {
  const ActivationCode made = make_activation_code(random_octets, fingerprint);
  CHECK(made.secret.reveal() == "0123456789ABCDEFGHJK");  // the alphabet in order: five bits a symbol, the first first
  CHECK(made.pin == "MPJTB9D5MPJTB9D5MPJ");
  const std::string text = sample();
  CHECK(text.size() == 47);
  CHECK(text.starts_with("01234-56789-ABCDE-FGHJK-MPJTB-9D5MP-JTB9D-5MPJ"));
  CHECK(parse_activation_code(text).value() == made);
}

TEST_CASE("what people do to a code while typing it") {
  const std::string text = sample();
  std::string lower = text, letters = text, blanks = text, bare;
  for (char& c : lower) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  letters[0] = 'o', letters[1] = 'l';
  for (char& c : blanks) c = c == '-' ? ' ' : c;
  for (const char c : text) bare += c == '-' ? "" : std::string(1, c);
  for (const std::string& typed : {lower, letters, blanks, bare, " \t" + text + "\r\n"}) {
    CAPTURE(typed);
    CHECK(parse_activation_code(typed).has_value());
  }
  struct Row {
    const char* name;
    std::string typed, says;
  };
  const Row rows[] = {
      {"nothing", "", "0 of 40"},
      {"cut off", text.substr(0, 40), "34 of 40"},
      {"too much", text + "0", "too long"},
      {"a sign that no code has", "U" + text.substr(1), "no code has"},
      {"not even text", std::string("\0\xFF", 2), "no code has"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(parse_activation_code(row.typed).error().text.find(row.says) != std::string::npos);
  }
}

TEST_CASE("every single wrong symbol and every swap of neighbours is found") {
  const std::string text = sample();
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '-') continue;
    for (const char other : std::string("0123456789ABCDEFGHJKMNPQRSTVWXYZ")) {
      if (other == text[at]) continue;
      std::string wrong = text;
      wrong[at] = other;
      CHECK(parse_activation_code(wrong).error().text.find("mistyped") != std::string::npos);
    }
    const std::size_t next = text.find_first_not_of('-', at + 1);
    if (next == std::string::npos || text[next] == text[at]) continue;
    std::string wrong = text;
    std::swap(wrong[at], wrong[next]);
    CHECK_FALSE(parse_activation_code(wrong).has_value());
  }
}

TEST_CASE("what comes over the wire is the secret part, exactly") {
  CHECK(is_code_secret("0123456789ABCDEFGHJK"));
  for (const char* wrong :
       {"", "0123456789ABCDEFGHJ", "0123456789ABCDEFGHJK0", "0123456789abcdefghjk", "0123456789ABCDEFGHJU"}) {
    CAPTURE(wrong);
    CHECK_FALSE(is_code_secret(wrong));
  }
}
