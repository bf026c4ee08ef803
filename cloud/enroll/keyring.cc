#include "cloud/enroll/keyring.h"

#include <array>
#include <filesystem>
#include <vector>

#include "agent/host/files.h"

namespace platen::enroll {
namespace {

constexpr std::size_t longest_pem = 65'536;

struct KeyFile {
  std::string name;
  std::string_view octets;
  unsigned mode;
};

Expected<void> write_all(const std::string& folder, std::span<const KeyFile> files) {
  for (std::size_t i = 0; i < files.size(); ++i) {
    auto written = host::write_file(folder + "/" + files[i].name, files[i].octets, files[i].mode, host::Existing::keep);
    if (written) continue;
    std::error_code ignored;
    for (std::size_t made = 0; made < i; ++made) std::filesystem::remove(folder + "/" + files[made].name, ignored);
    return written;
  }
  return {};
}

Expected<std::string> load(const std::string& path) {
  return host::read_file(path, longest_pem).map([](host::File&& file) { return std::move(file.octets); });
}

Expected<Secret> load_key(const std::string& path) {
  return host::read_file(path, longest_pem).and_then([&](host::File&& file) -> Expected<Secret> {
    if (file.everybody_reads)
      return fail(Code::denied,
                  path + ": everybody can read this private key; make new keys, or chmod 600 if nobody has seen it");
    return Secret(std::move(file.octets));
  });
}

Expected<Identity> load_identity(const std::string& stem) {
  auto certificate = load(stem + ".crt");
  if (!certificate) return fail(certificate.error());
  auto key = load_key(stem + ".key");
  if (!key) return fail(key.error());
  return Identity{std::move(*certificate), std::move(*key)};
}

std::vector<KeyFile> files_of(const Identity& ca) {
  return {{"ca.key", ca.key_pem.reveal(), 0600}, {"ca.crt", ca.certificate_pem, 0644}};
}

bool there(const std::string& folder, const char* name) {
  std::error_code ignored;
  return std::filesystem::exists(folder + "/" + name, ignored);
}

struct FoundCa {
  Identity ca;
  bool fresh = false;  // made just now, and in no file yet
};
// A key without its certificate is no reason to make another CA: agents may trust it.
Expected<FoundCa> ca_in(const std::string& folder, WallTime now) {
  auto kept = load_identity(folder + "/ca");
  if (kept) return FoundCa{std::move(*kept), false};
  if (kept.error().code != Code::not_found || there(folder, "ca.key") || there(folder, "ca.crt"))
    return fail(kept.error());
  return make_ca(now).map([](Identity&& made) { return FoundCa{std::move(made), true}; });
}

}  // namespace

Expected<Identity> ca_of(const std::string& folder, WallTime now) {
  auto found = ca_in(folder, now);
  if (!found) return fail(found.error());
  if (found->fresh) {
    const auto written = write_all(folder, files_of(found->ca));
    if (!written && written.error().code == Code::conflict)
      return load_identity(folder + "/ca");  // somebody was faster
    if (!written) return fail(written.error());
  }
  return std::move(found->ca);
}

Expected<void> make_keyring(const std::string& folder, std::span<const std::string> names, WallTime now) {
  for (const char* name : {"server.key", "server.crt"}) {
    if (there(folder, name)) {
      return fail(
          Code::conflict,
          folder + "/" + name + ": exists already, and agents trust it; nothing was changed. Give another --data");
    }
  }
  const auto found = ca_in(folder, now);
  if (!found) return fail(found.error());
  const auto server = make_server(found->ca, names, now);
  if (!server) return fail(server.error());
  std::vector<KeyFile> files = found->fresh ? files_of(found->ca) : std::vector<KeyFile>();
  const std::string chain = server->certificate_pem + found->ca.certificate_pem;
  files.push_back({"server.key", server->key_pem.reveal(), 0600});
  files.push_back({"server.crt", chain, 0644});
  return write_all(folder, files);
}

Expected<Keyring> load_keyring(const std::string& folder) {
  auto ca = load_identity(folder + "/ca");
  if (!ca) return fail(ca.error());
  auto server = load_identity(folder + "/server");
  if (!server) return fail(server.error());
  return Keyring{std::move(*ca), std::move(*server)};
}

}  // namespace platen::enroll
