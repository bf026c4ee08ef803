#include "cloud/deploy/deploy.h"

#include <pwd.h>
#include <sys/stat.h>

#include "agent/host/files.h"
#include "cloud/main/broker_access.h"
#include "cloud/main/enrolment_service.h"
#include "cloud/main/program.h"

namespace platen::cloud {
namespace {

constexpr unsigned everybody_reads = 0644;  // no secret is in any of them

// Whose the keys are: what reads them has to run as that user, or be given them.
Expected<std::string> owner_of(const std::string& folder) {
  struct stat status {};
  const std::string key = folder + "/server.key";
  if (::stat(key.c_str(), &status) != 0) {
    return fail(Code::not_found,
                key + ": not there, or not to be looked at; make the keys first: platen-cloud init --data " + folder +
                    " --name HOST");
  }
  const passwd* const user = ::getpwuid(status.st_uid);  // this program has one thread
  if (user == nullptr) return fail(Code::invalid, key + ": belongs to no user of this host; chown it to one");
  return std::string(user->pw_name);
}

Expected<void> write(const command::Arguments& arguments) {
  deploy::Plan plan{.at = arguments.text("--public"),
                    .listen = arguments.all("--listen"),
                    .data = arguments.text("--data"),
                    .home = arguments.text("--home"),
                    .owner = {},
                    .ingest = arguments.text("--ingest"),
                    .enroll = enrolment_address(arguments),
                    .web = arguments.text("--web"),
                    .broker = arguments.text("--mqtt"),
                    .broker_local = arguments.text("--mqtt-local")};
  const auto owner = owner_of(plan.data);
  if (!owner) return fail(owner.error());
  plan.owner = *owner;
  const auto files = deploy::files_of(plan);
  if (!files) return fail(files.error());
  const std::string out = arguments.text("--into");
  if (auto usable = host::usable_folder(out); !usable) return usable;
  for (const deploy::File& file : *files) {
    auto written = host::write_file(out + "/" + file.name, file.octets, everybody_reads, host::Existing::replace);
    if (!written) return written;
  }
  if (plan.home.empty()) return {};
  return enroll::Registry::open(registry_file(arguments)).and_then([&](const auto& registry) {
    return write_access_list(plan.home + "/broker.acl", *registry);
  });
}

}  // namespace

int run_deploy(const command::Arguments& arguments) {
  if (arguments.text("--public").empty())
    return refused(
        {Code::invalid, "--public is missing: the name and port that agents come to, such as cloud.example:443"});
  const auto written = write(arguments);
  if (!written) return refused(written.error());
  command::print_note("platen-cloud", arguments,
                      "files are in " + arguments.text("--into") + "; docs/deploy.md goes on");
  return command::done;
}

}  // namespace platen::cloud
