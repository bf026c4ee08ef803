// A real Net-SNMP agent on a loopback port, for as long as the object lives.
#pragma once

#include <csignal>
#include <cstdint>
#include <filesystem>
#include <string>

#include "snmp/mib/pdu.h"

namespace platen::test {

class Snmpd {
 public:
  // `configuration`: lines of snmpd.conf. Returns once it answers; aborts the test program when it does not within 20
  // s.
  // With `host`, at 127.0.0.host; with `port`, at that one.
  explicit Snmpd(const std::string& configuration, int host = 1, std::uint16_t port = 0);
  ~Snmpd();
  Snmpd(const Snmpd&) = delete;
  Snmpd& operator=(const Snmpd&) = delete;

  [[nodiscard]] std::uint16_t port() const { return peer_.port; }
  [[nodiscard]] const snmp::Peer& peer() const { return peer_; }
  void configure(const std::string& configuration);  // starts again with it
  void start_again(int boots);                       // the same engine id, time from 0
  void replace();                                    // another agent at the same address: another engine id

 private:
  void start();
  void stop();
  std::filesystem::path folder_;
  std::string configuration_;
  int engine_ = 10;  // last octet of the engine id, two digits
  int boots_ = 1;
  snmp::Peer peer_;
  pid_t pid_ = -1;
};

}  // namespace platen::test
