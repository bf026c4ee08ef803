#include "agent/tasks/task.h"

#include <array>

namespace platen::tasks {
namespace {

constexpr std::array<std::string_view, std::variant_size_v<Order>> names = {
    "scan",         "read_now",         "set_config", "send_diagnostics", "explain", "record", "rotate_credentials",
    "check_update", "open_web_session", "cancel",     "trust_key"};
constexpr std::size_t id_digits = 32;

}  // namespace

std::span<const std::string_view> kinds() { return names; }

std::string_view kind_of(const Order& order) { return names.at(order.index()); }

bool is_task_id(std::string_view text) {
  return text.size() == id_digits && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace platen::tasks
