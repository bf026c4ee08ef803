#include "proto/activation_code.h"

#include <algorithm>
#include <cassert>

namespace platen::wire {
namespace {

constexpr std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t all_symbols = secret_symbols + pin_symbols + 1;
constexpr unsigned bits = 5, symbols = 1U << bits;

// The first `count` groups of five bits.
std::string symbols_of(std::string_view octets, std::size_t count) {
  assert(octets.size() * 8 >= count * bits);
  std::string out;
  unsigned held = 0, width = 0;
  for (const char octet : octets) {
    held = (held << 8U) | static_cast<unsigned char>(octet);
    for (width += 8; width >= bits && out.size() < count; width -= bits)
      out += alphabet[(held >> (width - bits)) % symbols];
    held &= 0xFFU;
  }
  return out;
}

// In GF(32), modulo x⁵ + x² + 1. Its 31 powers of x are all different, so no two neighbours have the same weight.
unsigned times_x(unsigned value) { return (value << 1U) ^ (value >= symbols / 2 ? 0b100101U : 0U); }

unsigned check_of(std::string_view text) {
  unsigned sum = 0;
  for (const char c : text) sum = times_x(sum) ^ static_cast<unsigned>(alphabet.find(c));
  return times_x(sum);
}

// The symbol that was meant; 0 for what is none.
char meant(char c) {
  if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  if (c == 'O') return '0';
  if (c == 'I' || c == 'L') return '1';
  return alphabet.find(c) == std::string_view::npos ? '\0' : c;
}

bool separates(char c) { return c == '-' || c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

}  // namespace

ActivationCode make_activation_code(std::string_view random, std::string_view ca_sha256) {
  return {.secret = Secret(symbols_of(random, secret_symbols)), .pin = pin_of(ca_sha256)};
}

std::string pin_of(std::string_view ca_sha256) { return symbols_of(ca_sha256, pin_symbols); }

Secret to_text(const ActivationCode& code) {
  std::string plain = code.secret.reveal() + code.pin;
  plain += alphabet[check_of(plain)];
  std::string out;
  for (std::size_t at = 0; at < plain.size(); at += code_group)
    out.append(at == 0 ? "" : "-").append(plain, at, code_group);
  return Secret(std::move(out));
}

Expected<ActivationCode> parse_activation_code(std::string_view typed) {
  std::string plain;
  for (const char c : typed) {
    if (separates(c)) continue;
    const char symbol = meant(c);
    if (symbol == '\0' || plain.size() == all_symbols) {
      return fail(Code::invalid, symbol == '\0' ? "the activation code holds a sign that no code has; only letters and "
                                                  "digits stand in it, in groups of 5"
                                                : "the activation code is too long; it has 8 groups of 5");
    }
    plain += symbol;
  }
  if (plain.size() < all_symbols)
    return fail(Code::invalid, "the activation code is not complete: " + std::to_string(plain.size()) + " of " +
                                   std::to_string(all_symbols) +
                                   " letters and digits are there; type all 8 groups of 5");
  const std::string_view body = std::string_view(plain).substr(0, all_symbols - 1);
  if (plain.back() != alphabet[check_of(body)])
    return fail(Code::invalid,
                "the activation code is mistyped somewhere (its check symbol does not fit); compare it "
                "with the one that you were given");
  return ActivationCode{.secret = Secret(plain.substr(0, secret_symbols)),
                        .pin = plain.substr(secret_symbols, pin_symbols)};
}

bool is_code_secret(std::string_view text) {
  return text.size() == secret_symbols &&
         std::all_of(text.begin(), text.end(), [](char c) { return alphabet.find(c) != std::string_view::npos; });
}

}  // namespace platen::wire
