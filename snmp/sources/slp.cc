#include "snmp/sources/slp.h"

#include <algorithm>
#include <string_view>

#include "snmp/sources/url_address.h"

namespace platen::snmp {
namespace {

enum Function : std::uint8_t { service_request = 1, service_reply = 2 };
constexpr std::uint8_t version = 2;
constexpr std::uint16_t multicast_flag = 0x2000;
constexpr std::size_t header_octets = 14, most_entries = 64, most_addresses = 8;
constexpr std::string_view printers = "service:printer";

void put(std::vector<std::uint8_t>& out, std::size_t number, int octets) {
  while (--octets >= 0) out.push_back(static_cast<std::uint8_t>(number >> (8 * octets) & 0xFFU));
}
void put(std::vector<std::uint8_t>& out, std::string_view text) {
  put(out, text.size(), 2);
  out.insert(out.end(), text.begin(), text.end());
}

// Front to back; after the first fault everything is empty or 0.
class Reader {
 public:
  explicit Reader(std::span<const std::uint8_t> octets) : rest_(octets) {}
  [[nodiscard]] bool good() const { return good_; }
  std::span<const std::uint8_t> take(std::size_t count) {
    if (!good_ || rest_.size() < count) return good_ = false, std::span<const std::uint8_t>();
    const auto taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
  }
  std::size_t number(std::size_t octets) {
    std::size_t value = 0;
    for (const std::uint8_t octet : take(octets)) value = value << 8U | octet;
    return value;
  }
  std::string_view text() {
    const auto octets = take(number(2));
    return {reinterpret_cast<const char*>(octets.data()), octets.size()};
  }

 private:
  std::span<const std::uint8_t> rest_;
  bool good_ = true;
};

std::string_view read_entry(Reader& reader) {
  reader.take(3);  // reserved, lifetime
  const std::string_view url = reader.text();
  for (std::size_t blocks = reader.number(1); blocks > 0 && reader.good(); --blocks) {
    reader.take(2);                               // block structure descriptor
    const std::size_t length = reader.number(2);  // of the whole block (§9.2)
    reader.take(length < 4 ? SIZE_MAX : length - 4);
  }
  return url;
}

}  // namespace

std::vector<std::uint8_t> slp_request(std::uint16_t id) {
  std::vector<std::uint8_t> body;
  put(body, "");         // who has answered already
  put(body, printers);   // service type
  put(body, "DEFAULT");  // scope
  put(body, "");         // predicate
  put(body, "");         // security parameter index
  constexpr std::string_view language = "en";
  std::vector<std::uint8_t> out = {version, service_request};
  put(out, header_octets + language.size() + body.size(), 3);
  put(out, multicast_flag, 2);
  put(out, 0, 3);  // no extension
  put(out, id, 2);
  put(out, language);
  out.insert(out.end(), body.begin(), body.end());
  return out;
}

std::optional<std::vector<IpAddress>> slp_reply(std::span<const std::uint8_t> octets, std::uint16_t id) {
  Reader reader(octets);
  const bool ours = reader.number(1) == version && reader.number(1) == service_reply &&
                    reader.number(3) == octets.size() && (reader.take(5), reader.number(2)) == id;
  if (!ours || !reader.good()) return std::nullopt;
  reader.text();  // language
  const std::size_t error = reader.number(2), entries = reader.number(2);
  if (!reader.good() || error != 0 || entries == 0 || entries > most_entries) return std::nullopt;
  bool of_printers = false;
  std::vector<IpAddress> out;
  for (std::size_t i = 0; i < entries; ++i) {
    const std::string_view url = read_entry(reader);
    if (!reader.good()) return std::nullopt;
    if (!url.starts_with(printers)) continue;
    of_printers = true;
    const auto address = address_in_url(url);
    const bool fresh = address && std::find(out.begin(), out.end(), *address) == out.end();
    if (fresh && out.size() < most_addresses) out.push_back(*address);
  }
  return of_printers ? std::optional(std::move(out)) : std::nullopt;
}

}  // namespace platen::snmp
