#include "transport/uplink/plain_words.h"

#include <doctest/doctest.h>

using namespace platen;

TEST_CASE("what gRPC says becomes one sentence with the way out; what is not known is passed on") {
  struct Row {
    const char* said;
    Code code;
    const char* text;
  };
  const Row rows[] = {
      {"failed to connect to all addresses; last error: UNKNOWN: Ssl handshake failed: SSL_ERROR_SSL: "
       "error:0A000086:SSL "
       "routines::certificate verify failed",
       Code::denied,
       "cloud.example:443: the cloud's certificate is not signed by cloud.ca_file, or is expired; put the CA "
       "certificate "
       "of this cloud there, and check the clock of this host"},
      {"failed to connect to all addresses; last error: UNKNOWN: ipv4:127.0.0.1:1: Failed to connect to remote host: "
       "Connection refused",
       Code::unavailable,
       "cloud.example:443: nothing listens there (connection refused); check cloud.address, and that the cloud runs"},
      {"DNS resolution failed for none.invalid:443: UNAVAILABLE: getaddrinfo: Name or service not known",
       Code::not_found,
       "cloud.example:443: the name of the cloud is not known here; check cloud.address and the DNS of this host"},
      {"Deadline Exceeded", Code::timeout,
       "cloud.example:443: the cloud does not answer in time; check the network and the firewall"},
      {"Socket closed", Code::unavailable, "Socket closed"},
      {"", Code::unavailable, ""},
  };
  for (const Row& row : rows) CHECK(uplink::plain_words(row.said, "cloud.example:443") == Error{row.code, row.text});
}
