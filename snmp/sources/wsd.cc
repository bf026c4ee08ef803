#include "snmp/sources/wsd.h"

#include <algorithm>

#include "snmp/sources/url_address.h"
#include "snmp/sources/xml_scan.h"

namespace platen::snmp {
namespace {

constexpr std::size_t most_addresses = 8;
constexpr std::string_view printer = "PrintDeviceType", blanks = " \t\r\n", urn = "urn:uuid:";

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> out;
  for (std::size_t at = text.find_first_not_of(blanks); at != text.npos; at = text.find_first_not_of(blanks)) {
    text.remove_prefix(at);
    const std::size_t end = std::min(text.find_first_of(blanks), text.size());
    out.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return out;
}

class Matches {
 public:
  explicit Matches(std::string_view id) : id_(id) {}

  void take(const XmlElement& element) {
    const bool relates = element.path == "Envelope/Header/RelatesTo";
    if (relates) ours_ = element.text.starts_with(urn) && element.text.substr(urn.size()) == id_;
    if (element.path == "Envelope/Body/ProbeMatches/ProbeMatch/Types") prints_ = names_printer(element.text);
    if (element.path == "Envelope/Body/ProbeMatches/ProbeMatch/XAddrs") take_addresses(element.text);
    if (element.path == "Envelope/Body/ProbeMatches/ProbeMatch") end_of_match();
  }
  [[nodiscard]] bool good() const { return ours_ && of_printers_; }
  [[nodiscard]] std::vector<IpAddress> addresses() && { return std::move(found_); }

 private:
  static bool names_printer(std::string_view types) {
    const auto words = words_of(types);
    return std::any_of(words.begin(), words.end(),
                       [](std::string_view word) { return word.substr(word.find(':') + 1) == printer; });
  }
  void take_addresses(std::string_view urls) {
    for (const std::string_view url : words_of(urls)) {
      const auto address = address_in_url(url);
      if (address && here_.size() < most_addresses) here_.push_back(*address);
    }
  }
  void end_of_match() {
    for (const IpAddress& address : here_) {
      const bool known = std::find(found_.begin(), found_.end(), address) != found_.end();
      if (prints_ && !known && found_.size() < most_addresses) found_.push_back(address);
    }
    of_printers_ |= prints_;
    prints_ = false;
    here_.clear();
  }

  std::string_view id_;
  bool ours_ = false, prints_ = false, of_printers_ = false;
  std::vector<IpAddress> here_, found_;
};

}  // namespace

std::string wsd_probe(std::string_view id) {
  constexpr std::string_view start =
      R"(<?xml version="1.0" encoding="utf-8"?>)"
      R"(<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope")"
      R"( xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing")"
      R"( xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery")"
      R"( xmlns:wprt="http://schemas.microsoft.com/windows/2006/08/wdp/print">)"
      R"(<s:Header><a:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To>)"
      R"(<a:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</a:Action><a:MessageID>)";
  constexpr std::string_view end =
      R"(</a:MessageID></s:Header><s:Body><d:Probe><d:Types>wprt:PrintDeviceType</d:Types></d:Probe></s:Body></s:Envelope>)";
  return std::string(start).append(urn).append(id).append(end);
}

std::optional<std::vector<IpAddress>> wsd_matches(std::span<const std::uint8_t> octets, std::string_view id) {
  Matches matches(id);
  const std::string_view document(reinterpret_cast<const char*>(octets.data()), octets.size());
  if (!scan_xml(document, [&](const XmlElement& element) { matches.take(element); })) return std::nullopt;
  if (!matches.good()) return std::nullopt;
  return std::move(matches).addresses();
}

}  // namespace platen::snmp
