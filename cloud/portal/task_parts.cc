#include "cloud/portal/task_parts.h"

#include <array>

#include "cloud/portal/layout.h"
#include "cloud/portal/state.h"

namespace platen::portal {
namespace {

using cloud::TaskRow;

constexpr std::chrono::minutes worth_waiting{10};

struct Words {
  std::string_view word, tone;
};
constexpr std::array<Words, 11> words = {{{"waits for its agent", "quiet"},
                                          {"the agent has it", "quiet"},
                                          {"running", "quiet"},
                                          {"done", "good"},
                                          {"failed", "bad"},
                                          {"expired", "warn"},
                                          {"forbidden by the site", "warn"},
                                          {"refused", "bad"},
                                          {"interrupted", "warn"},
                                          {"cancelled", "quiet"},
                                          {"not possible yet", "warn"}}};

WallTime latest_news(const TaskRow& task) {
  return task.over.value_or(task.running.value_or(task.delivered.value_or(task.made)));
}

Html progress(const TaskRow& task) {
  if (is_over(task.standing) || task.of == 0) return {};
  return Html(" " + std::to_string(task.done) + " of " + std::to_string(task.of));
}

Html outcome_cell(const TaskRow& task) {
  Html text = task.text.empty() ? Html() : foreign(task.text);
  if (task.output_octets > 0)
    text +=
        element("span", {{"class", "under"}}, grouped(task.output_octets),
                " octets: ", element("code", {}, "platen-cloud task show " + task.id.substr(0, 12) + " --output FILE"));
  return element("td", {}, text.empty() ? unsaid() : text);
}

}  // namespace

Html order_form(const Url& where, const std::string& token, std::string_view label) {
  if (token.empty()) return {};
  return element("form", {{"method", "post"}, {"class", "order"}, action(where)},
                 element("input", {{"type", "hidden"}, {"name", "token"}, {"value", token}}),
                 element("button", {{"class", "button"}, {"type", "submit"}}, label));
}

Html task_chip(const TaskRow& task) {
  const Words& said = words.at(static_cast<std::size_t>(task.standing));
  return element("span", {{"class", "chip " + std::string(said.tone)}}, said.word);
}

Html task_line(const TaskRow& task, WallTime now) {
  return element("p", {{"role", "status"}}, "Asked to be read ", time_element(task.made, now), ": ", task_chip(task),
                 progress(task), " ", time_element(latest_news(task), now), task.text.empty() ? Html() : Html(". "),
                 foreign(task.text));
}

Html task_table(const std::vector<TaskRow>& tasks, WallTime now) {
  Html rows;
  for (const TaskRow& task : tasks) {
    rows += element("tr", {}, element("th", {{"scope", "row"}}, task.kind), text_cell(task.about),
                    element("td", {}, task_chip(task), progress(task)),
                    element("td", {{"class", "when"}}, time_element(task.made, now)),
                    element("td", {{"class", "when"}}, time_element(latest_news(task), now)), outcome_cell(task),
                    text_cell(task.made_by), element("td", {}, element("code", {}, task.id.substr(0, 12))));
  }
  return table("Tasks of this agent, the newest first",
               headings({{"Task"}, {"About"}, {"State"}, {"Asked"}, {"Since"}, {"Result"}, {"By"}, {"Number"}}), rows);
}

bool is_worth_waiting(const TaskRow& task, WallTime now) {
  return !is_over(task.standing) && now - task.made < worth_waiting;
}

}  // namespace platen::portal
