#include "base/reading/json.h"

#include <doctest/doctest.h>

#include <array>
#include <limits>
#include <random>

using namespace platen;

namespace {

// Fields at random, absent as often as not; numbers and texts from the edges.
class Dice {
 public:
  explicit Dice(unsigned seed) : engine_(seed) {}
  std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(engine_); }
  bool coin() { return below(2) == 0; }
  std::string text() {
    constexpr std::array<const char*, 7> texts = {"",          "Black Toner",      "Kopieën", "\"\\\b\n\x1f",
                                                  "</script>", "\xF0\x9F\x98\x80", "-1"};
    return texts[below(texts.size())];
  }
  template <class Int>
  Int number() {
    constexpr std::array<Int, 5> edges = {0, 1, 7, std::numeric_limits<Int>::max(), std::numeric_limits<Int>::min()};
    return edges[below(edges.size())];
  }
  void fill(std::string& out) { out = text(); }
  void fill(std::int32_t& out) { out = number<std::int32_t>(); }
  void fill(std::uint32_t& out) { out = number<std::uint32_t>(); }
  void fill(std::uint64_t& out) { out = number<std::uint64_t>(); }
  void fill(Amount& out) { out = Amount::from_wire(number<std::int64_t>()); }
  template <class T>
  void fill(std::optional<T>& out) {
    if (coin()) fill(out.emplace());
  }
  template <class... Ts>
  void fill_all(Ts&... out) {
    (fill(out), ...);
  }
  template <class Row, class Each>
  void some(std::vector<Row>& rows, Each each) {
    rows.resize(below(4));
    for (Row& row : rows) each(row);
  }

 private:
  std::mt19937 engine_;
};

Reading random_reading(unsigned seed) {
  Dice dice(seed);
  Reading r;
  r.kind = dice.coin() ? Reading::Kind::full : Reading::Kind::status;
  r.complete = dice.coin();
  if (dice.coin()) r.read_at = WallTime{std::chrono::milliseconds{1'700'000'000'123}};
  auto& [manufacturer, model, serial, mac, macs, firmware, printer_name, engine_id] = r.identity;
  dice.fill_all(r.address, manufacturer, model, serial, mac, firmware, printer_name, engine_id);
  auto& s = r.system;
  dice.fill_all(s.sys_descr, s.sys_object_id, s.sys_name, s.sys_location, s.sys_contact, s.sys_up_time);
  auto& t = r.status;
  dice.fill_all(t.hr_device_index, t.device_status, t.printer_status, t.detected_error_octets, t.charset,
                t.config_changes);
  for (auto* texts : {&macs, &t.console_display, &r.flags})
    dice.some(*texts, [&](std::string& each) { dice.fill(each); });
  dice.some(r.markers, [&](Marker& m) {
    dice.fill_all(m.index, m.mark_tech, m.counter_unit, m.life_count, m.power_on_count, m.process_colorants, m.status);
  });
  dice.some(r.counters, [&](CounterPoint& c) {
    c.function = static_cast<CounterPoint::Function>(dice.below(6));
    c.color = static_cast<CounterPoint::Color>(dice.below(6));
    c.size = static_cast<CounterPoint::Size>(dice.below(4));
    c.sides = static_cast<CounterPoint::Sides>(dice.below(3));
    c.scope = static_cast<CounterPoint::Scope>(dice.below(2));
    dice.fill_all(c.size_name, c.unit, c.part, c.value, c.evidence.source, c.evidence.oid, c.evidence.raw);
    c.evidence.confidence = "ABC"[dice.below(3)];
  });
  dice.some(r.supplies, [&](Supply& x) {
    dice.fill_all(x.index, x.description, x.supply_class, x.type, x.unit, x.marker_index, x.colorant_index, x.colorant,
                  x.max_capacity, x.level);
  });
  dice.some(r.inputs, [&](Input& x) {
    dice.fill_all(x.index, x.name, x.description, x.media, x.type, x.unit, x.max_capacity, x.level, x.status);
  });
  dice.some(r.outputs, [&](Output& x) {
    dice.fill_all(x.index, x.name, x.description, x.type, x.unit, x.max_capacity, x.remaining, x.status);
  });
  dice.some(r.covers, [&](Cover& x) { dice.fill_all(x.index, x.description, x.status); });
  dice.some(r.alerts, [&](Alert& x) {
    dice.fill_all(x.index, x.severity, x.training_level, x.group, x.group_index, x.location, x.code, x.description,
                  x.time_ticks);
  });
  return r;
}

std::string with(const std::string& field) { return R"({"schema":"platen.scan/1",)" + field + "}"; }

CounterPoint life_count(std::uint64_t value, char confidence = 'A') {
  CounterPoint point;
  point.value = value;
  point.unit = 8;
  point.evidence = {"prtMarkerLifeCount.1.1", "1.3.6.1.2.1.43.10.2.1.4.1.1", std::to_string(value), confidence};
  return point;
}

