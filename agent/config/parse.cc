#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "agent/config/checks.h"
#include "agent/config/config.h"
#include "agent/config/value.h"
#include "base/text.h"
#include "base/toml.h"

namespace platen::config {
namespace {

std::string_view after_dot(std::string_view key) { return key.substr(key.find('.') + 1); }
std::string_view before_dot(std::string_view key) { return key.substr(0, key.find('.')); }

std::string joined(std::span<const std::string_view> words) {
  std::string out;
  for (const std::string_view word : words) out.append(out.empty() ? "" : ", ").append(word);
  return out;
}

// The value as the text between the quotes, or nothing when it has another type than the setting asks for.
std::optional<std::string> text_of(const Setting& setting, const toml::node& node) {
  if (setting.type == Type::number) {
    return node.is_integer() ? std::optional(std::to_string(**node.as_integer())) : std::nullopt;
  }
  if (setting.type == Type::boolean) {
    return node.is_boolean() ? std::optional<std::string>(**node.as_boolean() ? "true" : "false") : std::nullopt;
  }
  return node.is_string() ? std::optional(**node.as_string()) : std::nullopt;
}

int line_of(const toml::source_region& region) { return static_cast<int>(region.begin.line); }

class Walk {
 public:
  explicit Walk(Config& config, Blames& blames) : config_(config), blames_(blames) {}

  void file(const toml::table& root) {
    fall_back("credential", false);
    for (const auto& [key, node] : root) {
      const auto known = std::find_if(sections().begin(), sections().end(),
                                      [&, name = key.str()](const Section& section) { return section.name == name; });
      if (known == sections().end()) {
        stranger(key, node);
      } else if (known->many) {
        list_of_sections(*known, node, line_of(key.source()));
      } else if (const toml::table* table = node.as_table()) {
        section(known->name, known->name, *table);
      } else {
        blame(line_of(key.source()), fmt::format("{0} is a section: write [{0}] once", known->name));
      }
    }
  }

 private:
  void blame(int line, std::string text) { blames_.push_back({line, std::move(text)}); }

  // The fallbacks of one section, or of all others.
  void fall_back(std::string_view section, bool this_one) {
    for (const Setting& setting : settings()) {
      if ((before_dot(setting.key) == section) != this_one) continue;
      if (const Complaint bug = take(setting, setting.key, setting.fallback, setting.slot(config_))) blame(0, *bug);
    }
  }

  // Neither a section nor, at this level, a key.
  void stranger(const toml::key& key, const toml::node& node) {
    std::vector<std::string_view> names, short_keys, full_keys;
    for (const Section& section : sections()) names.push_back(section.name);
    for (const Setting& setting : settings()) {
      full_keys.push_back(setting.key), short_keys.push_back(after_dot(setting.key));
    }
    const std::string shown = for_terminal(key.str());
    if (node.is_table() || node.is_array_of_tables()) {
      const std::string near = nearest(key.str(), names);
      return blame(line_of(key.source()), fmt::format("unknown section [{}]; {}", shown,
                                                      near.empty() ? "allowed are " + joined(names)
                                                                   : fmt::format("did you mean [{}]?", near)));
    }
    const std::string near = nearest(key.str(), short_keys);
    const auto at = std::find(short_keys.begin(), short_keys.end(), near);
    blame(line_of(key.source()),
          fmt::format("the key '{}' stands outside of a section; {}", shown,
                      at == short_keys.end()
                          ? "sections are " + joined(names)
                          : fmt::format("did you mean '{}' in [{}]?", near,
                                        before_dot(full_keys[static_cast<std::size_t>(at - short_keys.begin())]))));
  }

  void list_of_sections(const Section& known, const toml::node& node, int line) {
    const toml::array* list = node.as_array();
    if (list == nullptr || !list->is_homogeneous<toml::table>()) {
      return blame(line, fmt::format("{0} may stand several times: write [[{0}]]", known.name));
    }
    for (const toml::node& each : *list) {
      config_.entries.emplace_back().line = line_of(each.source());
      fall_back(known.name, true);
      section(known.name, fmt::format("{}.{}", known.name, config_.entries.size()), *each.as_table());
    }
  }

