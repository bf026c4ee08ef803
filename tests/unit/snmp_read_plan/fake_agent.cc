#include "fake_agent.h"

#include <algorithm>
#include <iterator>

#include "snmp/printer/columns.h"

namespace platen::snmp::test {
namespace {

constexpr std::size_t kErrorOctets = 44;

Answer error(std::int32_t status, std::size_t index) {
  Answer answer;
  answer.is = Answer::Is::response;
  answer.error_status = status;
  answer.error_index = static_cast<std::int32_t>(index);
  answer.octets = kErrorOctets;
  return answer;
}

bool by_name(const VarBind& a, const VarBind& b) { return a.name < b.name; }

}  // namespace

// X.690, with the shortest lengths.
std::size_t octets_of(const VarBind& row) {
  const auto of_name = [](const Oid& name) {
    std::size_t octets = 1;
    for (std::size_t i = 2; i < name.size(); ++i) {
      for (std::uint32_t id = name[i]; id >= 128; id /= 128) ++octets;
      ++octets;
    }
    return octets;
  };
  const auto with_header = [](std::size_t octets) { return octets + (octets < 128 ? 2U : octets < 256 ? 3U : 4U); };
  std::size_t value = 0;
  if (const auto number = row.value.number()) {
    value = *number < 128 ? 1 : *number < 32'768 ? 2 : *number < 8'388'608 ? 3 : 5;
  } else if (row.value.bytes() != nullptr) {
    value = row.value.bytes()->size();
  } else if (row.value.object() != nullptr) {
    value = of_name(*row.value.object());
  }
  return with_header(with_header(of_name(row.name)) + with_header(value));
}

FakeAgent::FakeAgent(VarBinds order, Manners manners) : order_(std::move(order)), manners_(std::move(manners)) {
  for (std::size_t i = 0; i < order_.size(); ++i) index_.emplace(order_[i].name, i);
}

const VarBind* FakeAgent::successor(const Oid& name) const {
  const auto at = index_.find(name);
  std::size_t next = order_.size();
  if (at != index_.end()) {
    next = at->second + (name == manners_.itself_at ? 0U : 1U);
  } else if (const auto after = index_.upper_bound(name); after != index_.end()) {
    // In an odd order, the first row walked among those above: that is how a walk of a column begins.
    next = after->second;
    for (auto i = after; i != index_.end() && i->first.starts_with(name); ++i) next = std::min(next, i->second);
  }
  if (manners_.stuck_after > 0 && next >= manners_.stuck_after) next = manners_.stuck_after - 1;
  if (next == order_.size()) return manners_.wraps && !order_.empty() ? &order_.front() : nullptr;
  return &order_[next];
}

std::size_t FakeAgent::octets_for(const VarBind& row) const {
  return octets_of(row) + (manners_.long_lengths ? 2U : 0U);
}

Answer FakeAgent::with(VarBinds rows) const {
  Answer answer;
  answer.is = Answer::Is::response;
  answer.octets = manners_.header;
  for (const VarBind& row : rows) answer.octets += octets_for(row);
  answer.varbinds = std::move(rows);
  return answer;
}

Answer FakeAgent::get(const Ask& ask) const {
  VarBinds rows;
  for (std::size_t i = 0; i < ask.names.size(); ++i) {
    const auto at = index_.find(ask.names[i]);
    if (at == index_.end() && manners_.v1) return error(2, i + 1);
    rows.push_back(at == index_.end() ? VarBind{ask.names[i], Value::exception(Type::no_such_instance)}
                                      : order_[at->second]);
  }
  return with(std::move(rows));
}

Answer FakeAgent::next(const Ask& ask) const {
  VarBinds rows;
  for (std::size_t i = 0; i < ask.names.size(); ++i) {
    const Oid& name = ask.names[i];
    if (manners_.wants_index && name.size() <= 11 && name.starts_with(Oid{1, 3, 6, 1, 2, 1, 43})) {
      rows.push_back({name, Value::exception(Type::no_such_instance)});
      continue;
    }
    const VarBind* row = successor(name);
    if (row == nullptr && manners_.v1) return error(2, i + 1);
    if (row != nullptr && !manners_.error_at.empty() && row->name == manners_.error_at) return error(5, i + 1);
    rows.push_back(row == nullptr ? VarBind{name, Value::exception(Type::end_of_mib_view)} : *row);
  }
  return with(std::move(rows));
}

Answer FakeAgent::bulk(const Ask& ask) const {
  Ask one{PduType::get_next, ask.names};
  const auto scalars = static_cast<std::size_t>(ask.non_repeaters);
  VarBinds rows;
  std::size_t octets = manners_.header, fit = 0;
  for (std::int32_t repetition = 0; repetition < ask.max_repetitions; ++repetition) {
    Answer step = next(one);
    if (step.error_status != 0) return step;
    const std::size_t keep_from = repetition == 0 ? 0 : scalars;
    rows.insert(rows.end(), step.varbinds.begin() + static_cast<std::ptrdiff_t>(keep_from), step.varbinds.end());
    for (std::size_t i = scalars; i < one.names.size(); ++i) one.names[i] = step.varbinds[i].name;
    while (fit < rows.size() && octets + octets_for(rows[fit]) <= manners_.most_octets) {
      octets += octets_for(rows[fit++]);
    }
    const bool full = fit < rows.size() && manners_.silent_above == 0;
    if (full || one.names.size() == scalars) break;
  }
  if (manners_.most_varbinds > 0 && rows.size() > manners_.most_varbinds) rows.resize(manners_.most_varbinds);
  fit = std::min(fit, rows.size());
  if (fit < rows.size() && manners_.bulk_is_too_big) return error(1, 0);
  if (fit < rows.size() && manners_.bulk_is_gen_err) return error(5, 0);
  if (manners_.silent_above == 0) rows.resize(fit);
  return with(std::move(rows));
}

void FakeAgent::restart() {
  const auto at = index_.find(Oid{1, 3, 6, 1, 2, 1, 1, 3, 0});
  if (at != index_.end()) order_[at->second].value = Value::integer(41, Type::time_ticks);
}

Answer FakeAgent::answer(const Ask& ask) {
  ++asked;
  if (manners_.restarts_after > 0 && answers_ == manners_.restarts_after) restart();
  Answer out;  // a timeout
  const bool bulk_ask = ask.type == PduType::get_bulk;
  if (asked == manners_.loses) return out;
  if (manners_.dies_after > 0 && answers_ >= manners_.dies_after) return out;
  if (bulk_ask && (manners_.v1 || manners_.bulk_is_silent)) return out;
  if (!bulk_ask && ask.type == PduType::get_next && manners_.deaf_to_next) return out;
  if (bulk_ask && manners_.deaf_to_next) return out;
  if (bulk_ask && manners_.bulk_is_an_error) {
    ++answers_;
    return error(5, 0);
  }
  out = ask.type == PduType::get ? get(ask) : bulk_ask ? bulk(ask) : next(ask);
  if (manners_.silent_above > 0 && out.octets > manners_.silent_above) return {};
  if (out.octets > manners_.most_octets) out = error(1, 0);
  ++answers_;
  return out;
}

Run run(ReadPlan& plan, FakeAgent& agent) {
  Run counts;
  while (const auto ask = plan.next()) {
    ++counts.asks;
    const Answer answer = agent.answer(*ask);
    counts.silences += answer.is == Answer::Is::timeout ? 1U : 0U;
    plan.take(answer);
    if (counts.asks > 20'000) break;  // the test sees it in the count
  }
  return counts;
}

bool has_flag(const ReadPlan& plan, std::string_view start) {
  return std::any_of(plan.flags().begin(), plan.flags().end(),
                     [&](const std::string& flag) { return flag.starts_with(start); });
}

Learned first_read(FakeAgent& agent, Version version, const Profiles& profiles) {
  const auto plan = full_read(version, {}, profiles);
  run(*plan, agent);
  const Tolerance tolerance = plan->tolerance();
  const bool complete = plan->whole();
  return {plan->take_rows(), tolerance, complete};
}

void set(VarBinds& rows, const Oid& name, Value value) {
  const auto at = std::lower_bound(rows.begin(), rows.end(), name,
                                   [](const VarBind& row, const Oid& wanted) { return row.name < wanted; });
  if (at != rows.end() && at->name == name) {
    at->value = std::move(value);
  } else {
    rows.insert(at, {name, std::move(value)});
  }
}

VarBinds wanted_of(VarBinds rows) {
  std::erase_if(rows, [](const VarBind& row) { return subtree_of(row.name) == nullptr; });
  std::erase_if(rows, [](const VarBind& row) {
    return row.name.starts_with(Oid{1, 3, 6, 1, 2, 1, 4}) && !row.name.starts_with(Oid{1, 3, 6, 1, 2, 1, 4, 20, 1, 2});
  });
  return rows;
}

namespace {

Value some_value(std::uint32_t column, std::uint32_t row) {
  if (column % 5 == 0) return Value::octets("Part " + std::to_string(column) + " of " + std::to_string(row) + " units");
  return Value::integer(static_cast<std::int64_t>(column) * 100 + row);
}

void add_table(VarBinds& rows, const Oid& entry, std::uint32_t first, std::uint32_t last, std::uint32_t count) {
  for (std::uint32_t column = first; column <= last; ++column) {
    for (std::uint32_t row = 1; row <= count; ++row)
      rows.push_back({entry + column + 1U + row, some_value(column, row)});
  }
}

void add_columns(VarBinds& rows, const Oid& entry, std::initializer_list<std::uint32_t> columns, std::uint32_t count) {
  for (const std::uint32_t column : columns) {
    for (std::uint32_t row = 1; row <= count; ++row) rows.push_back({entry + column + row, some_value(column, row)});
  }
}

}  // namespace

VarBinds wanted_rows() {
  VarBinds rows;
  const Oid system{1, 3, 6, 1, 2, 1, 1}, mib{1, 3, 6, 1, 2, 1}, prt{1, 3, 6, 1, 2, 1, 43};
  rows.push_back({system + 1U + 0U, Value::octets("Makeshift Colour MFP 9000, firmware 1.2.3")});
  rows.push_back({system + 2U + 0U, Value::oid({1, 3, 6, 1, 4, 1, 99999, 1})});
  rows.push_back({system + 3U + 0U, Value::integer(123456, Type::time_ticks)});
  for (std::uint32_t column = 4; column <= 6; ++column) rows.push_back({system + column + 0U, Value::octets("words")});
  const auto at = [](const Oid& base, std::initializer_list<std::uint32_t> tail) {
    return base + std::span<const std::uint32_t>(tail.begin(), tail.size());
  };
  add_columns(rows, at(mib, {2, 2, 1}), {6, 8}, 2);
  rows.push_back({at(mib, {4, 20, 1, 2, 127, 0, 0, 1}), Value::integer(1)});
  rows.push_back({at(mib, {4, 20, 1, 2, 192, 0, 2, 7}), Value::integer(2)});
  add_columns(rows, at(mib, {25, 3, 2, 1}), {2, 3, 5}, 3);
  add_columns(rows, at(mib, {25, 3, 5, 1}), {1, 2}, 1);
  for (std::uint32_t column = 1; column <= 19; ++column)
    rows.push_back({at(prt, {5, 1, 1, column, 1}), some_value(column, 1)});
  add_table(rows, at(prt, {6, 1, 1}), 2, 3, 3);
  add_table(rows, at(prt, {7, 1, 1}), 2, 4, 1);
  add_table(rows, at(prt, {8, 2, 1}), 2, 21, 4);
  add_table(rows, at(prt, {9, 2, 1}), 2, 24, 2);
  add_table(rows, at(prt, {10, 2, 1}), 2, 15, 1);
  add_table(rows, at(prt, {11, 1, 1}), 2, 9, 14);
  add_table(rows, at(prt, {12, 1, 1}), 2, 5, 4);
  add_table(rows, at(prt, {16, 5, 1}), 2, 2, 4);
  add_table(rows, at(prt, {18, 1, 1}), 2, 9, 4);
  rows.push_back({Oid{1, 3, 6, 1, 4, 1, 2699, 1, 2, 1, 2, 1, 1, 3, 1},
                  Value::octets("MFG:Makeshift;MDL:Colour MFP 9000;CLS:PRINTER;CMD:PDF,PCL;SN:MK0000001;")});
  return rows;
}

VarBinds all_rows() {
  VarBinds rows = wanted_rows();
  const Oid mib{1, 3, 6, 1, 2, 1}, prt{1, 3, 6, 1, 2, 1, 43};
  const auto at = [](const Oid& base, std::initializer_list<std::uint32_t> tail) {
    return base + std::span<const std::uint32_t>(tail.begin(), tail.size());
  };
  add_columns(rows, at(mib, {2, 2, 1}), {1, 2, 3, 4, 5, 7, 9, 10, 11, 12}, 2);
  add_columns(rows, at(mib, {4, 21, 1}), {1, 2, 3}, 5);
  add_columns(rows, at(mib, {25, 2, 3, 1}), {1, 2, 3, 4, 5}, 6);
  add_columns(rows, at(mib, {25, 3, 2, 1}), {1, 4, 6}, 3);
  add_table(rows, at(prt, {13, 4, 1}), 2, 8, 4);
  add_table(rows, at(prt, {14, 1, 1}), 2, 8, 4);
  add_table(rows, at(prt, {15, 1, 1}), 2, 12, 12);
  add_table(rows, at(prt, {17, 6, 1}), 2, 5, 3);
  for (std::uint32_t job = 1; job <= 300; ++job)
    rows.push_back({Oid{1, 3, 6, 1, 4, 1, 2699, 1, 1, 1, job}, Value::integer(job)});
  std::sort(rows.begin(), rows.end(), by_name);
  return rows;
}

bool of_status_read(const Oid& name) {
  const Oid general{1, 3, 6, 1, 2, 1, 43, 5, 1, 1}, localizations{1, 3, 6, 1, 2, 1, 43, 7};
  const auto columns = status_read_columns();
  return name.starts_with(alert_table().root) || name.starts_with(localizations) || name.starts_with(general + 2U) ||
         name.starts_with(general + 10U) ||
         std::any_of(columns.begin(), columns.end(), [&](const Oid& column) { return name.starts_with(column); });
}

std::vector<Oid> missing(const VarBinds& wanted, const VarBinds& got) {
  std::vector<Oid> out;
  for (const VarBind& row : wanted) {
    const auto at = std::lower_bound(got.begin(), got.end(), row, by_name);
    if (at == got.end() || *at != row) out.push_back(row.name);
  }
  return out;
}

}  // namespace platen::snmp::test
