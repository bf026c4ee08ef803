#include "agent/support/scrub.h"

#include <algorithm>
#include <array>
#include <set>
#include <vector>

#include "agent/support/scrub_text.h"

namespace platen::support {
namespace {

using snmp::Oid;
using snmp::VarBind;

constexpr std::size_t kMostNames = 64;  // a hostile device can name thousands

enum class Way { replace, leave_out };

struct Rule {
  Oid under;
  std::string_view what;
  Way way;
};

// Sources: RFC 1213, RFC 2790, RFC 3805, RFC 2863, RFC 4292, RFC 4293, RFC 2707; vendors' job logs by observation.
const std::vector<Rule>& rules() {
  static const std::vector<Rule> table = {
      {{1, 3, 6, 1, 2, 1, 1, 4}, "sysContact", Way::replace},
      {{1, 3, 6, 1, 2, 1, 1, 5}, "sysName", Way::replace},
      {{1, 3, 6, 1, 2, 1, 1, 6}, "sysLocation", Way::replace},
      {{1, 3, 6, 1, 2, 1, 3}, "neighbours (atTable)", Way::leave_out},
      {{1, 3, 6, 1, 2, 1, 4, 21}, "routes", Way::leave_out},
      {{1, 3, 6, 1, 2, 1, 4, 22}, "neighbours (ipNetToMediaTable)", Way::leave_out},
      {{1, 3, 6, 1, 2, 1, 4, 24}, "routes", Way::leave_out},
      {{1, 3, 6, 1, 2, 1, 4, 32}, "addresses (RFC 4293)", Way::leave_out},
      {{1, 3, 6, 1, 2, 1, 4, 34}, "addresses (RFC 4293)", Way::leave_out},
      {{1, 3, 6, 1, 2, 1, 4, 35}, "neighbours (ipNetToPhysicalTable)", Way::leave_out},
      {{1, 3, 6, 1, 2, 1, 4, 37}, "routes", Way::leave_out},
      {{1, 3, 6, 1, 2, 1, 6, 13}, "connections", Way::leave_out},
      {{1, 3, 6, 1, 2, 1, 6, 19}, "connections", Way::leave_out},
      {{1, 3, 6, 1, 2, 1, 6, 20}, "connections", Way::leave_out},
      {{1, 3, 6, 1, 2, 1, 7, 5}, "connections", Way::leave_out},
      {{1, 3, 6, 1, 2, 1, 7, 7}, "connections", Way::leave_out},
      {{1, 3, 6, 1, 2, 1, 25, 3, 8, 1, 3}, "hrFSRemoteMountPoint", Way::replace},
      {{1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 18}, "ifAlias", Way::replace},
      {{1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 4}, "prtGeneralCurrentOperator", Way::replace},
      {{1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 5}, "prtGeneralServicePerson", Way::replace},
      {{1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 16}, "prtGeneralPrinterName", Way::replace},
      {{1, 3, 6, 1, 4, 1, 2699, 1, 1}, "job log (Job Monitoring MIB)", Way::leave_out},
      {{1, 3, 6, 1, 4, 1, 11, 2, 3, 9, 4, 2, 1, 1, 6, 5}, "job log (HP)", Way::leave_out},
      {{1, 3, 6, 1, 4, 1, 1347, 47}, "job log (Kyocera)", Way::leave_out},
      {{1, 3, 6, 1, 4, 1, 236, 11, 5, 1, 12, 14}, "job log (Samsung)", Way::leave_out},
  };
  return table;
}

// Texts in which four numbers with dots are a version, and whose words name the product.
bool names_the_product(const Oid& name) {
  static const std::array<Oid, 3> objects = {Oid{1, 3, 6, 1, 2, 1, 1, 1}, Oid{1, 3, 6, 1, 2, 1, 25, 3, 2, 1, 3},
                                             Oid{1, 3, 6, 1, 2, 1, 43, 15, 1, 1}};
  return std::any_of(objects.begin(), objects.end(), [&](const Oid& object) { return name.starts_with(object); });
}

const Rule* rule_for(const Oid& name) {
  const auto at =
      std::find_if(rules().begin(), rules().end(), [&](const Rule& rule) { return name.starts_with(rule.under); });
  return at == rules().end() ? nullptr : &*at;
}

class Scrubber {
 public:
  Scrubber(const snmp::VarBinds& rows, const IpAddress& address) : rows_(rows) {
    if (address.is_v4()) static_cast<void>(places_.instead_of(address));  // the printer itself is 192.0.2.1
    learn();
  }