  // `place` is where the lines are noted: "scan", "credential.2".
  void section(std::string_view name, std::string_view place, const toml::table& table) {
    for (const auto& [key, node] : table) {
      const std::string full = fmt::format("{}.{}", name, key.str());
      const auto known = std::find_if(settings().begin(), settings().end(),
                                      [&](const Setting& setting) { return setting.key == full; });
      if (known == settings().end()) {
        unknown_key(name, key);
        continue;
      }
      const int line = line_of(key.source());
      config_.lines[fmt::format("{}.{}", place, key.str())] = line;
      if (known->type == Type::list) {
        list(*known, node, line);
      } else if (const auto text = text_of(*known, node)) {
        if (const Complaint wrong = take(*known, known->key, *text, known->slot(config_))) blame(line, *wrong);
        config_.holds_secrets |= known->type == Type::secret && *text != "public";
      } else {
        blame(line, wrong_type(*known, known->key));
      }
    }
  }

  void unknown_key(std::string_view section, const toml::key& key) {
    std::vector<std::string_view> siblings;
    for (const Setting& setting : settings()) {
      if (before_dot(setting.key) == section) siblings.push_back(after_dot(setting.key));
    }
    const std::string near = nearest(key.str(), siblings);
    blame(line_of(key.source()),
          fmt::format("unknown key '{}' in [{}]; {}", for_terminal(key.str()), section,
                      near.empty() ? "allowed are " + joined(siblings) : fmt::format("did you mean '{}'?", near)));
  }

  void list(const Setting& setting, const toml::node& node, int line) {
    const toml::array* array = node.as_array();
    if (array == nullptr) return blame(line, wrong_type(setting, setting.key));
    auto* to = std::get<std::vector<std::string>*>(setting.slot(config_));
    for (const toml::node& each : *array) {
      if (!each.is_string()) {
        blame(line_of(each.source()), wrong_type(setting, setting.key));
        continue;
      }
      if (const Complaint odd = check_line(setting.key, **each.as_string())) blame(line_of(each.source()), *odd);
      config_.lines[fmt::format("{}.{}", setting.key, to->size())] = line_of(each.source());
      to->push_back(**each.as_string());
    }
  }

  Config& config_;
  Blames& blames_;
};

void place_paths(Config& config) {
  const std::filesystem::path folder = std::filesystem::path(config.file).parent_path();
  for (const Setting& setting : settings()) {
    if (setting.type != Type::path || before_dot(setting.key) == "credential") continue;
    std::string& path = *std::get<std::string*>(setting.slot(config));
    if (!path.empty()) path = (folder / path).string();
  }
  const std::filesystem::path state = config.agent.state_dir;
  if (config.cloud.certificate_file.empty()) config.cloud.certificate_file = (state / "agent.crt").string();
  if (config.cloud.key_file.empty()) config.cloud.key_file = (state / "agent.key").string();
}

}  // namespace

Expected<std::string> read_no_text(const std::string& path) {
  return fail(Code::invalid, "no file of targets can be read here: " + path);
}

Expected<Config, Faults> parse(std::string_view text, const std::string& file, const ReadSecret& read_secret,
                               const ReadText& read_text) {
  Config config;
  config.file = file;
  Blames blames;
  const auto document = parse_toml(text, file);
  if (!document) {
    blames.push_back({static_cast<int>(document.error().line), "not TOML: " + for_terminal(document.error().what)});
    return fail(faults_of(file, std::move(blames)));
  }
  Walk(config, blames).file(*document);
  const bool sound = blames.empty();  // otherwise a value may be missing and the check of its meaning would mislead
  if (sound) check_meaning(config, blames);
  if (sound) take_targets(config, read_text, blames);
  if (sound) make_credentials(config, read_secret, blames);
  if (sound) take_proxy_password(config, read_secret, blames);
  if (sound) take_command_key(config, read_secret, blames);
  if (!blames.empty()) return fail(faults_of(file, std::move(blames)));
  place_paths(config);
  return config;
}

}  // namespace platen::config
