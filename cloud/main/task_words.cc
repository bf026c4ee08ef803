#include "cloud/main/task_words.h"

#include <algorithm>
#include <charconv>

#include "agent/host/files.h"
#include "base/text.h"
#include "cloud/portal/ordered_printer.h"
#include "cloud/store/store.h"

namespace platen::cloud {
namespace {

std::string did_you_mean(const std::string& word, const std::vector<std::string>& known) {
  const std::vector<std::string_view> candidates(known.begin(), known.end());
  const std::string near = nearest(word, candidates);
  return near.empty() ? "" : "; did you mean " + near + "?";
}

Expected<void> take_ranges(const OrderWords& words, TaskOrder& order) {
  order.ranges = words.arguments;
  return {};
}

Expected<void> take_printers(const OrderWords& words, TaskOrder& order) {
  if (words.arguments.empty()) return {};
  const auto store = open_sqlite_store_read_only(words.store_file);
  if (!store) return fail(store.error());
  const auto printers = (*store)->printers();
  if (!printers) return fail(printers.error());
  for (const std::string& id : words.arguments) {
    const auto found = std::ranges::find(*printers, id, &PrinterRow::id);
    if (found == printers->end()) {
      std::vector<std::string> ids;
      for (const PrinterRow& printer : *printers) ids.push_back(printer.id);
      return fail(Code::not_found,
                  "no printer '" + id + "'" + did_you_mean(id, ids) + "; platen-cloud printers lists the ids");
    }
    if (found->agent != words.agent)
      return fail(Code::invalid,
                  "printer '" + id + "' is read by agent '" + found->agent + "'; send the task to that one");
    order.printers.push_back(portal::ordered(*found));
  }
  return {};
}

Expected<void> take_config(const OrderWords& words, TaskOrder& order) {
  if (words.arguments.size() != 1)
    return fail(Code::invalid, "set_config needs one file; write task send AGENT set_config FILE");
  auto file = host::read_file(words.arguments[0], longest_task_toml);
  if (!file) return fail(file.error());
  order.toml = std::move(file->octets);
  order.confirm_within_s = static_cast<std::uint32_t>(words.confirm_within.count());
  return {};
}

Expected<void> take_address(const OrderWords& words, TaskOrder& order) {
  if (words.arguments.size() != 1)
    return fail(Code::invalid, "explain needs one address; write task send AGENT explain ADDRESS");
  order.address = words.arguments[0];
  return {};
}

Expected<void> take_lines(const OrderWords& words, TaskOrder& order) {
  order.log_lines = 2000;
  if (words.arguments.empty()) return {};
  const std::string& text = words.arguments[0];
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), order.log_lines);
  if (words.arguments.size() > 1 || fault != std::errc{} || end != text.data() + text.size())
    return fail(Code::invalid, "'" + text + "' is no number of lines; write task send AGENT send_diagnostics 2000");
  return {};
}

Expected<void> take_nothing(const OrderWords& words, TaskOrder& order) {
  if (words.arguments.empty()) return {};
  return fail(Code::invalid, order.kind + " takes nothing further; leave out '" + words.arguments[0] + "'");
}

struct Taker {
  std::string_view kind;
  Expected<void> (*take)(const OrderWords&, TaskOrder&);
};
constexpr Taker takers[] = {
    {"scan", take_ranges},
    {"read_now", take_printers},
    {"set_config", take_config},
    {"explain", take_address},
    {"record", take_printers},
    {"send_diagnostics", take_lines},
    {"rotate_credentials", take_nothing},
    {"check_update", take_nothing},
    {"open_web_session", take_printers},
};

}  // namespace

Expected<std::string> tenant_of(const std::vector<enroll::AgentEntry>& agents, const std::string& agent) {
  std::vector<std::string> names;
  for (const enroll::AgentEntry& each : agents) {
    if (each.place.agent_id == agent && each.revoked)
      return fail(Code::conflict, "agent '" + agent + "' was removed; it gets no tasks any more");
    if (each.place.agent_id == agent) return each.place.dealer;
    names.push_back(each.place.agent_id);
  }
  return fail(Code::not_found,
              "no agent '" + agent + "' is enrolled" + did_you_mean(agent, names) + "; platen-cloud agents lists them");
}

Expected<TaskOrder> order_of(const OrderWords& words) {
  TaskOrder order{.kind = words.kind};
  const auto* taker = std::ranges::find(takers, words.kind, &Taker::kind);
  if (taker == std::end(takers)) return fail(Code::invalid, "'" + words.kind + "' is no kind of task");
  if (auto taken = taker->take(words, order); !taken) return fail(taken.error());
  if (words.kind != "set_config" && words.confirm_within.count() != 0)
    return fail(Code::invalid, "--confirm-within belongs to set_config only; leave it out");
  if (auto good = check_order(order); !good) return fail(good.error());
  return order;
}

}  // namespace platen::cloud
