// Whatever an agent sends as the result of a task: what is kept of it stays within its bounds.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/text.h"
#include "cloud/tasks/task_rows.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace platen;
  const std::string octets(reinterpret_cast<const char*>(data), size);
  const auto result = cloud::read_task_result(octets);
  if (!result) return 0;
  const bool bounded = result->text.size() <= 4096 && result->output.size() <= std::size_t{256} * 1024;
  if (!bounded || !cloud::is_task_id(result->task_id) || result->outcome < 1 || result->outcome > 8) std::abort();
  if (is_utf8(octets) && !is_utf8(result->text)) std::abort();  // shortening splits no character
  return 0;
}
