#include "cloud/tasks/signing_keys.h"

#include <algorithm>

#include "agent/host/files.h"

namespace platen::cloud {
namespace {

constexpr std::size_t longest_pem = 4096;

}  // namespace

std::string SigningKeys::file(std::size_t number) const { return folder_ + "/task-" + std::to_string(number) + ".key"; }

Expected<void> SigningKeys::make(std::size_t number) {
  const auto key = wire::make_task_key();
  if (!key) return fail(key.error());
  auto written = host::write_file(file(number), key->pem.reveal(), 0600, host::Existing::keep);
  if (!written && written.error().code != Code::conflict) return written;
  return {};  // on a conflict somebody was faster, and that one counts
}

// Reads what has come since: files are only ever added.
Expected<void> SigningKeys::look() {
  for (;;) {
    const std::string path = file(known_.size() + 1);
    auto found = host::read_file(path, longest_pem);
    if (!found && found.error().code == Code::not_found && !known_.empty()) return {};
    if (!found && found.error().code != Code::not_found) return fail(found.error());
    if (!found) {
      if (auto made = make(1); !made) return made;
      continue;
    }
    if (found->others_read || found->foreign)
      return fail(Code::denied,
                  path +
                      ": others can read this private key, or it is another user's; chown and chmod 600 it, "
                      "and platen-cloud keys rotate if somebody may have seen it");
    auto key = wire::read_task_key(Secret(std::move(found->octets)));
    if (!key) return fail(Code::corrupt, path + ": " + key.error().text + "; restore it from a backup");
    known_.push_back(std::move(*key));
  }
}

Expected<std::vector<wire::TaskKey>> SigningKeys::all() {
  const std::lock_guard hold(mutex_);
  return look().map([&] { return known_; });
}

Expected<wire::TaskKey> SigningKeys::current() {
  const std::lock_guard hold(mutex_);
  return look().map([&] { return known_.back(); });
}

Expected<wire::TaskKey> SigningKeys::find(const std::string& key_id) {
  const std::lock_guard hold(mutex_);
  const auto known = [&] {
    return std::ranges::find(known_, key_id,
                             [](const wire::TaskKey& key) { return wire::task_key_id(key.public_key); });
  };
  if (const auto found = known(); found != known_.end()) return *found;
  if (const auto looked = look(); !looked) return fail(looked.error());
  if (const auto found = known(); found != known_.end()) return *found;
  return fail(Code::not_found, folder_ + ": the key that an agent trusts is not here; restore its task-N.key");
}

Expected<wire::TaskKey> SigningKeys::add() {
  const std::lock_guard hold(mutex_);
  if (const auto looked = look(); !looked) return fail(looked.error());
  return make(known_.size() + 1).and_then([&] { return look(); }).map([&] { return known_.back(); });
}

}  // namespace platen::cloud
