#include "tests/zoo/truth.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/reading/json.h"
#include "base/text.h"

namespace platen::zoo {
namespace {

class Teller {
 public:
  Teller(const Model& model, const Who& who, std::uint32_t ticks)
      : model_(model), who_(who), now_(moment_of(model, who, ticks)) {}

  Reading tell() const {
    Reading reading;
    reading.address = who_.address.text();
    reading.identity = identity();
    reading.system = system();
    reading.status = status();
    reading.markers = {marker()};
    reading.counters = counters();
    for (std::size_t i = 0; i < model_.supplies.size(); ++i) reading.supplies.push_back(supply(i));
    for (std::size_t i = 0; i < model_.trays.size(); ++i) reading.inputs.push_back(input(i));
    for (std::size_t i = 0; i < model_.bins.size(); ++i) reading.outputs.push_back(output(i));
    for (std::size_t i = 0; i < model_.covers.size(); ++i)
      reading.covers.push_back({index(static_cast<std::uint32_t>(i + 1)), model_.covers[i], now_.covers[i]});
    for (std::size_t i = 0; i < model_.colorants.size(); ++i) {
      const std::string row = index(static_cast<std::uint32_t>(i + 1));
      reading.colorants.push_back({row, 1, 3, model_.colorants[i], 256});
    }
    for (std::size_t i = 0; i < model_.finishers.size(); ++i) add_finisher(reading, i);
    for (const ActiveAlert& alert : now_.alerts) reading.alerts.push_back(active(alert));
    return reading;
  }

 private:
  [[nodiscard]] std::string text(std::string_view pattern) const { return filled(pattern, model_, who_); }
  [[nodiscard]] std::string index(std::uint32_t row) const {
    return std::to_string(model_.hr_device_index) + "." + std::to_string(row);
  }

  [[nodiscard]] Identity identity() const {
    Identity out;
    out.manufacturer = model_.maker;
    out.model = model_.model;
    out.serial = who_.serial;
    out.printer_name = text(model_.printer_name);
    out.mac = mac_text(who_.macs[static_cast<std::size_t>(model_.addressed().mac - 1)]);
    for (const Interface& face : model_.interfaces) {
      if (face.mac > 0) out.macs.push_back(mac_text(who_.macs[static_cast<std::size_t>(face.mac - 1)]));
    }
    return out;
  }

  [[nodiscard]] System system() const {
    const std::string place =
        "Floor " + std::to_string(who_.number % 7) + ", room " + std::to_string(100 + who_.number);
    return {
        text(model_.sys_descr), model_.sys_object_id.text(), who_.name, place, "it-service@example.test", now_.ticks};
  }

  [[nodiscard]] Status status() const {
    Status out;
    out.hr_device_index = std::to_string(model_.hr_device_index);
    out.device_status = now_.device_status;
    out.printer_status = now_.printer_status;
    out.detected_error_octets = to_hex(error_octets(model_, now_));
    out.console_display = now_.console;
    out.config_changes = 1 + now_.ticks / 8'640'000;
    out.language = model_.words->language;
    out.country = model_.words->country;
    return out;
  }

  [[nodiscard]] Marker marker() const {
    const auto colorants = static_cast<std::int32_t>(model_.colorants.size());
    return {index(1), model_.mark_tech, model_.counter_unit, now_.pages.life, now_.pages.power_on, colorants, 0};
  }

  [[nodiscard]] CounterPoint point(Count count, const std::string& oid) const {
    CounterPoint out;
    const Meaning meaning = meaning_of(count);
    out.function = meaning.function;
    out.color = meaning.color;
    out.sides = meaning.sides;
    out.value = now_.pages.*count;
    out.evidence.source = "zoo";
    out.evidence.oid = oid;
    return out;
  }

  // The life count, and every vendor counter whose meaning a CounterPoint can say.
  [[nodiscard]] std::vector<CounterPoint> counters() const {
    CounterPoint life;
    life.unit = model_.counter_unit;
    life.value = now_.pages.life;
    life.evidence.source = "prtMarkerLifeCount." + index(1);
    life.evidence.oid = "1.3.6.1.2.1.43.10.2.1.4." + index(1);
    std::vector<CounterPoint> out{life};
    const auto add = [&](Count count, const std::string& oid) {
      if (is_told(count)) out.push_back(point(count, oid));
    };
    for (const Meter& meter : model_.meters) {
      if (meter.binds) add(meter.count, meter.oid);
    }
    if (model_.imaging_counters) {
      for (const ImagingCount& count : imaging_counts()) add(count.count, count.oid.text());
    }
    const auto scans = std::ranges::find(model_.meters, &Pages::scan_flatbed, &Meter::count);
    if (scans != model_.meters.end()) out.push_back(point(&Pages::scan, scans->oid));
    for (const PackedMeters& meters : model_.packed_meters) {
      for (const auto& record : meters.records) add(record.second, meters.oid);
    }
    return out;
  }

  // Parts of a scan count are added up by whoever reads them; a count that never moves says nothing.
  [[nodiscard]] static bool is_told(Count count) {
    return count != &Pages::none && count != &Pages::scan_feeder && count != &Pages::scan_flatbed;
  }

