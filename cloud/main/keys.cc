#include "agent/host/files.h"
#include "cloud/enroll/keyring.h"
#include "cloud/enroll/registry.h"
#include "cloud/main/program.h"
#include "cloud/tasks/signing_keys.h"

namespace platen::cloud {
namespace {

constexpr unsigned everybody_reads = 0644;  // a certificate is public

Expected<void> sign(const command::Arguments& arguments) {
  const auto keys = enroll::load_keyring(arguments.text("--data"));
  if (!keys) return fail(keys.error());
  const auto request = host::read_file(arguments.text("--csr"), enroll::longest_request);
  if (!request) return fail(request.error());
  const auto certificate =
      enroll::sign_agent(keys->ca, request->octets, {arguments.text("--agent"), arguments.text("--dealer")},
                         std::chrono::days(arguments.number("--days")), system_clock().wall());
  if (!certificate) return fail(certificate.error());
  const auto registry = enroll::Registry::open(registry_file(arguments));
  if (!registry) return fail(registry.error());
  const auto noted = enroll::der_of(*certificate).and_then([&](const std::string& der) {
    return enroll::check_certificate(keys->ca, der).and_then([&](const enroll::Presented& made) {
      return (*registry)->note(made, der, system_clock().wall());
    });
  });
  if (!noted) return fail(noted.error());
  return host::write_file(arguments.text("--out"), *certificate, everybody_reads, host::Existing::replace);
}

}  // namespace

int run_init(const command::Arguments& arguments) {
  const std::string folder = arguments.text("--data");
  const auto made =
      host::usable_folder(folder)
          .and_then([&] { return enroll::make_keyring(folder, arguments.all("--name"), system_clock().wall()); })
          .and_then([&] { return SigningKeys(folder).current(); });
  if (!made) return refused(made.error());
  command::print_note("platen-cloud", arguments, "keys made; agents need " + folder + "/ca.crt");
  return command::done;
}

int run_agent_certificate(const command::Arguments& arguments) {
  for (const char* needed : {"--csr", "--agent", "--out"}) {
    if (arguments.text(needed).empty())
      return refused({Code::invalid, std::string(needed) + " is missing; see platen-cloud agent-certificate --help"});
  }
  const auto signed_one = sign(arguments);
  if (!signed_one) return refused(signed_one.error());
  command::print_note("platen-cloud", arguments,
                      "certificate for " + arguments.text("--agent") + " in " + arguments.text("--out"));
  return command::done;
}

}  // namespace platen::cloud
