#include "tests/zoo/message.h"

#include <limits>

namespace platen::zoo {
namespace {

constexpr std::size_t max_names = 1024;

bool fits(std::int64_t number) {
  return number >= std::numeric_limits<std::int32_t>::min() && number <= std::numeric_limits<std::int32_t>::max();
}

}  // namespace

std::optional<Pdu> read_pdu(ber::Reader& from) {
  Pdu pdu;
  pdu.type = from.peek();
  ber::Reader body = from.enter(pdu.type);
  const std::int64_t id = body.integer(), status = body.integer(), index = body.integer();
  if (!body.ok() || !fits(id) || !fits(status) || !fits(index)) return std::nullopt;
  pdu.request_id = static_cast<std::int32_t>(id);
  pdu.error_status = static_cast<std::int32_t>(status);
  pdu.error_index = static_cast<std::int32_t>(index);
  ber::Reader list = body.enter(ber::tag::sequence);
  pdu.varbinds = list.rest();
  while (list.ok() && !list.at_end() && pdu.names.size() < max_names) {
    ber::Reader varbind = list.enter(ber::tag::sequence);
    pdu.names.push_back(varbind.oid());
    static_cast<void>(varbind.value());
    if (!varbind.ok()) return std::nullopt;
  }
  if (!body.ok() || !list.ok() || !list.at_end()) return std::nullopt;
  return pdu;
}

std::optional<Message> read_message(std::string_view datagram) {
  ber::Reader outer(datagram);
  ber::Reader body = outer.enter(ber::tag::sequence);
  Message message;
  message.version = body.integer();
  if (!body.ok()) return std::nullopt;
  if (message.version == 3) return message;
  if (message.version != 0 && message.version != 1) return std::nullopt;
  message.community = body.octets();
  auto pdu = read_pdu(body);
  if (!body.ok() || !pdu) return std::nullopt;
  message.pdu = std::move(*pdu);
  return message;
}

std::string write_message(std::int64_t version, std::string_view community, std::string_view pdu) {
  std::string out;
  out.reserve(pdu.size() + community.size() + 16);
  ber::Writer writer(out);
  const std::size_t message = writer.open(ber::tag::sequence);
  writer.integer(version);
  writer.element(ber::tag::octets, community);
  out += pdu;
  writer.close(message);
  return out;
}

std::string write_pdu(std::uint8_t type, std::int32_t request_id, std::int32_t error_status, std::int32_t error_index,
                      std::string_view varbinds) {
  std::string out;
  out.reserve(varbinds.size() + 32);
  ber::Writer writer(out);
  const std::size_t pdu = writer.open(type);
  writer.integer(request_id);
  writer.integer(error_status);
  writer.integer(error_index);
  writer.element(ber::tag::sequence, varbinds);
  writer.close(pdu);
  return out;
}

}  // namespace platen::zoo
