#include "transport/egress/environment.h"

#include <unistd.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace platen::egress {
namespace {

constexpr std::array names = {"https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY", "all_proxy",
                              "ALL_PROXY",   "no_proxy",    "NO_PROXY",   "grpc_proxy", "no_grpc_proxy"};
constexpr std::size_t most_octets = 65'536;

}  // namespace

Surroundings surroundings() {
  Surroundings out;
  for (const char* name : names) {
    if (const char* value = std::getenv(name); value != nullptr) out.process.emplace(name, value);
  }
  std::ifstream file("/etc/environment", std::ios::binary);
  std::string text(most_octets, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  out.system = variables_of(text);
  return out;
}

void forget_proxies() {
  for (const char* name : names) ::unsetenv(name);
}

}  // namespace platen::egress
