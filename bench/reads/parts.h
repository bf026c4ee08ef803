// The parts of reads-bench: each measures one thing and prints it as one line of JSON.
#pragma once

#include <cstdint>

namespace platen::bench {

void v3(std::uint32_t printers);       // SNMPv3 authPriv beside SNMPv2c
void losses(std::uint32_t printers);   // a scan of printers of one latency, on Debian's default receive buffer
void liars(std::uint32_t printers);    // are honest printers delayed by some that lie?
void manners(std::uint32_t printers);  // datagrams of a second read for each manner of the zoo; `printers` is not asked

}  // namespace platen::bench
