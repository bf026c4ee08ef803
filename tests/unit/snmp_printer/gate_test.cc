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
      {"queues that fill the general group",
       "2.1.1.1.0|4|Linux print01\n2.1.25.3.2.1.2.2|6|1.3.6.1.2.1.25.3.1.5\n2.1.25.3.2.1.2.3|6|1.3.6.1.2.1.25.3.1.5\n"
       "2.1.43.5.1.1.16.2|4|Accounting",
       false, "print server: print queues, no markers"},
      {"a Windows queue that fills the general group",
       "2.1.1.1.0|4|Software: Windows Version "
       "10.0\n2.1.25.3.2.1.2.2|6|1.3.6.1.2.1.25.3.1.5\n2.1.43.5.1.1.16.2|4|Accounting",
       false, "Windows print server: print queues, no markers"},
      {"a printer that drives two engines",
       "2.1.25.3.2.1.2.2|6|1.3.6.1.2.1.25.3.1.5\n2.1.25.3.2.1.2.3|6|1.3.6.1.2.1.25.3.1.5\n2.1.43.10.2.1.4.2.1|65|5",
       true, ""},
      {"a scanner with a panel",
       "2.1.1.1.0|4|Network Image Scanner\n2.1.43.5.1.1.17.1|4|A1\n2.1.43.16.5.1.2.1.1|4|Ready", false,
       "network scanner: nothing that prints"},
      {"a scanner that prints", "2.1.1.1.0|4|Network Image Scanner\n2.1.43.5.1.1.17.1|4|A1\n2.1.43.10.2.1.4.1.1|65|5",
       true, ""},
      {"a scanner whose network card speaks for it",
       "2.1.1.1.0|4|HP ETHERNET MULTI-ENVIRONMENT\n2.1.25.3.2.1.3.1|4|HP Digital Sender 9250c\n2.1.43.5.1.1.17.1|4|A1\n"
       "2.1.43.8.2.1.2.1.1|2|5\n2.1.43.16.5.1.2.1.1|4|Ready",
       false, "network scanner: nothing that prints"},
      {"trays, and nothing that says scanner", "2.1.25.3.2.1.3.1|4|Acme One\n2.1.43.8.2.1.2.1.1|2|5", true, ""},
      {"a print server without a printer", "2.1.1.1.0|4|AXIS 560 Network Print Server V6.10\n2.1.43.5.1.1.16.1|4|lpt1",
       false, "print server: print queues, no markers"},
      {"a print server that names its printer",
       "2.1.1.1.0|4|AXIS 560 Network Print Server V6.10\n2.1.25.3.2.1.3.1|4|Acme One\n2.1.43.5.1.1.16.1|4|lpt1", true,
       ""},
      {"a print server that knows its printer's serial",
       "2.1.1.1.0|4|AXIS 560 Network Print Server V6.10\n2.1.43.5.1.1.17.1|4|A1", true, ""},
      {"a printer that also says scanner", "2.1.1.1.0|4|Laser Printer/Scanner\n2.1.43.5.1.1.17.1|4|A1", true, ""},
      {"a fax server", "2.1.1.1.0|4|Office Fax Server 4\n2.1.43.5.1.1.17.1|4|A1", false,
       "fax server: nothing that prints"},
      {"a honeypot", "2.1.43.3.1|4|x\n2.1.43.10.2.1.4.1.1|65|5\n2.1.43.11.1.1.9.1.1|2|5", false,
       "it answers to names that no MIB has: a honeypot or a broken agent"},
      {"AIX queues", "2.1.1.1.0|4|AIX 7\n2.1.25.3.2.1.2.1|6|1.3.6.1.2.1.25.3.1.5", false,
       "print server: print queues, no markers"},
  };
  for (const Row& row : cases) {
    CAPTURE(row.name);
    const Gate got = gate(rows_of(row.rows));
    CHECK(got.is_printer == row.printer);
    CHECK(got.reason == row.reason);
    CHECK(got.code.empty() == row.printer);
  }
}

TEST_CASE("the first rows do not tell whether a print server knows its printer") {
  const char* server = "2.1.1.1.0|4|AXIS 560 Network Print Server V6.10\n2.1.43.5.1.1.1.1|65|0";
  CHECK(gate(rows_of(server)).reads_on);
  CHECK_FALSE(gate(rows_of("2.1.1.1.0|4|Network Image Scanner\n2.1.43.5.1.1.1.1|65|0")).reads_on);
  CHECK_FALSE(gate(rows_of("2.1.1.1.0|4|AIX 7\n2.1.25.3.2.1.2.1|6|1.3.6.1.2.1.25.3.1.5")).reads_on);
}

TEST_CASE("the gate does not take an exception for an answer") {
  VarBinds rows = {{Oid{1, 3, 6, 1, 2, 1, 43, 10, 2, 1, 4, 1, 1}, Value::exception(Type::no_such_instance)}};
  CHECK_FALSE(gate(rows).is_printer);
  CHECK(gate_names().size() <= 10);
}
