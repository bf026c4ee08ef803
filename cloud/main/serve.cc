#include <sys/stat.h>
#include <unistd.h>

#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <nlohmann/json.hpp>

#include "agent/host/files.h"
#include "agent/host/service.h"
#include "base/ip_address.h"
#include "base/log.h"
#include "cloud/enroll/keyring.h"
#include "cloud/ingest/ingest.h"
#include "cloud/main/broker_access.h"
#include "cloud/main/broker_link.h"
#include "cloud/main/door.h"
#include "cloud/main/enrolment_service.h"
#include "cloud/main/presence.h"
#include "cloud/main/program.h"
#include "cloud/main/task_service.h"
#include "cloud/portal/http_server.h"
#include "cloud/portal/portal.h"
#include "cloud/store/meter_book.h"
#include "cloud/store/store.h"

namespace platen::cloud {
namespace {

using portal::HttpServer;

constexpr std::chrono::seconds look_every{1}, meters_every{20};

bool is_loopback(const std::string& bound) {
  std::string host = bound.substr(0, bound.rfind(':'));
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  const auto address = IpAddress::parse(host);
  return address && address->is_loopback();
}

std::string host_of(const std::string& address) { return address.substr(0, address.rfind(':')); }

std::vector<std::string> lower(std::vector<std::string> names) {
  for (std::string& name : names) {
    for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return names;
}

// DIR/serving.json for scripts: where the server listens, as long as it does.
class ServingFile {
 public:
  explicit ServingFile(std::string path) : path_(std::move(path)) { std::remove(path_.c_str()); }
  ~ServingFile() { std::remove(path_.c_str()); }
  ServingFile(const ServingFile&) = delete;
  ServingFile& operator=(const ServingFile&) = delete;

  [[nodiscard]] Expected<void> write(const std::string& ingest, const std::string& web,
                                     const std::string& enroll) const {
    const nlohmann::ordered_json document = {
        {"schema", "platen.serving/1"}, {"pid", ::getpid()}, {"ingest", ingest}, {"web", web}, {"enroll", enroll}};
    return host::write_file(path_, document.dump(2) + "\n", 0644, host::Existing::replace);
  }

 private:
  std::string path_;
};

class Serving final : public host::ServiceBody {
 public:
  explicit Serving(const command::Arguments& arguments) : arguments_(arguments) {}

  Expected<void> run(std::stop_token stop, host::ServiceManager& manager) override {
    const std::string folder = arguments_.text("--data");
    const auto keys = enroll::load_keyring(folder);
    if (!keys) return fail(without_keys(keys.error(), folder));
    const auto store = open_sqlite_store(store_file(arguments_));
    if (!store) return fail(store.error());
    const auto meters = MeterBook::open(meters_file(arguments_), **store);
    if (!meters) return fail(meters.error());
    const auto registry = enroll::Registry::open(registry_file(arguments_));
    if (!registry) return fail(registry.error());
    const auto tasks = TaskService::open(folder, **store, **registry, system_clock());
    if (!tasks) return fail(tasks.error());
    portal::Portal pages(**store, system_clock(), lower(arguments_.all("--web-name")), meters->get(), registry->get(),
                         keys->ca, &(*tasks)->book());
    const auto web = HttpServer::start(
        {.address = arguments_.text("--web"), .most_body = portal::longest_form},
        [&](const portal::Request& request) { return pages.answer(request); }, portal::Portal::refuse);
    if (!web) return fail(web.error());
    Door door(**registry, system_clock());
    const std::string wish = arguments_.text("--ingest");
    const auto ingest = Ingest::start({.address = wish,
                                       .certificate_pem = keys->server.certificate_pem,
                                       .key_pem = keys->server.key_pem,
                                       .client_ca_pem = keys->ca.certificate_pem,
                                       .front_ends = arguments_.all("--behind")},
                                      **store, system_clock(), &door, tasks->get());
    if (!ingest) return fail(ingest.error().in("--ingest"));
    const std::string agents_at = wish.substr(0, wish.rfind(':') + 1) + std::to_string((*ingest)->port());
    PostDesk post(**store, system_clock(), keys->ca.certificate_pem, &door, tasks->get());
    const auto enrolment = EnrolmentService::start(arguments_, *keys, **registry, post, **tasks, agents_at);
    if (!enrolment) return fail(enrolment.error());
    const ServingFile file(folder + "/serving.json");
    const auto written = file.write(agents_at, (*web)->bound(), (*enrolment)->bound());
    if (!written) return fail(written.error());
    BrokerAccess broker(arguments_.text("--broker-acl"), **registry);
    broker.keep();
    PresenceFile presences(presence_file(arguments_));
    const auto link = BrokerLink::start(arguments_.text("--broker"), host_of(arguments_.text("--public")), keys->ca,
                                        **tasks, presences);
    if (!link) return fail(link.error());
    (*tasks)->follow([&server = **ingest](const std::string& agent) { server.tell(agent); }, link->get());
    announce(agents_at, (*web)->bound(), (*enrolment)->bound());
    manager.ready();
    keep_up(**meters, broker, presences, stop);
    log::info("cloud.stopping");
    (*tasks)->stop();
    (*ingest)->stop();
    return {};
  }

  void reload() override {}  // nothing is configured by a file

 private:
  static Error without_keys(const Error& error, const std::string& folder) {
    if (error.code != Code::not_found) return error;
    return {error.code,
            folder + ": no keys here yet; make them with platen-cloud init --data " + folder + " --name HOST"};
  }

  static void announce(const std::string& ingest, const std::string& web, const std::string& enroll) {
    log::info("cloud.serving",
              {{"ingest", ingest}, {"web", "http://" + web + "/"}, {"enroll", "https://" + enroll + "/"}});
    if (!is_loopback(web))
      log::warn(
          "web.open_to_the_network",
          {{"address", web}, {"why", "the pages have no accounts yet: put a proxy in front that asks who is there"}});
  }

  // Until `stop`: the broker's list of who was removed, and the book of meters, so that nobody who looks has to wait for it.
  static void keep_up(MeterBook& meters, BrokerAccess& broker, PresenceFile& presences, const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock hold(mutex);
    std::string trouble;
    auto next = MonotonicTime::min();
    while (!stop.stop_requested()) {
      broker.keep();
      if (const auto kept = presences.keep(system_clock().wall()); !kept)
        log::debug("presence.not_kept", {{"why", kept.error().text}});
      if (system_clock().monotonic() >= next) {
        const auto taken = meters.catch_up(stop);
        if (!taken && taken.error().text != trouble) log::warn("meters.behind", {{"why", taken.error().text}});
        trouble = taken ? "" : taken.error().text;
        next = system_clock().monotonic() + meters_every;
      }
      wake.wait_for(hold, stop, look_every, [] { return false; });
    }
  }

  const command::Arguments& arguments_;
};

}  // namespace

int run_serve(const command::Arguments& arguments) {
  Serving serving(arguments);
  const auto ended = host::run_service(serving);
  if (!ended) return refused(ended.error());
  return *ended == host::Ended::interrupted ? command::interrupted : command::done;
}

}  // namespace platen::cloud
