#include "agent/privacy/policy.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <algorithm>
#include <cstdlib>

#include "base/text.h"

namespace platen::privacy {
namespace {

constexpr std::string_view prefix = "p-";
constexpr std::size_t kept_octets = 8;

const Field* field_named(std::string_view name) {
  const auto all = fields();
  const auto at = std::find_if(all.begin(), all.end(), [&](const Field& field) { return field.name == name; });
  return at == all.end() ? nullptr : &*at;
}

}  // namespace

Policies fallbacks() {
  Policies out{};
  for (std::size_t i = 0; i < choices.size(); ++i) out[i] = policy_of(choices[i].fallback).value_or(Policy::drop);
  return out;
}

Expected<Secret> new_site_key() {
  std::array<unsigned char, 32> octets{};
  if (RAND_bytes(octets.data(), static_cast<int>(octets.size())) != 1)
    return fail(Code::unavailable, "this host gives no random numbers");
  return Secret(to_hex({reinterpret_cast<const char*>(octets.data()), octets.size()}));
}

std::string pseudonym(const Secret& site_key, std::string_view field, std::string_view text) {
  std::string words(field);
  words.append(1, '\0').append(text);
  std::array<unsigned char, EVP_MAX_MD_SIZE> code{};
  unsigned size = 0;
  const std::string& key = site_key.reveal();
  const auto* octets = reinterpret_cast<const unsigned char*>(words.data());
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), octets, words.size(), code.data(), &size) == nullptr)
    std::abort();
  return std::string(prefix) + to_hex({reinterpret_cast<const char*>(code.data()), kept_octets});
}

bool is_pseudonym(std::string_view text) {
  return text.size() == prefix.size() + 2 * kept_octets && text.starts_with(prefix) &&
         text.find_first_not_of("0123456789abcdef", prefix.size()) == std::string_view::npos;
}

void apply(const Policies& policies, const Secret& site_key, Reading& reading, Counts& counts) {
  for (std::size_t i = 0; i < choices.size(); ++i) {
    const Field* field = policies[i] == Policy::send ? nullptr : field_named(choices[i].field);
    if (field == nullptr) continue;
    if (policies[i] == Policy::drop) {
      if (const std::size_t count = field->count(reading); count > 0)
        counts[std::string(field->name)].held_back += count;
      field->change(reading, [](const std::string&) { return std::nullopt; });
      continue;
    }
    field->change(reading, [&](const std::string& text) -> std::optional<std::string> {
      return text.empty() ? text : pseudonym(site_key, field->name, text);
    });
  }
}

void count_leaving(const Reading& reading, Counts& counts) {
  Reading copy = reading;  // a change is the way to look at each text
  for (const Field& field : fields()) {
    const std::size_t count = field.count(reading);
    if (count == 0) continue;
    std::size_t pseudonymised = 0;
    if (field.change != nullptr) {
      field.change(copy, [&](const std::string& text) -> std::optional<std::string> {
        if (is_pseudonym(text)) ++pseudonymised;
        return text;
      });
    }
    Count& here = counts[std::string(field.name)];
    here.pseudonymised += pseudonymised;
    here.sent += count - pseudonymised;
  }
}

}  // namespace platen::privacy
