// Any datagram as a WS-Discovery answer: at most eight addresses, each once. As XML, what is told lies in the document.
#include <cstdint>
#include <cstdlib>
#include <set>

#include "snmp/sources/wsd.h"
#include "snmp/sources/xml_scan.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view document(reinterpret_cast<const char*>(data), size);
  (void)platen::snmp::scan_xml(document, [&](const platen::snmp::XmlElement& element) {
    if (element.path.empty()) std::abort();
    const bool inside =
        element.text.empty() || (element.text.data() >= document.data() &&
                                 element.text.data() + element.text.size() <= document.data() + document.size());
    if (!inside) std::abort();
  });
  const auto found = platen::snmp::wsd_matches({data, size}, "0a6dc791-2be6-4991-9af1-454778a1917a");
  if (!found) return 0;
  if (found->size() > 8 || std::set<platen::IpAddress>(found->begin(), found->end()).size() != found->size())
    std::abort();
  return 0;
}
