// Any octets as what is remembered of a printer and what it answers now: rows are packed and come back equal, and every
// read plan ends, asks for what may be asked, and keeps rows in order, each once.
//
//   Input    octets, taken one after the other: plan and SNMP version, tolerance, remembered rows, then answers. When
//            they are used up, the device is silent.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <span>
#include <string>

#include "agent/schedule/known_rows.h"
#include "snmp/printer/columns.h"
#include "snmp/printer/profiles.h"
#include "snmp/printer/read_plan.h"

namespace {

using namespace platen;
using namespace platen::snmp;

class Feed {
 public:
  Feed(const std::uint8_t* data, std::size_t size) : left_(data, size) {}
  [[nodiscard]] bool empty() const { return left_.empty(); }
  std::uint8_t octet() {
    if (left_.empty()) return 0;
    const std::uint8_t first = left_.front();
    left_ = left_.subspan(1);
    return first;
  }
  std::string text() {
    const std::size_t length = std::min<std::size_t>(octet() % 32U, left_.size());
    std::string out(left_.begin(), left_.begin() + static_cast<std::ptrdiff_t>(length));
    left_ = left_.subspan(length);
    return out;
  }

 private:
  std::span<const std::uint8_t> left_;
};

Value value_from(Feed& feed) {
  const std::uint8_t type = feed.octet();
  switch (type % 7) {
    case 0: return Value::octets(feed.text());
    case 1: return Value::integer(static_cast<std::int8_t>(feed.octet()));
    case 2: return Value::integer(feed.octet() * 0x01010101LL, Type::counter32);
    case 3: return Value::counter64(feed.octet() * 0x0101010101010101ULL);
    case 4: return Value::oid(Oid{1, 3, 6, 1, 4, 1, feed.octet() * 16U});
    case 5: return Value::integer(feed.octet() * 1000LL, Type::time_ticks);
    default: return Value{};
  }
}

// A row near one of the subtrees that are read.
Oid name_from(Feed& feed) {
  const auto subtrees = full_read_subtrees();
  Oid name = subtrees[feed.octet() % subtrees.size()].root;
  for (std::size_t more = 1 + feed.octet() % 3U; more > 0; --more) name = name + feed.octet();
  return name;
}

VarBinds rows_from(Feed& feed) {
  VarBinds rows;
  for (std::size_t count = feed.octet(); count > 0 && !feed.empty(); --count)
    rows.push_back({name_from(feed), value_from(feed)});
  const auto by_name = [](const VarBind& a, const VarBind& b) { return a.name < b.name; };
  const auto same = [](const VarBind& a, const VarBind& b) { return a.name == b.name; };
  std::stable_sort(rows.begin(), rows.end(), by_name);
  rows.erase(std::unique(rows.begin(), rows.end(), same), rows.end());
  return rows;
}

VarBind row_from(Feed& feed, const Oid& asked, const VarBinds& known) {
  const std::uint8_t how = feed.octet();
  const auto after = std::upper_bound(known.begin(), known.end(), asked,
                                      [](const Oid& name, const VarBind& row) { return name < row.name; });
  switch (how % 8) {
    case 0: return {asked, Value::exception(Type::end_of_mib_view)};
    case 1: return {asked, Value::exception(Type::no_such_instance)};
    case 2: return {asked, value_from(feed)};
    case 3: return {name_from(feed), value_from(feed)};
    case 4: return {asked.size() < 100 ? asked + feed.octet() : asked, value_from(feed)};
    case 5: return after == known.end() ? VarBind{asked, Value{}} : VarBind{after->name, value_from(feed)};
    default: return after == known.end() ? VarBind{asked, Value::exception(Type::end_of_mib_view)} : *after;
  }
}

Answer answer_from(Feed& feed, const Ask& ask, const VarBinds& known) {
  Answer answer;
  if (feed.empty()) return answer;
  const std::uint8_t how = feed.octet();
  if (how < 8) return answer;
  answer.is = how == 8 ? Answer::Is::bad : how == 9 ? Answer::Is::report : Answer::Is::response;
  if (how < 32) answer.error_status = static_cast<std::int8_t>(feed.octet());
  if (how < 32) answer.error_index = static_cast<std::int8_t>(feed.octet());
  answer.octets = 20U + feed.octet() * 8U;
  const std::size_t rows = how % 4 == 0 ? feed.octet() : ask.names.size();
  Oid last = ask.names.front();
  for (std::size_t i = 0; i < rows && !feed.empty(); ++i) {
    answer.varbinds.push_back(row_from(feed, i < ask.names.size() ? ask.names[i] : last, known));
    last = answer.varbinds.back().name;
  }
  return answer;
}

void check(const Ask& ask, Version version) {
  constexpr std::size_t most_names = 128;
  if (ask.names.empty() || ask.names.size() > most_names) std::abort();
  if (ask.type == PduType::get_bulk && (version == Version::v1 || ask.max_repetitions < 1)) std::abort();
  if (std::any_of(ask.names.begin(), ask.names.end(), [](const Oid& name) { return name.size() < 2; })) std::abort();
}

std::unique_ptr<ReadPlan> plan_from(std::uint8_t which, Version version, const Tolerance& tolerance,
                                    const VarBinds& known) {
  static const Profiles profiles = Profiles::built_in();
  const IpAddress address = IpAddress::v4(0xC0000207U);
  switch (which % 5) {
    case 0: return full_read(version, tolerance, profiles, address);
    case 1: return status_read(version, tolerance, known);
    case 2: return learned_read(version, tolerance, profiles, known, Depth::moving, address);
    case 4: return learned_read(version, tolerance, profiles, known, Depth::restarted, address);
    default: return learned_read(version, tolerance, profiles, known, Depth::everything, address);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t most_asks = 20'000;
  constexpr std::array versions = {Version::v1, Version::v2c, Version::v3};
  Feed feed(data, size);
  const std::uint8_t which = feed.octet();
  const Version version = versions.at(feed.octet() % versions.size());
  Tolerance tolerance;
  tolerance.bulk = feed.octet() % 2 == 0;
  tolerance.names = feed.octet();
  tolerance.repetitions = static_cast<std::int8_t>(feed.octet());
  tolerance.octets = feed.octet() * 16U;
  const VarBinds rows = rows_from(feed);
  schedule::KnownRows::Shelf shelf;
  const VarBinds known = schedule::KnownRows(rows, shelf).unpack();
  if (known != rows) std::abort();

  const auto plan = plan_from(which, version, tolerance, known);
  for (std::size_t asks = 0; const auto ask = plan->next(); ++asks) {
    if (asks > most_asks) std::abort();
    check(*ask, version);
    plan->take(answer_from(feed, *ask, known));
  }
  const VarBinds read = plan->take_rows();
  const auto out_of_order = [](const VarBind& a, const VarBind& b) { return !(a.name < b.name); };
  if (std::adjacent_find(read.begin(), read.end(), out_of_order) != read.end()) std::abort();
  if (plan->whole() && !plan->complete()) std::abort();
  return 0;
}
