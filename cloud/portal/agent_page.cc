#include <algorithm>

#include "cloud/portal/layout.h"
#include "cloud/portal/pages.h"
#include "cloud/portal/task_parts.h"

namespace platen::portal {

Response agent_page(const std::string& agent, const std::vector<cloud::TaskRow>& tasks, const std::string& token,
                    WallTime now) {
  Html body = element("nav", {{"class", "crumbs"}, {"aria-label", "Where you are"}},
                      element("a", {href(Url({"agents"}))}, "Agents"));
  body += element("div", {{"class", "title"}}, element("h1", {}, foreign(agent)),
                  order_form(Url({"agents", agent, "read"}), token, "Read all its printers now"));
  if (tasks.empty()) {
    body +=
        element("section", {{"class", "empty"}}, element("h2", {}, "Nothing was asked of this agent yet"),
                element("p", {}, element("code", {}, "platen-cloud task send"), " can ask for more than this page."));
  } else {
    body += task_table(tasks, now);
  }
  const bool waits =
      std::ranges::any_of(tasks, [&](const cloud::TaskRow& task) { return is_worth_waiting(task, now); });
  return page({.title = agent, .section = "agents", .body = body, .looks_again = waits});
}

}  // namespace platen::portal
