#include "cloud/deploy/deploy.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/ip_address.h"
#include "base/text.h"
#include "cloud/deploy/texts.h"

namespace platen::deploy {
namespace {

struct Value {
  std::string_view name, text;
};
using Values = std::vector<Value>;

// Every <NAME> of `text` by its value.
std::string fill(std::string_view text, const Values& values) {
  std::string out;
  while (true) {
    const std::size_t begin = text.find('<');
    const std::size_t end = begin == std::string_view::npos ? begin : text.find('>', begin);
    out += text.substr(0, begin);
    if (end == std::string_view::npos) return out;
    const std::string_view name = text.substr(begin + 1, end - begin - 1);
    const auto value = std::find_if(values.begin(), values.end(), [&](const Value& each) { return each.name == name; });
    if (value != values.end()) out += value->text;
    text.remove_prefix(end + 1);
  }
}

// Nothing that nginx, mosquitto or systemd would take for the end of a value, or for more than it.
bool is_plain(std::string_view text, std::string_view more) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           more.find(c) != std::string_view::npos;
  });
}

struct Endpoint {
  std::string host, port;
};
Expected<Endpoint> endpoint_of(std::string_view option, const std::string& text) {
  const std::size_t colon = text.rfind(':');
  Endpoint out{text.substr(0, colon), colon == std::string::npos ? "" : text.substr(colon + 1)};
  unsigned port = 0;
  const auto [end, fault] = std::from_chars(out.port.data(), out.port.data() + out.port.size(), port);
  const bool is_port = fault == std::errc{} && end == out.port.data() + out.port.size() && port >= 1 && port <= 65'535;
  if (is_port && is_plain(out.host, ".-:[]")) return out;
  return fail(Code::invalid, "'" + for_terminal(text) + "' is no host and port; give " + std::string(option) +
                                 " as cloud.example:443");
}

Expected<void> check_address(std::string_view option, const std::string& text) {
  const auto endpoint = endpoint_of(option, text);
  if (!endpoint) return fail(endpoint.error());
  std::string host = endpoint->host;
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  if (IpAddress::parse(host)) return {};
  return fail(Code::invalid, "'" + for_terminal(text) + "' is no address and port; give " + std::string(option) +
                                 " as 127.0.0.1:8443");
}

// mosquitto 2.0.11 binds a WebSocket listener to an address only when it is told that the family is IPv4.
Expected<void> check_broker(const std::string& text) {
  if (text.find('[') == std::string::npos) return check_address("--mqtt", text);
  return fail(Code::invalid, "'" + for_terminal(text) +
                                 "': mosquitto would listen on every address of this host; give --mqtt an IPv4 "
                                 "address, such as 127.0.0.1:8445");
}

Expected<void> check_path(std::string_view option, const std::string& path) {
  constexpr std::size_t longest = 90;  // with the name of a socket after it: sun_path takes 107
  if (is_plain(path, "/._-+,=") && path.front() == '/' && path.size() <= longest) return {};
  return fail(Code::invalid, "'" + for_terminal(path) + "' cannot stand in these files; give " + std::string(option) +
                                 " a path from the root of at most 90 letters, digits and / . _ - + , =");
}

Expected<void> check(const Plan& plan) {
  if (auto good = check_path("--data", plan.data); !good) return good;
  if (auto good = check_path("--home", plan.home.empty() ? "/" : plan.home); !good) return good;
  const std::pair<std::string_view, const std::string&> addresses[] = {
      {"--ingest", plan.ingest}, {"--enroll", plan.enroll}, {"--web", plan.web}, {"--mqtt-local", plan.broker_local}};
  for (const auto& [option, address] : addresses) {
    if (auto good = check_address(option, address); !good) return good;
  }
  for (const std::string& address : plan.listen) {
    if (auto good = check_address("--listen", address); !good) return good;
  }
  if (!is_plain(plan.owner, "._-"))
    return fail(Code::invalid, plan.data + ": it belongs to a user without a usable name; chown it to one who has");
  return check_broker(plan.broker);
}

std::string listening(const Plan& plan, const std::string& port) {
  std::string out;
  const std::vector<std::string> everywhere = {port, "[::]:" + port};
  for (const std::string& address : plan.listen.empty() ? everywhere : plan.listen) {
    out += (out.empty() ? "" : "\n    ") + ("listen " + address + ";");
  }
  return out;
}

// Where things are on a system; a try has them in one folder.
struct Folders {
  std::string run = "/run/platen-front", logs = "/var/log/nginx", front_user = "www-data";
  std::string broker_keys = "/run/credentials/platen-broker.service", broker_state = "/var/lib/platen-broker";
  std::string access_list = "/run/platen-cloud/broker.acl";
};
Folders folders_of(const Plan& plan) {
  if (plan.home.empty()) return {};
  return {plan.home, plan.home, plan.owner, plan.data, plan.home, plan.home + "/broker.acl"};
}

struct Template {
  const char* name;
  const std::string_view& text;
};
const std::array<Template, 7> templates = {{{"nginx.conf", nginx_conf},
                                            {"mosquitto.conf", mosquitto_conf},
                                            {"platen-front.service", front_service},
                                            {"platen-broker.service", broker_service},
                                            {"platen-cloud.service", cloud_service},
                                            {"platen-broker-reload.path", reload_path},
                                            {"platen-broker-reload.service", reload_service}}};

}  // namespace

Expected<std::vector<File>> files_of(const Plan& plan) {
  const auto public_one = endpoint_of("--public", plan.at);
  if (!public_one) return fail(public_one.error());
  if (const auto good = check(plan); !good) return fail(good.error());
  const auto parts = [](const std::string& address) {
    const std::size_t colon = address.rfind(':');
    return Endpoint{address.substr(0, colon), address.substr(colon + 1)};
  };
  const Endpoint broker = parts(plan.broker), local = parts(plan.broker_local);
  const std::string listen = listening(plan, public_one->port);
  const Folders folders = folders_of(plan);
  const Values values = {{"AT", plan.at},
                         {"HOST", public_one->host},
                         {"LISTEN", listen},
                         {"DATA", plan.data},
                         {"OWNER", plan.owner},
                         {"RUN", folders.run},
                         {"LOGS", folders.logs},
                         {"FRONT_USER", folders.front_user},
                         {"KEYS", folders.broker_keys},
                         {"BROKER_STATE", folders.broker_state},
                         {"ACL", folders.access_list},
                         {"HARDENED", hardened},
                         {"INGEST", plan.ingest},
                         {"ENROLL", plan.enroll},
                         {"WEB", plan.web},
                         {"BROKER", plan.broker},
                         {"BROKER_HOST", broker.host},
                         {"BROKER_PORT", broker.port},
                         {"LOCAL", plan.broker_local},
                         {"LOCAL_HOST", local.host},
                         {"LOCAL_PORT", local.port}};
  std::vector<File> out;
  out.reserve(templates.size());
  for (const Template& each : templates) out.push_back({each.name, fill(each.text, values)});
  return out;
}

}  // namespace platen::deploy
