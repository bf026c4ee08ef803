#include "snmp/engine/probe.h"

#include <algorithm>
#include <cassert>

#include "snmp/engine/ber_peek.h"
#include "snmp/engine/codec.h"

namespace platen::snmp {
namespace {

constexpr std::uint32_t any_id = 0x40000000;  // four octets, as every id of RequestIds

}  // namespace

Expected<SweepTemplate> SweepTemplate::of(std::vector<std::uint8_t> octets) {
  const auto seen = peek(octets);
  if (!seen || seen->id != any_id || seen->id_size != sizeof(any_id)) {
    return fail(Code::bug, "a probe that was just encoded does not show its id");
  }
  SweepTemplate made;
  made.id_at_ = seen->id_at;
  made.octets_ = std::move(octets);
  return made;
}

Expected<SweepTemplate> SweepTemplate::get(const Credential& credential, std::span<const Oid> names) {
  if (credential.version == Version::v3)
    return fail(Code::invalid, "an SNMPv3 user cannot sweep without state: use discovery");
  if (auto usable = check(credential); !usable) return fail(usable.error());
  std::vector<std::uint8_t> octets;
  const Ask ask{PduType::get, {names.begin(), names.end()}, 0, 0};
  if (auto encoded = codec::encode(ask, credential, any_id, octets); !encoded) return fail(encoded.error());
  return of(std::move(octets));
}

Expected<SweepTemplate> SweepTemplate::discovery() {
  std::vector<std::uint8_t> octets;
  if (auto encoded = codec::encode_discovery(any_id, octets); !encoded) return fail(encoded.error());
  return of(std::move(octets));
}

std::span<const std::uint8_t> SweepTemplate::stamp(std::uint32_t id, std::span<std::uint8_t> into) const {
  assert(into.size() >= octets_.size() && id >= 0x00800000U && id <= 0x7FFFFFFFU);
  std::ranges::copy(octets_, into.begin());
  for (std::size_t i = 0; i < sizeof(id); ++i) into[id_at_ + i] = static_cast<std::uint8_t>(id >> (24 - 8 * i));
  return into.first(octets_.size());
}

std::optional<std::uint32_t> peek_probe_id(std::span<const std::uint8_t> octets) {
  const auto seen = peek(octets);
  if (!seen || (seen->version != Version::v3 && seen->pdu != Peek::response)) return std::nullopt;
  return seen->id;
}

std::optional<ProbeAnswer> read_probe_answer(std::span<const std::uint8_t> octets) {
  const auto seen = peek(octets);
  if (!seen) return std::nullopt;
  ProbeAnswer answer{.version = seen->version, .id = seen->id, .varbinds = {}, .engine_id = {}};
  if (seen->version == Version::v3) {  // the engine id is all that a discovery asks for, and peek() has it
    if (seen->engine_id.empty()) return std::nullopt;
    answer.engine_id.assign(seen->engine_id.begin(), seen->engine_id.end());
    return answer;
  }
  if (seen->pdu != Peek::response) return std::nullopt;
  auto message = codec::decode(octets);
  if (!message) return std::nullopt;
  answer.error_status = message->error_status;
  answer.varbinds = std::move(message->varbinds);
  return answer;
}

}  // namespace platen::snmp
