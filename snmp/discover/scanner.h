// Sweep → which credential answers → is it a printer → full read. Drives read plans over the engine, paces everything.
//
//   Pace     One place for all limits (pace.h): on-link addresses as the neighbour table allows (170 a second), 5,000
//            datagrams a second to one subnet and 35,000 in all, one PDU in flight a device, 20 s and 10,000 rows a
//            device.
//   Effects  Sends SNMP GET, GETNEXT and GETBULK to the given targets only. Never a SET, never another port, never to
//            a port where printers print what they receive. No credential is shown to an address outside its scope.
//   Errors   One Outcome for each address that showed life (and for each silent one with `report_silent`), at once.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "base/reading/reading.h"
#include "snmp/engine/engine.h"
#include "snmp/printer/profiles.h"
#include "snmp/printer/read_plan.h"

namespace platen::snmp {

struct ScanOptions {
  std::uint16_t port = 161;
  std::vector<Credential> credentials;  // tried in order, each inside its scope only
  Patience patience;
  bool report_silent = false;
  std::size_t reads_at_once = 1000;              // at most; and no more than twice the engine's window
  double subnet_budget = kPace.subnet_a_second;  // datagrams a second to one subnet, sweep and reads together
};

struct Outcome {
  enum class Is {
    printer,
    not_a_printer,
    no_access /*alive, no credential fits*/,
    unreachable /*alive, no SNMP*/,
    silent,
    failed /*died in mid-read, nothing usable*/
  };
  Peer peer;
  Is is = Is::silent;
  std::string code;    // stable, for programs: "snmp.timeout", "snmp.v3.wrong-auth", "not-printer.print-server", …
  std::string reason;  // a plain sentence for people
  std::optional<std::size_t> credential;  // index of the one that answered
  Version version = Version::v2c;         // it answered to: v1 where a v2c community opened a device that knows v1 only
  Tolerance tolerance;
  VarBinds rows;                   // as read: for `platen record`, `read --evidence` and the next read
  bool whole = false;              // each row was asked for: none stands from the last read
  std::optional<Reading> reading;  // when is == printer
};

struct ScanProgress {
  std::size_t addresses = 0, asked = 0, alive = 0, printers = 0, reading = 0;
  EngineCounts wire;
  std::vector<SubnetUse> subnets;  // what went to each and came back; in the last report and the one returned
};

class Scanner {
 public:
  using OnOutcome = std::function<void(Outcome&&)>;
  using OnProgress = std::function<void(const ScanProgress&)>;  // at most ten times a second

  // The sweep uses a port of its own, so that the engine's socket is left to readings. Without one it opens its own.
  Scanner(Engine& engine, const Profiles& profiles, const Clock& clock, DatagramPort* sweep_port = nullptr)
      : engine_(engine), profiles_(profiles), clock_(clock), sweep_port_(sweep_port) {}

  // Finds and reads every printer among `targets`; returns when all is known or `stop` was asked for (unfinished ones
  // get no outcome).
  ScanProgress scan(std::span<const IpAddress> targets, const ScanOptions& options, const OnOutcome& on_outcome,
                    const OnProgress& on_progress, const std::stop_token& stop);

  struct Known {
    Peer peer;
    Credential credential;
    Tolerance tolerance;
    VarBinds rows;  // of the last full read; none: it is read as if for the first time
    // Since every row was asked for. After a day that is done again (recall.h).
    std::chrono::milliseconds age = std::chrono::milliseconds::max();
  };
  // Reads known printers again, in full or their status only; no sweep. Known::credential is proved first; when nothing
  // at all is answered to it, the others of `options` whose scope holds the printer are proved, with one question each.
  // Outcome::credential is the index among `options` of the one that worked.
  ScanProgress read(std::span<const Known> printers, Reading::Kind kind, const ScanOptions& options,
                    const OnOutcome& on_outcome, const OnProgress& on_progress, const std::stop_token& stop);

 private:
  Engine& engine_;
  const Profiles& profiles_;
  const Clock& clock_;
  DatagramPort* sweep_port_;
};

}  // namespace platen::snmp
