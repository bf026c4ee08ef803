// Encoded datagrams on their way to the port, in one block of memory; what the port does not take yet stays for the
// next time.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "snmp/engine/datagram_port.h"

namespace platen::snmp {

class Outbox {
 public:
  struct Entry {
    Peer to;
    std::uint32_t id;
    std::size_t begin, end;
  };

  [[nodiscard]] bool empty() const { return next_ == entries_.size(); }
  [[nodiscard]] std::size_t size() const { return entries_.size() - next_; }
  // Where the next datagram is appended; add() then says whose it is.
  [[nodiscard]] std::vector<std::uint8_t>& octets() { return octets_; }
  void add(const Peer& to, std::uint32_t id) {
    const std::size_t begin = entries_.empty() ? 0 : entries_.back().end;
    entries_.push_back({to, id, begin, octets_.size()});
  }

  // Calls sent(entry) for each that the port took.
  template <class Sent>
  void flush(DatagramPort& port, const Sent& sent) {
    batch_.clear();
    for (const Entry& entry : std::span(entries_).subspan(next_)) {
      batch_.push_back({entry.to, std::span(octets_).subspan(entry.begin, entry.end - entry.begin)});
    }
    for (std::size_t taken = port.send(batch_); taken > 0; --taken) sent(entries_[next_++]);
    if (!empty()) return;
    octets_.clear();
    entries_.clear();
    next_ = 0;
  }

 private:
  std::vector<std::uint8_t> octets_;
  std::vector<Entry> entries_;
  std::size_t next_ = 0;
  std::vector<OutDatagram> batch_;
};

}  // namespace platen::snmp
