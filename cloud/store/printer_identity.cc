#include "cloud/store/printer_identity.h"

#include <algorithm>
#include <array>

namespace platen::cloud {
namespace {

constexpr std::size_t shortest_serial = 4;
constexpr std::size_t longest_in_id =
    40;  // a serial of a hundred characters is compared whole, and named by its beginning
constexpr std::array<std::string_view, 12> no_serials = {"UNKNOWN",    "NONE",         "NULL",         "NOTAVAILABLE",
                                                         "NOTSET",     "NOTSPECIFIED", "DEFAULT",      "SERIALNO",
                                                         "1234567890", "123456789",    "SERIALNUMBER", "UNDEFINED"};

// Letters and digits in upper case; nothing else takes part in comparing.
std::string normal(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')) out += c;
    if (c >= 'a' && c <= 'z') out += static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

std::string normal_mac(std::string_view mac) {
  const std::string digits = normal(mac);
  return digits.find_first_not_of('0') == std::string::npos ? std::string() : digits;
}

bool contradict(const std::string& a, const std::string& b) { return !a.empty() && !b.empty() && a != b; }

const KnownPrinter* by_serial(const IdentityKeys& keys, std::span<const KnownPrinter> candidates) {
  const auto same = std::find_if(candidates.begin(), candidates.end(), [&](const KnownPrinter& known) {
    return known.serial == keys.serial && !(contradict(known.model, keys.model) && contradict(known.mac, keys.mac));
  });
  if (same != candidates.end()) return &*same;
  const auto adopted = std::find_if(candidates.begin(), candidates.end(), [&](const KnownPrinter& known) {
    return known.serial.empty() && !keys.mac.empty() && known.mac == keys.mac && !contradict(known.model, keys.model);
  });
  return adopted != candidates.end() ? &*adopted : nullptr;
}

const KnownPrinter* by_mac(const IdentityKeys& keys, std::span<const KnownPrinter> candidates) {
  const auto same = std::find_if(candidates.begin(), candidates.end(), [&](const KnownPrinter& known) {
    return known.mac == keys.mac && !contradict(known.model, keys.model);
  });
  return same != candidates.end() ? &*same : nullptr;
}

const KnownPrinter* by_place(const IdentityKeys& keys, std::span<const KnownPrinter> candidates) {
  const auto here = std::find_if(candidates.begin(), candidates.end(), [&](const KnownPrinter& known) {
    const bool nameless = known.serial.empty() && known.mac.empty();
    const bool may_have_a_name = keys.kind == Reading::Kind::status;
    return known.place == keys.place && (nameless || may_have_a_name) && !contradict(known.model, keys.model);
  });
  return here != candidates.end() ? &*here : nullptr;
}

}  // namespace

std::string normal_serial(std::string_view serial) {
  std::string out = normal(serial);
  const bool one_letter_only = out.find_first_not_of(out.empty() ? '0' : out[0]) == std::string::npos;
  if (out.size() < shortest_serial || one_letter_only) return {};
  return std::find(no_serials.begin(), no_serials.end(), out) != no_serials.end() ? std::string() : out;
}

IdentityKeys keys_of(const std::string& agent, const Reading& reading) {
  const Identity& said = reading.identity;
  return {.serial = normal_serial(said.serial.value_or("")),
          .mac = normal_mac(said.mac.value_or("")),
          .model = normal(said.model.value_or("")),
          .place = agent + '|' + reading.address,
          .kind = reading.kind,
          .complete = reading.complete};
}

Match match_printer(const IdentityKeys& keys, std::span<const KnownPrinter> candidates) {
  const bool named = !keys.serial.empty() || !keys.mac.empty();
  const KnownPrinter* found = !keys.serial.empty() ? by_serial(keys, candidates)
                              : !keys.mac.empty()  ? by_mac(keys, candidates)
                                                   : by_place(keys, candidates);
  if (found != nullptr) return {Match::Is::known, found->number};
  if (keys.kind == Reading::Kind::status) return {};
  const bool place_taken = std::any_of(candidates.begin(), candidates.end(),
                                       [&](const KnownPrinter& known) { return known.place == keys.place; });
  if (!named && !keys.complete && place_taken) return {};
  return {Match::Is::fresh, 0};
}

std::string fresh_id(const IdentityKeys& keys) {
  if (!keys.serial.empty()) return "s-" + keys.serial.substr(0, longest_in_id);
  if (!keys.mac.empty()) return "m-" + keys.mac;
  std::string id = "a-" + keys.place;
  std::replace(id.begin(), id.end(), '|', '-');
  return id;
}

}  // namespace platen::cloud