  Scrubbed all() {
    for (const VarBind& row : rows_) {
      const Rule* rule = rule_for(row.name);
      if (rule != nullptr && rule->way == Way::leave_out) {
        ++out_.what[std::string(rule->what)];
      } else {
        out_.rows.push_back({index_of(row.name), rule == nullptr ? value_of(row) : replaced(row, *rule)});
      }
    }
    const auto by_name = [](const VarBind& a, const VarBind& b) { return a.name < b.name; };
    std::stable_sort(out_.rows.begin(), out_.rows.end(), by_name);
    return std::move(out_);
  }

 private:
  // What stands in personal objects is personal wherever else it stands, unless it is the product's name.
  void learn() {
    std::string product;
    for (const VarBind& row : rows_) {
      if (names_the_product(row.name) && row.value.bytes() != nullptr) product += *row.value.bytes() + "\n";
    }
    for (const VarBind& row : rows_) {
      const Rule* rule = rule_for(row.name);
      const std::string* text = row.value.bytes();
      if (rule == nullptr || rule->way != Way::replace || text == nullptr || text->size() < 4) continue;
      if (names_.size() < kMostNames && product.find(*text) == std::string::npos) names_.insert(*text);
    }
  }

  snmp::Value replaced(const VarBind& row, const Rule& rule) {
    const std::string* text = row.value.bytes();
    if (text == nullptr || text->empty()) return row.value;
    ++out_.what[std::string(rule.what)];
    return snmp::Value::octets("scrubbed");
  }

  snmp::Value value_of(const VarBind& row) {
    const std::string* bytes = row.value.bytes();
    if (bytes == nullptr || bytes->empty()) return row.value;
    if (row.value.type == snmp::Type::ip_address && bytes->size() == 4) {
      return snmp::Value::octets(four_octets(*bytes, false), snmp::Type::ip_address);
    }
    if (row.value.type != snmp::Type::octets) return row.value;
    if (bytes->size() == 4) return snmp::Value::octets(four_octets(*bytes, true));
    return snmp::Value::octets(scrub_text(*bytes, names_, places_, !names_the_product(row.name), out_.what));
  }

  // Four octets that are an address; with `only_known`, one that has been seen before as such.
  std::string four_octets(const std::string& octets, bool only_known) {
    std::uint32_t number = 0;
    for (const char octet : octets) number = number << 8U | static_cast<unsigned char>(octet);
    const IpAddress address = IpAddress::v4(number);
    if (only_known ? !places_.knows(address) : !places_.is_somebodys(address)) return octets;
    ++out_.what["IP addresses"];
    const IpAddress instead = places_.instead_of(address);
    return {instead.octets().begin(), instead.octets().begin() + 4};
  }

  // ipAddrTable's index is the address (RFC 1213).
  Oid index_of(const Oid& name) {
    static const Oid ip_addr_entry = {1, 3, 6, 1, 2, 1, 4, 20, 1};
    const auto index = name.after(ip_addr_entry);
    if (index.size() != 5 || std::any_of(index.begin() + 1, index.end(), [](std::uint32_t id) { return id > 255; }))
      return name;
    const IpAddress address = IpAddress::v4(index[1] << 24U | index[2] << 16U | index[3] << 8U | index[4]);
    if (!places_.is_somebodys(address)) return name;
    const std::uint32_t instead = places_.instead_of(address).to_v4();
    return ip_addr_entry + index[0] + (instead >> 24U) + (instead >> 16U & 255U) + (instead >> 8U & 255U) +
           (instead & 255U);
  }

  const snmp::VarBinds& rows_;
  std::set<std::string> names_;
  Places places_;
  Scrubbed out_;
};

}  // namespace

Scrubbed scrub(const snmp::VarBinds& rows, const IpAddress& address) { return Scrubber(rows, address).all(); }

}  // namespace platen::support