  [[nodiscard]] platen::Supply supply(std::size_t i) const {
    const Supply& from = model_.supplies[i];
    platen::Supply out;
    out.index = index(from.index);
    out.description = from.name;
    out.supply_class = from.supply_class;
    out.type = from.type;
    out.unit = from.unit;
    out.marker_index = 1;
    out.colorant_index = from.colorant;
    if (from.colorant > 0) out.colorant = model_.colorants[static_cast<std::size_t>(from.colorant - 1)];
    if (!from.color.empty()) out.colorant = from.color;
    out.max_capacity = Amount::from_wire(from.hides_max || from.gauge == Gauge::unknown ? -2 : from.max);
    out.level = Amount::from_wire(now_.supplies[i]);
    return out;
  }

  [[nodiscard]] Input input(std::size_t i) const {
    const Tray& from = model_.trays[i];
    Input out;
    out.index = index(from.index);
    out.name = from.name;
    out.description = from.description;
    out.media = from.media;
    out.type = from.type;
    out.unit = 8;
    out.max_capacity = Amount::from_wire(from.max);
    out.level = Amount::from_wire(now_.trays[i]);
    out.status = now_.trays[i] == 0 ? 9 : 0;
    return out;
  }

  [[nodiscard]] Output output(std::size_t i) const {
    const Bin& from = model_.bins[i];
    Output out;
    out.index = index(from.index);
    out.name = from.name;
    out.description = from.description;
    out.type = 3;
    out.unit = 8;
    out.max_capacity = Amount::from_wire(from.gauge == Gauge::unknown ? -2 : from.max);
    out.remaining = Amount::from_wire(now_.bins[i]);
    out.status = 0;
    return out;
  }

  void add_finisher(Reading& reading, std::size_t i) const {
    const Finisher& from = model_.finishers[i];
    const auto row = static_cast<std::uint32_t>(i + 1);
    reading.finishers.push_back({index(row), from.type, from.present, 8, Amount::from_wire(from.max),
                                 Amount::from_wire(from.capacity), 0, from.description});
    if (from.supply.empty()) return;
    const auto supply_row = static_cast<std::uint32_t>(reading.finisher_supplies.size() + 1);
    reading.finisher_supplies.push_back({index(supply_row), static_cast<std::int32_t>(row), from.supply,
                                         from.supply_class, from.supply_type, 18, "unknown",
                                         Amount::from_wire(from.supply_max), Amount::from_wire(from.supply_level)});
  }

  [[nodiscard]] Alert active(const ActiveAlert& from) const {
    Alert out;
    out.index = index(from.index);
    out.severity = from.severity;
    out.training_level = from.training;
    out.group = from.group;
    out.group_index = from.group_index;
    out.location = -2;
    out.code = from.code;
    out.description = from.text;
    out.time_ticks = from.since;
    return out;
  }

  const Model& model_;
  const Who& who_;
  Moment now_;
};

bool is_printer(const DeviceSpec& device) { return device.species->model && device.species->model->is_printer; }

Who who_of(const DeviceSpec& device) { return who_is(*device.species->model, device.number, device.address); }

}  // namespace

std::optional<Reading> truth_of(const DeviceSpec& device, std::uint32_t ticks) {
  if (!is_printer(device)) return std::nullopt;
  const Who who = who_of(device);
  return Teller(*device.species->model, who, ticks).tell();
}

std::string truth_line(const DeviceSpec& device, std::optional<std::uint32_t> ticks) {
  if (const auto reading = truth_of(device, ticks.value_or(first_ticks(device.number)))) return to_json(*reading);
  nlohmann::ordered_json line;
  line["schema"] = "platen.scan/1";
  line["address"] = device.address.text();
  line["is_printer"] = nullptr;
  line["name"] = device.species->name;
  if (device.species->model) {
    line["is_printer"] = false;
    line["sys_descr"] = device.species->model->sys_descr;
    line["sys_name"] = who_of(device).name;
  }
  return line.dump();
}

std::optional<std::uint64_t> true_count(const DeviceSpec& device, std::uint32_t ticks, const CounterPoint& point) {
  using F = CounterPoint::Function;
  using C = CounterPoint::Color;
  using S = CounterPoint::Sides;
  if (!is_printer(device) || point.size == CounterPoint::Size::named) return std::nullopt;
  if (point.size == CounterPoint::Size::large) return 0;  // all sheets here are small
  const Who who = who_of(device);
  const Pages pages = moment_of(*device.species->model, who, ticks).pages;
  if (point.evidence.source.starts_with("prtMarkerLifeCount")) return pages.life;
  if (point.evidence.source.starts_with("prtMarkerPowerOnCount") || point.scope == CounterPoint::Scope::power_on)
    return pages.power_on;
  if (point.color == C::single || point.color == C::two) return 0;
  static constexpr Count counts[] = {&Pages::total,      &Pages::mono,        &Pages::color,  &Pages::print,
                                     &Pages::print_mono, &Pages::print_color, &Pages::copy,   &Pages::copy_mono,
                                     &Pages::copy_color, &Pages::fax,         &Pages::duplex, &Pages::scan};
  const C color = point.color == C::full ? C::any_color : point.color;
  for (const Count count : counts) {
    const Meaning meaning = meaning_of(count);
    if (meaning.function == point.function && meaning.color == color && meaning.sides == point.sides)
      return pages.*count;
  }
  if (point.function == F::fax && point.sides == S::all) return color == C::mono ? pages.fax : 0;
  return std::nullopt;
}

}  // namespace platen::zoo
