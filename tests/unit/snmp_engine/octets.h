// Datagrams written by hand, for tests: BER by nesting, octet by octet what a device might send.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <vector>

namespace platen::test {

using Octets = std::vector<std::uint8_t>;

inline Octets joined(std::initializer_list<Octets> parts) {
  Octets all;
  for (const Octets& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

inline Octets tlv(std::uint8_t tag, const Octets& content) {
  Octets out{tag};
  if (content.size() >= 0x80) {
    out.push_back(0x82);
    out.push_back(static_cast<std::uint8_t>(content.size() >> 8U));
  }
  out.push_back(static_cast<std::uint8_t>(content.size() & 0xFFU));
  out.insert(out.end(), content.begin(), content.end());
  return out;
}

inline Octets number(std::uint32_t value, std::uint8_t tag = 0x02) {
  Octets content;
  for (int shift = 24; shift >= 0; shift -= 8)
    content.push_back(static_cast<std::uint8_t>(value >> static_cast<unsigned>(shift)));
  while (content.size() > 1 && content[0] == 0 && content[1] < 0x80) content.erase(content.begin());
  return tlv(tag, content);
}

inline Octets text(std::string_view value, std::uint8_t tag = 0x04) { return tlv(tag, {value.begin(), value.end()}); }
inline Octets sequence(std::initializer_list<Octets> parts) { return tlv(0x30, joined(parts)); }

// name: the OID's BER content, such as {0x2B, 6, 1, 2, 1, 1, 1, 0} for sysDescr.0
inline Octets varbind(const Octets& name, const Octets& value) { return sequence({tlv(0x06, name), value}); }

struct Reply {
  std::uint32_t version = 1;  // v2c
  std::uint8_t pdu = 0xA2;    // Response
  std::uint32_t id = 0;
  std::uint32_t error_status = 0, error_index = 0;
  Octets varbinds{};
  Octets raw_status{};  // content octets of error-status, instead
};

inline Octets message(const Reply& reply) {
  return sequence(
      {number(reply.version), text("public"),
       tlv(reply.pdu, joined({number(reply.id),
                              reply.raw_status.empty() ? number(reply.error_status) : tlv(0x02, reply.raw_status),
                              number(reply.error_index), tlv(0x30, reply.varbinds)}))});
}

struct ReplyV3 {
  std::uint32_t id = 0;
  std::uint32_t model = 3;
  Octets engine_id{};
  std::uint32_t boots = 1, time = 1;
  std::string_view user{};
  Octets pdu{};  // of the scoped PDU
  std::uint8_t flags = 0;
  Octets auth{};  // msgAuthenticationParameters
};

inline Octets message_v3(const ReplyV3& reply) {
  const Octets parameters = sequence({tlv(0x04, reply.engine_id), number(reply.boots), number(reply.time),
                                      text(reply.user), tlv(0x04, reply.auth), text("")});
  return sequence({number(3),
                   sequence({number(reply.id), number(65507), tlv(0x04, {reply.flags}), number(reply.model)}),
                   tlv(0x04, parameters), sequence({tlv(0x04, reply.engine_id), text(""), reply.pdu})});
}

}  // namespace platen::test
