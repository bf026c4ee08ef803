// What a device answers to one PDU: GET, GETNEXT, GETBULK over its template, with its manners.
//
//   Source   RFC 1157 §4.1, RFC 3416 §4.2; exceptions become noSuchName and Counter64 disappears for SNMPv1 (RFC 3584
//   §4.2.2.1). Errors   "": the device stays silent.
#pragma once

#include <string>

#include "tests/zoo/manners.h"
#include "tests/zoo/message.h"
#include "tests/zoo/rows.h"

namespace platen::zoo {

struct View {
  const Template& rows;
  const Scene* scene;  // nullptr: a recording, whose rows are all constant
  IpAddress address;
  const Manners& manners;
  bool is_v1 = false;
};

// `room`: octets that the PDU may have. GETBULK is cut to it, everything else becomes tooBig.
[[nodiscard]] std::string answer_to(const View& view, const Pdu& question, std::size_t room);

}  // namespace platen::zoo
