// How much to ask one device for at once: grows while answers come, shrinks on tooBig and on silence. Pure.
//
//   Source   docs/adr/0004-discovery-and-reading.md: 1,472 octets is what RFC 3417 recommends; some agents drop what
//   they
//            find too big without a word, some do not know GETBULK, some answer it with an error.
//   Units    octets of answer, varbinds of answer.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>

#include "snmp/mib/pdu.h"
#include "snmp/printer/read_plan.h"

namespace platen::snmp {

class Appetite {
 public:
  Appetite(Version version, const Tolerance& tolerance);

  [[nodiscard]] bool bulk() const;                                   // may the next ask be a GETBULK?
  [[nodiscard]] bool knows_bulk() const { return tolerance_.bulk; }  // as far as we know
  void runs(bool through_a_table) { in_run_ = through_a_table; }     // what the next ask is for
  [[nodiscard]] std::size_t varbinds() const;                        // how many varbinds the next answer may hold
  [[nodiscard]] std::size_t most_names() const;   // likewise, where the size of the answer is known beforehand
  [[nodiscard]] std::size_t most_octets() const;  // of its varbinds
  // Rows of each column beyond what fits: an agent that was told what we take leaves them out.
  [[nodiscard]] std::size_t spare_rows() const;
  [[nodiscard]] Tolerance tolerance() const;  // what has been learned

  enum class Then {
    again,    // ask for the same things, in the size that now holds
    skip,     // this one thing cannot be had: go on with the next
    give_up,  // the device has gone
  };
  void answered(PduType type, std::size_t varbinds, std::size_t octets);
  // A GETBULK's answer was shorter than asked for, and not because nothing follows.
  void cut_short(std::size_t varbinds, std::size_t octets);
  // GETBULK's answers end after a number of rows, long before the octets run out.
  [[nodiscard]] bool cuts_rows() const { return cuts_rows_; }
  [[nodiscard]] Then too_big(std::size_t asked_for);
  // The same where the answer was thought to fit: some value is longer than it was. Asks for less, and doubts what is
  // known of the device only when much less is still too much.
  [[nodiscard]] Then outgrown(std::size_t asked_for);
  // `least` octets would hold the varbinds of an answer of `octets`.
  void measure(std::size_t varbinds, std::size_t least, std::size_t octets);
  [[nodiscard]] std::size_t padding() const { return tolerance_.padding; }
  // genErr on a GETBULK may mean tooBig (snmpd by SNMPv3). True: ask again, for half. False: it was not the size.
  [[nodiscard]] bool halves_on_error(std::size_t asked_for);
  // `expected` octets of varbinds, where that is known beforehand, else 0.
  [[nodiscard]] Then silent(PduType type, std::size_t asked_for, std::size_t expected);
  void heard() { silences_ = 0; }                   // an error is an answer too
  void refuses_bulk() { tolerance_.bulk = false; }  // answered GETBULK with an error or with nothing
  [[nodiscard]] bool bulk_proven() const { return proven_; }

 private:
  void shrink(std::size_t asked_for);
  void grow_once(std::size_t octets);
  [[nodiscard]] bool growth_failed();
  void rest(Tolerance& learned) const;
  [[nodiscard]] bool over_asks() const;
  [[nodiscard]] std::size_t fits() const;  // varbinds in the octets that hold
  [[nodiscard]] double octets_each() const { return in_run_ ? octets_in_runs_ : octets_each_; }
  [[nodiscard]] std::size_t octets_for(std::size_t varbinds) const;

  Tolerance tolerance_;
  std::size_t header_;       // octets of message and PDU around the varbinds
  std::size_t size_;         // varbinds, before the limit in octets
  bool told_;                // the agent knows how much we take (SNMPv3)
  double octets_each_;       // of a varbind in answers so far
  double octets_in_runs_;    // likewise, where a table is walked: more numbers, fewer texts
  std::size_t largest_ = 0;  // octets of the largest answer
  std::size_t refused_ = 0;  // octets that were too big, by an error: what lies below may be tried
  // Silence tells only that a guess was too large, or that datagrams were lost. Once a read, more is tried: halfway
  // back to what met silence, else twice as much; not before tolerance_.rest reads have passed.
  bool may_grow_;
  bool failed_to_grow_ = false;
  std::size_t silent_at_ = 0;                   // octets, about, of the smallest answer that did not come
  std::optional<std::size_t> before_growth_{};  // octets that held, while it is tried
  double squeeze_ = 1;                          // of most_octets(), while values are longer than they were
  std::size_t cut_ = 0;                         // octets of the largest answer that was cut short
  std::size_t cut_varbinds_ = 0;                // of the last one
  bool cuts_rows_ = false;
  struct Size {
    std::size_t varbinds, octets;
  };
  std::optional<Size> before_errors_;  // of GETBULK, while each smaller one is an error too
  std::size_t undoubted_;              // octets that held before the first GETBULK met silence
  bool in_run_ = false;
  bool proven_ = false;   // a GETBULK was answered
  bool doubted_ = false;  // the first GETBULK met silence: was it the size or the PDU?
  bool trial_ = false;    // the next GETBULK decides that
  int silences_ = 0;      // in a row
};

}  // namespace platen::snmp
