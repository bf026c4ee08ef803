#include "tests/zoo/moment.h"

#include <algorithm>

#include "base/text.h"
#include "tests/zoo/texts.h"

namespace platen::zoo {
namespace {

constexpr std::uint64_t ticks_a_day = 8'640'000;

std::uint64_t mixed(std::uint64_t x) {  // splitmix64's finisher
  x += 0x9E3779B97F4A7C15U;
  x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27U)) * 0x94D049BB133111EBU;
  return x ^ (x >> 31U);
}

// The part of n that a share (in 1/1000) takes: grows by at most one when n does, and so does the rest.
std::uint64_t share(std::uint64_t n, std::uint64_t permille) { return n * permille / 1000; }

struct Habits {  // how much one device prints of what
  std::uint64_t first, daily;
};
Habits habits_of(const Model& model, const Who& who) {
  return {model.first_pages + chance(who.number, "first", model.first_pages * 3 + 1),
          model.pages_per_day / 2 + chance(who.number, "daily", model.pages_per_day + 1)};
}

std::uint64_t pages_at(const Habits& habits, std::uint64_t ticks) {
  return habits.first + habits.daily * ticks / ticks_a_day;
}

// The first tick at which the device has `wanted` pages; 0 when it started with them.
std::uint32_t tick_of(const Habits& habits, std::uint64_t wanted) {
  if (wanted <= habits.first || habits.daily == 0) return 0;
  return static_cast<std::uint32_t>(((wanted - habits.first) * ticks_a_day + habits.daily - 1) / habits.daily);
}

Pages pages_of(const Model& model, const Who& who, const Habits& habits, std::uint32_t ticks) {
  Pages p;
  p.total = pages_at(habits, ticks);
  p.power_on = p.total - habits.first;
  p.life = p.total + share(p.total, model.test_permille);
  const auto permille = [&](bool has, std::string_view what, std::uint64_t low, std::uint64_t spread) {
    return has ? low + chance(who.number, what, spread) : 0;
  };
  // Whole numbers are taken from what is left, so that parts always add up and none ever falls.
  const std::uint64_t paper = share(p.total, 1000 - permille(model.has_fax, "fax", 5, 40));
  p.fax = p.total - paper;
  p.copy = share(paper, permille(model.has_copier, "copy", 100, 300));
  p.print = paper - p.copy;
  p.print_color = share(p.print, permille(model.has_color, "print colour", 150, 500));
  p.copy_color = share(p.copy, permille(model.has_color, "copy colour", 50, 400));
  p.print_mono = p.print - p.print_color;
  p.copy_mono = p.copy - p.copy_color;
  p.color = p.print_color + p.copy_color;
  p.mono = p.total - p.color;
  p.duplex = share(p.total, 50 + chance(who.number, "duplex", 350));
  p.scan = share(p.total, permille(model.has_copier, "scan", 200, 900));
  p.scan_feeder = share(p.scan, 700);
  p.scan_flatbed = p.scan - p.scan_feeder;
  return p;
}

struct Wear {                  // of a supply, in pages since it was new
  std::uint64_t used, low_at;  // low_at: the device's page count at which a tenth was left
};
Wear wear_of(const Supply& supply, const Who& who, std::uint64_t pages) {
  const std::uint64_t start = chance(who.number, supply.name, supply.yield);
  const std::uint64_t used = (pages + start) % supply.yield;
  const std::uint64_t low = supply.yield - supply.yield / 10;
  return {used, used >= low ? pages - (used - low) : 0};
}

std::int64_t level_of(const Supply& supply, const Wear& wear) {
  const std::uint64_t left = supply.yield - wear.used;
  const auto full = static_cast<std::uint64_t>(supply.max + supply.above);
  const auto exact = static_cast<std::int64_t>(full * left / supply.yield);
  switch (supply.gauge) {
    case Gauge::exact: return exact;
    case Gauge::tens: return supply.max / 10 * static_cast<std::int64_t>(10 * left / supply.yield);
    case Gauge::some_remaining: return left * 100 / supply.yield == 0 ? 0 : -3;
    case Gauge::unknown: break;
  }
  return -2;
}

std::string with_part(std::string_view sentence, std::string_view part) {
  const std::size_t at = sentence.find("{}");
  return std::string(sentence.substr(0, at)) + std::string(part) + std::string(sentence.substr(at + 2));
}

namespace error_bit {
constexpr unsigned low_toner = 1U << 13U, door_open = 1U << 11U, service = 1U << 8U, input_tray_empty = 1U << 2U;
}

class Builder {
 public:
  Builder(const Model& model, const Who& who, std::uint32_t ticks)
      : model_(model), who_(who), habits_(habits_of(model, who)) {
    now_.ticks = ticks;
    now_.pages = pages_of(model, who, habits_, ticks);
  }

