// netcheck: each path of the agent tried for real, with a verdict that a helpdesk can read.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "agent/cli/enrolled_site.h"
#include "agent/cli/program.h"
#include "agent/host/files.h"
#include "agent/identity/identity.h"
#include "agent/network/check.h"
#include "agent/network/door.h"
#include "base/command/list.h"
#include "base/command/terminal.h"
#include "base/log.h"

namespace platen::cli {
namespace {

using Json = nlohmann::ordered_json;
using network::Verdict;

constexpr std::size_t most_octets_of_roots = 4U << 20U;

struct Tried {
  network::Path path;
  network::Seen seen;
  Verdict verdict;
};

const std::vector<command::Column> columns = {{"path"}, {"host"},     {"way"},    {"verdict"},
                                              {"tls"},  {"ms", true}, {"meaning"}};

std::string_view name_of(Verdict::Is is) {
  return is == Verdict::Is::good ? "good" : is == Verdict::Is::warning ? "warning" : "bad";
}

command::Cells cells_of(const Tried& one) {
  const egress::Facts& facts = one.seen.dialled.facts;
  const std::string meaning =
      one.verdict.way_out.empty() ? one.verdict.text : one.verdict.text + "; " + one.verdict.way_out;
  return {std::string(one.path.purpose),
          one.path.address,
          facts.proxy.empty() ? "direct" : facts.proxy,
          std::string(one.verdict.code),
          facts.tls,
          std::to_string(facts.took.count()),
          meaning};
}

std::string json_of(const Tried& one) {
  const egress::Facts& facts = one.seen.dialled.facts;
  Json document = {{"schema", "platen.netcheck/1"},      {"path", one.path.purpose}, {"address", one.path.address},
                   {"verdict", name_of(one.verdict.is)}, {"code", one.verdict.code}, {"text", one.verdict.text}};
  const auto put = [&](const char* key, const std::string& text) {
    if (!text.empty()) document[key] = text;
  };
  put("way_out", one.verdict.way_out), put("proxy", facts.proxy), put("proxy_from", facts.proxy_from);
  put("tls", facts.tls), put("alpn", facts.alpn), put("issuer", facts.peer.issuer), put("names", facts.peer.names);
  if (facts.peer.not_after) document["valid_until"] = to_rfc3339(*facts.peer.not_after);
  if (const auto ahead = one.seen.answer.facts.clock_ahead) document["clock_ahead_s"] = ahead->count();
  document["ms"] = facts.took.count();
  return document.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// As the agent would show itself; one that is not enrolled yet shows nothing.
Expected<egress::Tls> tls_of(const config::Config& config, const std::optional<identity::Enrolled>& enrolled) {
  egress::Tls tls;
  if (!enrolled || config.lines.contains("cloud.ca_file")) {
    auto roots = host::read_file(config.cloud.ca_file, most_octets_of_roots);
    if (!roots) return fail(roots.error().in("cloud.ca_file"));
    tls.roots_pem = std::move(roots->octets);
  }
  if (enrolled) {
    tls.roots_pem += enrolled->roots_pem;
    tls.certificate_pem = enrolled->identity.certificate_pem;
    tls.key_pem = enrolled->identity.key_pem;
  } else if (auto identity = identity::load_identity(config.cloud.certificate_file, config.cloud.key_file)) {
    tls.certificate_pem = std::move(identity->certificate_pem);
    tls.key_pem = std::move(identity->key_pem);
  }
  return tls;
}

void show(const command::Arguments& arguments, const std::vector<Tried>& all) {
  command::List list{.columns = columns, .rows = {}, .lines = {}};
  for (const Tried& one : all) {
    list.lines.push_back(json_of(one));
    list.rows.push_back(cells_of(one));
  }
  command::print_list(arguments, list);
}

}  // namespace

int netcheck(const command::Arguments& arguments) {
  network::settle_environment();
  log::threshold(log::Level::warn);  // the verdicts say it all
  auto config = config::load(arguments.text("--config"));
  if (!config) return refuse(config.error());
  const auto enrolled = take_up_enrolment(*config);
  if (!enrolled) return refuse({enrolled.error()});
  const auto door = network::open_door(*config);
  if (!door) return refuse({door.error()});
  if (config->cloud.address.empty())
    return refuse({{Code::invalid, "cloud.address is empty, and this host is not enrolled: there is no path to try"}});
  const auto tls = tls_of(*config, *enrolled);
  if (!tls) return refuse({tls.error()});
  const command::Interrupts interrupts;
  const std::stop_token stop = interrupts.token();
  std::vector<Tried> all;
  for (network::Path& path : network::paths(*config)) {
    if (!path.through_the_door || !path.in_use || stop.stop_requested()) continue;
    Tried one{std::move(path), {}, {}};
    one.seen = network::try_path(**door, one.path, *tls, arguments.duration("--connect-timeout"), stop);
    one.verdict = network::judge(one.path.use, one.seen);
    all.push_back(std::move(one));
  }
  if (stop.stop_requested()) return command::interrupted;
  show(arguments, all);
  const bool bad =
      std::any_of(all.begin(), all.end(), [](const Tried& one) { return one.verdict.is == Verdict::Is::bad; });
  return bad ? command::incomplete : command::done;
}

}  // namespace platen::cli
