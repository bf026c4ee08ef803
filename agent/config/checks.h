// What a row of the table cannot say: values that must agree with each other, targets, credentials.
//
//   Effects  make_credentials(), take_proxy_password() and take_command_key() call `read_secret` for each secret file, take_targets() `read_text` for each file of
//            targets; nothing else.
#pragma once

#include <string>
#include <vector>

#include "agent/config/config.h"
#include "agent/config/target_list.h"

namespace platen::config {

struct Blame {
  int line = 0;  // 0: the file as a whole
  std::string text;
};
using Blames = std::vector<Blame>;

void take_targets(Config& config, const ReadText& read_text, Blames& blames);  // "@FILE" becomes what stands there
void check_meaning(const Config& config, Blames& blames);
void make_credentials(Config& config, const ReadSecret& read_secret, Blames& blames);  // fills config.credentials
void take_proxy_password(Config& config, const ReadSecret& read_secret, Blames& blames);
void take_command_key(Config& config, const ReadSecret& read_secret, Blames& blames);
[[nodiscard]] Faults faults_of(const std::string& file, Blames blames);  // "file:line: text", in the order of the lines

}  // namespace platen::config
