#include "proto/ledger_codec.h"

#include <array>

#include "platen/v1/ledger.pb.h"
#include "platen/v1/uplink.pb.h"

namespace platen::wire {
namespace {

constexpr std::size_t most_octets = 16'384;  // a Gap is a few words

std::int64_t milliseconds(WallTime time) { return time.time_since_epoch().count(); }

struct Words {
  std::string_view name, sentence;
};
constexpr std::array<Words, 7> reasons = {{
    {"unspecified", "records are missing"},
    {"damaged", "the agent's ledger was damaged, cut or gone; what could be read was saved"},
    {"restored", "the agent's ledger was restored or cloned: other records stand under its numbers"},
    {"cloud_lost", "the cloud no longer has records that it had acknowledged"},
    {"thinned", "the agent's ledger was full"},
    {"parked", "the cloud refused a record, and the agent keeps it aside"},
    {"not_durable", "the agent's disk took nothing, and its memory was full"},
}};

}  // namespace

std::string_view name_of(Gap::Reason reason) { return reasons.at(static_cast<std::size_t>(reason)).name; }

std::string to_text(const Gap& gap) {
  std::string text(reasons.at(static_cast<std::size_t>(gap.reason)).sentence);
  if (!gap.device.empty()) text += "; " + gap.device;
  text += gap.records ? "; " + std::to_string(*gap.records) + " missing" : "; how many are missing is not known";
  return gap.text.empty() ? text : text + " (" + gap.text + ")";
}

std::string encode_gap(const Gap& gap) {
  v1::Gap message;
  message.set_reason(static_cast<v1::Gap::Reason>(gap.reason));
  if (gap.records) message.set_records(*gap.records);
  message.set_device(gap.device);
  if (gap.from) message.set_from_ms(milliseconds(*gap.from));
  if (gap.through) message.set_through_ms(milliseconds(*gap.through));
  message.set_text(gap.text);
  return message.SerializeAsString();
}

Expected<Gap> decode_gap(std::string_view octets) {
  v1::Gap message;
  if (octets.size() > most_octets || !message.ParseFromArray(octets.data(), static_cast<int>(octets.size())))
    return fail(Code::corrupt, "these " + std::to_string(octets.size()) + " octets are not a platen.v1.Gap");
  const auto time = [](std::int64_t ms) { return WallTime(std::chrono::milliseconds(ms)); };
  Gap gap{.device = message.device(), .text = message.text()};
  if (v1::Gap::Reason_IsValid(message.reason())) gap.reason = static_cast<Gap::Reason>(message.reason());
  if (message.has_records()) gap.records = message.records();
  if (message.has_from_ms()) gap.from = time(message.from_ms());
  if (message.has_through_ms()) gap.through = time(message.through_ms());
  return gap;
}

std::string encode_origins(const Origin& origin, std::string_view older) {
  v1::Origins message, before;
  v1::Origin& one = *message.add_origins();
  one.set_epoch(origin.epoch);
  one.set_seq(origin.seq);
  one.set_hash(origin.hash);
  if (before.ParseFromArray(older.data(), static_cast<int>(older.size()))) {
    for (int i = 0; i < before.origins_size() && message.origins_size() < most_origins; ++i)
      *message.add_origins() = before.origins(i);
  }
  return message.SerializeAsString();
}

}  // namespace platen::wire
