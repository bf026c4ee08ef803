#include "cloud/tasks/task_order.h"

#include <algorithm>
#include <array>

#include "base/ip_address.h"
#include "base/toml.h"
#include "platen/v1/tasks.pb.h"
#include "snmp/mib/targets.h"

namespace platen::cloud {
namespace {

constexpr std::size_t most_ranges = 256, most_printers = 1000, longest_name = 256, key_octets = 32;

Expected<void> refuse(std::string text) { return fail(Code::invalid, std::move(text)); }

// Read so that a mistyped range is known here and not only on the site.
Expected<void> check_scan(const TaskOrder& order) {
  if (order.ranges.size() > most_ranges) return refuse("more than 256 ranges; send several scans");
  for (const std::string& range : order.ranges) {
    if (auto fits = snmp::check_target(range, snmp::Use::ask, {.allow_loopback = true}); !fits) return fits;
  }
  return {};
}

Expected<void> check_printers(const TaskOrder& order) {
  if (order.printers.size() > most_printers) return refuse("more than 1,000 printers; name none to read all of them");
  for (const OrderedPrinter& printer : order.printers) {
    if (printer.serial.empty() && printer.mac.empty() && printer.address.empty())
      return refuse("a printer without serial, MAC and address cannot be named to its agent");
    if (std::max({printer.serial.size(), printer.mac.size(), printer.address.size()}) > longest_name)
      return refuse("a printer is named by more than 256 octets");
  }
  return {};
}

Expected<void> check_one_printer(const TaskOrder& order) {
  if (order.printers.size() != 1) return refuse(order.kind + " is about one printer; name it by its id");
  return check_printers(order);
}

Expected<void> check_config(const TaskOrder& order) {
  if (order.toml.empty()) return refuse("the configuration is empty");
  if (order.toml.size() > longest_task_toml) return refuse("the configuration is longer than 64 KiB");
  const auto parsed = parse_toml(order.toml, "configuration");
  if (!parsed)
    return refuse("the configuration is no TOML: line " + std::to_string(parsed.error().line) + ": " +
                  parsed.error().what);
  return {};
}

Expected<void> check_explain(const TaskOrder& order) {
  if (IpAddress::parse(order.address)) return {};
  return refuse(order.address.empty() ? std::string("explain is about one address, such as 192.0.2.7")
                                      : "'" + order.address + "' is no address; write 192.0.2.7 or 2001:db8::7");
}

Expected<void> check_diagnostics(const TaskOrder& order) {
  return order.log_lines <= most_task_log_lines ? Expected<void>{} : refuse("more than 10,000 lines of the log");
}

Expected<void> check_cancel(const TaskOrder& order) {
  return is_task_id(order.task_id) ? Expected<void>{} : refuse("'" + order.task_id + "' is no task");
}

Expected<void> check_trust(const TaskOrder& order) {
  return order.public_key.size() == key_octets ? Expected<void>{} : refuse("a key for tasks has 32 octets");
}

Expected<void> nothing_to_check(const TaskOrder&) { return {}; }

void put(v1::PrinterRef& to, const OrderedPrinter& printer) {
  to.set_serial(printer.serial), to.set_mac(printer.mac), to.set_address(printer.address);
}

struct Kind {
  std::string_view word;
  bool for_people;
  Expected<void> (*check)(const TaskOrder&);
  void (*fill)(const TaskOrder&, v1::Task&);
};

constexpr Kind kinds[] = {
    {"scan", true, check_scan,
     [](const TaskOrder& order, v1::Task& task) {
       v1::Scan& scan = *task.mutable_scan();
       for (const std::string& range : order.ranges) scan.add_ranges(range);
     }},
    {"read_now", true, check_printers,
     [](const TaskOrder& order, v1::Task& task) {
       v1::Read& read = *task.mutable_read_now();
       for (const OrderedPrinter& printer : order.printers) put(*read.add_printers(), printer);
     }},
    {"set_config", true, check_config,
     [](const TaskOrder& order, v1::Task& task) {
       task.mutable_set_config()->set_toml(order.toml);
       task.mutable_set_config()->set_confirm_within_s(order.confirm_within_s);
     }},
    {"explain", true, check_explain,
     [](const TaskOrder& order, v1::Task& task) { task.mutable_explain()->set_address(order.address); }},
    {"record", true, check_one_printer,
     [](const TaskOrder& order, v1::Task& task) {
       put(*task.mutable_record()->mutable_printer(), order.printers.front());
     }},
    {"send_diagnostics", true, check_diagnostics,
     [](const TaskOrder& order, v1::Task& task) { task.mutable_send_diagnostics()->set_log_lines(order.log_lines); }},
    {"rotate_credentials", true, nothing_to_check,
     [](const TaskOrder&, v1::Task& task) { task.mutable_rotate_credentials(); }},
    {"check_update", true, nothing_to_check, [](const TaskOrder&, v1::Task& task) { task.mutable_check_update(); }},
    {"open_web_session", true, check_one_printer,
     [](const TaskOrder& order, v1::Task& task) {
       put(*task.mutable_open_web_session()->mutable_printer(), order.printers.front());
     }},
    {"cancel", false, check_cancel,
     [](const TaskOrder& order, v1::Task& task) { task.mutable_cancel()->set_task_id(order.task_id); }},
    {"trust_key", false, check_trust,
     [](const TaskOrder& order, v1::Task& task) {
       task.mutable_trust_key()->set_public_key(order.public_key);
       task.mutable_trust_key()->set_overlap_s(order.overlap_s);
     }},
};

constexpr auto people_words = [] {
  std::array<std::string_view, std::ranges::count_if(kinds, &Kind::for_people)> words;
  std::size_t at = 0;
  for (const Kind& kind : kinds) {
    if (kind.for_people) words[at++] = kind.word;
  }
  return words;
}();

Expected<const Kind*> kind_of(const TaskOrder& order) {
  const auto* found = std::ranges::find(kinds, order.kind, &Kind::word);
  if (found == std::end(kinds)) return fail(Code::invalid, "'" + order.kind + "' is no kind of task");
  return found;
}

std::string name_of(const OrderedPrinter& printer) {
  if (!printer.serial.empty()) return "serial " + printer.serial;
  return printer.mac.empty() ? printer.address : "MAC " + printer.mac;
}

}  // namespace

std::span<const std::string_view> task_kinds() { return people_words; }

bool is_task_id(std::string_view text) {
  return text.size() == 32 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

Expected<void> check_order(const TaskOrder& order) {
  return kind_of(order).and_then([&](const Kind* kind) { return kind->check(order); });
}

Expected<std::string> task_octets(const TaskOrder& order, const TaskFrame& frame) {
  const auto kind = kind_of(order);
  if (!kind) return fail(kind.error());
  if (const auto good = (*kind)->check(order); !good) return fail(good.error());
  if (frame.not_after <= frame.issued || frame.not_after - frame.issued > longest_task_life)
    return fail(Code::invalid, "a task is good for some time, at most 30 days");
  v1::Task task;
  task.set_tenant(frame.tenant), task.set_agent_id(frame.agent), task.set_task_id(frame.id);
  task.set_issued_ms(frame.issued.time_since_epoch().count());
  task.set_not_after_ms(frame.not_after.time_since_epoch().count());
  (*kind)->fill(order, task);
  return task.SerializeAsString();
}

std::string about(const TaskOrder& order) {
  std::string out = order.kind == "explain" ? order.address : order.kind == "cancel" ? order.task_id : "";
  for (const std::string& range : order.ranges) out += (out.empty() ? "" : ", ") + range;
  for (const OrderedPrinter& printer : order.printers) out += (out.empty() ? "" : ", ") + name_of(printer);
  constexpr std::size_t longest = 200;
  if (out.size() <= longest) return out;
  out.resize(out.rfind(',', longest));
  return out + ", …";
}

}  // namespace platen::cloud
