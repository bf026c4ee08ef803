#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "agent/config/config.h"
#include "agent/config/settings.h"
#include "agent/config/value.h"

using namespace platen;  // NOLINT: a test

namespace {

std::string content_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

// Takes the comment sign from every "#key = value" and "#[[section]]".
std::string with_every_key(const std::string& sample) {
  std::istringstream in(sample);
  std::string out;
  for (std::string line; std::getline(in, line);)
    out += (line.starts_with("#") && !line.starts_with("# ") ? line.substr(1) : line) + "\n";
  return out;
}

}  // namespace

TEST_CASE("every key stands once in the table, in a known section, with a fallback inside its bounds") {
  std::set<std::string_view> seen;
  for (const config::Setting& setting : config::settings()) {
    CAPTURE(setting.key);
    CHECK(seen.insert(setting.key).second);
    CHECK(std::count_if(config::sections().begin(), config::sections().end(), [&](const config::Section& section) {
            return setting.key.starts_with(std::string(section.name) + ".");
          }) == 1);
    CHECK(setting.about.ends_with("."));
    config::Config into;
    into.entries.emplace_back();
    CHECK(config::take(setting, setting.key, setting.fallback, setting.slot(into)) == std::nullopt);
  }
}

TEST_CASE("no two keys share a place") {
  config::Config into;
  into.entries.emplace_back();
  std::set<const void*> places;
  for (const config::Setting& setting : config::settings()) {
    CAPTURE(setting.key);
    CHECK(places.insert(std::visit([](auto* place) { return static_cast<const void*>(place); }, setting.slot(into)))
              .second);
  }
}

TEST_CASE("docs/config.md and the sample are the table; `platen-agent config docs|sample` writes them anew") {
  CHECK(content_of("docs/config.md") == config::settings_markdown());
  CHECK(content_of("installer/linux/agent.toml") == config::sample_file());
}

TEST_CASE("the sample is a good file, as it is and with every key in force") {
  const config::ReadSecret none = [](const std::string&) -> Expected<Secret> { return Secret("x"); };
  CHECK(config::parse(config::sample_file(), "sample", none));
  const auto full = config::parse(with_every_key(config::sample_file()), "sample", none);
  // The keys of both kinds of credential, and a password and its file, exclude each other; nothing else may be wrong.
  REQUIRE_FALSE(full);
  for (const Error& fault : full.error()) {
    CAPTURE(fault.text);
    const bool excluded = fault.text.find("[[credential]] 1: ") != std::string::npos ||
                          fault.text.find("proxy.password and proxy.password_file exclude") != std::string::npos;
    CHECK(excluded);
  }
}
