// What kind of device something is: everything that is the same for all devices of one model.
//
//   Source   numbers are those of RFC 3805, RFC 2790 and IANA-PRINTER-MIB; vendor objects as the makers' own MIBs name
//   them. Shapes   texts are UTF-8 here and go on the wire in the model's character set. {maker} {model} {serial} {mac}
//   {name} {firmware}
//            in a text are replaced per device. Vectors are in table order; index 0 means "one more than the row
//            before".
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/reading/reading.h"
#include "snmp/mib/oid.h"
#include "snmp/mib/varbind.h"
#include "tests/zoo/charset.h"
#include "tests/zoo/texts.h"

namespace platen::zoo {

class Rows;

// All the pages a device has counted up to a moment. Every member only grows.
struct Pages {
  std::uint64_t life = 0;  // prtMarkerLifeCount: `total` and the test pages nobody is billed for
  std::uint64_t total = 0, mono = 0, color = 0;
  std::uint64_t print = 0, print_mono = 0, print_color = 0;
  std::uint64_t copy = 0, copy_mono = 0, copy_color = 0;
  std::uint64_t fax = 0, duplex = 0;
  std::uint64_t scan = 0, scan_feeder = 0, scan_flatbed = 0;
  std::uint64_t power_on = 0;
  std::uint64_t none = 0;  // what this device never does
};
using Count = std::uint64_t Pages::*;

// What a count means, as a CounterPoint says it.
struct Meaning {
  CounterPoint::Function function = CounterPoint::Function::all;
  CounterPoint::Color color = CounterPoint::Color::all;
  CounterPoint::Sides sides = CounterPoint::Sides::all;
};
[[nodiscard]] Meaning meaning_of(Count count);

// A count of the Imaging Counter MIB: lifetime, all of a service's work.
struct ImagingCount {
  snmp::Oid oid;
  Count count;
};
[[nodiscard]] std::vector<ImagingCount> imaging_counts();

// A vendor counter of its own OID. With a label, the row beside it names the count in the maker's words.
struct Meter {
  std::string oid;
  Count count;
  snmp::Type type = snmp::Type::counter32;
  std::string label_oid = {}, label = {};
  std::string code_oid = {};  // the row beside it that tells the count's type code
  std::int32_t code = 0;
  bool binds = true;  // false: profiles are not sure of it (C), so the truth does not insist
};
// Brother's octet records: id, 1, 4, four octets; closed by 0xff.
struct PackedMeters {
  std::string oid;
  std::vector<std::pair<std::uint8_t, Count>> records;
};

enum class Gauge {
  exact,
  tens,            // the sensor knows tenths of the capacity only
  some_remaining,  // -3 until it is empty
  unknown,         // -2 always
};

struct Supply {
  std::string name;
  std::int32_t type =
      3;  // prtMarkerSuppliesType: 3 toner, 4 wasteToner, 5 ink, 8 wasteInk, 9 opc, 15 fuser, 20 transferUnit
  std::int32_t supply_class = 3;  // 3 supplyThatIsConsumed, 4 receptacleThatIsFilled
  std::int32_t unit = 19;         // 7 impressions, 13 tenthsOfGrams, 15 tenthsOfMilliliters, 19 percent
  std::int64_t max = 100;
  std::int32_t colorant = 0;     // prtMarkerSuppliesColorantIndex: a row of Model::colorants, 0: none
  std::uint64_t yield = 10'000;  // pages that a full one lasts
  Gauge gauge = Gauge::exact;
  std::int64_t above = 0;  // a new one holds more than it says
  bool hides_max = false;  // answers -2 for its capacity
  std::string color = {};  // what its name says, when no colorant does
  std::uint32_t index = 0;
};

struct Tray {
  std::string name, description, media;
  std::int64_t max = 250;
  std::int32_t type = 3;  // prtInputType: 3 sheetFeedAutoRemovableTray, 4 …NonRemovableTray, 5 sheetFeedManual
  Gauge gauge = Gauge::exact;
  std::uint32_t index = 0;
};

struct Bin {
  std::string name, description;
  std::int64_t max = 150;
  Gauge gauge = Gauge::exact;
  std::uint32_t index = 0;
};

// A finishing unit, and what it uses up.
struct Finisher {
  std::string description;
  std::int32_t type = 3;     // finDeviceType: 3 stitcher, 8 puncher, 16 stacker
  std::int32_t present = 3;  // finDevicePresentOnOff: 3 on, 5 notPresent
  std::int64_t max = -2, capacity = -2;
  std::string supply = {};  // "": it uses nothing up
  std::int32_t supply_type = 32, supply_class = 3;
  std::int64_t supply_max = 5000, supply_level = -3;
};

struct Interface {
  std::uint32_t index = 1;
  std::string description;
  std::int32_t type = 6;  // 6 ethernetCsmacd, 24 softwareLoopback, 71 ieee80211
  std::int32_t mac = 1;   // 0 none, else which of the device's addresses
  bool up = true;
};

struct Model {
  bool is_printer = true;
  std::string maker, model;  // as the truth says them
  snmp::Oid sys_object_id;
  std::string sys_descr, hr_descr, printer_name, device_id;
  std::string port_name;                    // ppmPrinterName
  std::string serial_pattern = "########";  // # a digit, @ a letter
  std::array<std::uint8_t, 3> oui{0x02, 0x50, 0x41};
  std::string host_prefix = "PRN";
  std::string firmware = "1.0";

  Charset charset = Charset::utf8;
  const Words* words = &english;
  std::uint32_t hr_device_index = 1;
  bool two_error_octets = false;
  std::uint32_t console_lines = 2;
  std::uint32_t localizations = 1;  // rows; the last is in force

  bool has_color = false, has_copier = false, has_fax = false;
  std::int32_t counter_unit = 7;  // prtMarkerCounterUnit
  std::int32_t mark_tech = 4;     // prtMarkerMarkTech: 3 …LED, 4 electrophotographicLaser, 12 inkjetAqueous
  bool integer_counters = false;  // answers INTEGER where the MIB says Counter32
  std::uint64_t pages_per_day = 400, first_pages = 12'000;
  std::uint32_t test_permille = 0;  // pages in the life count that no bill has

  std::vector<std::string> colorants = {"black"};
  std::vector<Supply> supplies;
  std::vector<Tray> trays;
  std::vector<Bin> bins;
  std::vector<std::string> covers;
  std::vector<Finisher> finishers;
  std::vector<Interface> interfaces = {{1, "Ethernet", 6, 1}, {2, "lo0", 24, 0}};

  std::vector<Meter> meters;
  std::vector<PackedMeters> packed_meters;
  bool imaging_counters = false;                       // answers PWG 5106.3 for the system and for printing
  std::function<void(Rows&, const Model&)> more_rows;  // identity and oddities under the maker's own number
  std::size_t max_answer = 1472;                       // octets

  [[nodiscard]] const Interface& addressed() const;  // the interface that holds the address: the first that is up
};

}  // namespace platen::zoo
