#include "tests/zoo/manners.h"

#include <array>
#include <charconv>
#include <functional>
#include <optional>

namespace platen::zoo {
namespace {

template <class Number>
std::optional<Number> number_in(std::string_view text, Number low, Number high) {
  Number number{};
  const auto [stop, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = fault == std::errc{} && stop == text.data() + text.size();
  return whole && number >= low && number <= high ? std::optional(number) : std::nullopt;
}

using Set = bool (*)(Manners&, std::string_view);  // false: the value is no good

template <bool Manners::*flag>
bool set_flag(Manners& manners, std::string_view value) {
  manners.*flag = true;
  return value.empty();
}

template <std::size_t Manners::*size>
bool set_size(Manners& manners, std::string_view value) {
  const auto octets = number_in<std::size_t>(value, 100, 65507);
  manners.*size = octets.value_or(0);
  return octets.has_value();
}

template <std::uint32_t Manners::*every, std::uint32_t fallback>
bool set_every(Manners& manners, std::string_view value) {
  const auto number = value.empty() ? std::optional(fallback) : number_in<std::uint32_t>(value, 1, 1'000'000);
  manners.*every = number.value_or(0);
  return number.has_value();
}

bool set_loss(Manners& manners, std::string_view value) {
  const auto part = number_in<double>(value, 0, 1);
  manners.loss = part.value_or(0);
  return part.has_value();
}

bool set_latency(Manners& manners, std::string_view value) {
  const std::size_t plus = value.find('+');
  const auto fixed = number_in<int>(value.substr(0, plus), 0, 60'000);
  const auto more =
      plus == std::string_view::npos ? std::optional(0) : number_in<int>(value.substr(plus + 1), 0, 60'000);
  if (!fixed || !more) return false;
  manners.latency = std::chrono::milliseconds(*fixed);
  manners.jitter = std::chrono::milliseconds(*more);
  return true;
}

struct Word {
  std::string_view name, value;
  Set set;
};
constexpr std::array words = {
    Word{"loss", "0..1", set_loss},
    Word{"latency", "MS or MS+MS", set_latency},
    Word{"v1-only", "", set_flag<&Manners::v1_only>},
    Word{"no-bulk", "", set_flag<&Manners::no_bulk>},
    Word{"too-big", "OCTETS, 100..65507", set_size<&Manners::too_big>},
    Word{"drop-above", "OCTETS, 100..65507", set_size<&Manners::drop_above>},
    Word{"one-at-a-time", "", set_flag<&Manners::one_at_a_time>},
    Word{"endless", "", set_flag<&Manners::endless>},
    Word{"repeat", "", set_flag<&Manners::repeat>},
    Word{"out-of-order", "", set_flag<&Manners::out_of_order>},
    Word{"wrong-id", "N or nothing", set_every<&Manners::wrong_id, 3>},
    Word{"wrong-source", "N or nothing", set_every<&Manners::wrong_source, 3>},
    Word{"reboot", "N or nothing", set_every<&Manners::reboot, 4>},
    Word{"every-name", "", set_flag<&Manners::every_name>},
    Word{"wrong-types", "", set_flag<&Manners::wrong_types>},
    Word{"wild-clock", "", set_flag<&Manners::wild_clock>},
};

std::string known_words() {
  std::string list;
  for (const Word& word : words) list += (list.empty() ? "" : " ") + std::string(word.name);
  return list;
}

Expected<void> apply(Manners& manners, std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view name = text.substr(0, colon);
  const std::string_view value = colon == std::string_view::npos ? "" : text.substr(colon + 1);
  for (const Word& word : words) {
    if (word.name != name) continue;
    if (word.set(manners, value)) return {};
    const std::string wanted = word.value.empty() ? "no value" : "a value " + std::string(word.value);
    return fail(Code::invalid, "'" + std::string(text) + "': " + std::string(name) + " takes " + wanted);
  }
  return fail(Code::invalid, "'" + std::string(name) + "' is no manner; known: " + known_words());
}

}  // namespace

Expected<Manners> parse_manners(std::string_view text, const Manners& from) {
  Manners manners = from;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    if (const auto done = apply(manners, text.substr(0, comma)); !done) return fail(done.error());
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
  }
  return manners;
}

}  // namespace platen::zoo
