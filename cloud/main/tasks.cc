// task send, list, show, cancel: what agents are asked, beside the server that delivers it.
#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "agent/host/files.h"
#include "base/command/list.h"
#include "base/command/terminal.h"
#include "cloud/enroll/registry.h"
#include "cloud/main/program.h"
#include "cloud/main/task_history.h"
#include "cloud/main/task_words.h"
#include "cloud/tasks/file_watch.h"
#include "cloud/tasks/task_book.h"

namespace platen::cloud {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::chrono::milliseconds look_every{500};  // Ctrl-C and the end of the task's time are noticed then

WallTime now() { return system_clock().wall(); }
std::string text_of(const std::optional<WallTime>& time) { return time ? to_rfc3339(*time) : ""; }

bool is_there(const std::string& file) {
  std::error_code fault;
  return std::filesystem::exists(file, fault);
}

// The book with the keys that it needs, both in the folder that --data names.
struct Open {
  std::unique_ptr<SigningKeys> keys;
  std::unique_ptr<TaskBook> book;
};
Expected<Open> open_book(const command::Arguments& arguments) {
  auto keys = std::make_unique<SigningKeys>(arguments.text("--data"));
  auto book = TaskBook::open(tasks_file(arguments), *keys);
  if (!book) return fail(book.error());
  // A store that cannot be read now, or is of another version, is the server's to judge.
  if (const auto store = open_sqlite_store_read_only(store_file(arguments))) {
    if (auto same = compare_histories(**book, **store, now()); !same) return fail(same.error());
  }
  return Open{std::move(keys), std::move(*book)};
}
Expected<Open> open_existing_book(const command::Arguments& arguments) {
  if (is_there(tasks_file(arguments))) return open_book(arguments);
  return fail(Code::not_found, "no task was made with '" + arguments.text("--data") +
                                   "' yet; make one with platen-cloud task send, or give another --data");
}

// What does not exist, or is not possible any more, could not be had; everything else is the caller's to put right.
int refused_task(const Error& error) {
  const int code = refused(error);
  return error.code == Code::not_found || error.code == Code::conflict ? command::incomplete : code;
}

Json document_of(const TaskRow& task) {
  Json out = {{"schema", "platen.task/1"},
              {"task", task.id},
              {"agent", task.agent},
              {"kind", task.kind},
              {"state", word_of(task.standing)},
              {"made", to_rfc3339(task.made)},
              {"not_after", to_rfc3339(task.not_after)},
              {"made_by", task.made_by}};
  const std::pair<const char*, std::string> texts[] = {
      {"about", task.about},
      {"text", task.text},
      {"delivered", text_of(task.delivered)},
      {"running", text_of(task.running)},
      {"cancel_asked", text_of(task.cancelled)},
      {"over", text_of(task.over)},
      {"began", text_of(task.began)},
      {"ended", text_of(task.ended)},
  };
  for (const auto& [key, text] : texts) {
    if (!text.empty()) out[key] = text;
  }
  if (task.of != 0) out["progress"] = {{"done", task.done}, {"of", task.of}};
  if (task.output_octets != 0) out["output_octets"] = task.output_octets;
  return out;
}
std::string line_of(const TaskRow& task) {
  return document_of(task).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string progress_of(const TaskRow& task) {
  return task.of == 0 ? "" : std::to_string(task.done) + " of " + std::to_string(task.of);
}

void show_one(const command::Arguments& arguments, const TaskRow& task) {
  if (arguments.format() == command::Format::json) {
    command::print(line_of(task) + "\n");
    return;
  }
  std::vector<command::Cells> rows;
  const std::pair<const char*, std::string> facts[] = {
      {"task", task.id},
      {"agent", task.agent},
      {"kind", task.kind},
      {"about", task.about},
      {"state", std::string(word_of(task.standing))},
      {"text", task.text},
      {"progress", is_over(task.standing) ? "" : progress_of(task)},
      {"made", to_rfc3339(task.made)},
      {"not_after", to_rfc3339(task.not_after)},
      {"delivered", text_of(task.delivered)},
      {"running", text_of(task.running)},
      {"cancel_asked", text_of(task.cancelled)},
      {"over", text_of(task.over)},
      {"output", task.output_octets == 0 ? "" : std::to_string(task.output_octets) + " octets"},
  };
  for (const auto& [key, text] : facts) {
    if (!text.empty()) rows.push_back({key, text});
  }
  command::print(command::table_text({{"key"}, {"value"}}, rows, command::table_style(arguments)));
}

Expected<void> may_write_output(const command::Arguments& arguments) {
  const std::string path = arguments.text("--output");
  if (path.empty() || !is_there(path)) return {};
  return fail(Code::conflict, path + " exists already; name another file, or move it away");
}

// The task itself goes to stdout, its output to the file that --output names.
int show_with_output(const command::Arguments& arguments, TaskBook& book, const TaskRow& task) {
  show_one(arguments, task);
  const int code = !is_over(task.standing) || task.standing == TaskStanding::done ? command::done : command::incomplete;
  if (!arguments.has("--output")) return code;
  const auto output = book.output(task);
  if (!output) return refused(output.error());
  if (output->empty()) {
    command::print_error("platen-cloud", {Code::not_found, "task " + task.id + " has no output"}, "", "not_found");
    return command::incomplete;
  }
  const auto written = host::write_file(arguments.text("--output"), *output, 0640, host::Existing::keep);
  return written ? code : refused(written.error());
}

// Until the task is over, or the person has had enough: then it goes on without us.
Expected<TaskRow> wait_for(const command::Arguments& arguments, TaskBook& book, const std::string& id,
                           FileWatch& watch) {
  const command::Interrupts interrupts;
  command::Progress progress(arguments);
  for (;;) {
    auto task = book.find(id, now());
    if (!task || is_over(task->standing)) return task;
    if (interrupts.happened()) return fail(Code::cancelled, "task " + id + " goes on; platen-cloud task show " + id);
    progress.show(std::string(word_of(task->standing)) + " " + progress_of(*task) + " " + task->text);
    static_cast<void>(watch.wait(look_every));
  }
}

Expected<std::vector<enroll::AgentEntry>> enrolled(const command::Arguments& arguments) {
  if (!is_there(registry_file(arguments))) return std::vector<enroll::AgentEntry>();
  const auto registry = enroll::Registry::open(registry_file(arguments));
  return registry ? (*registry)->agents() : fail(registry.error());
}

Expected<TaskRow> make_task(const command::Arguments& arguments, TaskBook& book) {
  std::vector<std::string> words = arguments.positionals();
  const auto agents = enrolled(arguments);
  if (!agents) return fail(agents.error());
  const auto tenant = tenant_of(*agents, words.at(0));
  if (!tenant) return fail(tenant.error());
  const auto order = order_of(
      {.agent = words[0],
       .kind = words.at(1),
       .arguments = {words.begin() + 2, words.end()},
       .confirm_within = std::chrono::duration_cast<std::chrono::seconds>(arguments.duration("--confirm-within")),
       .store_file = store_file(arguments)});
  if (!order) return fail(order.error());
  return book.add(*order, *tenant, words[0], arguments.duration("--life"), "command line", now());
}

}  // namespace

int run_task_send(const command::Arguments& arguments) {
  if (arguments.has("--output") && !arguments.has("--wait"))
    return refused({Code::invalid, "--output is written when the task is over; add --wait, or use task show later"});
  if (auto free = may_write_output(arguments); !free) return refused(free.error());
  if (const auto folder = host::check_folder(arguments.text("--data")); !folder) return refused(folder.error());
  const auto open = open_book(arguments);
  if (!open) return refused(open.error());
  FileWatch watch(tasks_file(arguments));
  auto task = make_task(arguments, *open->book);
  if (!task) return refused_task(task.error());
  if (!is_there(arguments.text("--data") + "/serving.json"))
    command::print_note("platen-cloud", arguments, "no server runs with this folder: the task waits for one");
  if (!arguments.has("--wait")) return show_one(arguments, *task), command::done;
  task = wait_for(arguments, *open->book, task->id, watch);
  if (task) return show_with_output(arguments, *open->book, *task);
  if (task.error().code != Code::cancelled) return refused(task.error());
  command::print_note("platen-cloud", arguments, task.error().text);
  return command::interrupted;
}

int run_task_list(const command::Arguments& arguments) {
  const auto open = open_existing_book(arguments);
  if (!open) return refused_task(open.error());
  const auto& words = arguments.positionals();
  const auto tasks = open->book->list({.agent = words.empty() ? "" : words[0],
                                       .open_only = arguments.has("--open"),
                                       .newest = static_cast<std::size_t>(arguments.number("--newest"))},
                                      now());
  if (!tasks) return refused(tasks.error());
  command::List list{.columns = {{"task"},
                                 {"agent"},
                                 {"kind"},
                                 {"about"},
                                 {"state"},
                                 {"made"},
                                 {"not_after"},
                                 {"delivered"},
                                 {"over"},
                                 {"progress"},
                                 {"text"}},
                     .rows = {},
                     .lines = {}};
  for (const TaskRow& task : *tasks) {
    list.rows.push_back({task.id, task.agent, task.kind, task.about, std::string(word_of(task.standing)),
                         to_rfc3339(task.made), to_rfc3339(task.not_after), text_of(task.delivered), text_of(task.over),
                         progress_of(task), task.text});
    list.lines.push_back(line_of(task));
  }
  command::print_list(arguments, list);
  return command::done;
}

int run_task_show(const command::Arguments& arguments) {
  if (auto free = may_write_output(arguments); !free) return refused(free.error());
  const auto open = open_existing_book(arguments);
  if (!open) return refused_task(open.error());
  const auto task = open->book->find(arguments.positionals().at(0), now());
  return task ? show_with_output(arguments, *open->book, *task) : refused_task(task.error());
}

int run_task_cancel(const command::Arguments& arguments) {
  const auto open = open_existing_book(arguments);
  if (!open) return refused_task(open.error());
  int code = command::done;
  for (const std::string& id : arguments.positionals()) {
    const auto task = open->book->cancel(id, "command line", now());
    if (!task) {
      code = std::max(code, refused_task(task.error()));
      continue;
    }
    command::print(task->id + (task->standing == TaskStanding::cancelled
                                   ? ": cancelled, nobody had it yet\n"
                                   : ": its agent has it, and is asked to end it\n"));
  }
  return code;
}

}  // namespace platen::cloud
