// schedule::Collector over the SNMP scanner: one engine, one thread, everything paced there.
//
//   Effects  SNMP requests to printers. `moved` is called at most ten times a second while it works.
#pragma once

#include <functional>
#include <memory>

#include "agent/config/config.h"
#include "agent/schedule/rounds.h"

namespace platen::agent {

// The built-in profiles and those of read.profiles; what was refused, with file, line and reason.
struct ProfilesOf {
  snmp::Profiles profiles;
  std::vector<Error> refused;
};
[[nodiscard]] ProfilesOf profiles_of(const config::Config& config);

// How printers are asked, as the configuration says.
[[nodiscard]] snmp::ScanOptions scan_options(const config::Config& config);

class ScannerCollector final : public schedule::Collector {
 public:
  // Errors: Code::unavailable when this machine gives no socket.
  [[nodiscard]] static Expected<std::unique_ptr<ScannerCollector>> open(const config::Config& config,
                                                                        const Clock& clock,
                                                                        std::function<void()> moved);
  void configure(const config::Config& config);
  [[nodiscard]] std::vector<snmp::SubnetUse> uses() const { return engine_->traffic().uses(); }  // since the start
  void sweep(std::span<const IpAddress> addresses, const OnOutcome& told, std::stop_token stop) override;
  void read(std::span<const schedule::Call> printers, Reading::Kind kind, const OnOutcome& told,
            std::stop_token stop) override;

 private:
  ScannerCollector(std::unique_ptr<snmp::Engine> engine, const Clock& clock, std::function<void()> moved);
  std::unique_ptr<snmp::Engine> engine_;
  snmp::Profiles profiles_;
  std::vector<std::string> refused_;  // said once, not at each configure()
  snmp::Scanner scanner_;
  snmp::ScanOptions options_;
  snmp::Scanner::OnProgress moved_;
};

}  // namespace platen::agent
