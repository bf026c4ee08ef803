#include "agent/privacy/fields.h"

#include <algorithm>
#include <type_traits>

namespace platen::privacy {
namespace {

template <class T>
std::size_t count_in(const std::optional<T>& value) {
  return value ? 1 : 0;
}
std::size_t count_in(const std::vector<std::string>& texts) { return texts.size(); }
std::size_t count_in(const std::string& text) { return text.empty() ? 0 : 1; }
template <class T>
requires std::is_arithmetic_v<T> || std::is_enum_v<T> std::size_t count_in(T /*number*/) { return 1; }
std::size_t count_in(WallTime /*time*/) { return 1; }

void change_in(std::string& text, const Change& change) { text = change(text).value_or(""); }
void change_in(std::optional<std::string>& text, const Change& change) {
  if (text) text = change(*text);
}
void change_in(std::vector<std::string>& texts, const Change& change) {
  std::vector<std::string> out;
  for (const std::string& text : texts) {
    if (auto changed = change(text)) out.push_back(std::move(*changed));
  }
  texts = std::move(out);
}

template <class T>
inline constexpr bool is_text = std::is_same_v<T, std::string> || std::is_same_v<T, std::optional<std::string>> ||
                                std::is_same_v<T, std::vector<std::string>>;

// One member of the reading itself, of a part of it, of the rows of a table, and of the evidence in those rows.
template <auto Member>
constexpr Field top(std::string_view name) {
  using T = std::remove_cvref_t<decltype(std::declval<Reading&>().*Member)>;
  Field field{name, [](const Reading& reading) { return count_in(reading.*Member); }};
  if constexpr (is_text<T>)
    field.change = [](Reading& reading, const Change& change) { change_in(reading.*Member, change); };
  return field;
}
template <auto Part, auto Member>
constexpr Field part(std::string_view name) {
  using T = std::remove_cvref_t<decltype((std::declval<Reading&>().*Part).*Member)>;
  Field field{name, [](const Reading& reading) { return count_in(reading.*Part.*Member); }};
  if constexpr (is_text<T>)
    field.change = [](Reading& reading, const Change& change) { change_in(reading.*Part.*Member, change); };
  return field;
}
template <auto Table, auto Member>
constexpr Field row(std::string_view name) {
  using Row = typename std::remove_cvref_t<decltype(std::declval<Reading&>().*Table)>::value_type;
  using T = std::remove_cvref_t<decltype(std::declval<Row&>().*Member)>;
  Field field{name, [](const Reading& reading) {
                std::size_t count = 0;
                for (const auto& each : reading.*Table) count += count_in(each.*Member);
                return count;
              }};
  if constexpr (is_text<T>) {
    field.change = [](Reading& reading, const Change& change) {
      for (auto& each : reading.*Table) change_in(each.*Member, change);
    };
  }
  return field;
}
template <auto Member>
constexpr Field evidence(std::string_view name) {
  using T = std::remove_cvref_t<decltype(std::declval<Evidence&>().*Member)>;
  Field field{name, [](const Reading& reading) {
                std::size_t count = 0;
                for (const auto& point : reading.counters) count += count_in(point.evidence.*Member);
                return count;
              }};
  if constexpr (is_text<T>) {
    field.change = [](Reading& reading, const Change& change) {
      for (auto& point : reading.counters) change_in(point.evidence.*Member, change);
    };
  }
  return field;
}

using R = Reading;
using P = CounterPoint;
constexpr std::array rows = {
    top<&R::kind>("kind"),
    top<&R::address>("address"),
    top<&R::read_at>("read_at"),
    top<&R::clock_suspect>("clock_suspect"),
    top<&R::cloud_offset_ms>("cloud_offset_ms"),
    top<&R::complete>("complete"),
    top<&R::flags>("flags"),
    part<&R::identity, &Identity::manufacturer>("manufacturer"),
    part<&R::identity, &Identity::model>("model"),
    part<&R::identity, &Identity::serial>("serial"),
    part<&R::identity, &Identity::mac>("mac"),
    part<&R::identity, &Identity::macs>("macs"),
    part<&R::identity, &Identity::firmware>("firmware"),
    part<&R::identity, &Identity::printer_name>("printer_name"),
    part<&R::identity, &Identity::engine_id>("engine_id"),
    part<&R::system, &System::sys_descr>("sys_descr"),
    part<&R::system, &System::sys_object_id>("sys_object_id"),
    part<&R::system, &System::sys_name>("sys_name"),
    part<&R::system, &System::sys_location>("sys_location"),
    part<&R::system, &System::sys_contact>("sys_contact"),
    part<&R::system, &System::sys_up_time>("sys_up_time"),
    part<&R::status, &Status::hr_device_index>("hr_device_index"),
    part<&R::status, &Status::device_status>("device_status"),
    part<&R::status, &Status::printer_status>("printer_status"),
    part<&R::status, &Status::detected_error_octets>("detected_error_octets"),
    part<&R::status, &Status::console_display>("console_display"),
    part<&R::status, &Status::charset>("charset"),
    part<&R::status, &Status::config_changes>("config_changes"),
    part<&R::status, &Status::language>("language"),
    part<&R::status, &Status::country>("country"),
    row<&R::markers, &Marker::index>("markers.index"),
    row<&R::markers, &Marker::mark_tech>("markers.mark_tech"),
    row<&R::markers, &Marker::counter_unit>("markers.unit"),
    row<&R::markers, &Marker::life_count>("markers.life_count"),
    row<&R::markers, &Marker::power_on_count>("markers.power_on_count"),
    row<&R::markers, &Marker::process_colorants>("markers.process_colorants"),
    row<&R::markers, &Marker::status>("markers.status"),
    row<&R::counters, &P::function>("counters.function"),
    row<&R::counters, &P::color>("counters.color"),
    row<&R::counters, &P::size>("counters.size"),
    row<&R::counters, &P::size_name>("counters.size_name"),
    row<&R::counters, &P::sides>("counters.sides"),
    row<&R::counters, &P::unit>("counters.unit"),
    row<&R::counters, &P::scope>("counters.scope"),
    row<&R::counters, &P::part>("counters.part"),
    row<&R::counters, &P::value>("counters.value"),
    evidence<&Evidence::source>("counters.source"),
    evidence<&Evidence::oid>("counters.oid"),
    evidence<&Evidence::raw>("counters.raw"),
    evidence<&Evidence::confidence>("counters.confidence"),
    row<&R::supplies, &Supply::index>("supplies.index"),
    row<&R::supplies, &Supply::description>("supplies.description"),
    row<&R::supplies, &Supply::supply_class>("supplies.class"),
    row<&R::supplies, &Supply::type>("supplies.type"),
    row<&R::supplies, &Supply::unit>("supplies.unit"),
    row<&R::supplies, &Supply::marker_index>("supplies.marker_index"),
    row<&R::supplies, &Supply::colorant_index>("supplies.colorant_index"),
    row<&R::supplies, &Supply::colorant>("supplies.colorant"),
    row<&R::supplies, &Supply::max_capacity>("supplies.max_capacity"),
    row<&R::supplies, &Supply::level>("supplies.level"),
    row<&R::inputs, &Input::index>("inputs.index"),
    row<&R::inputs, &Input::name>("inputs.name"),
    row<&R::inputs, &Input::description>("inputs.description"),
    row<&R::inputs, &Input::media>("inputs.media"),
    row<&R::inputs, &Input::type>("inputs.type"),
    row<&R::inputs, &Input::unit>("inputs.unit"),
    row<&R::inputs, &Input::max_capacity>("inputs.max_capacity"),
    row<&R::inputs, &Input::level>("inputs.level"),
    row<&R::inputs, &Input::status>("inputs.status"),
    row<&R::outputs, &Output::index>("outputs.index"),
    row<&R::outputs, &Output::name>("outputs.name"),
    row<&R::outputs, &Output::description>("outputs.description"),
    row<&R::outputs, &Output::type>("outputs.type"),
    row<&R::outputs, &Output::unit>("outputs.unit"),
    row<&R::outputs, &Output::max_capacity>("outputs.max_capacity"),
    row<&R::outputs, &Output::remaining>("outputs.remaining"),
    row<&R::outputs, &Output::status>("outputs.status"),
    row<&R::covers, &Cover::index>("covers.index"),
    row<&R::covers, &Cover::description>("covers.description"),
    row<&R::covers, &Cover::status>("covers.status"),
    row<&R::alerts, &Alert::index>("alerts.index"),
    row<&R::alerts, &Alert::severity>("alerts.severity"),
    row<&R::alerts, &Alert::training_level>("alerts.training_level"),
    row<&R::alerts, &Alert::group>("alerts.group"),
    row<&R::alerts, &Alert::group_index>("alerts.group_index"),
    row<&R::alerts, &Alert::location>("alerts.location"),
    row<&R::alerts, &Alert::code>("alerts.code"),
    row<&R::alerts, &Alert::description>("alerts.description"),
    row<&R::alerts, &Alert::time_ticks>("alerts.time"),
    row<&R::colorants, &Colorant::index>("colorants.index"),
    row<&R::colorants, &Colorant::marker_index>("colorants.marker_index"),
    row<&R::colorants, &Colorant::role>("colorants.role"),
    row<&R::colorants, &Colorant::value>("colorants.value"),
    row<&R::colorants, &Colorant::tonality>("colorants.tonality"),
    row<&R::finishers, &Finisher::index>("finishers.index"),
    row<&R::finishers, &Finisher::type>("finishers.type"),
    row<&R::finishers, &Finisher::present>("finishers.present"),
    row<&R::finishers, &Finisher::unit>("finishers.unit"),
    row<&R::finishers, &Finisher::max_capacity>("finishers.max_capacity"),
    row<&R::finishers, &Finisher::capacity>("finishers.capacity"),
    row<&R::finishers, &Finisher::status>("finishers.status"),
    row<&R::finishers, &Finisher::description>("finishers.description"),
    row<&R::finisher_supplies, &FinisherSupply::index>("finisher_supplies.index"),
    row<&R::finisher_supplies, &FinisherSupply::device_index>("finisher_supplies.device_index"),
    row<&R::finisher_supplies, &FinisherSupply::description>("finisher_supplies.description"),
    row<&R::finisher_supplies, &FinisherSupply::supply_class>("finisher_supplies.class"),
    row<&R::finisher_supplies, &FinisherSupply::type>("finisher_supplies.type"),
    row<&R::finisher_supplies, &FinisherSupply::unit>("finisher_supplies.unit"),
    row<&R::finisher_supplies, &FinisherSupply::colorant>("finisher_supplies.colorant"),
    row<&R::finisher_supplies, &FinisherSupply::max_capacity>("finisher_supplies.max_capacity"),
    row<&R::finisher_supplies, &FinisherSupply::level>("finisher_supplies.level"),
    row<&R::finisher_inputs, &FinisherInput::index>("finisher_inputs.index"),
    row<&R::finisher_inputs, &FinisherInput::device_index>("finisher_inputs.device_index"),
    row<&R::finisher_inputs, &FinisherInput::supply_index>("finisher_inputs.supply_index"),
    row<&R::finisher_inputs, &FinisherInput::name>("finisher_inputs.name"),
    row<&R::finisher_inputs, &FinisherInput::description>("finisher_inputs.description"),
    row<&R::finisher_inputs, &FinisherInput::media>("finisher_inputs.media"),
    row<&R::finisher_inputs, &FinisherInput::type>("finisher_inputs.type"),
    row<&R::finisher_inputs, &FinisherInput::status>("finisher_inputs.status"),
};

}  // namespace

std::optional<Policy> policy_of(std::string_view word) {
  const auto at = std::find(policy_words.begin(), policy_words.end(), word);
  return at == policy_words.end() ? std::nullopt : std::optional(static_cast<Policy>(at - policy_words.begin()));
}

std::span<const Field> fields() { return rows; }

}  // namespace platen::privacy
