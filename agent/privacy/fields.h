// Every field of a Reading, once: what it is, and what may become of it before it leaves the site.
//
//   Source   base/reading/reading.h. A test walks the Reading itself and fails when a field has no row here; the [privacy]
//            table of the configuration, docs/config.md and `platen egress` are made from the rows.
//   Shapes   Names are those of docs/scan-json.md with their table: "sys_contact", "supplies.description".
//   Effects  none.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/reading/reading.h"

namespace platen::privacy {

enum class Policy { send, pseudonymise, drop };
inline constexpr std::array<std::string_view, 3> policy_words = {"send", "pseudonymise", "drop"};
[[nodiscard]] std::optional<Policy> policy_of(std::string_view word);

// What a text becomes; nothing: it is taken out.
using Change = std::function<std::optional<std::string>(const std::string&)>;

struct Field {
  std::string_view name;
  std::size_t (*count)(const Reading&);               // how often it stands there
  void (*change)(Reading&, const Change&) = nullptr;  // texts only
};
[[nodiscard]] std::span<const Field> fields();

// A text that a person may have written, or that tells of one: the site decides.
struct Choice {
  std::string_view key;    // "privacy.sys_contact" in the configuration
  std::string_view field;  // its row above
  std::string_view fallback;
  std::string_view allowed;  // "send|pseudonymise|drop"
  std::string_view about;
};
// Everything else a site may not want to send: texts in the printer's words. Numbers, words of the MIBs, indices and what
// Platen writes itself are always sent.
inline constexpr std::string_view any_policy = "send|pseudonymise|drop", not_without = "send|pseudonymise";
inline constexpr std::array choices = {
    Choice{"privacy.sys_contact", "sys_contact", "drop", any_policy,
           "sysContact: a person, often with a telephone number."},
    Choice{"privacy.sys_name", "sys_name", "drop", any_policy, "sysName: the host's name."},
    Choice{"privacy.printer_name", "printer_name", "drop", any_policy,
           "prtGeneralPrinterName: a name that an administrator gave, often the host's."},
    Choice{"privacy.console_display", "console_display", "drop", any_policy,
           "prtConsoleDisplayBufferText: the panel; may show user and job names and telephone numbers."},
    Choice{"privacy.alert_description", "alerts.description", "send", any_policy,
           "prtAlertDescription: what the printer says is wrong."},
    Choice{"privacy.sys_location", "sys_location", "send", any_policy, "sysLocation: where the printer stands."},
    Choice{"privacy.sys_descr", "sys_descr", "send", any_policy, "sysDescr: model and firmware, sometimes the host."},
    Choice{"privacy.input_name", "inputs.name", "send", any_policy, "prtInputName: trays as people call them."},
    Choice{"privacy.output_name", "outputs.name", "send", any_policy,
           "prtOutputName: bins, and mailboxes that may have the names of people."},
    Choice{"privacy.input_media", "inputs.media", "send", any_policy, "prtInputMediaName: what lies in the tray."},
    Choice{"privacy.serial", "serial", "send", not_without, "The serial number; bills are written by it."},
    Choice{"privacy.mac", "mac", "send", any_policy, "The MAC address of the interface that was asked."},
    Choice{"privacy.macs", "macs", "send", any_policy, "All MAC addresses of the printer."},
    Choice{"privacy.engine_id", "engine_id", "send", any_policy, "snmpEngineID: may hold a MAC or IP address."},
    Choice{"privacy.address", "address", "send", not_without, "The IP address that the printer was read at."},
};

}  // namespace platen::privacy
