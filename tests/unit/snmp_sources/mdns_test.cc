#include "snmp/sources/mdns.h"

#include <doctest/doctest.h>

#include <string>

#include "tests/unit/snmp_sources/octets.h"

using namespace platen;
using snmp::mdns_answer;

namespace {

// RFC 1035 §4.1, offsets in the margin: the question, and a printer's answer to it from a one-shot asker (RFC 6762 §6.7).
const std::string header = "1234 8400 0001 0001 0000 0003 ";                                 //  0
const std::string question = "04 '_ipp' 04 '_tcp' 05 'local' 00 000c 0001 ";                 // 12: _ipp, 22: local
const std::string pointer = "c00c 000c 0001 0000000a 000a 07 'Floor 2' c00c ";               // 33, the instance at 45
const std::string service = "c02d 0021 8001 0000000a 000e 0000 0000 0277 05 'laser' c016 ";  // 55, the host at 73
const std::string four = "c049 0001 8001 0000000a 0004 c0000207 ";
const std::string six = "c049 001c 8001 0000000a 0010 fe80 0000 0000 0000 0000 0000 0000 0007 ";

std::string said(const std::string& written, std::uint16_t id = 0x1234) {
  const auto found = mdns_answer(octets(written), id);
  if (!found) return "nothing";
  std::string text;
  for (const IpAddress& address : *found) text += (text.empty() ? "" : " ") + address.text();
  return text;
}

}  // namespace

TEST_CASE("the question: four services, one PTR each, for a unicast answer to any port") {
  const auto wanted = octets(
      "abcd 0000 0004 0000 0000 0000 "
      "04 '_ipp' 04 '_tcp' 05 'local' 00 000c 0001 05 '_ipps' 04 '_tcp' 05 'local' 00 000c 0001 "
      "0f '_pdl-datastream' 04 '_tcp' 05 'local' 00 000c 0001 08 '_printer' 04 '_tcp' 05 'local' 00 000c 0001");
  CHECK(snmp::mdns_question(0xabcd) == wanted);
}

TEST_CASE("an answer names the hosts of its services, and no others") {
  struct Row {
    const char* name;
    std::string written;
    const char* want;
  };
  const std::string stranger = "05 'other' c016 0001 0001 0000000a 0004 08080808 ";
  const Row rows[] = {
      {"a printer", header + question + pointer + service + four + six, "192.0.2.7 fe80::7"},
      {"only that there is a service", "1234 8400 0001 0001 0000 0000 " + question + pointer, ""},
      {"as by multicast: id 0, no question",
       "0000 8400 0000 0001 0000 0000 04 '_ipp' 04 '_tcp' 05 'local' 00 000c 0001 0000000a 0004 01 'x' c00c", ""},
      {"in capitals",
       "0000 8400 0000 0001 0000 0000 04 '_IPP' 04 '_tcp' 05 'LOCAL' 00 000c 0001 0000000a 0004 01 'x' c00c", ""},
      {"an address of a host that offers nothing", header + question + pointer + service + stranger + four,
       "192.0.2.7"},
      {"gone: a life of 0 (RFC 6762 §10.1)",
       "1234 8400 0001 0001 0000 0000 " + question + "c00c 000c 0001 00000000 000a 07 'Floor 2' c00c", "nothing"},
      {"another service",
       "1234 8400 0000 0001 0000 0000 05 '_http' 04 '_tcp' 05 'local' 00 000c 0001 0000000a 0004 01 'x' c00c",
       "nothing"},
      {"a dot in a label is no dot",
       "1234 8400 0000 0001 0000 0000 0f '_ipp._tcp.local' 00 000c 0001 0000000a 0004 01 'x' c00c", "nothing"},
      {"another class", "1234 8400 0001 0001 0000 0000 " + question + "c00c 000c 0003 0000000a 000a 07 'Floor 2' c00c",
       "nothing"},
      {"nobody's printer", "1234 8400 0001 0000 0000 0000 " + question, "nothing"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(said(row.written) == row.want);
  }
}

TEST_CASE("what is no good answer is refused whole") {
  const std::string good = header + question + pointer + service + four + six;
  struct Row {
    const char* name;
    std::string written;
  };
  const Row rows[] = {
      {"nothing", ""},
      {"a header alone", "1234 8400 0000 0001 0000 0000"},
      {"a question", "1234 0000" + good.substr(9)},
      {"another id", "1235" + good.substr(4)},
      {"an error code", "1234 8403" + good.substr(9)},
      {"an update", "1234 a800" + good.substr(9)},
      {"too many records", "1234 8400 0001 ffff 0000 0000 " + question + pointer},
      {"a name that points to itself", "1234 8400 0000 0001 0000 0000 c00c 000c 0001 0000000a 0002 c00c"},
      {"two pointers in a ring", "1234 8400 0000 0001 0000 0000 c00e c00c 000c 0001 0000000a 0002 c00c"},
      {"a pointer ahead", "1234 8400 0001 0001 0000 0000 " + question + "c050 000c 0001 0000000a 0002 c00c"},
      {"a pointer cut in half", "1234 8400 0001 0001 0000 0000 " + question + "c0"},
      {"a label of 64", "1234 8400 0000 0001 0000 0000 40 '0123456789'"},
      {"a label that runs out of the message", "1234 8400 0000 0001 0000 0000 3f '0123456789'"},
      {"a length beyond the end",
       "1234 8400 0001 0001 0000 0000 " + question + "c00c 000c 0001 0000000a ffff 07 'Floor 2' c00c"},
      {"a length that is not the name's",
       "1234 8400 0001 0001 0000 0000 " + question + "c00c 000c 0001 0000000a 0009 07 'Floor 2' c00c"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(said(row.written) == "nothing");
  }
  CHECK(said("0000" + good.substr(4)) == "192.0.2.7 fe80::7");
  const auto whole = octets(good);
  for (std::size_t length = 0; length < whole.size(); ++length) {
    CHECK_FALSE(mdns_answer(std::span(whole).first(length), 0x1234));
  }
}

TEST_CASE("a name of more than 255 octets is refused, and eight addresses are enough") {
  std::string labels;
  for (int i = 0; i < 5; ++i) labels += "3f '" + std::string(63, 'a') + "' ";
  CHECK(said("1234 8400 0000 0001 0000 0000 " + labels + "00 000c 0001 0000000a 0002 c00c") == "nothing");
  std::string many = "1234 8400 0001 0001 0000 0015 " + question + pointer + service;
  for (char digit = '0'; digit <= '9'; ++digit) {
    many += std::string("c049 0001 8001 0000000a 0004 c000020") + digit + " c049 0001 8001 0000000a 0004 c000021" +
            digit + " ";
  }
  const auto found = mdns_answer(octets(many), 0x1234);
  REQUIRE(found);
  CHECK(found->size() == 8);
}
