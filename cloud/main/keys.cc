#include <algorithm>
#include <nlohmann/json.hpp>

#include "agent/host/files.h"
#include "base/command/list.h"
#include "base/text.h"
#include "cloud/enroll/keyring.h"
#include "cloud/enroll/registry.h"
#include "cloud/main/program.h"
#include "cloud/tasks/task_book.h"

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

// Who may be told of another key: agent and dealer of everybody who was not removed.
Expected<std::vector<std::pair<std::string, std::string>>> tenants(const command::Arguments& arguments) {
  const auto registry = enroll::Registry::open(registry_file(arguments));
  const auto agents = registry ? (*registry)->agents() : fail(registry.error());
  if (!agents) return fail(agents.error());
  std::vector<std::pair<std::string, std::string>> out;
  for (const enroll::AgentEntry& agent : *agents) {
    if (!agent.revoked) out.emplace_back(agent.place.agent_id, agent.place.dealer);
  }
  return out;
}

struct Rotated {
  std::string key_id;
  std::size_t told = 0;
};
Expected<Rotated> rotate(const command::Arguments& arguments) {
  const std::string folder = arguments.text("--data");
  if (auto there = enroll::load_keyring(folder); !there) return fail(there.error());
  const auto agents = tenants(arguments);
  if (!agents) return fail(agents.error());
  SigningKeys keys(folder);
  const auto book = TaskBook::open(tasks_file(arguments), keys);
  if (!book) return fail(book.error());
  const auto key = keys.add();
  if (!key) return fail(key.error());
  const auto overlap = std::chrono::duration_cast<std::chrono::seconds>(arguments.duration("--overlap"));
  return (*book)->send_current_key(*agents, overlap, system_clock().wall()).map([&](std::size_t told) {
    return Rotated{to_hex(wire::task_key_id(key->public_key)), told};
  });
}

Expected<command::List> list_keys(const command::Arguments& arguments) {
  const std::string folder = arguments.text("--data");
  if (auto there = enroll::load_keyring(folder); !there) return fail(there.error());
  SigningKeys signing(folder);
  const auto keys = signing.all();
  if (!keys) return fail(keys.error());
  const auto book = TaskBook::open(tasks_file(arguments), signing);
  const auto in_use = book ? (*book)->keys_in_use() : fail(book.error());
  if (!in_use) return fail(in_use.error());
  command::List list{.columns = {{"key"}, {"state"}, {"agents", true}, {"public_key"}}, .rows = {}, .lines = {}};
  for (const wire::TaskKey& key : *keys) {
    const std::string id = wire::task_key_id(key.public_key), state = &key == &keys->back() ? "current" : "earlier";
    const auto agents = std::ranges::count(*in_use, id, &AgentKey::key_id);
    list.rows.push_back({to_hex(id), state, std::to_string(agents), to_hex(key.public_key)});
    const nlohmann::ordered_json document = {{"schema", "platen.task-key/1"},
                                             {"key", to_hex(id)},
                                             {"state", state},
                                             {"agents", agents},
                                             {"public_key", to_hex(key.public_key)}};
    list.lines.push_back(document.dump());
  }
  return list;
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

int run_keys_list(const command::Arguments& arguments) {
  const auto keys = list_keys(arguments);
  if (!keys) return refused(keys.error());
  command::print_list(arguments, *keys);
  return command::done;
}

int run_keys_rotate(const command::Arguments& arguments) {
  const auto rotated = rotate(arguments);
  if (!rotated) return refused(rotated.error());
  command::print(rotated->key_id + ": the key for tasks from now on; " + std::to_string(rotated->told) +
                 (rotated->told == 1 ? " agent is told\n" : " agents are told\n"));
  return command::done;
}

}  // namespace platen::cloud
