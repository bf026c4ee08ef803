#include "snmp/printer/identity.h"

#include "base/reading/same_printer.h"
#include "base/text.h"
#include "snmp/printer/brands.h"
#include "snmp/printer/columns.h"
#include "snmp/printer/device_id.h"
#include "snmp/printer/model_text.h"

namespace platen::snmp {
namespace {

using Text = std::optional<std::string>;

Text text_at(const Rows& rows, const Oid& name, const Charset* charset, std::size_t limit = kTextLimit) {
  const Value* value = rows.at(name);
  return value == nullptr || value->bytes() == nullptr ? std::nullopt
                                                       : Text(octet_text(*value->bytes(), charset, limit));
}

// Some write IEEE 1284's two octets of length before a device id; they count themselves, or do not.
std::string_view without_length(std::string_view octets) {
  constexpr std::size_t prefix = 2;
  if (octets.size() <= prefix) return octets;
  const std::size_t length = static_cast<unsigned char>(octets[0]) * 256U + static_cast<unsigned char>(octets[1]);
  return length == octets.size() || length == octets.size() - prefix ? octets.substr(prefix) : octets;
}

// The first non-empty text in a subtree.
Text first_text(const Rows& rows, const Oid& column, const Charset* charset, std::size_t limit = kTextLimit) {
  for (const VarBind& row : rows.under(column)) {
    if (row.value.bytes() == nullptr) continue;
    std::string text = octet_text(without_length(*row.value.bytes()), charset, limit);
    if (!text.empty()) return text;
  }
  return std::nullopt;
}

// HP (and those who copy it) put the symbol set before the text: 01 15 or FD E8.
std::string_view without_symbol_set(std::string_view octets) {
  return octets.starts_with("\x01\x15") || octets.starts_with("\xFD\xE8") ? octets.substr(2) : octets;
}

// What is at each of the profile's places.
std::vector<std::string> vendor_texts(const Rows& rows, const Profile* profile, Profile::Identity what,
                                      const Charset* charset, std::size_t limit = kTextLimit) {
  std::vector<std::string> texts;
  if (profile == nullptr) return texts;
  for (const Oid& oid : profile->oids_of(what)) {
    const Value* value = rows.at(oid);
    if (value == nullptr || value->bytes() == nullptr) continue;
    const std::string_view octets = without_length(*value->bytes());
    std::string text = octet_text(without_symbol_set(octets), charset, limit);
    if (!text.empty()) texts.push_back(std::move(text));
  }
  return texts;
}

Text vendor_text_of(const Rows& rows, const Profile* profile, Profile::Identity what, const Charset* charset,
                    std::size_t limit) {
  auto texts = vendor_texts(rows, profile, what, charset, limit);
  return texts.empty() ? std::nullopt : Text(std::move(texts.front()));
}

// hrDeviceDescr of the printer; without a device table, the first there is.
Text device_description(const Rows& rows, const PrinterDevice& device, const Charset* charset) {
  const Oid column = mib2({25, 3, 2, 1, 3});
  if (device.number) return text_at(rows, column + *device.number, charset);
  return first_text(rows, column, charset);
}

Text general(const Rows& rows, std::uint32_t column, const Charset* charset) {
  return first_text(rows, mib2({43, 5, 1, 1, column}), charset);
}

// Every place that tells about make and model, in one reading of them.
struct Sources {
  Text device;       // hrDeviceDescr
  Text description;  // sysDescr, unless it is a 1284 id
  DeviceId device_id;
  Text profile_model, port_name, printer_name, product_key;
  std::uint32_t enterprise = 0;          // in sysObjectID; 0: none
  std::uint32_t profile_enterprise = 0;  // of those whose objects answered
};

// "…,PID:HP LaserJet M110w" at the end of an HP sysDescr.
Text product_key(const Text& description) {
  const std::size_t at = description ? description->find("PID:") : std::string::npos;
  return at == std::string::npos ? std::nullopt
                                 : Text(description->substr(at + 4, description->find(',', at) - at - 4));
}

std::uint32_t enterprise_in(const System& system) {
  const auto oid = system.sys_object_id ? Oid::parse(*system.sys_object_id) : fail(Code::not_found, "");
  const auto tail = oid ? oid->after(Oid{1, 3, 6, 1, 4, 1}) : std::span<const std::uint32_t>{};
  return tail.empty() ? 0 : tail[0];
}

DeviceId device_id_of(const Rows& rows, const System& system, const Charset* charset, const Profile* profile) {
  const Text places[] = {vendor_text_of(rows, profile, Profile::Identity::device_id, charset, kDeviceIdLimit),
                         first_text(rows, Oid{1, 3, 6, 1, 4, 1, 2699, 1, 2, 1, 2, 1, 1, 3}, charset, kDeviceIdLimit),
                         system.sys_descr, first_text(rows, mib2({25, 3, 2, 1, 4}), charset, kDeviceIdLimit)};
  for (const Text& place : places) {
    if (auto id = place ? parse_device_id(*place) : std::nullopt) return std::move(*id);
  }
  return {};
}

Text brand_in(const Text& text) {
  const BrandMatch brand = text ? brand_at_start(trimmed(*text)) : BrandMatch{};
  return brand.name.empty() ? std::nullopt : Text(std::string(brand.name));
}

// The brand on the case: what the printer calls itself goes before who built it.
Text manufacturer_of(const Sources& from) {
  if (auto brand = brand_in(from.device)) return brand;
  const bool card = from.description && says_no_model(*from.description) &&
                    lower(*from.description).find("printing system") == std::string::npos;
  if (auto brand = card ? std::nullopt : brand_in(from.description)) return brand;
  if (auto brand = brand_in(from.device_id.manufacturer)) return brand;
  if (from.device_id.manufacturer) return from.device_id.manufacturer;
  for (const Text* text : {&from.device_id.model, &from.profile_model, &from.printer_name, &from.description}) {
    if (auto brand = brand_in(*text)) return brand;
  }
  const std::string_view named = brand_of_enterprise(from.enterprise);
  const std::string_view builder = named.empty() ? brand_of_enterprise(from.profile_enterprise) : named;
  return builder.empty() ? std::nullopt : Text(std::string(builder));
}

Text model_of(const Sources& from, std::string_view serial) {
  const auto from_text = [&](const Text& text) {
    return !text || says_no_model(*text) ? std::nullopt : model_in(*text, serial);
  };
  Text described = from_text(from.description);
  if (auto model = from_text(from.device)) {
    // Lexmark appends serial and firmware to hrDeviceDescr: the shorter text of the two is the model.
    return described && model->starts_with(*described + " ") ? described : model;
  }
  if (described) return described;
  for (const Text* text :
       {&from.profile_model, &from.device_id.model, &from.product_key, &from.port_name, &from.printer_name}) {
    if (auto model = from_text(*text)) return model;
  }
  return std::nullopt;
}

Text serial_of(const Rows& rows, const System& system, const DeviceId& id, const Charset* charset,
               const Profile* profile, std::vector<std::string>& flags) {
  std::vector<std::string> places = vendor_texts(rows, profile, Profile::Identity::serial, charset);
  if (auto text = general(rows, 17, charset)) places.insert(places.begin(), std::move(*text));
  if (id.serial) places.push_back(*id.serial);
  if (auto text = system.sys_descr ? serial_in(*system.sys_descr) : std::nullopt) places.push_back(std::move(*text));
  const auto real = std::find_if_not(places.begin(), places.end(), [](const auto& text) { return is_no_serial(text); });
  const bool placeholder = std::any_of(places.begin(), real, [](const std::string& text) { return !text.empty(); });
  if (placeholder) flags.emplace_back("serial-placeholder");
  return real == places.end() ? std::nullopt : Text(std::string(trimmed(*real)));
}

struct Interface {
  std::uint32_t index = 0;
  std::string mac;
  bool down = false;  // ifOperStatus says so
  bool holds_address = false;
};

std::vector<Interface> interfaces_in(const Rows& rows, const IpAddress& address) {
  const Oid macs = mib2({2, 2, 1, 6});
  std::optional<std::uint32_t> holder;
  if (address.is_v4()) {
    const auto& o = address.octets();
    holder = integer_of<std::uint32_t>(rows.at(mib2({4, 20, 1, 2, o[0], o[1], o[2], o[3]})));
  }
  if (!holder) holder = integer_of<std::uint32_t>(rows.at(address_interface(address).name));
  std::vector<Interface> found;
  for (const VarBind& row : rows.under(macs)) {
    const auto index = row.name.after(macs);
    const std::string* octets = row.value.bytes();
    if (index.size() != 1 || octets == nullptr || octets->size() != 6) continue;
    if (octets->find_first_not_of('\0') == std::string::npos || octets->find_first_not_of('\xFF') == std::string::npos)
      continue;
    const bool down = integer_of<std::int32_t>(rows.at(mib2({2, 2, 1, 8, index[0]}))).value_or(1) != 1;
    found.push_back({index[0], mac_text(*octets), down, holder == index[0]});
  }
  return found;
}

// The one that holds the scanned address and is not down; else the first: which one is up may change with a cable, and a
// printer would seem to be another one.
Text mac_of(const std::vector<Interface>& interfaces) {
  const auto first = [&](auto is) {
    const auto at = std::find_if(interfaces.begin(), interfaces.end(), is);
    return at == interfaces.end() ? Text() : Text(at->mac);
  };
  if (auto mac = first([](const Interface& each) { return each.holds_address && !each.down; })) return mac;
  return first([](const Interface&) { return true; });
}

}  // namespace

std::string self_description(const Rows& rows) {
  std::string text;
  const auto add = [&](std::span<const VarBind> found) {
    for (const VarBind& row : found) {
      if (const std::string* bytes = row.value.bytes()) text += octet_text(*bytes, nullptr) + '\n';
    }
  };
  add(rows.under(mib2({1, 1})));
  add(rows.under(mib2({25, 3, 2, 1, 3})));
  return lower(text);
}

PrinterDevice printer_device(const Rows& rows) {
  static const Oid types = mib2({25, 3, 2, 1, 2});
  static const Oid printer = mib2({25, 3, 1, 5});
  PrinterDevice device;
  for (const VarBind& row : rows.under(types)) {
    const auto index = row.name.after(types);
    if (index.size() != 1 || row.value.object() == nullptr || *row.value.object() != printer) continue;
    const bool speaks_printer_mib =
        rows.any_under(mib2({43, 5, 1, 1, 17, index[0]})) || rows.any_under(mib2({43, 11, 1, 1, 9, index[0]}));
    if (!device.number || speaks_printer_mib) device = {std::to_string(index[0]), index[0]};
    if (speaks_printer_mib) break;
  }
  return device;
}

System system_of(const Rows& rows, const Charset* charset) {
  System system;
  system.sys_descr = text_at(rows, mib2({1, 1, 0}), charset, kDeviceIdLimit);
  const Value* object_id = rows.at(mib2({1, 2, 0}));
  if (object_id != nullptr && object_id->object() != nullptr) system.sys_object_id = object_id->object()->text();
  system.sys_up_time = integer_of<std::uint32_t>(rows.at(mib2({1, 3, 0})));
  system.sys_contact = text_at(rows, mib2({1, 4, 0}), charset);
  system.sys_name = text_at(rows, mib2({1, 5, 0}), charset);
  system.sys_location = text_at(rows, mib2({1, 6, 0}), charset);
  return system;
}

Text vendor_text(const Rows& rows, const Profile* profile, Profile::Identity what, const Charset* charset) {
  return vendor_text_of(rows, profile, what, charset, kTextLimit);
}

Identity identity_of(const Rows& rows, const PrinterDevice& device, const System& system, const IpAddress& address,
                     const Charset* charset, const Profile* profile, std::vector<std::string>& flags) {
  Sources from;
  from.device = device_description(rows, device, charset);
  from.device_id = device_id_of(rows, system, charset, profile);
  if (system.sys_descr && !parse_device_id(*system.sys_descr)) from.description = system.sys_descr;
  from.profile_model = vendor_text(rows, profile, Profile::Identity::model, charset);
  from.port_name = first_text(rows, Oid{1, 3, 6, 1, 4, 1, 2699, 1, 2, 1, 2, 1, 1, 2}, charset);
  from.product_key = product_key(system.sys_descr);
  from.enterprise = enterprise_in(system);
  if (profile != nullptr && !profile->enterprises.empty()) from.profile_enterprise = profile->enterprises.front();
  Identity identity;
  identity.printer_name = general(rows, 16, charset);
  // An administrator may have put the host name there.
  if (identity.printer_name != system.sys_name) from.printer_name = identity.printer_name;
  identity.serial = serial_of(rows, system, from.device_id, charset, profile, flags);
  identity.manufacturer = manufacturer_of(from);
  identity.model = model_of(from, identity.serial.value_or(""));
  identity.firmware = vendor_text(rows, profile, Profile::Identity::firmware, charset);
  const auto interfaces = interfaces_in(rows, address);
  for (const Interface& each : interfaces) {
    if (std::find(identity.macs.begin(), identity.macs.end(), each.mac) == identity.macs.end())
      identity.macs.push_back(each.mac);
  }
  identity.mac = mac_of(interfaces);
  return identity;
}

}  // namespace platen::snmp
