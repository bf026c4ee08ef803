// Any octets as an answer, at once and octet by octet, as the head of one, as /etc/environment, as a proxy variable and as no_proxy: a value within its bounds or
// a refusal, and no password in any text.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "transport/egress/dialler.h"
#include "transport/egress/fault.h"
#include "transport/egress/http_answer.h"
#include "transport/egress/http_head.h"
#include "transport/egress/proxy.h"

using namespace platen::egress;

namespace {
void must(bool holds) {
  if (!holds) std::abort();
}

// An answer is the same however it is cut into pieces, and within its bounds.
void read_answer(std::string_view text) {
  constexpr std::size_t most = 64;
  HttpReader at_once(false, most), octets(false, most);
  at_once.take(text);
  for (const char octet : text) octets.take({&octet, 1});
  for (HttpReader* reader : {&at_once, &octets}) reader->end();
  must(at_once.done() == octets.done() && at_once.refused() == octets.refused() && at_once.body().size() <= most);
  must(!at_once.done() || at_once.body() == octets.body());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  if (const auto head = parse_head(text)) {
    must(head->status >= 100 && head->status <= 599 && head->fields.size() <= 100);
    must(head_is_whole(text));
    if (const auto date = parse_date(head->field("date"))) must(date->time_since_epoch().count() >= 0);
    const std::string said = meaning_of({Fault::portal, {.location = std::string(head->field("location"))}});
    must(said.find('\n') == std::string::npos && said.find('\x1b') == std::string::npos);
  }
  read_answer(text);
  must(logins_offered(text).size() <= 30);
  const auto variables = variables_of(text);
  for (const auto& [name, value] : variables) must(!name.empty() && value.find('\n') == std::string::npos);
  const auto routes = choose_routes({}, {{"https_proxy", text}, {"no_proxy", text}}, variables);
  if (const Proxy* way = routes ? routes->way_to("cloud.example") : nullptr)
    must(is_host(way->at.host) && way->at.port != 0);
  const auto secret = choose_routes({}, {{"https_proxy", "http://user:hunter2@" + text}}, {});
  must(secret || secret.error().text.find("hunter2") == std::string::npos);
  static_cast<void>(is_bypassed(text, "192.0.2.7"));
  return 0;
}
