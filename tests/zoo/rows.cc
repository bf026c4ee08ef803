#include "tests/zoo/rows.h"

#include <algorithm>
#include <numeric>

#include "tests/zoo/ber.h"

namespace platen::zoo {
namespace {

using snmp::Oid;

// `row`'s name as the device at `address` says it, compared with `ids`.
bool is_before(const Row& row, std::span<const std::uint32_t> ids, IpAddress address) {
  if (row.address_at == 0) {
    return std::lexicographical_compare(row.name.ids().begin(), row.name.ids().end(), ids.begin(), ids.end());
  }
  const Oid own = row.name_at(address);
  return std::lexicographical_compare(own.ids().begin(), own.ids().end(), ids.begin(), ids.end());
}

void encode(Row& row) {
  ber::Writer(row.encoded_name).oid(row.name.ids());
  if (!row.at) ber::Writer(row.encoded_constant).value(row.constant);
}

bool is_printer_table(const Oid& name) {
  static const Oid inputs{1, 3, 6, 1, 2, 1, 43, 8, 2, 1}, supplies{1, 3, 6, 1, 2, 1, 43, 11, 1, 1};
  return name.size() == 13 && (name.starts_with(inputs) || name.starts_with(supplies));
}

// Every column of the trays and supplies keeps its first and last row and says the ones between backwards.
std::vector<std::uint32_t> shuffled_order(const std::vector<Row>& rows) {
  std::vector<std::uint32_t> order(rows.size());
  std::iota(order.begin(), order.end(), 0U);
  const auto column_of = [](const Row& row) { return row.name.ids().subspan(0, 11); };
  for (std::size_t first = 0; first < rows.size(); ++first) {
    if (!is_printer_table(rows[first].name)) continue;
    std::size_t last = first;
    while (last + 1 < rows.size() && is_printer_table(rows[last + 1].name) &&
           std::ranges::equal(column_of(rows[last + 1]), column_of(rows[first])))
      ++last;
    if (last - first > 2)
      std::reverse(order.begin() + static_cast<std::ptrdiff_t>(first) + 1,
                   order.begin() + static_cast<std::ptrdiff_t>(last));
    first = last;
  }
  std::vector<std::uint32_t> next(rows.size());
  for (std::size_t i = 0; i < order.size(); ++i)
    next[order[i]] = i + 1 < order.size() ? order[i + 1] : static_cast<std::uint32_t>(rows.size());
  return next;
}

}  // namespace

Oid Row::name_at(IpAddress address) const {
  if (address_at == 0) return name;
  std::vector<std::uint32_t> ids(name.ids().begin(), name.ids().end());
  std::copy_n(address.octets().begin(), 4, ids.begin() + static_cast<std::ptrdiff_t>(address_at));
  return Oid(std::span<const std::uint32_t>(ids));
}

std::size_t Template::at_or_after(std::span<const std::uint32_t> ids, IpAddress address) const {
  const auto found =
      std::partition_point(rows.begin(), rows.end(), [&](const Row& row) { return is_before(row, ids, address); });
  return static_cast<std::size_t>(found - rows.begin());
}

void Rows::put(Oid name, snmp::Value value) { rows_.push_back({std::move(name), 0, std::move(value), {}, {}, {}, {}}); }

void Rows::put(Oid name, Row::At at, Row::When when) {
  rows_.push_back({std::move(name), 0, {}, std::move(at), std::move(when), {}, {}});
}

void Rows::put_by_address(const Oid& column, Row::At at) {
  static constexpr std::uint32_t room[] = {127, 0, 0,
                                           2};  // sorts after 127.0.0.1 and before every other network's address
  rows_.push_back({column + std::span<const std::uint32_t>(room), column.size(), {}, std::move(at), {}, {}, {}});
}

std::shared_ptr<const Template> Rows::finish() {
  std::vector<Row*> sorted;  // rows are large
  for (Row& row : rows_) sorted.push_back(&row);
  std::stable_sort(sorted.begin(), sorted.end(), [](const Row* a, const Row* b) { return a->name < b->name; });
  auto made = std::make_shared<Template>();
  made->rows.reserve(sorted.size());
  for (Row* each : sorted) {
    Row& row = *each;
    if (!made->rows.empty() && made->rows.back().name == row.name) made->rows.pop_back();
    encode(row);
    made->rows.push_back(std::move(row));
  }
  rows_.clear();
  made->shuffled = shuffled_order(made->rows);
  return made;
}

std::shared_ptr<const Template> template_of(const Model& model) {
  Rows rows;
  put_system(rows, model);
  if (model.is_printer) put_printer(rows, model);
  put_vendor(rows, model);
  if (model.more_rows) model.more_rows(rows, model);
  return rows.finish();
}

std::shared_ptr<const Template> template_of(const snmp::VarBinds& recording) {
  Rows rows;
  for (const auto& [name, value] : recording) rows.put(name, value);
  return rows.finish();
}

}  // namespace platen::zoo