  Moment build() {
    for (std::size_t i = 0; i < model_.supplies.size(); ++i) look_at_supply(i);
    for (std::size_t i = 0; i < model_.trays.size(); ++i) look_at_tray(i);
    for (std::size_t i = 0; i < model_.bins.size(); ++i) look_at_bin(i);
    for (std::size_t i = 0; i < model_.covers.size(); ++i) look_at_cover(i);
    decide_status();
    write_console();
    return std::move(now_);
  }

 private:
  void alert(Fault fault, std::size_t part, std::int32_t severity, std::int32_t group, std::int32_t code,
             std::uint32_t part_index, std::string text, std::uint32_t since) {
    const std::int32_t training = severity == 3 ? 3 : 4;  // untrained : trained
    now_.alerts.push_back({alert_index(fault, part), severity, training, group, static_cast<std::int32_t>(part_index),
                           code, std::move(text), since});
  }
  void error(unsigned bit) { now_.errors = static_cast<std::uint16_t>(now_.errors | bit); }

  void look_at_supply(std::size_t i) {
    const Supply& supply = model_.supplies[i];
    const Wear wear = wear_of(supply, who_, now_.pages.total);
    now_.supplies.push_back(level_of(supply, wear));
    if (wear.low_at == 0 || supply.gauge == Gauge::unknown) return;
    const bool receptacle = supply.supply_class == 4, ink = supply.type == 5, drum = supply.type == 9,
               toner = supply.type == 3;
    const std::int32_t code = receptacle ? (supply.type == 8 ? 1108 : 1107)
                              : ink      ? 1105
                              : drum     ? 1111
                              : toner    ? 1104
                                         : 1;  // IANA-PRINTER-MIB, PrtAlertCodeTC
    const std::string_view sentence = receptacle ? model_.words->full : model_.words->low;
    if (toner || ink) error(error_bit::low_toner);
    if (receptacle) error(error_bit::service);
    alert(Fault::supply, i, 4, 11, code, supply.index, with_part(sentence, supply.name), tick_of(habits_, wear.low_at));
  }

  void look_at_tray(std::size_t i) {
    const Tray& tray = model_.trays[i];
    const auto room = static_cast<std::uint64_t>(tray.max) + 1;
    const std::uint64_t used =
        (now_.pages.total / std::max<std::size_t>(model_.trays.size(), 1) + chance(who_.number, tray.name, room)) %
        room;
    const auto left = static_cast<std::int64_t>(room - 1 - used);
    const bool empty = left == 0;
    now_.trays.push_back(tray.gauge == Gauge::unknown ? -2 : tray.gauge == Gauge::some_remaining && !empty ? -3 : left);
    if (!empty || tray.gauge == Gauge::unknown) return;
    error(error_bit::input_tray_empty);
    alert(Fault::tray, i, 4, 8, 808, tray.index, with_part(model_.words->tray_empty, tray.name), now_.ticks);
  }

  void look_at_bin(std::size_t i) {
    const Bin& bin = model_.bins[i];
    const auto filled_to = static_cast<std::int64_t>(
        chance(who_.number + now_.pages.total, bin.name, static_cast<std::uint64_t>(bin.max) / 2 + 1));
    now_.bins.push_back(bin.gauge == Gauge::exact ? bin.max - filled_to : bin.gauge == Gauge::some_remaining ? -3 : -2);
  }

  void look_at_cover(std::size_t i) {
    constexpr std::uint32_t shift = 6 * 360'000;  // six hours: somebody leaves a cover open now and then
    const std::uint32_t slot = now_.ticks / shift;
    const bool open = chance(std::uint64_t{who_.number} * 1000 + slot, model_.covers[i], 23) == 0;
    now_.covers.push_back(open ? 3 : 4);
    if (!open) return;
    error(error_bit::door_open);
    alert(Fault::cover, i, 3, 6, 3, static_cast<std::uint32_t>(i + 1),
          with_part(model_.words->cover_open, model_.covers[i]), slot * shift);
  }

  void decide_status() {
    const bool stopped =
        std::any_of(now_.alerts.begin(), now_.alerts.end(), [](const ActiveAlert& a) { return a.severity == 3; });
    const bool busy = !stopped && chance(who_.number + now_.ticks / 6000, "busy", 4) == 0;
    now_.device_status = stopped ? 5 : now_.alerts.empty() ? 2 : 3;
    now_.printer_status = stopped ? 1 : busy ? 4 : 3;
  }

  void write_console() {
    now_.console.assign(model_.console_lines, "");
    if (now_.console.empty() || model_.words == nullptr) return;  // what is no printer has no panel
    now_.console[0] = now_.printer_status == 4 ? model_.words->printing : model_.words->ready;
    if (now_.alerts.empty()) return;
    const auto worst =
        std::min_element(now_.alerts.begin(), now_.alerts.end(),
                         [](const ActiveAlert& a, const ActiveAlert& b) { return a.severity < b.severity; });
    now_.console[worst->severity == 3 || model_.console_lines == 1 ? 0 : 1] = worst->text;
  }

