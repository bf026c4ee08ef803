// Files read whole and written so that a power cut leaves the old one or the new one, never half of either.
//
//   Errors   Code::not_found, Code::denied, Code::conflict (exists already), Code::unavailable (disk full …),
//            Code::invalid (a folder, too large); one sentence with the path, the reason and the way out.
#pragma once

#include <string>
#include <string_view>

#include "base/expected.h"

namespace platen::host {

struct File {
  std::string octets;
  bool everybody_reads = false;  // its mode lets users read it that are neither owner nor in its group
  bool others_read = false;      // its mode lets anybody but its owner read it
  bool foreign = false;          // its owner is neither this user nor root
};

[[nodiscard]] Expected<File> read_file(const std::string& path, std::size_t most_octets);

enum class Existing { replace, keep /*and fail with Code::conflict*/ };
// Durable when it returns. What root writes into another user's folder belongs to that user: the agent's files are the
// agent's, whoever ran the command. `mode` as in chmod, whatever the umask says: 0600, 0640.
[[nodiscard]] Expected<void> write_file(const std::string& path, std::string_view octets, unsigned mode,
                                        Existing existing);
// These two look only: may it be written to, may its files be listed? Also Code::not_found when it is not there.
[[nodiscard]] Expected<void> check_folder(const std::string& path);
[[nodiscard]] Expected<void> check_readable_folder(const std::string& path);
// Makes the folder and those above it when they are not there, readable by nobody else; fails when it cannot be written
// to.
[[nodiscard]] Expected<void> usable_folder(const std::string& path);

}  // namespace platen::host
