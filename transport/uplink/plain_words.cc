#include "transport/uplink/plain_words.h"

#include <algorithm>

namespace platen::uplink {
namespace {

struct Row {
  std::string_view when;  // stands in what is said
  Code code;
  std::string_view means, way_out;
};
// The first row that fits counts: a failed name or TLS is said together with "failed to connect".
constexpr Row rows[] = {
    {"certificate verify failed", Code::denied, "the cloud's certificate is not signed by cloud.ca_file, or is expired",
     "put the CA certificate of this cloud there, and check the clock of this host"},
    {"Hostname Verification", Code::denied, "the cloud's certificate is for another host name than cloud.address",
     "use the name that stands in the certificate"},
    {"not in peer certificate", Code::denied, "the cloud's certificate is for another host name than cloud.address",
     "use the name that stands in the certificate"},
    {"alert unknown ca", Code::denied, "the cloud does not know the CA of this agent's certificate",
     "have this cloud sign the agent's request"},
    {"alert certificate", Code::denied, "the cloud does not take this agent's certificate",
     "have this cloud sign the agent's request anew"},
    {"wrong version number", Code::invalid, "what listens there does not speak TLS",
     "check the port in cloud.address, and for a proxy on the way"},
    {"Connection refused", Code::unavailable, "nothing listens there (connection refused)",
     "check cloud.address, and that the cloud runs"},
    {"DNS resolution failed", Code::not_found, "the name of the cloud is not known here",
     "check cloud.address and the DNS of this host"},
    {"No route to host", Code::unavailable, "there is no way to the cloud", "check the network and the firewall"},
    {"Network is unreachable", Code::unavailable, "there is no way to the cloud", "check the network and the firewall"},
    {"timed out", Code::timeout, "the cloud does not answer in time", "check the network and the firewall"},
    {"FD Shutdown", Code::timeout, "the cloud does not answer in time", "check the network and the firewall"},
    {"Deadline Exceeded", Code::timeout, "the cloud does not answer in time", "check the network and the firewall"},
};

}  // namespace

Error plain_words(std::string_view said, const std::string& address) {
  const auto* const row = std::find_if(std::begin(rows), std::end(rows),
                                       [&](const Row& each) { return said.find(each.when) != std::string_view::npos; });
  if (row == std::end(rows)) return {Code::unavailable, std::string(said)};
  return {row->code, address + ": " + std::string(row->means) + "; " + std::string(row->way_out)};
}

}  // namespace platen::uplink
