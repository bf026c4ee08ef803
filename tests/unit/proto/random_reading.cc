#include "tests/unit/proto/random_reading.h"

#include <array>
#include <limits>

namespace platen::tests {
namespace {

class Maker {
 public:
  explicit Maker(std::mt19937_64& random) : random_(random) {}

  std::uint64_t below(std::uint64_t bound) {
    return std::uniform_int_distribution<std::uint64_t>(0, bound - 1)(random_);
  }

  void fill(std::string& to) {
    static constexpr std::array<const char*, 8> pieces = {
        "a", "Drum ", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x96\xA8", "<b>", "\n", "\x1b"};
    to.clear();
    for (std::uint64_t left = below(20); left > 0; --left) to += pieces.at(below(pieces.size()));
  }
  void fill(std::uint64_t& to) {
    to = below(3) == 0 ? std::numeric_limits<std::uint64_t>::max() : random_() >> below(64);
  }
  void fill(std::uint32_t& to) { to = static_cast<std::uint32_t>(random_() >> below(64)); }
  void fill(std::int32_t& to) { to = static_cast<std::int32_t>(static_cast<std::uint32_t>(random_() >> below(64))); }
  void fill(std::int64_t& to) { to = static_cast<std::int64_t>(random_() >> below(64)) - (1 << 20); }
  void fill(bool& to) { to = below(2) == 0; }
  void fill(Amount& to) {
    to = Amount::from_wire(below(3) == 0 ? -static_cast<std::int64_t>(below(6))
                                         : static_cast<std::int64_t>(random_() >> below(64)));
  }
  template <class T>
  void fill(std::optional<T>& to) {
    to.reset();
    if (below(2) == 0) fill(to.emplace());
  }
  template <class T>
  void fill(std::vector<T>& to) {
    to.resize(below(4));
    for (T& row : to) fill(row);
  }
  template <class Enum>
  void one_of(Enum& to, Enum last) {
    to = static_cast<Enum>(below(static_cast<std::uint64_t>(last) + 1));
  }
  template <class... Fields>
  void all(Fields&... fields) {
    (fill(fields), ...);
  }

  void fill(Evidence& to) {
    all(to.source, to.oid, to.raw);
    to.confidence = static_cast<char>('A' + below(3));
  }
  void fill(CounterPoint& to) {
    one_of(to.function, CounterPoint::Function::other);
    one_of(to.color, CounterPoint::Color::any_color);
    one_of(to.size, CounterPoint::Size::named);
    one_of(to.sides, CounterPoint::Sides::two);
    one_of(to.scope, CounterPoint::Scope::remaining);
    all(to.size_name, to.unit, to.part, to.value, to.evidence);
  }
  void fill(Marker& to) {
    all(to.index, to.mark_tech, to.counter_unit, to.life_count, to.power_on_count, to.process_colorants, to.status);
  }
  void fill(Supply& to) {
    all(to.index, to.description, to.supply_class, to.type, to.unit, to.marker_index, to.colorant_index, to.colorant,
        to.max_capacity, to.level);
  }
  void fill(Input& to) {
    all(to.index, to.name, to.description, to.media, to.type, to.unit, to.max_capacity, to.level, to.status);
  }
  void fill(Output& to) {
    all(to.index, to.name, to.description, to.type, to.unit, to.max_capacity, to.remaining, to.status);
  }
  void fill(Cover& to) { all(to.index, to.description, to.status); }
  void fill(Alert& to) {
    all(to.index, to.severity, to.training_level, to.group, to.group_index, to.location, to.code, to.description,
        to.time_ticks);
  }
  void fill(Colorant& to) { all(to.index, to.marker_index, to.role, to.value, to.tonality); }
  void fill(Finisher& to) {
    all(to.index, to.type, to.present, to.unit, to.max_capacity, to.capacity, to.status, to.description);
  }
  void fill(FinisherSupply& to) {
    all(to.index, to.device_index, to.description, to.supply_class, to.type, to.unit, to.colorant, to.max_capacity,
        to.level);
  }
  void fill(FinisherInput& to) {
    all(to.index, to.device_index, to.supply_index, to.name, to.description, to.media, to.type, to.status);
  }
  void fill(Identity& to) {
    all(to.manufacturer, to.model, to.serial, to.mac, to.macs, to.firmware, to.printer_name, to.engine_id);
  }
  void fill(System& to) {
    all(to.sys_descr, to.sys_object_id, to.sys_name, to.sys_location, to.sys_contact, to.sys_up_time);
  }
  void fill(Status& to) {
    all(to.hr_device_index, to.device_status, to.printer_status, to.detected_error_octets, to.console_display,
        to.charset, to.config_changes, to.language, to.country);
  }
  void fill(Reading& to) {
    one_of(to.kind, Reading::Kind::status);
    to.read_at = WallTime(std::chrono::milliseconds(static_cast<std::int64_t>(random_() >> below(64))));
    to.complete = below(2) == 0;
    all(to.clock_suspect, to.cloud_offset_ms, to.address, to.identity, to.system, to.status, to.markers, to.counters,
        to.supplies, to.inputs, to.outputs, to.covers, to.alerts, to.colorants, to.finishers, to.finisher_supplies,
        to.finisher_inputs, to.flags);
  }

 private:
  std::mt19937_64& random_;
};

}  // namespace

Reading random_reading(std::mt19937_64& random) {
  Reading made;
  Maker(random).fill(made);
  return made;
}

}  // namespace platen::tests
