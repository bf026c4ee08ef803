// The model in what printers call themselves. Pure text rules; private to this room.
//
//   Examples "Dell S5830dn version NH62 kernel 3.0.0" → S5830dn; "RICOH Aficio MP 201 1.04 / RICOH Network Printer" →
//   Aficio MP 201;
//            "OKI OkiLAN 8500e … Attached to MC342 Rev.02" → MC342.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace platen::snmp {

// True when the text names a network card, an operating system or nothing in particular, so it says no model.
[[nodiscard]] bool says_no_model(std::string_view text);
// `serial` ("" when unknown) and what follows it are cut: Lexmark writes "MX611 <serial> <firmware>".
[[nodiscard]] std::optional<std::string> model_in(std::string_view text, std::string_view serial);
// "…,SN:AB12CD,…" or "…;S/N AB12CD" in a sysDescr.
[[nodiscard]] std::optional<std::string> serial_in(std::string_view description);

}  // namespace platen::snmp
