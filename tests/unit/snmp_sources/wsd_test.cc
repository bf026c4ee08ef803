#include "snmp/sources/wsd.h"

#include <doctest/doctest.h>

#include <string>

#include "snmp/sources/xml_scan.h"

using namespace platen;

namespace {

constexpr std::string_view id = "0a6dc791-2be6-4991-9af1-454778a1917a";

std::span<const std::uint8_t> octets_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string said(const std::string& text) {
  const auto found = snmp::wsd_matches(octets_of(text), id);
  if (!found) return "nothing";
  std::string out;
  for (const IpAddress& address : *found) out += (out.empty() ? "" : " ") + address.text();
  return out;
}

std::string match(const std::string& types, const std::string& urls) {
  return "<d:ProbeMatch><a:EndpointReference><a:Address>urn:uuid:1</a:Address></a:EndpointReference><d:Types>" + types +
         "</d:Types><d:XAddrs>" + urls + "</d:XAddrs><d:MetadataVersion>1</d:MetadataVersion></d:ProbeMatch>";
}
std::string envelope(const std::string& matches,
                     std::string_view relates = "urn:uuid:0a6dc791-2be6-4991-9af1-454778a1917a") {
  return "<?xml version=\"1.0\"?>\n<s:Envelope xmlns:s='http://www.w3.org/2003/05/soap-envelope' x=\"a>b\"><!-- hello "
         "<x> -->"
         "<s:Header><a:RelatesTo> " +
         std::string(relates) +
         " </a:RelatesTo><d:AppSequence InstanceId='1'/></s:Header>"
         "<s:Body><d:ProbeMatches>" +
         matches + "</d:ProbeMatches></s:Body></s:Envelope>\n";
}

bool scans(std::string_view document) {
  return snmp::scan_xml(document, [](const snmp::XmlElement&) {});
}

}  // namespace

TEST_CASE("the probe is a document of its own kind, for devices that print") {
  std::string types, message;
  const std::string probe = snmp::wsd_probe(id);
  CHECK(snmp::scan_xml(probe, [&](const snmp::XmlElement& element) {
    if (element.path == "Envelope/Body/Probe/Types") types = element.text;
    if (element.path == "Envelope/Header/MessageID") message = element.text;
  }));
  CHECK(types == "wprt:PrintDeviceType");
  CHECK(message == "urn:uuid:" + std::string(id));
}

TEST_CASE("matches: of devices that print, the addresses") {
  struct Row {
    const char* name;
    std::string text;
    const char* want;
  };
  const Row rows[] = {
      {"one", envelope(match("wsdp:Device wprt:PrintDeviceType", "http://192.0.2.7:5357/x http://[fe80::7]:5357/x")),
       "192.0.2.7 fe80::7"},
      {"no address", envelope(match("p:PrintDeviceType", "")), ""},
      {"a name", envelope(match("PrintDeviceType", "http://laser.local/")), ""},
      {"a scanner", envelope(match("wscn:ScanDeviceType", "http://192.0.2.7/")), "nothing"},
      {"a scanner beside a printer",
       envelope(match("wscn:ScanDeviceType", "http://192.0.2.8/") + match("wprt:PrintDeviceType", "http://192.0.2.7/")),
       "192.0.2.7"},
      {"the answer to another probe", envelope(match("wprt:PrintDeviceType", "http://192.0.2.7/"), "urn:uuid:1"),
       "nothing"},
      {"the answer to no probe", envelope(match("wprt:PrintDeviceType", "http://192.0.2.7/"), ""), "nothing"},
      {"nearly the type", envelope(match("wprt:NoPrintDeviceType", "http://192.0.2.7/")), "nothing"},
      {"a document type", "<!DOCTYPE x [<!ENTITY a 'b'>]>" + envelope(match("p:PrintDeviceType", "http://192.0.2.7/")),
       "nothing"},
      {"cut off", envelope(match("p:PrintDeviceType", "http://192.0.2.7/")).substr(0, 300), "nothing"},
      {"nothing", "", "nothing"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(said(row.text) == row.want);
  }
}

TEST_CASE("eight addresses are enough") {
  std::string urls;
  for (int i = 1; i < 40; ++i) urls += "http://192.0.2." + std::to_string(i) + "/ ";
  const auto found = snmp::wsd_matches(octets_of(envelope(match("p:PrintDeviceType", urls))), id);
  REQUIRE(found);
  CHECK(found->size() == 8);
}

TEST_CASE("XML: what is no document, or too much of one, is refused") {
  std::string deep, wide;
  for (int i = 0; i < 33; ++i) deep += "<a>";
  for (int i = 0; i < 33; ++i) deep += "</a>";
  for (int i = 0; i < 1000; ++i) wide += "<b/>";
  struct Row {
    const char* name;
    std::string text;
    bool good;
  };
  const Row rows[] = {
      {"empty element", "<a/>", true},
      {"attributes", "<a b='>' c=\"'/\" />", true},
      {"a byte order mark", "\xEF\xBB\xBF<a></a>", true},
      {"text outside", "<a/>x", false},
      {"two roots", "<a/><b/>", false},
      {"crossed", "<a><b></a></b>", false},
      {"another prefix", "<x:a></y:a>", false},
      {"never closed", "<a>", false},
      {"never opened", "</a>", false},
      {"no name", "<>x</>", false},
      {"no local name", "<x:/>", false},
      {"a tag in a tag", "<a <b>></a>", false},
      {"a quote left open", "<a b='></a>", false},
      {"a comment left open", "<a><!-- </a>", false},
      {"CDATA", "<a><![CDATA[x]]></a>", false},
      {"too deep", deep, false},
      {"too many", "<a>" + wide + "</a>", false},
      {"too long", "<a>" + std::string(65536, 'x') + "</a>", false},
      {"no element", "<?xml version='1.0'?>", false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(scans(row.text) == row.good);
  }
}
