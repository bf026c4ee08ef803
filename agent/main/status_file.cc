#include "agent/main/status_file.h"

#include <filesystem>

#include "agent/host/files.h"
#include "agent/host/notice.h"
#include "base/log.h"

namespace platen::agent {
namespace {

constexpr unsigned owner_and_group = 0640;

}  // namespace

StatusFile::StatusFile(const std::string& state_dir)
    : file_(state_dir + "/status.json"), places_(host::notice_files(state_dir)) {}

void StatusFile::write(const std::string& json) {
  const auto written = host::write_file(file_, json, owner_and_group, host::Existing::replace);
  if (!written) {
    leave_word(json);
    if (!complained_) log::warn("status.unwritten", {{"why", written.error().text}, {"instead", word_}});
  } else if (!word_.empty()) {
    std::error_code ignored;
    std::filesystem::remove(word_, ignored);
    word_.clear();
  }
  complained_ = !written;
}

void StatusFile::leave_word(const std::string& json) {
  word_.clear();
  for (const std::string& place : places_) {
    if (!host::usable_folder(std::filesystem::path(place).parent_path().string())) continue;
    if (!host::write_file(place, json, owner_and_group, host::Existing::replace)) continue;
    word_ = place;
    return;
  }
}

}  // namespace platen::agent
