// Takes out of a recording what belongs to people and to the network around the printer, so that it can be handed to
// support.
//
//   Shapes   Rows in, rows out, sorted. Personal objects say "scrubbed"; job logs, routes, neighbours and connections
//   are
//            left out; addresses in values, texts and indexes become addresses of 192.0.2.0/24, the same one each time;
//            e-mail and host names, URLs' hosts and telephone numbers in texts are replaced.
//            Serial number, MAC and everything that counts stay: they are what a recording is for.
//   Limits   A name that stands in a vendor's text, in no known object and nowhere else, is not recognised: look at the
//   file.
//   Effects  none.
#pragma once

#include <map>
#include <string>

#include "base/ip_address.h"
#include "snmp/mib/varbind.h"

namespace platen::support {

struct Scrubbed {
  snmp::VarBinds rows;
  std::map<std::string, std::size_t> what;  // "sysName" → how many values were replaced or left out
};

[[nodiscard]] Scrubbed scrub(const snmp::VarBinds& rows, const IpAddress& address);

}  // namespace platen::support
