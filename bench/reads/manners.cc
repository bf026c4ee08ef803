#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>
#include <string>

#include "bench/reads/parts.h"
#include "bench/reads/reading.h"
#include "tests/zoo/ber.h"
#include "tests/zoo/fleets.h"

namespace platen::bench {
namespace {

constexpr std::size_t frame = 1'472;        // octets of a datagram that no network cuts into pieces
constexpr std::size_t header = 44;          // of them around the varbinds
constexpr std::uint32_t base = 0x7F3F0001;  // 127.63.0.1
constexpr int reads = 10;                   // what is lost differs from one to the next

// Octets that these rows take in answers.
std::size_t octets_of(const snmp::VarBinds& rows) {
  std::string out;
  zoo::ber::Writer writer(out);
  std::size_t octets = 0;
  for (const snmp::VarBind& row : rows) {
    out.clear();
    const std::size_t varbind = writer.open(zoo::ber::tag::sequence);
    writer.oid(row.name.ids());
    writer.value(row.value);
    writer.close(varbind);
    octets += out.size();
  }
  return octets;
}

// The fewest answers that hold these rows, none larger than the device is able to send.
std::uint64_t ideal(const zoo::DeviceSpec& device, const snmp::VarBinds& rows) {
  const auto or_any = [](std::size_t octets) { return octets == 0 ? frame : octets; };
  const std::size_t model = device.species->model ? device.species->model->max_answer : frame;
  const std::size_t most = std::min({frame, model, or_any(device.manners.too_big), or_any(device.manners.drop_above)});
  return (octets_of(rows) + most - header - 1) / (most - header);
}

// The same devices, well-mannered.
zoo::Fleet reformed(zoo::Fleet fleet) {
  for (zoo::DeviceSpec& device : fleet.devices) device.manners = {};
  return fleet;
}

// What a scan learns of each device that it could read.
Fleet scanned(const zoo::Zoo& zoo, snmp::Engine& engine) {
  std::vector<IpAddress> targets;
  for (const auto& device : zoo.fleet().devices) targets.push_back(device.address);
  snmp::ScanOptions options;
  options.port = zoo.port();
  options.credentials = {snmp::Credential{}};
  Fleet fleet;
  snmp::Scanner scanner(engine, profiles(), system_clock());
  const auto keep = [&](snmp::Outcome&& outcome) {
    if (outcome.reading)
      fleet.push_back({outcome.peer, {}, outcome.tolerance, std::move(outcome.rows), std::chrono::hours(25)});
  };
  scanner.scan(targets, options, keep, {}, {});
  std::ranges::sort(fleet, {}, [](const auto& known) { return known.peer.address; });
  return fleet;
}

std::map<IpAddress, snmp::VarBinds> true_rows(const zoo::Fleet& fleet) {
  const auto zoo = zoo::Zoo::start(reformed(fleet), {}).value();
  std::map<IpAddress, snmp::VarBinds> rows;
  for (auto& known : scanned(*zoo, *engine())) rows[known.peer.address] = std::move(known.rows);
  return rows;
}

}  // namespace

void manners(std::uint32_t) {
  const auto fleet = zoo::make_fleet({.name = "bad-manners", .base = IpAddress::v4(base)}).value();
  const auto truth = true_rows(fleet);
  const auto zoo = zoo::Zoo::start(fleet, {}).value();
  const auto reader = engine();
  Fleet known = scanned(*zoo, *reader);
  const auto asked = [&](const auto& device) { return zoo->counters(device.address).requests; };
  std::map<IpAddress, std::uint64_t> before;
  for (const auto& device : fleet.devices) before[device.address] = asked(device);
  for (int i = 0; i < reads; ++i) read_all(*reader, known);
  std::printf("[");
  for (const auto& printer : known) {
    const auto& device = fleet.devices.at(printer.peer.address.to_v4() - base);
    std::printf(R"(%s{"manners":"%s","requests":%.1f,"ideal":%llu})", &printer == &known.front() ? "" : ",",
                zoo::bad_manners()[device.number].data(),
                static_cast<double>(asked(device) - before[device.address]) / reads,
                static_cast<unsigned long long>(ideal(device, truth.at(device.address))));
  }
  std::printf("]\n");
}

}  // namespace platen::bench
