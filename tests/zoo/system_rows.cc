// system, interfaces and ip of RFC 1213, hrDevice of RFC 2790.
#include "base/text.h"
#include "tests/zoo/rows.h"

namespace platen::zoo {
namespace {

using snmp::Oid;
using snmp::Type;
using snmp::Value;

const Oid mib2{1, 3, 6, 1, 2, 1};
Oid mib(std::initializer_list<std::uint32_t> tail) { return mib2 + std::span(tail.begin(), tail.size()); }

// Traffic that goes up with time; the numbers mean nothing.
Row::At traffic(std::string salt, std::uint64_t a_second) {
  return [salt = std::move(salt), a_second](const Scene& scene) {
    const std::uint64_t start = chance(scene.who.number, salt, 1'000'000'000);
    return Value::integer(static_cast<std::int64_t>((start + a_second * (scene.now.ticks / 100)) & 0xFFFFFFFFU),
                          Type::counter32);
  };
}

void put_system_group(Rows& rows, const Model& model) {
  const auto text = [](std::string pattern) {
    return [pattern = std::move(pattern)](const Scene& s) { return Value::octets(filled(pattern, s.model, s.who)); };
  };
  rows.put(mib({1, 1, 0}), text(model.sys_descr));
  rows.put(mib({1, 2, 0}), Value::oid(model.sys_object_id));
  rows.put(mib({1, 3, 0}), [](const Scene& s) { return Value::integer(s.now.ticks, Type::time_ticks); });
  rows.text(mib({1, 4, 0}), "it-service@example.test");
  rows.put(mib({1, 5, 0}), text("{name}"));
  rows.put(mib({1, 6, 0}), [](const Scene& s) {
    return Value::octets("Floor " + std::to_string(s.who.number % 7) + ", room " + std::to_string(100 + s.who.number));
  });
  rows.number(mib({1, 7, 0}), 72);
}

void put_interface(Rows& rows, const Interface& face) {
  const auto cell = [&](std::uint32_t column) { return mib({2, 2, 1, column, face.index}); };
  const bool loopback = face.type == 24;
  rows.number(cell(1), face.index);
  rows.text(cell(2), face.description);
  rows.number(cell(3), face.type);
  rows.number(cell(4), loopback ? 16436 : 1500);
  rows.number(cell(5), loopback ? 0 : 100'000'000, Type::gauge32);
  rows.put(cell(6), [which = face.mac](const Scene& s) {
    return Value::octets(which == 0 ? "" : s.who.macs.at(static_cast<std::size_t>(which - 1)));
  });
  rows.number(cell(7), 1);
  rows.number(cell(8), face.up ? 1 : 2);
  rows.number(cell(9), 0, Type::time_ticks);
  const std::uint64_t rate = face.up && !loopback ? 400 : 0;
  for (const std::uint32_t column : {10U, 11U, 12U, 16U, 17U, 18U})
    rows.put(cell(column), traffic(face.description + std::to_string(column), rate));
  for (const std::uint32_t column : {13U, 14U, 15U, 19U, 20U}) rows.number(cell(column), 0, Type::counter32);
  rows.number(cell(21), 0, Type::gauge32);
  rows.put(cell(22), Value::oid(Oid{0, 0}));
}

void put_addresses(Rows& rows, const Model& model) {
  const std::uint32_t holder = model.addressed().index;
  const auto constant = [](Value value) { return [value = std::move(value)](const Scene&) { return value; }; };
  rows.put_by_address(mib({4, 20, 1, 1}), [](const Scene& s) {
    return Value::octets(std::string(s.who.address.octets().begin(), s.who.address.octets().begin() + 4),
                         Type::ip_address);
  });
  rows.put_by_address(mib({4, 20, 1, 2}), constant(Value::integer(holder)));
  rows.put_by_address(mib({4, 20, 1, 3}), constant(Value::octets(std::string("\xff\0\0\0", 4), Type::ip_address)));
  rows.put_by_address(mib({4, 20, 1, 4}), constant(Value::integer(1)));
  rows.put_by_address(mib({4, 20, 1, 5}), constant(Value::integer(65535)));
}

void put_device(Rows& rows, std::uint32_t index, std::uint32_t kind, Row::At description, Row::At status) {
  const auto cell = [&](std::uint32_t column) { return mib({25, 3, 2, 1, column, index}); };
  rows.number(cell(1), index);
  rows.put(cell(2), Value::oid(mib({25, 3, 1, kind})));
  rows.put(cell(3), std::move(description));
  rows.put(cell(4), Value::oid(Oid{0, 0}));
  rows.put(cell(5), std::move(status));
  rows.number(cell(6), 0, Type::counter32);
}

void put_host_resources(Rows& rows, const Model& model) {
  constexpr std::uint32_t printer = 5, processor = 3, network = 4;
  const auto running = [](const Scene&) { return Value::integer(2); };
  const auto named = [](std::string text) {
    return [text = std::move(text)](const Scene&) { return Value::octets(text); };
  };
  rows.put(mib({25, 1, 1, 0}), [](const Scene& s) { return Value::integer(s.now.ticks, Type::time_ticks); });
  rows.number(mib({25, 2, 2, 0}), 262'144);
  const std::uint32_t d = model.hr_device_index;
  put_device(rows, d == 1 ? 2 : 1, processor, named("Controller"), running);
  put_device(rows, d + 10, network, named("Network adapter"), running);
  if (!model.is_printer) return;
  put_device(
      rows, d, printer,
      [](const Scene& s) {
        return Value::octets(in_charset(s.model.charset, filled(s.model.hr_descr, s.model, s.who)));
      },
      [](const Scene& s) { return Value::integer(s.now.device_status); });
  rows.put(mib({25, 3, 5, 1, 1, d}), [](const Scene& s) { return Value::integer(s.now.printer_status); });
  rows.put(mib({25, 3, 5, 1, 2, d}), [](const Scene& s) { return Value::octets(error_octets(s.model, s.now)); });
}

}  // namespace

void put_system(Rows& rows, const Model& model) {
  put_system_group(rows, model);
  rows.number(mib({2, 1, 0}), static_cast<std::int64_t>(model.interfaces.size()));
  for (const Interface& face : model.interfaces) put_interface(rows, face);
  put_addresses(rows, model);
  put_host_resources(rows, model);
}

}  // namespace platen::zoo
