// Any datagram at a device that knows v1, v2c and v3: it answers or stays silent, and what it answers can be read.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "tests/zoo/fleets.h"

namespace {

using namespace platen;
using namespace platen::zoo;

DeviceSpec open_device() {
  auto access = std::make_shared<Access>();
  for (const auto& credential : zoo_credentials()) {
    if (credential.version == snmp::Version::v3) access->users.push_back(std::make_shared<const UsmUser>(credential));
  }
  DeviceSpec spec = make_fleet({.name = "printers", .count = 1}).value().devices[0];
  spec.access = access;
  spec.manners = parse_manners("endless,out-of-order,wrong-types").value();
  return spec;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Device device(open_device());
  static std::minstd_rand random(1);
  const auto reply = device.handle({reinterpret_cast<const char*>(data), size}, Time{}, {}, random);
  if (reply && !read_message(reply->datagram)) std::abort();
  return 0;
}
