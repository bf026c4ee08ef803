// paths: what leaves and enters this host, as the customer's IT asks for it, from the real configuration.
#include "agent/network/paths.h"

#include <nlohmann/json.hpp>

#include "agent/cli/enrolled_site.h"
#include "agent/cli/program.h"
#include "agent/network/door.h"
#include "base/command/list.h"

namespace platen::cli {
namespace {

using Json = nlohmann::ordered_json;

const std::vector<command::Column> columns = {{"purpose"},   {"host"},       {"port"}, {"protocol"},
                                              {"direction"}, {"encryption"}, {"way"},  {"data"}};

std::string way_of(const network::Path& path, const egress::Door& door) {
  if (!path.through_the_door) return "direct";
  const auto* proxy = door.settings().routes.way_to(path.host);
  return proxy == nullptr ? "direct" : "proxy " + proxy->at.text();
}

command::Cells cells_of(const network::Path& path, const egress::Door& door) {
  return {std::string(path.purpose),
          path.host,
          path.port,
          std::string(path.protocol),
          std::string(path.direction),
          std::string(path.encryption),
          way_of(path, door),
          std::string(path.data)};
}

std::string json_of(const network::Path& path, const egress::Door& door) {
  Json document = {{"schema", "platen.path/1"}};
  const command::Cells cells = cells_of(path, door);
  for (std::size_t i = 0; i < cells.size(); ++i) document[columns[i].name] = cells[i];
  return document.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// The proxy stands in the list as a path of its own, when there is one.
bool is_shown(const network::Path& path, const egress::Door& door) {
  if (path.use == network::Use::proxy) return door.settings().routes.proxy.has_value();
  return path.in_use;
}

int list(const command::Arguments& arguments, const std::vector<network::Path>& paths, const egress::Door& door) {
  command::List list{.columns = columns, .rows = {}, .lines = {}};
  for (const network::Path& path : paths) {
    list.lines.push_back(json_of(path, door));
    list.rows.push_back(cells_of(path, door));
  }
  command::print_list(arguments, list);
  return command::done;
}

}  // namespace

int paths(const command::Arguments& arguments) {
  if (arguments.has("--docs")) return command::print(network::paths_markdown()), command::done;
  network::settle_environment();
  auto config = config::load(arguments.text("--config"));
  if (!config) return refuse(config.error());
  const auto enrolled = take_up_enrolment(*config);
  if (!enrolled && config->cloud.address.empty()) return refuse({enrolled.error()});
  const auto door = network::open_door(*config);
  if (!door) return refuse({door.error()});
  std::vector<network::Path> shown;
  for (network::Path& path : network::paths(*config)) {
    if (!is_shown(path, **door)) continue;
    if (path.use == network::Use::proxy) path.host = (*door)->settings().routes.proxy->at.host;
    if (path.use == network::Use::proxy) path.port = std::to_string((*door)->settings().routes.proxy->at.port) + "/tcp";
    shown.push_back(std::move(path));
  }
  return list(arguments, shown, **door);
}

}  // namespace platen::cli