Supply supply(const char* index, std::int64_t max_capacity, std::int64_t level) {
  Supply row;
  row.index = index;
  row.max_capacity = Amount::from_wire(max_capacity);
  row.level = Amount::from_wire(level);
  return row;
}

bool has(const std::string& json, const std::string& part) { return json.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("any reading survives the way to JSON and back") {
  for (unsigned seed = 0; seed < 500; ++seed) {
    CAPTURE(seed);
    const Reading reading = random_reading(seed);
    const std::string json = to_json(reading);
    CHECK(json.find('\n') == std::string::npos);
    const auto back = reading_from_json(json);
    REQUIRE_MESSAGE(back, (back ? "" : back.error().text));
    CHECK(*back == reading);
    CHECK(to_json(*back) == json);
  }
}

TEST_CASE("absent is a missing key, a sentinel is a note, an amount has a percentage") {
  Reading reading;
  reading.supplies = {supply("1.1", -2, -3), supply("1.2", 30000, 22596), supply("1.3", 100, 120), {}};
  reading.supplies.back().index = "1.4";
  const std::string json = to_json(reading);
  CHECK(has(json,
            R"({"index":"1.1","max_capacity":-2,"level":-3,"level_note":"some-remaining","capacity_note":"unknown"})"));
  CHECK(has(json, R"({"index":"1.2","max_capacity":30000,"level":22596,"percent":75.3})"));
  CHECK(has(json, R"("level":120,"percent":100.0})"));
  CHECK(has(json, R"({"index":"1.4"})"));
  CHECK_FALSE(has(json, "serial"));
  CHECK_FALSE(has(json, "detected_errors"));
}

TEST_CASE("integers above 2^53 are texts") {
  Reading reading;
  reading.counters = {life_count(9007199254740993ULL)};
  CHECK(has(to_json(reading), R"("total_pages":"9007199254740993")"));
  reading.counters = {life_count(4294967295ULL)};
  CHECK(has(to_json(reading),
            R"("total_pages":4294967295,"total_pages_unit":"sheets","total_pages_source":"prtMarkerLifeCount.1.1")"));
}

TEST_CASE("flat meters come from exactly one point of confidence A or B") {
  using P = CounterPoint;
  Reading reading;
  P mono = life_count(5);
  mono.color = P::Color::mono;
  mono.evidence.source = "acme mono";
  mono.evidence.confidence = 'C';
  reading.counters = {mono};
  CHECK_FALSE(has(to_json(reading), "mono_pages"));
  CHECK(has(to_json(reading), R"("vendor_counters":{"acme mono":{"oid")"));
  mono.evidence.confidence = 'B';
  mono.value = 6;
  reading.counters.push_back(mono);
  CHECK(has(to_json(reading), R"("mono_pages":6)"));
  mono.size = P::Size::large;
  reading.counters = {mono};
  CHECK_FALSE(has(to_json(reading), "mono_pages"));
}

TEST_CASE("the life count is the total; without one the maker's own total is") {
  Reading reading;
  CounterPoint own = life_count(7);
  own.evidence.source = "acme total";
  own.evidence.oid = "1.3.6.1.4.1.99.1.0 record 0x00";
  reading.counters = {own};
  CHECK(has(to_json(reading),
            R"("total_pages":7,"total_pages_unit":"sheets","total_pages_source":"acme counter record 0x00")"));
  reading.counters.push_back(life_count(9));
  CHECK(has(to_json(reading), R"("total_pages":9)"));
}

TEST_CASE("what is not a scan document is refused with the place") {
  struct Row {
    std::string in, where;
  };
  const Row rows[] = {
      {"", "not a JSON object"},
      {"[1]", "not a JSON object"},
      {"{}", "schema"},
      {R"({"schema":7})", "schema"},
      {R"({"schema":"platen.scan/1","is_printer":false})", "not a printer"},
      {with(R"("serial":7)"), "serial: a text"},
      {with(R"("supplies":[{"index":"1.1"},{"level":"x"}])"), "supplies[1].level: a whole number"},
      {with(R"("supplies":[7])"), "supplies[0].: an object"},
      {with(R"("supplies":{})"), "supplies: a list"},
      {with(R"("sys_up_time":-1)"), "sys_up_time: the number is out of range"},
      {with(R"("sys_up_time":4294967296)"), "sys_up_time: the number is out of range"},
      {with(R"("device_status":"asleep")"), "device_status: 'asleep'"},
      {with(R"("counters":[{"function":"dance"}])"), "counters[0].function: 'dance'"},
      {with(R"("counters":[{"confidence":"AB"}])"), "counters[0].confidence"},
      {with(R"("read_at":"yesterday")"), "read_at: a time"},
      {with(R"("macs":["a",1])"), "macs: a list of texts"},
      {std::string(100000, '['), "not a JSON object"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.in.substr(0, 80));
    const auto got = reading_from_json(row.in);
    REQUIRE_FALSE(got);
    CHECK(got.error().code == Code::invalid);
    CHECK_MESSAGE(has(got.error().text, row.where), got.error().text);
  }
}
