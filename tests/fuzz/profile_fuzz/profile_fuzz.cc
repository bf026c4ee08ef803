// Any octets as a vendor profile: refused with a place, or a profile that reading a device can use.
//
//   Input    the profile, and after a line "----" what a device answers, as .snmprec; without one, an example.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/reading/json.h"
#include "base/text.h"
#include "snmp/mib/snmprec.h"
#include "snmp/printer/decode.h"
#include "snmp/printer/profile_trial.h"

namespace {

using namespace platen;
using namespace platen::snmp;

constexpr std::string_view kDevice =
    "1.3.6.1.2.1.1.1.0|4|Acme Laser\n1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.9.1\n1.3.6.1.2.1.43.10.2.1.4.1.1|65|1000\n"
    "1.3.6.1.4.1.9.1.0|65|7\n1.3.6.1.4.1.9.1.1|4|A4\n1.3.6.1.4.1.9.1.2|4x|01010201020601010aff\n"
    "1.3.6.1.4.1.9.1.3.1|2|-1\n1.3.6.1.4.1.9.1.4.1|4|Total (Black)\n1.3.6.1.4.1.9.1.5.1|70|18446744073709551615\n";

// Decoding must be told of no limits: whatever the profile says, a reading comes out that is valid and reads back.
void use(const Profiles& profiles, const VarBinds& rows) {
  const Reading reading = decode(rows, IpAddress::v4(0xC0000207U), WallTime{}, Reading::Kind::full, profiles);
  const std::string json = to_json(reading);
  const auto back = reading_from_json(json);
  if (!is_utf8(json) || !back || *back != reading) std::abort();
  if (profiles.roots_for(Oid{}).size() > 64) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  constexpr std::string_view divider = "\n----\n";
  const std::size_t at = input.find(divider);
  const std::string_view toml = input.substr(0, at);
  Profiles profiles;
  const auto added = profiles.add("fuzz.toml", toml);
  if (!added && !added.error().text.starts_with("fuzz.toml:")) std::abort();
  if (added && profiles.names().size() != 1) std::abort();
  if (!added) return 0;
  const auto rows = parse_snmprec(at == std::string_view::npos ? kDevice : input.substr(at + divider.size()));
  if (!rows) return 0;
  use(profiles, *rows);
  const auto trial = try_profile(Profiles{}, "fuzz.toml", toml, *rows);
  if (!trial || trial->matched() > trial->rules.size()) std::abort();
  return 0;
}
