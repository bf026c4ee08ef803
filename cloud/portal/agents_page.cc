#include <map>

#include "cloud/portal/layout.h"
#include "cloud/portal/pages.h"
#include "cloud/portal/task_parts.h"

namespace platen::portal {

namespace {

struct Line {
  cloud::AgentRow row;
  const enroll::AgentEntry* identity = nullptr;
};

std::map<std::string, Line> lines_of(const std::vector<cloud::AgentRow>& agents,
                                     const std::vector<enroll::AgentEntry>& identities) {
  std::map<std::string, Line> lines;
  for (const cloud::AgentRow& agent : agents) lines[agent.agent].row = agent;
  for (const enroll::AgentEntry& identity : identities) lines[identity.place.agent_id].identity = &identity;
  return lines;
}

Html when(WallTime time, WallTime now) {
  return element("td", {{"class", "when"}}, time == WallTime{} ? unsaid() : time_element(time, now));
}

std::string place_of(const enroll::AgentEntry& identity) {
  std::string out;
  for (const std::string& part : {identity.place.dealer, identity.place.customer, identity.place.site}) {
    if (!part.empty()) out += (out.empty() ? "" : ", ") + part;
  }
  return out;
}

std::string trouble_of(const Line& line) {
  if (line.identity == nullptr) return line.row.trouble;
  if (line.identity->revoked) return "removed";
  return line.identity->copied.empty() ? line.row.trouble : line.identity->copied;
}

// Removed agents, and those who are not enrolled here, are asked nothing.
Html tasks_cell(const std::string& name, const Line& line, const AgentsAsked& asked) {
  const auto open = asked.open_tasks.find(name);
  const std::size_t count = open == asked.open_tasks.end() ? 0 : open->second;
  const bool may = line.identity != nullptr && !line.identity->revoked;
  return element("td", {}, grouped(count), " ",
                 may ? order_form(Url({"agents", name, "read"}), asked.token, "Read now") : Html());
}

}  // namespace

Response agents_page(const std::vector<cloud::AgentRow>& agents, WallTime now,
                     const std::vector<enroll::AgentEntry>& identities, const AgentsAsked& asked) {
  Html body = element("h1", {}, "Agents");
  if (agents.empty() && identities.empty()) {
    body += element("section", {{"class", "empty"}}, element("h2", {}, "No agent yet"),
                    element("p", {}, "An agent stands here once it was enrolled with an activation code: ",
                            element("code", {}, "platen-cloud enroll new"), "."));
    return page({.title = "Agents", .section = "agents", .body = body});
  }
  Html rows;
  for (const auto& [name, line] : lines_of(agents, identities)) {
    const cloud::AgentRow& agent = line.row;
    rows += element(
        "tr", {}, element("th", {{"scope", "row"}}, element("a", {href(Url({"agents", name}))}, foreign(name))),
        tasks_cell(name, line, asked), text_cell(line.identity == nullptr ? "" : place_of(*line.identity)),
        text_cell(agent.version), when(agent.last_seen, now), when(agent.first_seen, now), number_cell(agent.records),
        number_cell(agent.through_seq), number_cell(agent.newest - agent.through_seq), number_cell(agent.withheld),
        element("td", {}, element("code", {}, foreign(agent.epoch))), text_cell(trouble_of(line)));
  }
  body += table("Agents that were enrolled or have connected",
                headings({{"Agent"},
                          {"Open tasks"},
                          {"For"},
                          {"Version"},
                          {"Last heard"},
                          {"First heard"},
                          {"Records stored", true},
                          {"Stored through", true},
                          {"Still to come", true},
                          {"Without content", true},
                          {"Ledger epoch"},
                          {"Trouble"}}),
                rows);
  return page({.title = "Agents", .section = "agents", .body = body});
}

}  // namespace platen::portal
