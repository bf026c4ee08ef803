// A task as the agent uses it: checked, without protobuf.
//
//   Source   proto/platen/v1/tasks.proto: Task. Times are the cloud's.
//   Shapes   Every kind's values are within the bounds of bounds_of_order() (verdict.h).
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/secret.h"

namespace platen::tasks {

// A printer as its readings left the site; "": not said.
struct PrinterRef {
  std::string serial, mac, address;
  friend bool operator==(const PrinterRef&, const PrinterRef&) = default;
};

struct Scan {
  std::vector<std::string> ranges;  // empty: everything that the configuration names
};
struct ReadNow {
  std::vector<PrinterRef> printers;  // empty: every known one
};
struct SetConfig {
  Secret toml;  // may hold communities
  std::chrono::seconds confirm_within{0};
};
struct SendDiagnostics {
  std::size_t log_lines = 0;
};
struct Explain {
  std::string address;
};
struct Record {
  PrinterRef printer;
};
struct RotateCredentials {};
struct CheckUpdate {};
struct OpenWebSession {
  PrinterRef printer;
};
struct Cancel {
  std::string task_id;
};
struct TrustKey {
  std::string public_key;
  std::chrono::seconds overlap{0};
};

using Order = std::variant<Scan, ReadNow, SetConfig, SendDiagnostics, Explain, Record, RotateCredentials, CheckUpdate,
                           OpenWebSession, Cancel, TrustKey>;
// "scan", "read_now", … in the order of Order's alternatives: the words of the policy file and of the log.
[[nodiscard]] std::span<const std::string_view> kinds();
[[nodiscard]] std::string_view kind_of(const Order& order);

struct Task {
  std::string id;  // 32 hex digits
  WallTime issued{}, not_before{}, not_after{};
  Order order;
  std::string arguments;  // the kind's octets: what is equal in kind and arguments is done once
  std::string signer;     // the public key that it was signed with
};

[[nodiscard]] bool is_task_id(std::string_view text);

}  // namespace platen::tasks
