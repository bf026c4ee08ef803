#include <map>

#include "cloud/portal/layout.h"
#include "cloud/portal/pages.h"

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

}  // namespace

Response agents_page(const std::vector<cloud::AgentRow>& agents, WallTime now,
                     const std::vector<enroll::AgentEntry>& identities) {
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
    rows += element("tr", {}, element("th", {{"scope", "row"}}, foreign(name)),
                    text_cell(line.identity == nullptr ? "" : place_of(*line.identity)), text_cell(agent.version),
                    when(agent.last_seen, now), when(agent.first_seen, now), number_cell(agent.records),
                    number_cell(agent.through_seq), number_cell(agent.newest - agent.through_seq),
                    number_cell(agent.withheld), element("td", {}, element("code", {}, foreign(agent.epoch))),
                    text_cell(trouble_of(line)));
  }
  body += table("Agents that were enrolled or have connected",
                headings({{"Agent"},
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
