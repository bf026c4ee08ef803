// The objects that all devices of a model answer, encoded once: what differs per device is a function of the scene.
//
//   Shapes   a Template is sorted by OID. A row whose name holds the device's address has room for it (`address_at`).
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "snmp/mib/varbind.h"
#include "tests/zoo/moment.h"

namespace platen::zoo {

struct Row {
  using At = std::function<snmp::Value(const Scene&)>;
  using When = std::function<bool(const Scene&)>;

  snmp::Oid name;
  std::size_t address_at = 0;  // where the four numbers of the address stand in `name`; 0: nowhere
  snmp::Value constant;        // when there is no `at`
  At at;
  When when;  // nullptr: always there
  std::string encoded_name, encoded_constant;

  [[nodiscard]] snmp::Oid name_at(IpAddress address) const;  // as the device at this address says it
  [[nodiscard]] snmp::Value value(const Scene* scene) const { return at ? at(*scene) : constant; }
};

struct Template {
  std::vector<Row> rows;
  std::vector<std::uint32_t> shuffled;  // the row after each row for a device that walks out of order
  // The first row whose name is not before `ids`, as the device at `address` names its rows.
  [[nodiscard]] std::size_t at_or_after(std::span<const std::uint32_t> ids, IpAddress address) const;
};

class Rows {
 public:
  void put(snmp::Oid name, snmp::Value value);
  void put(snmp::Oid name, Row::At at, Row::When when = {});
  // `column` + the device's own address
  void put_by_address(const snmp::Oid& column, Row::At at);
  void text(snmp::Oid name, std::string octets) { put(std::move(name), snmp::Value::octets(std::move(octets))); }
  void number(snmp::Oid name, std::int64_t number, snmp::Type type = snmp::Type::integer) {
    put(std::move(name), snmp::Value::integer(number, type));
  }
  [[nodiscard]] std::shared_ptr<const Template> finish();  // sorted and encoded; the last row of a name wins

 private:
  std::deque<Row> rows_;
};

[[nodiscard]] std::shared_ptr<const Template> template_of(const Model& model);
[[nodiscard]] std::shared_ptr<const Template> template_of(const snmp::VarBinds& recording);

// The parts of template_of(Model), one a file.
void put_system(Rows& rows, const Model& model);   // system, interfaces, ip, hrDevice
void put_printer(Rows& rows, const Model& model);  // RFC 3805
void put_vendor(Rows& rows, const Model& model);   // 1284 id, meters

}  // namespace platen::zoo
