// What full reads of a simulated fleet cost scanner, engine and decoding: figures for bench/snmp, one line of JSON a part.
//
//   reads-bench PART [PRINTERS]     (default 1000; traffic stays on 127.0.0.0/8)
#include <array>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "bench/reads/parts.h"

namespace {

struct Part {
  std::string_view name;
  void (*run)(std::uint32_t printers);
};
constexpr std::array parts{Part{"v3", platen::bench::v3}, Part{"losses", platen::bench::losses},
                           Part{"liars", platen::bench::liars}, Part{"manners", platen::bench::manners}};

}  // namespace

int main(int argc, char** argv) {
  const std::string_view wanted = argc > 1 ? argv[1] : "";
  const auto printers = static_cast<std::uint32_t>(argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 1000);
  for (const Part& part : parts) {
    if (part.name != wanted) continue;
    part.run(printers);
    return 0;
  }
  std::fputs("reads-bench: name a part: v3, losses, liars or manners\n", stderr);
  return 2;
}
