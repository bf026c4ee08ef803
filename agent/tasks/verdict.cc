#include "agent/tasks/verdict.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/ip_address.h"
#include "platen/v1/tasks.pb.h"
#include "proto/quiet.h"
#include "proto/task_key.h"

namespace platen::tasks {
namespace {

constexpr std::int64_t end_of_time = 32'503'680'000'000;  // the year 3000
constexpr std::size_t most_word = 128;
constexpr std::uint32_t longest_confirm_s = 86'400, longest_overlap_s = 30 * 86'400;

constexpr std::array<std::string_view, 9> names = {"malformed",   "unknown-key",  "bad-signature",
                                                   "readdressed", "future",       "expired",
                                                   "too-long",    "unknown-kind", "bad-arguments"};

WallTime time_of(std::int64_t ms) { return WallTime(std::chrono::milliseconds(ms)); }

template <class Message>
bool parse(Message& message, std::string_view octets) {
  return message.ParseFromArray(octets.data(), static_cast<int>(octets.size()));
}

// The same message with nothing but what this agent knows.
void copy(const v1::PrinterRef& from, v1::PrinterRef& to) {
  to.set_serial(from.serial());
  to.set_mac(from.mac());
  to.set_address(from.address());
}

void copy_order(const v1::Task& from, v1::Task& to) {
  switch (from.kind_case()) {
    case v1::Task::kScan: *to.mutable_scan()->mutable_ranges() = from.scan().ranges(); break;
    case v1::Task::kReadNow:
      to.mutable_read_now();
      for (const v1::PrinterRef& each : from.read_now().printers()) copy(each, *to.mutable_read_now()->add_printers());
      break;
    case v1::Task::kSetConfig:
      to.mutable_set_config()->set_toml(from.set_config().toml());
      to.mutable_set_config()->set_confirm_within_s(from.set_config().confirm_within_s());
      break;
    case v1::Task::kSendDiagnostics:
      to.mutable_send_diagnostics()->set_log_lines(from.send_diagnostics().log_lines());
      break;
    case v1::Task::kExplain: to.mutable_explain()->set_address(from.explain().address()); break;
    case v1::Task::kRecord:
      to.mutable_record();
      if (from.record().has_printer()) copy(from.record().printer(), *to.mutable_record()->mutable_printer());
      break;
    case v1::Task::kRotateCredentials: to.mutable_rotate_credentials(); break;
    case v1::Task::kCheckUpdate: to.mutable_check_update(); break;
    case v1::Task::kOpenWebSession:
      to.mutable_open_web_session();
      if (from.open_web_session().has_printer())
        copy(from.open_web_session().printer(), *to.mutable_open_web_session()->mutable_printer());
      break;
    case v1::Task::kCancel: to.mutable_cancel()->set_task_id(from.cancel().task_id()); break;
    case v1::Task::kTrustKey:
      to.mutable_trust_key()->set_public_key(from.trust_key().public_key());
      to.mutable_trust_key()->set_overlap_s(from.trust_key().overlap_s());
      break;
    case v1::Task::KIND_NOT_SET: break;
  }
}

bool is_exact(const v1::SignedTask& message, std::string_view octets) {
  v1::SignedTask known;
  known.set_task(message.task());
  known.set_signature(message.signature());
  known.set_key_id(message.key_id());
  return known.SerializeAsString() == octets;
}

bool is_exact(const v1::Task& message, std::string_view octets) {
  v1::Task known;
  known.set_tenant(message.tenant());
  known.set_agent_id(message.agent_id());
  known.set_task_id(message.task_id());
  known.set_not_before_ms(message.not_before_ms());
  known.set_not_after_ms(message.not_after_ms());
  known.set_issued_ms(message.issued_ms());
  copy_order(message, known);
  return known.SerializeAsString() == octets;
}

// "" or what is wrong with the arguments.
std::string fault_of(const PrinterRef& printer) {
  for (const std::string* word : {&printer.serial, &printer.mac, &printer.address}) {
    if (word->size() > most_word) return "a word about a printer is longer than 128 octets";
  }
  return printer == PrinterRef{} ? "it says nothing of the printer" : "";
}

struct Bounds {
  std::string operator()(const Scan& order) const {
    if (order.ranges.size() > most_ranges) return "more than 256 ranges";
    const bool fits = std::all_of(order.ranges.begin(), order.ranges.end(),
                                  [](const std::string& range) { return !range.empty() && range.size() <= most_word; });
    return fits ? "" : "a range is empty or longer than 128 octets";
  }
  std::string operator()(const ReadNow& order) const {
    if (order.printers.size() > most_printers) return "more than 1,000 printers";
    for (const PrinterRef& printer : order.printers) {
      if (std::string fault = fault_of(printer); !fault.empty()) return fault;
    }
    return "";
  }
  std::string operator()(const SetConfig& order) const {
    if (order.toml.reveal().size() > most_toml) return "a configuration of more than 64 KiB";
    return order.confirm_within.count() > longest_confirm_s ? "more than a day to confirm the configuration" : "";
  }
  std::string operator()(const SendDiagnostics& order) const {
    return order.log_lines > most_log_lines ? "more than 10,000 lines of the log" : "";
  }
  std::string operator()(const Explain& order) const {
    return IpAddress::parse(order.address) ? "" : "what is to be explained is not one address";
  }
  std::string operator()(const Record& order) const { return fault_of(order.printer); }
  std::string operator()(const RotateCredentials&) const { return ""; }
  std::string operator()(const CheckUpdate&) const { return ""; }
  std::string operator()(const OpenWebSession& order) const { return fault_of(order.printer); }
  std::string operator()(const Cancel& order) const {
    return is_task_id(order.task_id) ? "" : "what is to be cancelled has no task's id";
  }
  std::string operator()(const TrustKey& order) const {
    if (order.public_key.size() != wire::task_key_octets) return "the new key has not 32 octets";
    return order.overlap.count() > longest_overlap_s ? "two keys for more than 30 days" : "";
  }
};

PrinterRef printer_of(const v1::PrinterRef& from) { return {from.serial(), from.mac(), from.address()}; }

struct Kind {
  Order order;
  std::string arguments;
};
Kind kind_of_message(const v1::Task& task) {
  const auto kind = [](Order order, const google::protobuf::MessageLite& message) {
    return Kind{std::move(order), message.SerializeAsString()};
  };
  switch (task.kind_case()) {
    case v1::Task::kScan: return kind(Scan{{task.scan().ranges().begin(), task.scan().ranges().end()}}, task.scan());
    case v1::Task::kReadNow: {
      ReadNow read;
      for (const v1::PrinterRef& each : task.read_now().printers()) read.printers.push_back(printer_of(each));
      return kind(std::move(read), task.read_now());
    }
    case v1::Task::kSetConfig:
      return kind(
          SetConfig{Secret(task.set_config().toml()), std::chrono::seconds(task.set_config().confirm_within_s())},
          task.set_config());
    case v1::Task::kSendDiagnostics:
      return kind(SendDiagnostics{task.send_diagnostics().log_lines()}, task.send_diagnostics());
    case v1::Task::kExplain: return kind(Explain{task.explain().address()}, task.explain());
    case v1::Task::kRecord: return kind(Record{printer_of(task.record().printer())}, task.record());
    case v1::Task::kRotateCredentials: return kind(RotateCredentials{}, task.rotate_credentials());
    case v1::Task::kCheckUpdate: return kind(CheckUpdate{}, task.check_update());
    case v1::Task::kOpenWebSession:
      return kind(OpenWebSession{printer_of(task.open_web_session().printer())}, task.open_web_session());
    case v1::Task::kCancel: return kind(Cancel{task.cancel().task_id()}, task.cancel());
    default:
      return kind(TrustKey{task.trust_key().public_key(), std::chrono::seconds(task.trust_key().overlap_s())},
                  task.trust_key());
  }
}

// Who signed: the key, or why nobody did who counts.
Expected<std::string, Refusal> signer_of(const v1::SignedTask& message, const Court& court) {
  const auto key = std::find_if(court.keys.begin(), court.keys.end(), [&](const TrustedKey& each) {
    return wire::task_key_id(each.public_key) == message.key_id() && (!each.until || court.now < *each.until);
  });
  if (key == court.keys.end())
    return fail(Refusal{Why::unknown_key, court.keys.empty() ? "this agent has no key to know tasks by; enrol it anew"
                                                             : "signed with a key that does not count here"});
  if (!wire::signed_by(key->public_key, message.task(), message.signature()))
    return fail(Refusal{Why::bad_signature, "its signature is not good"});
  return key->public_key;
}

// Nothing: its times are in order.
std::optional<Refusal> fault_of_times(const v1::Task& task, WallTime now) {
  const auto within = [](std::int64_t ms) { return ms >= 0 && ms < end_of_time; };
  if (!within(task.issued_ms()) || !within(task.not_after_ms()) || !within(task.not_before_ms()) ||
      task.issued_ms() == 0 || task.not_after_ms() <= task.issued_ms())
    return Refusal{Why::malformed, "its times contradict each other"};
  const WallTime issued = time_of(task.issued_ms()), not_after = time_of(task.not_after_ms());
  if (not_after - issued > longest_validity) return Refusal{Why::too_long, "valid for more than 30 days"};
  if (issued > now + future_tolerance)
    return Refusal{Why::future, fmt::format("issued in the future, {}", to_rfc3339(issued))};
  if (now >= not_after) return Refusal{Why::expired, fmt::format("came after its end, {}", to_rfc3339(not_after))};
  return std::nullopt;
}

// What is signed well, strictly read.
Expected<Task, Refusal> read_task(const v1::Task& message, std::string_view octets, const Court& court) {
  if (auto fault = fault_of_times(message, court.now)) return fail(*std::move(fault));
  if (!is_exact(message, octets))
    return fail(message.kind_case() == v1::Task::KIND_NOT_SET
                    ? Refusal{Why::unknown_kind, "of a kind that this agent does not know; update the agent"}
                    : Refusal{Why::malformed, "it holds more than this agent understands; update the agent"});
  if (message.kind_case() == v1::Task::KIND_NOT_SET)
    return fail(Refusal{Why::unknown_kind, "it does not say what is to be done"});
  Kind kind = kind_of_message(message);
  if (std::string fault = std::visit(Bounds{}, kind.order); !fault.empty())
    return fail(Refusal{Why::bad_arguments, std::string(kind_of(kind.order)) + ": " + fault});
  return Task{.id = message.task_id(),
              .issued = time_of(message.issued_ms()),
              .not_before = time_of(message.not_before_ms()),
              .not_after = time_of(message.not_after_ms()),
              .order = std::move(kind.order),
              .arguments = std::move(kind.arguments),
              .signer = {}};
}

}  // namespace

std::string_view name_of(Why why) { return names.at(static_cast<std::size_t>(why)); }

Expected<Task, Refusal> judge(std::string_view signed_task, const Court& court) {
  const wire::Quiet quiet;
  v1::SignedTask outer;
  if (signed_task.size() > most_signed_octets) return fail(Refusal{Why::malformed, "larger than 128 KiB"});
  if (!parse(outer, signed_task) || !is_exact(outer, signed_task))
    return fail(Refusal{Why::malformed, "these octets are no signed task"});
  v1::Task task;
  const bool readable = parse(task, outer.task());
  const bool ours = readable && task.tenant() == court.tenant && task.agent_id() == court.agent_id;
  auto signer = signer_of(outer, court);
  const auto refuse = [&](Refusal refusal) {
    refusal.proven = signer.has_value();
    if (ours && is_task_id(task.task_id())) refusal.task_id = task.task_id();
    const bool bounded = task.not_after_ms() > 0 && task.not_after_ms() < end_of_time;
    if (refusal.proven && bounded) refusal.not_after = time_of(task.not_after_ms());
    return fail(std::move(refusal));
  };
  if (!signer) return refuse(std::move(signer.error()));
  if (!readable) return refuse({Why::malformed, "what is signed is no task"});
  if (!ours) return refuse({Why::readdressed, "it is for another agent"});
  if (!is_task_id(task.task_id())) return refuse({Why::malformed, "its id is not 32 hex digits"});
  auto read = read_task(task, outer.task(), court);
  if (!read) return refuse(std::move(read.error()));
  read->signer = std::move(*signer);
  return read;
}

}  // namespace platen::tasks
