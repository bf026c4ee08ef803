#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "agent/cli/evidence.h"
#include "agent/cli/printer_text.h"
#include "agent/cli/scan_output.h"
#include "snmp/printer/object_names.h"

using namespace platen;
using namespace platen::cli;
using snmp::Oid;
using snmp::Value;

namespace {

Reading hostile_reading() {
  Reading reading;
  reading.address = "192.0.2.7";
  reading.identity.model = "Laser\x1b[2J 9";
  reading.status.console_display = {"Ready", "", "<b>"};
  Supply& toner = reading.supplies.emplace_back();
  toner.index = "1.1";
  toner.description = "Toner";
  toner.max_capacity = Amount::from_wire(200);
  toner.level = Amount::from_wire(-3);
  CounterPoint total;
  total.value = 18446744073709551615U;
  total.evidence = {"acme: all pages", "1.3.6.1.4.1.99.1.0 record 0x00", "ff", 'A'};
  reading.counters.push_back(total);
  return reading;
}

}  // namespace

TEST_CASE("one printer for a person: nothing is invented, nothing hostile gets through") {
  const std::string text = printer_text(hostile_reading(), {});
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.find("Laser\\x1b[2J 9") != std::string::npos);
  CHECK(text.find("Ready / <b>") != std::string::npos);
  CHECK(text.find("some left") != std::string::npos);
  CHECK(text.find('%') == std::string::npos);
  CHECK(text.find("18446744073709551615") != std::string::npos);
  CHECK(text.find("serial") == std::string::npos);
  CHECK(text.find("Alerts") == std::string::npos);
}

TEST_CASE("a level is the same text for a person as in the tables of a fleet") {
  Reading reading = hostile_reading();
  reading.supplies[0].level = Amount::from_wire(1);
  CHECK(printer_text(reading, {}).find(" 0.5 %") != std::string::npos);
  reading.supplies[0].level = Amount::from_wire(190);
  CHECK(printer_text(reading, {}).find(" 95 %") != std::string::npos);
}

TEST_CASE("evidence: OID, object, type, raw value and rule") {
  const snmp::VarBinds rows = {
      {Oid::parse("1.3.6.1.2.1.43.10.2.1.4.1.1").value(), Value::integer(12, snmp::Type::counter32)},
      {Oid::parse("1.3.6.1.2.1.43.11.1.1.6.1.1").value(), Value::octets("Black")},
      {Oid::parse("1.3.6.1.4.1.99.1.0").value(), Value::octets("\x01\xff")},
      {Oid::parse("1.3.6.1.4.1.99.2.0").value(), Value::integer(-2)},
  };
  const auto got = evidence_of(rows, hostile_reading());
  REQUIRE(got.size() == 4);
  CHECK(evidence_cells(got[0]) ==
        command::Cells{"1.3.6.1.2.1.43.10.2.1.4.1.1", "prtMarkerLifeCount.1.1", "Counter32", "12", "RFC 3805"});
  CHECK(evidence_cells(got[1]) == command::Cells{"1.3.6.1.2.1.43.11.1.1.6.1.1", "prtMarkerSuppliesDescription.1.1",
                                                 "OCTET STRING", "\"Black\"", "RFC 3805"});
  CHECK(evidence_cells(got[2]) == command::Cells{"1.3.6.1.4.1.99.1.0", "", "OCTET STRING", "01ff", "acme: all pages"});
  CHECK(evidence_cells(got[3]) == command::Cells{"1.3.6.1.4.1.99.2.0", "", "INTEGER", "-2", ""});
  const auto json = nlohmann::json::parse(evidence_json("192.0.2.7", got[2]));
  CHECK(json["rule"] == "acme: all pages");
  CHECK_FALSE(json.contains("object"));
  CHECK_FALSE(json.contains("text"));
}

TEST_CASE("objects have the names of their documents") {
  CHECK(object_name(Oid::parse("1.3.6.1.2.1.1.3.0").value()).name == "sysUpTime.0");
  CHECK(object_name(Oid::parse("1.3.6.1.2.1.25.3.5.1.2.1").value()).document == "RFC 2790");
  CHECK(object_name(Oid::parse("1.3.6.1.2.1.43.5.1.1.17.1").value()).name == "prtGeneralSerialNumber.1");
  CHECK(object_name(Oid::parse("1.3.6.1.2.1.43.18.1.1.9.1.5").value()).name == "prtAlertTime.1.5");
  CHECK(object_name(Oid::parse("1.3.6.1.4.1.2699.1.2.1.2.1.1.3.1").value()).name == "ppmPrinterIEEE1284DeviceId.1");
  CHECK(object_name(Oid::parse("1.3.6.1.2.1.43.18.1.1.10.1.5").value()).name.empty());
  CHECK(object_name(Oid::parse("1.3.6.1.2.1.43").value()).name.empty());
}

TEST_CASE("what is no printer is said with its reason") {
  snmp::Outcome outcome;
  outcome.peer.address = IpAddress::parse("192.0.2.8").value();
  outcome.is = snmp::Outcome::Is::no_access;
  outcome.code = "snmp.timeout";
  outcome.reason = "no credential fits";
  const auto json = nlohmann::json::parse(other_json(outcome));
  CHECK(json["schema"] == "platen.scan/1");
  CHECK(json["is_printer"] == false);
  CHECK(json["result"] == "no-access");
  CHECK(json["code"] == "snmp.timeout");
  CHECK(json["reason"] == "no credential fits");
  outcome.reason = "bad octets \xff";
  CHECK_FALSE(nlohmann::json::parse(other_json(outcome), nullptr, false).is_discarded());
}
