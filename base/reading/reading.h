// A reading: what one printer said at one moment. The word that the whole house shares: snmp/printer makes it, proto
// carries it, the cloud stores and shows it, the zoo states its truth in it.
//
//   Source   RFC 3805 (Printer MIB), RFC 3806 (finishers), RFC 2790 (Host Resources), RFC 1213 (system, interfaces). Members keep the MIB's
//   names. Shapes   std::nullopt means "the printer did not say", which is never 0, -1 or "". Integers that the MIBs
//   enumerate stay
//            integers, because printers send numbers no list holds; names.h turns them into words.
//   Text     UTF-8, bounded, NUL-free; still hostile: escape at every exit (base/text.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"

namespace platen {

// An amount as the Printer MIB sends it (prtMarkerSuppliesLevel, prtMarkerSuppliesMaxCapacity, prtInputCurrentLevel,
// …): a number >= 0, or a statement about the sensor that must never reach arithmetic (RFC 3805).
struct Amount {
  enum class Is { amount, other /*-1*/, unknown /*-2*/, some_remaining /*-3*/, vendor /*any other negative*/ };
  Is is = Is::unknown;
  std::int64_t raw = -2;  // as received, whatever it means

  [[nodiscard]] static constexpr Amount from_wire(std::int64_t value) {
    if (value >= 0) return {Is::amount, value};
    return {value == -1 ? Is::other : value == -2 ? Is::unknown : value == -3 ? Is::some_remaining : Is::vendor, value};
  }
  [[nodiscard]] constexpr std::optional<std::int64_t> amount() const {
    return is == Is::amount ? std::optional<std::int64_t>(raw) : std::nullopt;
  }
  friend bool operator==(const Amount&, const Amount&) = default;
};

// Where a number comes from, for the person who has to defend a bill.
struct Evidence {
  std::string source;     // "prtMarkerLifeCount.1.1", or the profile's rule "hp: colour pages"
  std::string oid;        // numeric, without a leading dot
  std::string raw;        // the value as received; octets in hex
  char confidence = 'A';  // A, B or C as in docs/profiles.md; C is shown and never a billing counter
  friend bool operator==(const Evidence&, const Evidence&) = default;
};

// A counter (a meter): a point in five dimensions, plus its scope.
struct CounterPoint {
  enum class Function { all, print, copy, fax, scan, other };
  enum class Color { all, mono, full, single, two, any_color /*everything that is not mono*/ };
  enum class Size { all, small, large, named };
  enum class Sides { all, one, two };
  enum class Scope { life, power_on, remaining /*what is left of something: it falls*/ };

