#include "proto/reading_codec.h"

#include <google/protobuf/stubs/logging.h>

#include <array>
#include <limits>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "platen/v1/reading.pb.h"

namespace platen::wire {
namespace {

constexpr std::size_t most_octets = 262'144;  // a whole Reading
constexpr std::size_t most_kept = std::size_t{32} << 10U;
constexpr std::size_t most_text = 4096;  // octets of one text
constexpr int most_rows = 4096;          // of one table

// One row a message, both directions made from it, so that no field can be forgotten in one of them. A `PLAIN` field is
// always there, a `MAYBE` field may be absent, `LIST` is repeated text, `PART` and `TABLE` are messages, `ONE_OF` an
// enum.
// clang-format off
#define PLATEN_IDENTITY(PLAIN, MAYBE, LIST, PART, TABLE, ONE_OF) \
  MAYBE(manufacturer) MAYBE(model) MAYBE(serial) MAYBE(mac) LIST(macs) MAYBE(firmware) MAYBE(printer_name) MAYBE(engine_id)
#define PLATEN_SYSTEM(PLAIN, MAYBE, LIST, PART, TABLE, ONE_OF) \
  MAYBE(sys_descr) MAYBE(sys_object_id) MAYBE(sys_name) MAYBE(sys_location) MAYBE(sys_contact) MAYBE(sys_up_time)
#define PLATEN_STATUS(PLAIN, MAYBE, LIST, PART, TABLE, ONE_OF) \
  MAYBE(hr_device_index) MAYBE(device_status) MAYBE(printer_status) MAYBE(detected_error_octets) LIST(console_display) \
  MAYBE(charset) MAYBE(config_changes) MAYBE(language) MAYBE(country)
#define PLATEN_MARKER(PLAIN, MAYBE, LIST, PART, TABLE, ONE_OF) \
  PLAIN(index) MAYBE(mark_tech) MAYBE(counter_unit) MAYBE(life_count) MAYBE(power_on_count) MAYBE(process_colorants) MAYBE(status)
#define PLATEN_COUNTER(PLAIN, MAYBE, LIST, PART, TABLE, ONE_OF) \
  ONE_OF(function, Function, FUNCTION_OTHER) ONE_OF(color, Color, COLOR_ANY) ONE_OF(size, Size, SIZE_NAMED) PLAIN(size_name) \
  ONE_OF(sides, Sides, SIDES_TWO) MAYBE(unit) ONE_OF(scope, Scope, SCOPE_REMAINING) PLAIN(part) PLAIN(value) PART(evidence)
#define PLATEN_SUPPLY(PLAIN, MAYBE, LIST, PART, TABLE, ONE_OF) \
  PLAIN(index) MAYBE(description) MAYBE(supply_class) MAYBE(type) MAYBE(unit) MAYBE(marker_index) MAYBE(colorant_index) \
  MAYBE(colorant) MAYBE(max_capacity) MAYBE(level)
#define PLATEN_INPUT(PLAIN, MAYBE, LIST, PART, TABLE, ONE_OF) \
  PLAIN(index) MAYBE(name) MAYBE(description) MAYBE(media) MAYBE(type) MAYBE(unit) MAYBE(max_capacity) MAYBE(level) MAYBE(status)
#define PLATEN_OUTPUT(PLAIN, MAYBE, LIST, PART, TABLE, ONE_OF) \
  PLAIN(index) MAYBE(name) MAYBE(description) MAYBE(type) MAYBE(unit) MAYBE(max_capacity) MAYBE(remaining) MAYBE(status)
#define PLATEN_COVER(PLAIN, MAYBE, LIST, PART, TABLE, ONE_OF) \
  PLAIN(index) MAYBE(description) MAYBE(status)
#define PLATEN_ALERT(PLAIN, MAYBE, LIST, PART, TABLE, ONE_OF) \
  PLAIN(index) MAYBE(severity) MAYBE(training_level) MAYBE(group) MAYBE(group_index) MAYBE(location) MAYBE(code) \
  MAYBE(description) MAYBE(time_ticks)
#define PLATEN_COLORANT(PLAIN, MAYBE, LIST, PART, TABLE, ONE_OF) \
  PLAIN(index) MAYBE(marker_index) MAYBE(role) MAYBE(value) MAYBE(tonality)
#define PLATEN_FINISHER(PLAIN, MAYBE, LIST, PART, TABLE, ONE_OF) \
  PLAIN(index) MAYBE(type) MAYBE(present) MAYBE(unit) MAYBE(max_capacity) MAYBE(capacity) MAYBE(status) MAYBE(description)
#define PLATEN_FINISHER_SUPPLY(PLAIN, MAYBE, LIST, PART, TABLE, ONE_OF) \
  PLAIN(index) MAYBE(device_index) MAYBE(description) MAYBE(supply_class) MAYBE(type) MAYBE(unit) MAYBE(colorant) \
  MAYBE(max_capacity) MAYBE(level)
#define PLATEN_FINISHER_INPUT(PLAIN, MAYBE, LIST, PART, TABLE, ONE_OF) \
  PLAIN(index) MAYBE(device_index) MAYBE(supply_index) MAYBE(name) MAYBE(description) MAYBE(media) MAYBE(type) MAYBE(status)
#define PLATEN_READING(PLAIN, MAYBE, LIST, PART, TABLE, ONE_OF) \
  ONE_OF(kind, Kind, KIND_STATUS) PLAIN(address) PART(identity) PART(system) PART(status) TABLE(markers) TABLE(counters) \
  TABLE(supplies) TABLE(inputs) TABLE(outputs) TABLE(covers) TABLE(alerts) TABLE(colorants) \
  TABLE(finishers) TABLE(finisher_supplies) TABLE(finisher_inputs) LIST(flags) MAYBE(clock_suspect) MAYBE(cloud_offset_ms)

#define PLATEN_EACH_MESSAGE(MESSAGE) \
  MESSAGE(Identity, PLATEN_IDENTITY) MESSAGE(System, PLATEN_SYSTEM) MESSAGE(Status, PLATEN_STATUS) MESSAGE(Marker, PLATEN_MARKER) \
  MESSAGE(CounterPoint, PLATEN_COUNTER) MESSAGE(Supply, PLATEN_SUPPLY) MESSAGE(Input, PLATEN_INPUT) MESSAGE(Output, PLATEN_OUTPUT) \
  MESSAGE(Cover, PLATEN_COVER) MESSAGE(Alert, PLATEN_ALERT) MESSAGE(Colorant, PLATEN_COLORANT) MESSAGE(Finisher, PLATEN_FINISHER) \
  MESSAGE(FinisherSupply, PLATEN_FINISHER_SUPPLY) MESSAGE(FinisherInput, PLATEN_FINISHER_INPUT)
// clang-format on

// ---- Reading to message

template <class T>
const T& plain(const T& value) {
  return value;
}
std::int64_t plain(const Amount& amount) { return amount.raw; }

void put(const Evidence& from, v1::Evidence& to) {
  to.set_source(from.source);
  to.set_oid(from.oid);
  to.set_raw(from.raw);
  to.set_confidence(from.confidence == 'A'   ? v1::Evidence::CONFIDENCE_A
                    : from.confidence == 'B' ? v1::Evidence::CONFIDENCE_B
                                             : v1::Evidence::CONFIDENCE_C);  // what is not A or B is never billed
}

#define PLATEN_PUT_PLAIN(field) to.set_##field(from.field);
#define PLATEN_PUT_MAYBE(field) \
  if (from.field) to.set_##field(plain(*from.field));
#define PLATEN_PUT_LIST(field) \
  for (const std::string& text : from.field) to.add_##field(text);
#define PLATEN_PUT_PART(field) put(from.field, *to.mutable_##field());
#define PLATEN_PUT_TABLE(field) \
  for (const auto& row : from.field) put(row, *to.add_##field());
#define PLATEN_PUT_ONE_OF(field, Type, last) \
  to.set_##field(static_cast<std::remove_cvref_t<decltype(to)>::Type>(from.field));
#define PLATEN_PUT(FIELDS) \
  FIELDS(PLATEN_PUT_PLAIN, PLATEN_PUT_MAYBE, PLATEN_PUT_LIST, PLATEN_PUT_PART, PLATEN_PUT_TABLE, PLATEN_PUT_ONE_OF)
#define PLATEN_PUT_MESSAGE(Message, FIELDS) \
  void put(const Message& from, v1::Message& to) { PLATEN_PUT(FIELDS) }
PLATEN_EACH_MESSAGE(PLATEN_PUT_MESSAGE)

void put(const Reading& from, v1::Reading& to) {
  to.set_read_at_ms(from.read_at.time_since_epoch().count());
  to.set_incomplete(!from.complete);
  PLATEN_PUT(PLATEN_READING)
}

// ---- message to Reading

// Takes fields over and remembers the first one that is out of bounds.
class Taker {
 public:
  std::optional<Error> problem;

  void assign(std::string& to, const std::string& from) {
    if (from.size() > most_text)
      refuse("a text of " + std::to_string(from.size()) + " octets; at most " + std::to_string(most_text));
    if (from.find('\0') != std::string::npos) refuse("a text with NUL");
    to = from;
  }
  void assign(std::uint64_t& to, std::uint64_t from) { to = from; }
  void assign(std::optional<Amount>& to, std::int64_t from) { to = Amount::from_wire(from); }
  template <class T>
  void assign(std::optional<T>& to, const T& from) {
    assign_each(to.emplace(), from);
  }
  template <class To, class From>
  void one_of(To& to, From from, From last) {
    if (from < From{} || from > last) return refuse("an enum value of a newer platen: " + std::to_string(from));
    to = static_cast<To>(from);
  }
  [[nodiscard]] bool rows(int count) {
    if (count > most_rows)
      refuse("a table of " + std::to_string(count) + " rows; at most " + std::to_string(most_rows));
    return count <= most_rows;
  }

  void take(const v1::Evidence& from, Evidence& to) {
    assign(to.source, from.source());
    assign(to.oid, from.oid());
    assign(to.raw, from.raw());
    std::uint8_t grade = 0;
    one_of(grade, from.confidence(), v1::Evidence::CONFIDENCE_C);
    to.confidence = std::array{'A', 'B', 'C'}.at(grade);
  }

#define PLATEN_TAKE_PLAIN(field) assign(to.field, from.field());
#define PLATEN_TAKE_MAYBE(field) \
  if (from.has_##field()) assign(to.field, from.field());
#define PLATEN_TAKE_LIST(field)                                                                    \
  if (rows(from.field##_size())) {                                                                 \
    to.field.resize(std::size_t(from.field##_size()));                                             \
    for (int i = 0; i < from.field##_size(); ++i) assign(to.field[std::size_t(i)], from.field(i)); \
  }
#define PLATEN_TAKE_PART(field) take(from.field(), to.field);
#define PLATEN_TAKE_TABLE(field)                                                                 \
  if (rows(from.field##_size())) {                                                               \
    to.field.resize(std::size_t(from.field##_size()));                                           \
    for (int i = 0; i < from.field##_size(); ++i) take(from.field(i), to.field[std::size_t(i)]); \
  }
#define PLATEN_TAKE_ONE_OF(field, Type, last) one_of(to.field, from.field(), std::remove_cvref_t<decltype(from)>::last);
#define PLATEN_TAKE(FIELDS)                                                                           \
  FIELDS(PLATEN_TAKE_PLAIN, PLATEN_TAKE_MAYBE, PLATEN_TAKE_LIST, PLATEN_TAKE_PART, PLATEN_TAKE_TABLE, \
         PLATEN_TAKE_ONE_OF)
#define PLATEN_TAKE_MESSAGE(Message, FIELDS) \
  void take(const v1::Message& from, Message& to) { PLATEN_TAKE(FIELDS) }  // NOLINT(bugprone-macro-parentheses): a type
  PLATEN_EACH_MESSAGE(PLATEN_TAKE_MESSAGE)

  void take(const v1::Reading& from, Reading& to) {
    to.read_at = WallTime(std::chrono::milliseconds(from.read_at_ms()));
    to.complete = !from.incomplete();
    PLATEN_TAKE(PLATEN_READING)
  }

 private:
  void assign_each(std::string& to, const std::string& from) { assign(to, from); }
  template <class T>
  void assign_each(T& to, const T& from) {
    to = from;
  }
  void refuse(std::string what) {
    if (!problem) problem = Error{Code::invalid, "reading with " + std::move(what)};
  }
};

}  // namespace

std::string encode_reading(const Reading& reading) {
  v1::Reading message;
  put(reading, message);
  return message.SerializeAsString();
}

Expected<Reading> decode_reading(std::string_view octets) {
  if (octets.size() > most_octets)
    return fail(Code::invalid,
                "reading of " + std::to_string(octets.size()) + " octets; at most " + std::to_string(most_octets));
  [[maybe_unused]] static const auto quiet =
      google::protobuf::SetLogHandler(nullptr);  // text from afar would reach stderr
  // Taken again and again: its parts and texts need no new memory then. A large one is not kept.
  static thread_local v1::Reading kept;
  v1::Reading large;
  v1::Reading& message = octets.size() > most_kept ? large : kept;
  if (!message.ParseFromArray(octets.data(), static_cast<int>(octets.size())))
    return fail(Code::corrupt, "these " + std::to_string(octets.size()) + " octets are not a platen.v1.Reading");
  Taker taker;
  Reading reading;
  taker.take(message, reading);
  if (taker.problem) return fail(*taker.problem);
  return reading;
}

}  // namespace platen::wire
