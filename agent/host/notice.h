// Where a program leaves word of itself when its own folder takes nothing: in memory, until the next boot.
//
//   Source   systemd.exec(5) RuntimeDirectory=, XDG Base Directory: XDG_RUNTIME_DIR. Otherwise /run, which root can write.
//   Effects  looks at the environment only.
#pragma once

#include <string>
#include <vector>

namespace platen::host {

// Files for word about the agent whose state folder is `folder`, the best one first. Each in a folder that may be missing.
[[nodiscard]] std::vector<std::string> notice_files(const std::string& folder);

}  // namespace platen::host
