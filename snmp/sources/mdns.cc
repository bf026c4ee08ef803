#include "snmp/sources/mdns.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>

namespace platen::snmp {
namespace {

constexpr std::size_t most_records = 256, most_addresses = 8, longest_name = 255, longest_label = 63;
constexpr std::uint16_t internet = 1;
enum RecordType : std::uint16_t { a = 1, ptr = 12, aaaa = 28, srv = 33 };

// Names are kept as they are on the wire, in lower case and without compression: no label can fake a dot.
using namespace std::string_view_literals;
constexpr std::array services = {"\x04_ipp\x04_tcp\x05local\0"sv, "\x05_ipps\x04_tcp\x05local\0"sv,
                                 "\x0f_pdl-datastream\x04_tcp\x05local\0"sv, "\x08_printer\x04_tcp\x05local\0"sv};

void put16(std::vector<std::uint8_t>& out, std::uint16_t number) {
  out.push_back(static_cast<std::uint8_t>(number >> 8U));
  out.push_back(static_cast<std::uint8_t>(number & 0xFFU));
}

bool is_service(std::string_view name) { return std::find(services.begin(), services.end(), name) != services.end(); }
// "Floor 2._ipp._tcp.local": one label before the service.
bool is_instance(std::string_view name) {
  if (name.empty()) return false;  // could not be read
  const auto label = static_cast<std::uint8_t>(name.front());
  return label != 0 && is_service(name.substr(label + 1U));
}

// A message read from front to back. After the first fault everything is empty.
class Reader {
 public:
  explicit Reader(std::span<const std::uint8_t> message) : message_(message) {}

  [[nodiscard]] bool good() const { return good_; }
  [[nodiscard]] std::size_t at() const { return at_; }
  std::uint16_t number16() {
    const auto octets = take(2);
    return octets.empty() ? std::uint16_t{0} : static_cast<std::uint16_t>(octets[0] << 8U | octets[1]);
  }
  std::span<const std::uint8_t> take(std::size_t count) {
    if (!good_ || message_.size() - at_ < count) return good_ = false, std::span<const std::uint8_t>();
    at_ += count;
    return message_.subspan(at_ - count, count);
  }
  // RFC 1035 §4.1.4. A pointer leads before all that was read of this name, so it cannot loop.
  std::string name() {
    std::string out;
    std::size_t from = at_, before = at_;
    bool jumped = false;
    while (good_) {
      if (from >= message_.size()) return fault();
      const std::uint8_t length = message_[from];
      if ((length & 0xC0U) == 0xC0U) {
        if (from + 1 >= message_.size()) return fault();
        const std::size_t to = static_cast<std::size_t>(length & 0x3FU) << 8U | message_[from + 1];
        if (to >= before) return fault();
        if (!jumped) at_ = from + 2;
        jumped = true;
        from = before = to;
        continue;
      }
      if (length > longest_label || message_.size() - from <= length || out.size() + length + 1 > longest_name) {
        return fault();
      }
      for (std::size_t i = 0; i <= length; ++i) out += lower(message_[from + i], i == 0);
      from += length + 1U;
      if (length == 0) break;
    }
    if (!jumped) at_ = from;
    return out;
  }

 private:
  static char lower(std::uint8_t octet, bool is_length) {
    return static_cast<char>(!is_length && octet >= 'A' && octet <= 'Z' ? octet + ('a' - 'A') : octet);
  }
  std::string fault() { return good_ = false, std::string(); }

  std::span<const std::uint8_t> message_;
  std::size_t at_ = 0;
  bool good_ = true;
};

struct Host {
  std::string name;
  IpAddress address;
};

// What the records say, gathered.
struct Said {
  bool of_printers = false;
  std::set<std::string> targets;  // of SRV records: hosts that offer a service
  std::vector<Host> hosts;
};

IpAddress four_of(std::span<const std::uint8_t> octets) {
  std::uint32_t number = 0;
  for (const std::uint8_t octet : octets) number = number << 8U | octet;
  return IpAddress::v4(number);
}
IpAddress six_of(std::span<const std::uint8_t> octets) {
  std::array<std::uint8_t, 16> all{};
  std::copy(octets.begin(), octets.end(), all.begin());
  return IpAddress::v6(all);
}

// False: the record breaks off or its length is not what its data is.
bool read_record(Reader& reader, Said& said) {
  const std::string owner = reader.name();
  const std::uint16_t type = reader.number16();
  const auto about = static_cast<std::uint16_t>(reader.number16() & 0x7FFFU);  // RFC 6762 §10.2: the top bit is a flag
  const auto life = reader.take(4);
  const std::uint16_t length = reader.number16();
  if (!reader.good()) return false;
  const bool gone = std::all_of(life.begin(), life.end(), [](std::uint8_t octet) { return octet == 0; });  // §10.1
  const std::size_t end = reader.at() + length;
  const bool wanted = about == internet && !gone;
  if (wanted && type == ptr && is_service(owner)) {
    said.of_printers |= is_instance(reader.name());
  } else if (wanted && type == srv && is_instance(owner)) {
    reader.take(6);  // priority, weight, port
    said.of_printers = true;
    said.targets.insert(reader.name());
  } else if (wanted && type == a && length == 4) {
    if (const auto octets = reader.take(4); !octets.empty()) said.hosts.push_back({owner, four_of(octets)});
  } else if (wanted && type == aaaa && length == 16) {
    if (const auto octets = reader.take(16); !octets.empty()) said.hosts.push_back({owner, six_of(octets)});
  } else {
    reader.take(length);
  }
  return reader.good() && reader.at() == end;
}

}  // namespace

std::vector<std::uint8_t> mdns_question(std::uint16_t id) {
  std::vector<std::uint8_t> out;
  for (const std::uint16_t number : {id, std::uint16_t{0}, static_cast<std::uint16_t>(services.size()),
                                     std::uint16_t{0}, std::uint16_t{0}, std::uint16_t{0}}) {
    put16(out, number);
  }
  for (const std::string_view service : services) {
    out.insert(out.end(), service.begin(), service.end());
    put16(out, ptr);
    put16(out, internet);
  }
  return out;
}

std::optional<std::vector<IpAddress>> mdns_answer(std::span<const std::uint8_t> octets, std::uint16_t id) {
  Reader reader(octets);
  const std::uint16_t said_id = reader.number16(), flags = reader.number16();
  const bool response = (flags & 0x8000U) != 0, plain = (flags & 0x780FU) == 0;  // QR; OPCODE and RCODE
  if (!reader.good() || !response || !plain || (said_id != id && said_id != 0)) return std::nullopt;
  const std::size_t questions = reader.number16();
  std::size_t records = 0;
  for (int section = 0; section < 3; ++section) records += reader.number16();
  if (questions + records > most_records) return std::nullopt;
  for (std::size_t i = 0; i < questions && reader.good(); ++i) {
    reader.name();
    reader.take(4);
  }
  Said said;
  for (std::size_t i = 0; i < records; ++i) {
    if (!read_record(reader, said)) return std::nullopt;
  }
  if (!reader.good() || !said.of_printers) return std::nullopt;
  std::vector<IpAddress> out;
  for (const Host& host : said.hosts) {
    const bool known = std::find(out.begin(), out.end(), host.address) != out.end();
    if (said.targets.contains(host.name) && !known && out.size() < most_addresses) out.push_back(host.address);
  }
  return out;
}

}  // namespace platen::snmp
