#include "tests/unit/snmp_printer/rows.h"

using namespace platen;
using namespace platen::snmp;

TEST_CASE("the gate: a printer fills the Printer MIB, print queues do not") {
  struct Row {
    const char* name;
    const char* rows;
    bool printer;
    const char* reason;
  };
  const Row cases[] = {
      {"a marker", "2.1.43.10.2.1.4.1.1|65|5", true, ""},
      {"supplies of an odd index", "2.1.43.11.1.1.9.7|2|5", true, ""},
      {"general group only", "2.1.43.5.1.1.1.1|65|0", true, ""},
      {"console text only", "2.1.43.16.5.1.2.1.1|4|Ready", true, ""},
      {"character set only", "2.1.43.7.1.1.4.1.1|2|106", true, ""},
      {"nothing", "", false, "no Printer MIB"},
      {"a switch", "2.1.1.1.0|4|Switch 24\n2.1.2.2.1.6.1|4x|020000000001", false, "no Printer MIB"},
      {"channels of a print server in front of a printer", "2.1.43.14.1.1.2.1.1|2|8", false, "no Printer MIB"},
      {"Windows queues",
       "2.1.1.1.0|4|Hardware: x - Software: Windows Version "
       "6.3\n2.1.25.3.2.1.2.1|6|1.3.6.1.2.1.25.3.1.5\n2.1.25.3.5.1.1.1|2|3",
       false, "Windows print server: print queues, no markers"},
      {"AIX queues", "2.1.1.1.0|4|AIX 7\n2.1.25.3.2.1.2.1|6|1.3.6.1.2.1.25.3.1.5", false,
       "print server: print queues, no markers"},
  };
  for (const Row& row : cases) {
    CAPTURE(row.name);
    const Gate got = gate(rows_of(row.rows));
    CHECK(got.is_printer == row.printer);
    CHECK(got.reason == row.reason);
  }
}

TEST_CASE("the gate does not take an exception for an answer") {
  VarBinds rows = {{Oid{1, 3, 6, 1, 2, 1, 43, 10, 2, 1, 4, 1, 1}, Value::exception(Type::no_such_instance)}};
  CHECK_FALSE(gate(rows).is_printer);
  CHECK(gate_names().size() <= 10);
}
