#include "tests/unit/zoo/talk.h"

#include <stdexcept>

namespace platen::zoo {

std::string datagram_of(const Question& question) {
  std::string varbinds;
  ber::Writer writer(varbinds);
  for (const snmp::Oid& name : question.names) {
    const std::size_t varbind = writer.open(ber::tag::sequence);
    writer.oid(name.ids());
    writer.element(ber::tag::null, {});
    writer.close(varbind);
  }
  return write_message(
      question.version, question.community,
      write_pdu(question.type, question.request_id, question.non_repeaters, question.max_repetitions, varbinds));
}

std::optional<Said> said_in(std::string_view datagram) {
  const auto message = read_message(datagram);
  if (!message || message->pdu.type != ber::tag::response) return std::nullopt;
  Said said{message->pdu.request_id, message->pdu.error_status, message->pdu.error_index, {}, datagram.size()};
  ber::Reader list(message->pdu.varbinds);
  while (!list.at_end()) {
    ber::Reader varbind = list.enter(ber::tag::sequence);
    auto name = varbind.oid();
    said.varbinds.push_back({std::move(name), varbind.value()});
  }
  return said;
}

DeviceSpec device_named(std::string_view model, std::string_view manners) {
  const Fleet fleet = make_fleet({}).value();
  for (DeviceSpec device : fleet.devices) {
    if (device.species->name != model) continue;
    device.manners = parse_manners(manners).value();
    return device;
  }
  throw std::invalid_argument("no " + std::string(model) + " in the demo fleet");
}

Talk::Talk(std::string_view model, std::string_view manners) : spec(device_named(model, manners)), device(spec) {}

std::optional<Said> Talk::ask(const Question& question) {
  last = device.handle(datagram_of(question), now, clock, random);
  return last ? said_in(last->datagram) : std::nullopt;
}

std::vector<snmp::Oid> Talk::walk(const snmp::Oid& root, std::size_t most) {
  std::vector<snmp::Oid> seen;
  snmp::Oid at = root;
  while (seen.size() < most) {
    const auto said = ask({.type = ber::tag::get_next, .names = {at}});
    if (!said || said->varbinds.size() != 1 || said->varbinds[0].value.is_exception()) break;
    at = said->varbinds[0].name;
    if (!at.starts_with(root)) break;
    seen.push_back(at);
  }
  return seen;
}

}  // namespace platen::zoo
