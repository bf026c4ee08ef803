// An SNMP agent without a network: rows that answer an Ask, with limits and bad manners. Sizes are what BER would need.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "snmp/mib/credential.h"
#include "snmp/mib/pdu.h"
#include "snmp/printer/profiles.h"
#include "snmp/printer/read_plan.h"

namespace platen::snmp::test {

struct Manners {
  std::size_t most_octets = 1472;  // GETBULK is cut to this, GET and GETNEXT answer tooBig
  std::size_t header = 44;         // octets around the varbinds: message, community, PDU; SNMPv3 takes about 130
  std::size_t silent_above = 0;    // octets of answer; 0: never silent
  std::size_t most_varbinds = 0;   // of a GETBULK answer; 0: any
  bool long_lengths = false;       // writes the length of each varbind in three octets, as many agents do
  bool v1 = false;                 // noSuchName instead of exceptions; GETBULK is not answered
  bool bulk_is_silent = false;
  bool bulk_is_an_error = false;
  bool bulk_is_too_big = false;    // tooBig where GETBULK should be cut (Net-SNMP issue 212)
  bool bulk_is_gen_err = false;    // genErr there, as snmpd does by SNMPv3
  bool wraps = false;              // after the last row comes the first one again
  bool deaf_to_next = false;       // GET only
  bool wants_index = false;        // GETNEXT of a bare column is noSuchInstance
  std::size_t stuck_after = 0;     // rows after which every answer repeats that row; 0: never
  Oid itself_at{};                 // this row follows itself
  Oid error_at{};                  // GETNEXT that would return this row is genErr
  std::size_t loses = 0;           // this question is never heard; 0: none
  std::size_t dies_after = 0;      // answers; 0: never
  std::size_t restarts_after = 0;  // answers, then sysUpTime is near 0; 0: never
};

class FakeAgent {
 public:
  // `order`: the rows as the agent walks them; sorted for all but the odd ones.
  FakeAgent(VarBinds order, Manners manners);
  [[nodiscard]] Answer answer(const Ask& ask);
  std::size_t asked = 0, silences = 0;

 private:
  [[nodiscard]] const VarBind* successor(const Oid& name) const;
  [[nodiscard]] Answer get(const Ask& ask) const;
  [[nodiscard]] Answer next(const Ask& ask) const;
  [[nodiscard]] Answer bulk(const Ask& ask) const;

  [[nodiscard]] std::size_t octets_for(const VarBind& row) const;
  [[nodiscard]] Answer with(VarBinds rows) const;
  void restart();

  VarBinds order_;
  Manners manners_;
  std::map<Oid, std::size_t> index_;
  std::size_t answers_ = 0;
};

[[nodiscard]] std::size_t octets_of(const VarBind& row);

// Runs a plan to its end and returns how many answers and silences that took.
struct Run {
  std::size_t asks = 0, silences = 0;
};
Run run(ReadPlan& plan, FakeAgent& agent);
// One of its flags begins so.
[[nodiscard]] bool has_flag(const ReadPlan& plan, std::string_view start);

// A colour MFP: the wanted rows of a full read (360 and a device id), and what stands between them.
[[nodiscard]] VarBinds wanted_rows();
[[nodiscard]] VarBinds all_rows();
// A status read brings the row, or takes it along because it tells how to read the others.
[[nodiscard]] bool of_status_read(const Oid& name);
[[nodiscard]] std::vector<Oid> missing(const VarBinds& wanted, const VarBinds& got);

// The standard MIBs alone; a plan keeps a reference, so it must outlive every plan.
inline const Profiles& no_profiles() {
  static const Profiles none;
  return none;
}

// What a first full read leaves for the next one.
struct Learned {
  VarBinds rows;
  Tolerance tolerance;
  bool complete = false;
};
[[nodiscard]] Learned first_read(FakeAgent& agent, Version version = Version::v2c,
                                 const Profiles& profiles = no_profiles());

// Gives the row of that name another value, or adds it; `rows` are sorted.
void set(VarBinds& rows, const Oid& name, Value value);
// The rows of these that a full read brings; `rows` are sorted.
[[nodiscard]] VarBinds wanted_of(VarBinds rows);

}  // namespace platen::snmp::test
