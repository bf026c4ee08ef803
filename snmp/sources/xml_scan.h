// A small XML document, element by element: enough for SOAP from strangers, and nothing of XML that could hurt.
//
//   Source   XML 1.0 §2.4, §3.1. Refused: document types, CDATA, more than 1,000 elements, 32 levels or 64 KiB; a tag
//            that closes another, a second root, text outside. Entities are left as they are written.
//   Effects  none.
#pragma once

#include <functional>
#include <string_view>

namespace platen::snmp {

struct XmlElement {
  std::string_view path;  // local names from the root: "Envelope/Body/Probe"
  std::string_view text;  // before the end tag; "" of an element that holds elements
};

// Tells each element when it ends. False: the document is refused; what was told before then means nothing.
[[nodiscard]] bool scan_xml(std::string_view document, const std::function<void(const XmlElement&)>& told);

}  // namespace platen::snmp
