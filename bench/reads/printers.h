// Simulated printers in a child process, so that what they cost is not counted as the reader's.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

#include "snmp/mib/credential.h"
#include "tests/zoo/fleets.h"

namespace platen::bench {

inline constexpr std::uint32_t first_address = 0x7F3C0001;  // 127.60.0.1

[[nodiscard]] snmp::Credential the_user();  // SNMPv3 authPriv, SHA-1 and AES-128

// Printers of every model from `first_address` on, that "public" and the_user() open. `manners` is of all of them.
[[nodiscard]] zoo::Fleet printers(std::uint32_t count, const std::string& manners);

class Child {
 public:
  explicit Child(const zoo::Fleet& fleet);
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child();
  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  pid_t process_ = -1;
  std::uint16_t port_ = 0;
};

}  // namespace platen::bench
