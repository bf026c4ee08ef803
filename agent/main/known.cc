#include "agent/main/known.h"

#include <algorithm>

#include "base/text.h"

namespace platen::agent {
namespace {

// "AABBCCDDEEFF" as a reading writes it.
std::string with_colons(const std::string& key) {
  std::string out;
  for (std::size_t i = 0; i < key.size(); ++i) {
    if (i > 0 && i % 2 == 0) out += ':';
    out += key[i];
  }
  return out;
}

bool fits(const std::string& said, const std::string& known, std::string (*key)(std::string_view)) {
  if (said.empty() || said == known) return true;
  const std::string said_key = key(said);
  return !known.empty() && !said_key.empty() && said_key == key(known);
}

std::string as_it_is(std::string_view text) { return std::string(text); }

bool fits(const tasks::PrinterRef& said, const tasks::PrinterRef& known) {
  return fits(said.serial, known.serial, serial_key) && fits(said.mac, known.mac, mac_key) &&
         fits(said.address, known.address, as_it_is);
}

}  // namespace

std::vector<Known> known_printers(const schedule::Fleet& fleet, const Site& site) {
  std::vector<Known> out;
  const auto serials = site.serials();
  fleet.each([&](const snmp::Peer& peer, const schedule::Printer& printer) {
    Reading reading;
    reading.address = peer.address.text();
    const auto remembered = serials.find(reading.address);
    const std::string serial = remembered == serials.end() ? printer.likeness.serial : remembered->second;
    if (!serial.empty()) reading.identity.serial = serial;
    if (!printer.likeness.mac.empty()) reading.identity.mac = with_colons(printer.likeness.mac);
    reading = site.as_it_leaves(std::move(reading));
    out.push_back({peer,
                   {reading.identity.serial.value_or(""), reading.identity.mac.value_or(""), reading.address},
                   printer.full_at.has_value()});
  });
  return out;
}

Expected<Known> match(const tasks::PrinterRef& printer, std::span<const Known> known) {
  const Known* found = nullptr;
  for (const Known& each : known) {
    if (!fits(printer, each.left_as)) continue;
    if (found != nullptr)
      return fail(Code::conflict,
                  "several printers fit " + to_text(printer) + "; say more about the one that is meant");
    found = &each;
  }
  if (found != nullptr) return *found;
  const bool unread = std::any_of(known.begin(), known.end(), [](const Known& each) { return !each.read; });
  return fail(unread ? Code::unavailable : Code::not_found,
              "no printer that this agent knows fits " + to_text(printer));
}

Expected<snmp::Reach> reach_of(const config::Config& config) {
  const auto addresses = [](const std::vector<std::string>& words) {
    std::vector<std::string> out;
    std::copy_if(words.begin(), words.end(), std::back_inserter(out), snmp::looks_like_address);
    return out;
  };
  return snmp::Reach::of(addresses(config.scan.targets), config.discovery.within, addresses(config.scan.exclude),
                         {.allow_loopback = config.scan.allow_loopback});
}

std::string to_text(const tasks::PrinterRef& printer) {
  std::string out;
  const std::pair<const char*, const std::string*> words[] = {
      {"serial ", &printer.serial}, {"MAC ", &printer.mac}, {"address ", &printer.address}};
  for (const auto& [name, word] : words) {
    if (!word->empty()) out += (out.empty() ? "" : ", ") + (name + for_terminal(*word));
  }
  return out;
}

}  // namespace platen::agent
