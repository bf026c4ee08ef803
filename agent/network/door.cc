#include "agent/network/door.h"

#include "agent/host/files.h"
#include "agent/network/paths.h"
#include "transport/egress/environment.h"

namespace platen::network {
namespace {

constexpr std::size_t most_octets_of_roots = 4U << 20U;

const egress::Surroundings& surroundings() {
  static const egress::Surroundings found = [] {
    egress::Surroundings read = egress::surroundings();
    egress::forget_proxies();
    return read;
  }();
  return found;
}

Expected<std::string> site_roots(const std::string& file) {
  if (file.empty()) return "";
  auto read = host::read_file(file, most_octets_of_roots);
  const Expected<void> usable = read ? egress::check_pem(read->octets) : fail(read.error());
  if (usable) return std::move(read->octets);
  return fail(read ? Error{usable.error().code, file + " " + usable.error().text} : usable.error());
}

}  // namespace

void settle_environment() { (void)surroundings(); }

Expected<std::shared_ptr<const egress::Door>> open_door(const config::Config& config) {
  const config::Proxy& proxy = config.proxy;
  auto routes = egress::choose_routes({.address = proxy.address,
                                       .user = proxy.user,
                                       .password = proxy.password,
                                       .auth = proxy.auth,
                                       .bypass = proxy.bypass},
                                      surroundings().process, surroundings().system);
  if (!routes) return fail(routes.error());
  auto roots = site_roots(proxy.ca_file);
  if (!roots) return fail(roots.error().in("proxy.ca_file"));
  egress::Settings settings{.routes = *std::move(routes), .site_roots_pem = *std::move(roots)};
  for (const Path& path : paths(config)) {
    if (!path.address.empty() && path.through_the_door)
      if (auto to = egress::parse_endpoint(path.address)) settings.allowed.push_back(to->host);
  }
  return std::make_shared<const egress::Door>(std::move(settings));
}

std::shared_ptr<const egress::Door> letting_through(const egress::Door& door, std::span<const std::string> addresses) {
  egress::Settings settings = door.settings();
  for (const std::string& address : addresses) {
    const auto to = egress::parse_endpoint(address);
    if (to && !door.allows(to->host)) settings.allowed.push_back(to->host);
  }
  return std::make_shared<const egress::Door>(std::move(settings));
}

std::string way_of(const egress::Settings& settings) {
  const auto& proxy = settings.routes.proxy;
  return proxy ? proxy->at.text() + " (" + proxy->named_by + ")" : "direct";
}

}  // namespace platen::network
