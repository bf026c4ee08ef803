// Many devices over few sockets: encodes, sends, matches and retries; nothing blocks, one thread, no session per host.
//
//   Source   RFC 3416 (PDUs), RFC 3414 (USM), findings of docs/adr/0003-snmp-engine.md. Net-SNMP is codec and USM only.
//   Matching An answer counts only when source address and port, request id (v3: msgID too) and the names asked for
//   agree. SNMPv3   Engine discovery is part of the first ask to a peer: one extra round trip, remembered; a
//   notInTimeWindow report is
//            answered by one more try with the new time.
//   Limits   `window` asks wait for an answer at once (queued beyond); the engine never holds more than one ask a peer
//            in flight: a second ask to the same peer waits for the first. Datagrams up to 65,507 octets are taken in.
//   Pace     A token bucket for each subnet and one for all (traffic.h); subnets take turns. A device that answers much
//            later than it can is left alone for a while (pace.h).
//   Losses   When the kernel reports datagrams lost to a full receive buffer, the window shrinks, and a timeout of that
//   time
//            does not count as a try.
//   Errors   Every ask ends in exactly one call of its Done, from inside step(). Done may ask again, but not step. Asks
//   that are
//            still open when the engine is destroyed end without a call.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>

#include "base/clock.h"
#include "base/expected.h"
#include "snmp/engine/datagram_port.h"
#include "snmp/engine/traffic.h"
#include "snmp/mib/credential.h"
#include "snmp/mib/pdu.h"

namespace platen::snmp {

struct Patience {
  std::chrono::milliseconds timeout{2000};  // of the first try; doubled on each further one
  int retries = 2;
};

struct EngineOptions {
  std::size_t window =
      0;  // asks in flight; 0: as many as the receive buffer carries (granted octets / 3 kB, at least 64)
};

struct EngineCounts {
  std::uint64_t sent = 0, sent_octets = 0, received = 0, received_octets = 0;
  std::uint64_t unsolicited = 0;        // datagrams that answered nothing we asked
  std::uint64_t dropped_by_kernel = 0;  // SO_RXQ_OVFL
};

class Engine {
 public:
  using Done = std::function<void(const Answer&)>;

  [[nodiscard]] static Expected<std::unique_ptr<Engine>> open(std::unique_ptr<DatagramPort> port,
                                                              const EngineOptions& options, const Clock& clock);
  virtual ~Engine() = default;

  // The credential must outlive the ask.
  virtual void ask(const Peer& peer, const Credential& credential, Ask ask, const Patience& patience, Done done) = 0;
  // SNMPv3 engine discovery alone (RFC 3414 §4): is_answered by Answer::Is::report/unknown_engine with engine_id set.
  virtual void discover(const Peer& peer, const Patience& patience, Done done) = 0;
  // Receives, sends what is due, fires timeouts; waits at most `longest` for something to do. False when nothing is in
  // flight or queued.
  virtual bool step(std::chrono::milliseconds longest) = 0;
  [[nodiscard]] virtual std::size_t pending() const = 0;  // in flight and queued
  [[nodiscard]] virtual std::size_t window() const = 0;   // asks that may be in flight at once, as things are
  [[nodiscard]] virtual EngineCounts counts() const = 0;
  [[nodiscard]] virtual Traffic& traffic() = 0;  // shared with sweeps
};

}  // namespace platen::snmp