  const Model& model_;
  const Who& who_;
  Habits habits_;
  Moment now_;
};

std::string serial_of(const Model& model, std::uint32_t number) {
  std::string serial = model.serial_pattern;
  // 7919 is prime to every power of ten: two devices of a model never share a serial while the digits last.
  std::uint64_t digits = std::uint64_t{number} * 7919 + chance(0, model.model, 100'000);
  std::uint64_t letters = chance(1, model.model, 1'000'000'000);
  for (std::size_t i = serial.size(); i-- > 0;) {
    if (serial[i] == '#') serial[i] = static_cast<char>('0' + digits % 10), digits /= 10;
    if (serial[i] == '@') serial[i] = static_cast<char>('A' + letters % 26), letters /= 26;
  }
  return serial;
}

}  // namespace

std::uint64_t chance(std::uint64_t number, std::string_view salt, std::uint64_t limit) {
  std::uint64_t hash = 0xCBF29CE484222325U;  // FNV-1a
  for (const char c : salt) hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001B3U;
  return limit == 0 ? 0 : mixed(hash ^ mixed(number)) % limit;
}

const Interface& Model::addressed() const {
  const auto up = std::find_if(interfaces.begin(), interfaces.end(), [](const Interface& face) { return face.up; });
  return up == interfaces.end() ? interfaces.front() : *up;
}

Who who_is(const Model& model, std::uint32_t number, IpAddress address) {
  Who who{number, address, serial_of(model, number), {}, {}};
  for (std::size_t i = 0; i < who.macs.size(); ++i) {
    std::string& mac = who.macs[i];
    for (const std::uint8_t octet : model.oui) mac += static_cast<char>(octet);
    const std::uint32_t tail = number * 2 + static_cast<std::uint32_t>(i) + 0x100;
    for (const unsigned shift : {16U, 8U, 0U}) mac += static_cast<char>(tail >> shift & 0xFFU);
  }
  std::string tail = to_hex(std::string_view(who.macs[0]).substr(3));
  std::transform(tail.begin(), tail.end(), tail.begin(),
                 [](char c) { return c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c; });
  who.name = model.host_prefix + tail;
  return who;
}

Moment moment_of(const Model& model, const Who& who, std::uint32_t ticks) { return Builder(model, who, ticks).build(); }

std::string filled(std::string_view pattern, const Model& model, const Who& who) {
  struct Place {
    std::string_view name, text;
  };
  const std::string mac = to_hex(who.macs[0]);
  const Place places[] = {{"{maker}", model.maker}, {"{model}", model.model}, {"{serial}", who.serial},
                          {"{name}", who.name},     {"{mac}", mac},           {"{firmware}", model.firmware}};
  std::string out(pattern);
  for (const Place& place : places) {
    for (std::size_t at = out.find(place.name); at != std::string::npos;
         at = out.find(place.name, at + place.text.size())) {
      out.replace(at, place.name.size(), place.text);
    }
  }
  return out;
}

std::string error_octets(const Model& model, const Moment& now) {
  std::string octets(1, static_cast<char>(now.errors >> 8U));
  if (model.two_error_octets || (now.errors & 0xFFU) != 0) octets += static_cast<char>(now.errors & 0xFFU);
  return octets;
}

Meaning meaning_of(Count count) {
  using F = CounterPoint::Function;
  using C = CounterPoint::Color;
  using S = CounterPoint::Sides;
  const struct {
    Count count;
    Meaning meaning;
  } table[] = {
      {&Pages::total, {F::all, C::all, S::all}},
      {&Pages::mono, {F::all, C::mono, S::all}},
      {&Pages::color, {F::all, C::any_color, S::all}},
      {&Pages::print, {F::print, C::all, S::all}},
      {&Pages::print_mono, {F::print, C::mono, S::all}},
      {&Pages::print_color, {F::print, C::any_color, S::all}},
      {&Pages::copy, {F::copy, C::all, S::all}},
      {&Pages::copy_mono, {F::copy, C::mono, S::all}},
      {&Pages::copy_color, {F::copy, C::any_color, S::all}},
      {&Pages::fax, {F::fax, C::all, S::all}},
      {&Pages::duplex, {F::all, C::all, S::two}},
      {&Pages::scan, {F::scan, C::all, S::all}},
  };
  const auto found =
      std::find_if(std::begin(table), std::end(table), [&](const auto& row) { return row.count == count; });
  return found == std::end(table) ? Meaning{} : found->meaning;
}

}  // namespace platen::zoo
