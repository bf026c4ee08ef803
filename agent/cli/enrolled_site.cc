#include "agent/cli/enrolled_site.h"

namespace platen::cli {

Expected<std::optional<identity::Enrolled>> take_up_enrolment(config::Config& config) {
  using Found = std::optional<identity::Enrolled>;
  if (config.lines.contains("cloud.certificate_file") || config.lines.contains("cloud.key_file")) return Found();
  auto enrolled = identity::load_enrolled(identity::identity_file(config.agent.state_dir));
  if (!enrolled && enrolled.error().code == Code::not_found) return Found();
  if (!enrolled) return fail(enrolled.error());
  if (config.cloud.address.empty()) config.cloud.address = enrolled->cloud;
  if (config.command_address.empty()) config.command_address = enrolled->command;
  return Found(std::move(*enrolled));
}

}  // namespace platen::cli
