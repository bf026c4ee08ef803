#include "snmp/sources/slp.h"

#include <doctest/doctest.h>

#include <string>

#include "snmp/sources/url_address.h"
#include "tests/unit/snmp_sources/octets.h"

using namespace platen;
using snmp::slp_reply;

namespace {

std::string said(const std::string& written, std::uint16_t id = 7) {
  const auto found = slp_reply(octets(written), id);
  if (!found) return "nothing";
  std::string text;
  for (const IpAddress& address : *found) text += (text.empty() ? "" : " ") + address.text();
  return text;
}

// RFC 2608 §8: version, function, length, flags, extension, XID, language. §8.2: error code, number of entries.
const std::string one = "02 02 000042 0000 000000 0007 0002 'en' 0000 0001 ";
const std::string entry = "00 ffff 0028 'service:printer:lpr://192.0.2.7:515/auto' 00 ";

}  // namespace

TEST_CASE("the request: service:printer in the default scope, to everybody") {
  CHECK(snmp::slp_request(7) == octets("02 01 000030 2000 000000 0007 0002 'en' "
                                       "0000 000f 'service:printer' 0007 'DEFAULT' 0000 0000"));
}

TEST_CASE("a reply names addresses in its URLs") {
  const std::string entries = "00 ffff 0028 'service:printer:lpr://192.0.2.7:515/auto' 00 ";
  struct Row {
    const char* name;
    std::string written;
    const char* want;
  };
  const Row rows[] = {
      {"one", "02 02 000042 0000 000000 0007 0002 'en' 0000 0001 " + entries, "192.0.2.7"},
      {"a host name",
       "02 02 000038 0000 000000 0007 0002 'en' 0000 0001 00 ffff 001e 'service:printer:lpr://laser/q1' 00", ""},
      {"another service beside it",
       "02 02 00005c 0000 000000 0007 0002 'en' 0000 0002 00 ffff 0014 'service:ftp://8.8.8.' 00 "
       "00 ffff 0028 'service:printer:lpr://192.0.2.7:515/auto' 00",
       "192.0.2.7"},
      {"an authentication block is passed over (§9.2)",
       "02 02 00004a 0000 000000 0007 0002 'en' 0000 0001 00 ffff 0028 'service:printer:lpr://192.0.2.7:515/auto' 01 "
       "0002 0008 00000000",
       "192.0.2.7"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(said(row.written) == row.want);
  }
}

TEST_CASE("what is no good reply is refused whole") {
  const std::string rest =
      "0000 000000 0007 0002 'en' 0000 0001 00 ffff 0028 'service:printer:lpr://192.0.2.7:515/auto' 00";
  struct Row {
    const char* name;
    std::string written;
  };
  const Row rows[] = {
      {"nothing", ""},
      {"SLPv1", "01 02 000042 " + rest},
      {"a request", "02 01 000042 " + rest},
      {"another length", "02 02 000043 " + rest},
      {"another XID", "02 02 000042 0000 000000 0008" + rest.substr(16)},
      {"an error code", "02 02 000014 0000 000000 0007 0002 'en' 0002 0000"},
      {"no entries", "02 02 000014 0000 000000 0007 0002 'en' 0000 0000"},
      {"more entries than fit",
       "02 02 000042 0000 000000 0007 0002 'en' 0000 0040 00 ffff 0028 'service:printer:lpr://192.0.2.7:515/auto' 00"},
      {"a URL that runs out",
       "02 02 000042 0000 000000 0007 0002 'en' 0000 0001 00 ffff 0128 'service:printer:lpr://192.0.2.7:515/auto' 00"},
      {"a language that runs out", "02 02 000012 0000 000000 0007 ffff 'en' 00"},
      {"an authentication block shorter than its head",
       "02 02 000046 0000 000000 0007 0002 'en' 0000 0001 00 ffff 0028 'service:printer:lpr://192.0.2.7:515/auto' 01 "
       "0002 0003"},
      {"no printer", "02 02 00002e 0000 000000 0007 0002 'en' 0000 0001 00 ffff 0014 'service:ftp://8.8.8.' 00"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(said(row.written) == "nothing");
  }
  const auto whole = octets(one + entry);
  REQUIRE(slp_reply(whole, 7));
  for (std::size_t length = 0; length < whole.size(); ++length)
    CHECK_FALSE(slp_reply(std::span(whole).first(length), 7));
}

TEST_CASE("an address in a URL is taken, a name is not looked up") {
  struct Row {
    const char* url;
    const char* want;
  };
  for (const Row& row : {Row{"http://192.0.2.7:5357/x", "192.0.2.7"},
                         {"http://192.0.2.7", "192.0.2.7"},
                         {"service:printer:lpr://192.0.2.7;a=b", "192.0.2.7"},
                         {"http://user:word@192.0.2.7/", "192.0.2.7"},
                         {"http://[2001:db8::7]:80/", "2001:db8::7"},
                         {"http://[fe80::7%25eth0]/", "fe80::7"},
                         {"http://printer.example/192.0.2.7", ""},
                         {"http://192.0.2.7.example/", ""},
                         {"http://2001:db8::7/", ""},
                         {"http://[192.0.2.7]/", ""},
                         {"http://[2001:db8::7", ""},
                         {"http://", ""},
                         {"192.0.2.7", ""},
                         {"http://0x7f000001/", ""},
                         {"http://192.0.519/", ""}}) {
    CAPTURE(row.url);
    const auto found = snmp::address_in_url(row.url);
    CHECK((found ? found->text() : "") == row.want);
  }
}