  Function function = Function::all;
  Color color = Color::all;
  Size size = Size::all;
  std::string size_name;  // when size is named: "A4", "Letter"
  Sides sides = Sides::all;
  std::optional<std::int32_t> unit;  // prtMarkerCounterUnit: 7 impressions, 8 sheets …; absent when not said
  Scope scope = Scope::life;
  std::string part;  // "" for the device; "marker 1.2" where several markers count
  std::uint64_t value = 0;
  Evidence evidence;
  friend bool operator==(const CounterPoint&, const CounterPoint&) = default;
};

// One row of prtMarkerTable; index is "hrDeviceIndex.prtMarkerIndex".
struct Marker {
  std::string index;
  std::optional<std::int32_t> mark_tech;          // prtMarkerMarkTech
  std::optional<std::int32_t> counter_unit;       // prtMarkerCounterUnit
  std::optional<std::uint64_t> life_count;        // prtMarkerLifeCount
  std::optional<std::uint64_t> power_on_count;    // prtMarkerPowerOnCount
  std::optional<std::int32_t> process_colorants;  // prtMarkerProcessColorants
  std::optional<std::int32_t> status;             // prtMarkerStatus (PrtSubUnitStatusTC, a sum of bits)
  friend bool operator==(const Marker&, const Marker&) = default;
};

// One row of prtMarkerSuppliesTable; keyed by table index, never by colour.
struct Supply {
  std::string index;
  std::optional<std::string> description;
  std::optional<std::int32_t>
      supply_class;                  // prtMarkerSuppliesClass: 3 consumed, 4 receptacle (its level is the room left)
  std::optional<std::int32_t> type;  // prtMarkerSuppliesType
  std::optional<std::int32_t> unit;  // prtMarkerSuppliesSupplyUnit
  std::optional<std::int32_t> marker_index;    // prtMarkerSuppliesMarkerIndex
  std::optional<std::int32_t> colorant_index;  // prtMarkerSuppliesColorantIndex; 0 = not tied to a colour
  std::optional<std::string> colorant;         // prtMarkerColorantValue, or read from the description
  std::optional<Amount> max_capacity;
  std::optional<Amount> level;
  friend bool operator==(const Supply&, const Supply&) = default;
};

// One row of prtMarkerColorantTable.
struct Colorant {
  std::string index;
  std::optional<std::int32_t> marker_index;  // prtMarkerColorantMarkerIndex
  std::optional<std::int32_t> role;          // prtMarkerColorantRole: 3 process, 4 spot
  std::optional<std::string> value;          // prtMarkerColorantValue: "cyan"
  std::optional<std::int32_t> tonality;      // prtMarkerColorantTonality: shades
  friend bool operator==(const Colorant&, const Colorant&) = default;
};

// One row of prtInputTable.
struct Input {
  std::string index;
  std::optional<std::string> name, description, media;
  std::optional<std::int32_t> type;  // prtInputType
  std::optional<std::int32_t> unit;  // prtInputCapacityUnit
  std::optional<Amount> max_capacity;
  std::optional<Amount> level;
  std::optional<std::int32_t> status;
  friend bool operator==(const Input&, const Input&) = default;
};

// One row of prtOutputTable.
struct Output {
  std::string index;
  std::optional<std::string> name, description;
  std::optional<std::int32_t> type;
  std::optional<std::int32_t> unit;
  std::optional<Amount> max_capacity;
  std::optional<Amount> remaining;  // prtOutputRemainingCapacity: room left
  std::optional<std::int32_t> status;
  friend bool operator==(const Output&, const Output&) = default;
};

// One row of prtCoverTable. status: 3 coverOpen, 4 coverClosed, 5 interlockOpen, 6 interlockClosed.
struct Cover {
  std::string index;
  std::optional<std::string> description;
  std::optional<std::int32_t> status;
  friend bool operator==(const Cover&, const Cover&) = default;
};

// One row of prtAlertTable: only active alerts stand there.
struct Alert {
  std::string index;
  std::optional<std::int32_t> severity;        // prtAlertSeverityLevel
  std::optional<std::int32_t> training_level;  // prtAlertTrainingLevel
  std::optional<std::int32_t> group;           // prtAlertGroup
  std::optional<std::int32_t> group_index;
  std::optional<std::int32_t> location;
  std::optional<std::int32_t> code;  // prtAlertCode
  std::optional<std::string> description;
  std::optional<std::uint32_t> time_ticks;  // prtAlertTime, sysUpTime at the moment of the alert
  friend bool operator==(const Alert&, const Alert&) = default;
};

// One row of finDeviceTable (RFC 3806): a stapler, a puncher, a stacker.
struct Finisher {
  std::string index;
  std::optional<std::int32_t> type;     // finDeviceType
  std::optional<std::int32_t> present;  // finDevicePresentOnOff: 3 on, 4 off, 5 notPresent
  std::optional<std::int32_t> unit;     // finDeviceCapacityUnit
  std::optional<Amount> max_capacity;
  std::optional<Amount> capacity;      // finDeviceCurrentCapacity
  std::optional<std::int32_t> status;  // finDeviceStatus (PrtSubUnitStatusTC)
  std::optional<std::string> description;
  friend bool operator==(const Finisher&, const Finisher&) = default;
};

// One row of finSupplyTable: staples, wire, the waste of a puncher.
struct FinisherSupply {
  std::string index;
  std::optional<std::int32_t> device_index;  // finSupplyDeviceIndex: which finisher
  std::optional<std::string> description;
  std::optional<std::int32_t> supply_class;  // as prtMarkerSuppliesClass
  std::optional<std::int32_t> type;          // as prtMarkerSuppliesType: 32 staples
  std::optional<std::int32_t> unit;
  std::optional<std::string> colorant;  // finSupplyColorName
  std::optional<Amount> max_capacity;
  std::optional<Amount> level;
  friend bool operator==(const FinisherSupply&, const FinisherSupply&) = default;
};

// One row of finSupplyMediaInputTable: where inserts and covers come from.
struct FinisherInput {
  std::string index;
  std::optional<std::int32_t> device_index, supply_index;
  std::optional<std::string> name, description, media;
  std::optional<std::int32_t> type;  // as prtInputType
  std::optional<std::int32_t> status;
  friend bool operator==(const FinisherInput&, const FinisherInput&) = default;
};

struct Identity {
  std::optional<std::string> manufacturer, model, serial;
  std::optional<std::string> mac;  // of the interface that holds the scanned address, "AA:BB:CC:DD:EE:FF"
  std::vector<std::string> macs;   // every non-zero one, in table order
  std::optional<std::string> firmware, printer_name /*prtGeneralPrinterName*/, engine_id /*hex*/;
  friend bool operator==(const Identity&, const Identity&) = default;
};

struct System {
  std::optional<std::string> sys_descr, sys_object_id, sys_name, sys_location, sys_contact;
  std::optional<std::uint32_t> sys_up_time;  // TimeTicks, 1/100 s
  friend bool operator==(const System&, const System&) = default;
};

struct Status {
  std::optional<std::string> hr_device_index;
  std::optional<std::int32_t> device_status;         // hrDeviceStatus
  std::optional<std::int32_t> printer_status;        // hrPrinterStatus
  std::optional<std::string> detected_error_octets;  // hrPrinterDetectedErrorState as received, hex; its bits: names.h
  std::vector<std::string> console_display;          // prtConsoleDisplayBufferText, row by row; an empty row is ""
  std::optional<std::string> charset;                // of the localization in force: "utf-8", "iso8859-2", …
  std::optional<std::uint32_t> config_changes;       // prtGeneralConfigChanges
  std::optional<std::string> language, country;      // of the localization in force: "de", "CH"
  friend bool operator==(const Status&, const Status&) = default;
};

struct Reading {
  enum class Kind { full, status };
  Kind kind = Kind::full;
  std::string address;  // the place it was read at, not an identity
  WallTime read_at{};   // when the first answer came
  // By the agent's clock, which may be wrong: nobody judged it (absent), or it could not be trusted then.
  std::optional<bool> clock_suspect;
  std::optional<std::int64_t>
      cloud_offset_ms;   // what must be added to read_at for the cloud's clock, when it was known
  bool complete = true;  // false: a cap, a timeout or a lie cut it short; `flags` say which
  Identity identity;
  System system;
  Status status;
  std::vector<Marker> markers;
  std::vector<CounterPoint> counters;
  std::vector<Supply> supplies;
  std::vector<Input> inputs;
  std::vector<Output> outputs;
  std::vector<Cover> covers;
  std::vector<Alert> alerts;
  std::vector<Colorant> colorants;
  std::vector<Finisher> finishers;
  std::vector<FinisherSupply> finisher_supplies;
  std::vector<FinisherInput> finisher_inputs;
  std::vector<std::string>
      flags;  // doubts in stable words: "walk-capped prtMarkerSuppliesTable", "level-above-max supply 1.3"
  friend bool operator==(const Reading&, const Reading&) = default;
};

// The parts of a supply or tray that a person asks for, derived by rules stated in docs/scan-json.md.
[[nodiscard]] std::optional<double> percent_of(const std::optional<Amount>& level,
                                               const std::optional<Amount>& max_capacity);

// Of two counters of the same thing, the one to bill by goes first: the surer one, then sides before sheets.
[[nodiscard]] bool goes_before(const CounterPoint& a, const CounterPoint& b);

// The well-known points. Absent unless exactly that point was read with confidence A or B; nothing is summed or guessed
// here (profiles may sum where the maker's own documents say so).
[[nodiscard]] const CounterPoint* find_counter(const Reading&, CounterPoint::Function, CounterPoint::Color,
                                               CounterPoint::Sides = CounterPoint::Sides::all);
// What the device's life count says: the first marker's prtMarkerLifeCount; a profile's billing total stands beside it.
[[nodiscard]] const CounterPoint* total_of(const Reading&);

}  // namespace platen
