#include "base/reading/json.h"

#include "base/reading/json_io.h"

// Each function below describes one part of the document once; json_io.h runs it in both directions.
namespace platen {
namespace {

using json_io::Json;
using json_io::Writer;

constexpr std::string_view kSchema = "platen.scan/1";
constexpr std::string_view kKinds[] = {"full", "status"};
constexpr std::string_view kFunctions[] = {"all", "print", "copy", "fax", "scan", "other"};
constexpr std::string_view kColors[] = {"all", "mono", "full", "single", "two", "any_color"};
constexpr std::string_view kSizes[] = {"all", "small", "large", "named"};
constexpr std::string_view kSides[] = {"all", "one", "two"};
constexpr std::string_view kScopes[] = {"life", "power_on", "remaining"};

void note(Writer& io, const char* key, const std::optional<Amount>& amount) {
  if (!amount) return;
  switch (amount->is) {
    case Amount::Is::amount: return;
    case Amount::Is::some_remaining: return io.value(key, std::string("some-remaining"));
    case Amount::Is::unknown: return io.value(key, std::string("unknown"));
    case Amount::Is::other: return io.value(key, std::string("other"));
    case Amount::Is::vendor: return io.value(key, std::string("vendor"));
  }
}

void level_notes(Writer& io, const std::optional<Amount>& level, const std::optional<Amount>& max_capacity) {
  io.value("percent", percent_of(level, max_capacity));
  note(io, "level_note", level);
  note(io, "capacity_note", max_capacity);
}

constexpr auto marker = [](auto& io, auto& row) {
  io.value("index", row.index);
  io.word("mark_tech", MibEnum::prtMarkerMarkTech, row.mark_tech);
  io.word("unit", MibEnum::prtMarkerCounterUnit, row.counter_unit);
  io.value("life_count", row.life_count);
  io.value("power_on_count", row.power_on_count);
  io.value("process_colorants", row.process_colorants);
  io.value("status", row.status);
};

constexpr auto counter = [](auto& io, auto& row) {
  io.choice("function", kFunctions, row.function);
  io.choice("color", kColors, row.color);
  io.choice("size", kSizes, row.size);
  io.non_empty("size_name", row.size_name);
  io.choice("sides", kSides, row.sides);
  io.word("unit", MibEnum::prtMarkerCounterUnit, row.unit);
  io.choice("scope", kScopes, row.scope);
  io.non_empty("part", row.part);
  io.value("value", row.value);
  io.value("source", row.evidence.source);
  io.value("oid", row.evidence.oid);
  io.value("raw", row.evidence.raw);
  io.value("confidence", row.evidence.confidence);
};

constexpr auto supply = [](auto& io, auto& row) {
  io.value("index", row.index);
  io.value("description", row.description);
  io.word("class", MibEnum::prtMarkerSuppliesClass, row.supply_class);
  io.word("type", MibEnum::prtMarkerSuppliesType, row.type);
  io.value("marker_index", row.marker_index);
  io.value("colorant", row.colorant);
  io.value("colorant_index", row.colorant_index);
  io.word("unit", MibEnum::prtMarkerSuppliesSupplyUnit, row.unit);
  io.value("max_capacity", row.max_capacity);
  io.value("level", row.level);
  io.derived([&](Writer& out) { level_notes(out, row.level, row.max_capacity); });
};

constexpr auto input = [](auto& io, auto& row) {
  io.value("index", row.index);
  io.value("name", row.name);
  io.value("description", row.description);
  io.word("type", MibEnum::prtInputType, row.type);
  io.value("media", row.media);
  io.word("unit", MibEnum::prtInputCapacityUnit, row.unit);
  io.value("max_capacity", row.max_capacity);
  io.value("level", row.level);
  io.derived([&](Writer& out) { level_notes(out, row.level, row.max_capacity); });
  io.value("status", row.status);
};

constexpr auto output = [](auto& io, auto& row) {
  io.value("index", row.index);
  io.value("name", row.name);
  io.value("description", row.description);
  io.word("type", MibEnum::prtOutputType, row.type);
  io.word("unit", MibEnum::prtInputCapacityUnit, row.unit);
  io.value("max_capacity", row.max_capacity);
  io.value("remaining", row.remaining);
  io.derived([&](Writer& out) { level_notes(out, row.remaining, row.max_capacity); });
  io.value("status", row.status);
};

constexpr auto cover = [](auto& io, auto& row) {
  io.value("index", row.index);
  io.value("description", row.description);
  io.word("status", MibEnum::prtCoverStatus, row.status);
};

constexpr auto alert = [](auto& io, auto& row) {
  io.value("index", row.index);
  io.word("severity", MibEnum::prtAlertSeverityLevel, row.severity);
  io.word("training_level", MibEnum::prtAlertTrainingLevel, row.training_level);
  io.word("group", MibEnum::prtAlertGroup, row.group);
  io.value("group_index", row.group_index);
  io.value("location", row.location);
  io.value("code", row.code);
  io.derived([&](Writer& out) {
    if (row.code) out.value("code_name", word_of(MibEnum::prtAlertCode, *row.code));
  });
  io.value("description", row.description);
  io.value("time", row.time_ticks);
};

constexpr auto colorant = [](auto& io, auto& row) {
  io.value("index", row.index);
  io.value("marker_index", row.marker_index);
  io.word("role", MibEnum::prtMarkerColorantRole, row.role);
  io.value("value", row.value);
  io.value("tonality", row.tonality);
};

constexpr auto finisher = [](auto& io, auto& row) {
  io.value("index", row.index);
  io.word("type", MibEnum::finDeviceType, row.type);
  io.word("present", MibEnum::finDevicePresentOnOff, row.present);
  io.value("description", row.description);
  io.word("unit", MibEnum::prtInputCapacityUnit, row.unit);
  io.value("max_capacity", row.max_capacity);
  io.value("capacity", row.capacity);
  io.derived([&](Writer& out) { level_notes(out, row.capacity, row.max_capacity); });
  io.value("status", row.status);
};

constexpr auto finisher_supply = [](auto& io, auto& row) {
  io.value("index", row.index);
  io.value("device_index", row.device_index);
  io.value("description", row.description);
  io.word("class", MibEnum::prtMarkerSuppliesClass, row.supply_class);
  io.word("type", MibEnum::prtMarkerSuppliesType, row.type);
  io.value("colorant", row.colorant);
  io.word("unit", MibEnum::prtMarkerSuppliesSupplyUnit, row.unit);
  io.value("max_capacity", row.max_capacity);
  io.value("level", row.level);
  io.derived([&](Writer& out) { level_notes(out, row.level, row.max_capacity); });
};

constexpr auto finisher_input = [](auto& io, auto& row) {
  io.value("index", row.index);
  io.value("device_index", row.device_index);
  io.value("supply_index", row.supply_index);
  io.value("name", row.name);
  io.value("description", row.description);
  io.word("type", MibEnum::prtInputType, row.type);
  io.value("media", row.media);
  io.value("status", row.status);
};

// "brother total" read from a packed record is named by its record, because that is where to look it up.
std::string total_source(const Evidence& evidence) {
  const std::size_t record = evidence.oid.find(" record ");
  if (record == std::string::npos) return evidence.source;
  return evidence.source.substr(0, evidence.source.find(' ')) + " counter" + evidence.oid.substr(record);
}

void value_of(Writer& io, const char* key, const CounterPoint* point) {
  if (point != nullptr) io.value(key, point->value);
}

// The flat meters that most people ask for; the rules are in docs/scan-json.md.
void meters(Writer& io, const Reading& reading) {
  using P = CounterPoint;
  if (const P* total = total_of(reading)) {
    io.value("total_pages", total->value);
    io.word("total_pages_unit", MibEnum::prtMarkerCounterUnit, total->unit);
    io.value("total_pages_source", total_source(total->evidence));
  }
  value_of(io, "mono_pages", find_counter(reading, P::Function::all, P::Color::mono));
  value_of(io, "color_pages", find_counter(reading, P::Function::all, P::Color::any_color));
  value_of(io, "copies", find_counter(reading, P::Function::copy, P::Color::all));
  value_of(io, "prints", find_counter(reading, P::Function::print, P::Color::all));
  value_of(io, "scans", find_counter(reading, P::Function::scan, P::Color::all));
  value_of(io, "faxes", find_counter(reading, P::Function::fax, P::Color::all));
  value_of(io, "duplex", find_counter(reading, P::Function::all, P::Color::all, P::Sides::two));
}

void vendor_counters(Writer& io, const Reading& reading) {
  Json table = Json::object();
  for (const CounterPoint& point : reading.counters) {
    if (point.evidence.source.starts_with("prtMarker")) continue;
    table[point.evidence.source] = {{"oid", point.evidence.oid},
                                    {"value", json_io::exact(point.value)},
                                    {"confidence", std::string(1, point.evidence.confidence)}};
  }
  io.out["vendor_counters"] = std::move(table);
}

constexpr auto identity = [](auto& io, auto& row) {
  io.value("manufacturer", row.manufacturer);
  io.value("model", row.model);
  io.value("serial", row.serial);
  io.value("mac", row.mac);
  io.value("macs", row.macs);
  io.value("firmware", row.firmware);
  io.value("printer_name", row.printer_name);
  io.value("engine_id", row.engine_id);
};

constexpr auto system_group = [](auto& io, auto& row) {
  io.value("sys_descr", row.sys_descr);
  io.value("sys_object_id", row.sys_object_id);
  io.value("sys_name", row.sys_name);
  io.value("sys_location", row.sys_location);
  io.value("sys_contact", row.sys_contact);
  io.value("sys_up_time", row.sys_up_time);
};

constexpr auto status = [](auto& io, auto& row) {
  io.value("hr_device_index", row.hr_device_index);
  io.word("device_status", MibEnum::hrDeviceStatus, row.device_status);
  io.word("printer_status", MibEnum::hrPrinterStatus, row.printer_status);
  io.derived([&](Writer& out) {
    if (row.detected_error_octets) out.value("detected_errors", detected_errors(*row.detected_error_octets));
  });
  io.value("detected_error_octets", row.detected_error_octets);
  io.value("console_display", row.console_display);
  io.value("charset", row.charset);
  io.value("language", row.language);
  io.value("country", row.country);
  io.value("config_changes", row.config_changes);
};

constexpr auto document = [](auto& io, auto& reading) {
  io.value("address", reading.address);
  io.derived([](Writer& out) { out.value("is_printer", true); });
  io.choice("kind", kKinds, reading.kind);
  io.value("read_at", reading.read_at);
  io.value("clock_suspect", reading.clock_suspect);
  io.value("cloud_offset_ms", reading.cloud_offset_ms);
  io.value("complete", reading.complete);
  identity(io, reading.identity);
  io.derived([&](Writer& out) { meters(out, reading); });
  status(io, reading.status);
  io.rows("markers", reading.markers, marker);
  io.rows("supplies", reading.supplies, supply);
  io.rows("inputs", reading.inputs, input);
  io.rows("outputs", reading.outputs, output);
  io.rows("covers", reading.covers, cover);
  io.rows("alerts", reading.alerts, alert);
  io.rows("colorants", reading.colorants, colorant);
  io.rows("finishers", reading.finishers, finisher);
  io.rows("finisher_supplies", reading.finisher_supplies, finisher_supply);
  io.rows("finisher_inputs", reading.finisher_inputs, finisher_input);
  io.rows("counters", reading.counters, counter);
  io.derived([&](Writer& out) { vendor_counters(out, reading); });
  system_group(io, reading.system);
  io.value("flags", reading.flags);
};

Expected<void> check_schema(const Json& in) {
  if (!in.is_object()) return fail(Code::invalid, "scan document: this is not a JSON object");
  if (in.value("schema", Json()) != kSchema) {
    return fail(Code::invalid, "scan document, schema: '" + std::string(kSchema) + "' is needed");
  }
  if (in.value("is_printer", Json(true)) != true) {
    return fail(Code::invalid, "scan document, is_printer: this device is not a printer, so there is no reading");
  }
  return {};
}

}  // namespace

std::string to_json(const Reading& reading) {
  Writer io;
  io.value("schema", std::string(kSchema));
  document(io, reading);
  return io.out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Expected<Reading> reading_from_json(std::string_view line) {
  const Json in = Json::parse(line, nullptr, false);
  if (const auto known = check_schema(in); !known) return fail(known.error());
  std::optional<Error> fault;
  Reading reading;
  json_io::Reader io(in, "", fault);
  document(io, reading);
  if (fault) return fail(*fault);
  return reading;
}

}  // namespace platen
