// A device that knows the id of our question answers with anything: decoding ends, and no value is larger than the
// datagram.
#include <cstdlib>
#include <vector>

#include "snmp/engine/codec.h"
#include "snmp/engine/probe.h"

using namespace platen;
using namespace platen::snmp;

namespace {

const Credential& secure() {
  static const Credential credential{.version = Version::v3,
                                     .user = "mps",
                                     .auth = Auth::sha1,
                                     .auth_pass = Secret("maplesyrup"),
                                     .priv = Priv::aes128,
                                     .priv_pass = Secret("maplesyrup")};
  return credential;
}

const Credential& open() {
  static const Credential credential{.version = Version::v3, .user = "open"};
  return credential;
}

void check_sizes(const Expected<codec::Message>& message, std::size_t size) {
  if (!message) return;
  if (message->varbinds.size() > size) std::abort();
  for (const VarBind& varbind : message->varbinds) {
    if (varbind.name.size() > Oid::max_length) std::abort();
    if (varbind.value.bytes() != nullptr && varbind.value.bytes()->size() > size) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::vector<std::uint8_t> octets(data, data + size);
  const auto seen = peek(octets);
  if (!seen) return 0;
  if (seen->version != Version::v3) {
    check_sizes(codec::decode(octets), size);
    static_cast<void>(read_probe_answer(octets));
    return 0;
  }
  static Logins& logins = *new Logins;
  check_sizes(codec::decode_discovery(octets, *seen), size);
  for (const Credential* credential : {&secure(), &open()}) {
    Authority authority(*seen, {});
    const auto message = codec::decode(octets, *seen, *logins.of(*credential).value(), authority);
    check_sizes(message, size);
    if (message && !message->is_report && credential == &secure() && !message->is_authentic) std::abort();
  }
  return 0;
}
