// Any octets as what a broker sends: frames, packets, topics, payloads. Whatever they are, nothing beyond the bounds comes of
// them, and frames mean the same however they are cut.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "transport/command/base64.h"
#include "transport/command/channel.h"
#include "transport/command/sign_in.h"
#include "transport/command/websocket.h"
#include "transport/command/words.h"

using namespace platen::channel;

namespace {

void must(bool holds) {
  if (!holds) std::abort();
}

struct Outcome {
  std::string content, answer;
  bool good = true;
};

Outcome unwrapped(std::string_view octets, std::size_t step) {
  Frames frames(4'096, [] { return Mask{1, 2, 3, 4}; });
  Outcome out;
  for (std::size_t at = 0; at < octets.size() && out.good; at += step) {
    const auto part = frames.unwrap(octets.substr(at, step), out.answer);
    out.good = part.has_value();
    if (part) out.content += *part;
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Outcome whole = unwrapped(text, size + 1), cut = unwrapped(text, 3);
  must(whole.good == cut.good);
  must(whole.content.size() <= size && whole.answer.size() <= 4 * size + 8);
  if (whole.good) must(whole.content == cut.content && whole.answer == cut.answer);

  for (const Level level : {Level::v311, Level::v5}) {
    if (!sign_in_is_answered(text)) continue;
    const SignIn answer = sign_in_answer(level, text);
    must(answer.reason >= 0 && answer.reason < 256);
    must(sign_in_answer(level, std::string(text)) == answer);
  }
  if (const auto topic = agent_topic(text)) must(topic_of(topic->agent_id, topic->leaf) == text);
  if (const auto method = method_of(text)) must(is_topic_word(method->name) && is_topic_word(method->rid));
  if (const auto meaning = meaning_of_method(text)) {
    must(meaning->octets.size() <= size);
    must((meaning->is == Meaning::Is::command) == !meaning->octets.empty());
  }
  if (const auto look = look_of_twin(text)) must(look_of_twin(reported("1", look)) == look);
  must(state_json(text).find('\n') == std::string::npos);
  if (const auto octets = from_base64(text)) must(to_base64(*octets) == text);
  must(from_base64(to_base64(text)) == std::string(text));
  return 0;
}
