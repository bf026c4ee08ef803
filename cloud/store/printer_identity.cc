#include "cloud/store/printer_identity.h"

#include <algorithm>
#include <vector>

namespace platen::cloud {
namespace {

constexpr std::size_t longest_in_id =
    40;  // a serial of a hundred characters is compared whole, and named by its beginning

Likeness likeness_of(const KnownPrinter& known) {
  return {.serial = known.serial, .mac = known.mac, .model = known.model};
}

std::string agent_of(const std::string& place) { return place.substr(0, place.find('|')); }

Same same(const KnownPrinter& known, const IdentityKeys& keys) {
  const Likeness before = likeness_of(known);
  const bool elsewhere = !known.place.empty() && agent_of(known.place) != agent_of(keys.place);
  return elsewhere && may_be_twins(before, keys) ? Same::no : same_printer(before, keys);
}

bool contradict(const std::string& a, const std::string& b) { return !a.empty() && !b.empty() && a != b; }

bool has_mac(const KnownPrinter& known, const IdentityKeys& keys) {
  return !known.mac.empty() && (known.mac == keys.mac || std::ranges::count(keys.macs, known.mac) > 0);
}

// Of those that may be it: the one with the MAC; the only one; the one at this place.
const KnownPrinter* by_name(const IdentityKeys& keys, std::span<const KnownPrinter> candidates) {
  std::vector<const KnownPrinter*> fit;
  for (const KnownPrinter& known : candidates) {
    const bool named = keys.serial.empty() ? has_mac(known, keys) : known.serial == keys.serial;
    if (named && same(known, keys) != Same::no) fit.push_back(&known);
  }
  const auto first = [&](auto is) {
    const auto at = std::ranges::find_if(fit, is);
    return at == fit.end() ? nullptr : *at;
  };
  if (const auto* it = first([&](const KnownPrinter* known) { return has_mac(*known, keys); })) return it;
  if (fit.size() == 1 && same(*fit[0], keys) == Same::yes) return fit[0];
  return first([&](const KnownPrinter* known) { return known->place == keys.place; });
}

// A record that had only a MAC until now, and no serial.
const KnownPrinter* to_adopt(const IdentityKeys& keys, std::span<const KnownPrinter> candidates) {
  const auto adopted = std::ranges::find_if(candidates, [&](const KnownPrinter& known) {
    return known.serial.empty() && has_mac(known, keys) && !contradict(known.model, keys.model);
  });
  return adopted != candidates.end() ? &*adopted : nullptr;
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

IdentityKeys keys_of(const std::string& agent, const Reading& reading) {
  return {platen::likeness_of(reading), agent + '|' + reading.address, reading.kind, reading.complete};
}

Match match_printer(const IdentityKeys& keys, std::span<const KnownPrinter> candidates) {
  const bool named = !keys.serial.empty() || !keys.mac.empty();
  const KnownPrinter* found = named ? by_name(keys, candidates) : by_place(keys, candidates);
  if (found == nullptr && !keys.serial.empty()) found = to_adopt(keys, candidates);
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
