#include "cloud/portal/layout.h"
#include "cloud/portal/pages.h"

namespace platen::portal {

Response agents_page(const std::vector<cloud::AgentRow>& agents, WallTime now) {
  Html body = element("h1", {}, "Agents");
  if (agents.empty()) {
    body += element("section", {{"class", "empty"}}, element("h2", {}, "No agent yet"),
                    element("p", {}, "An agent stands here once it has connected with a certificate from this cloud: ",
                            element("code", {}, "platen-cloud agent-certificate --help"), "."));
    return page({.title = "Agents", .section = "agents", .body = body});
  }
  Html rows;
  for (const cloud::AgentRow& agent : agents) {
    rows += element("tr", {}, element("th", {{"scope", "row"}}, foreign(agent.agent)), text_cell(agent.version),
                    element("td", {{"class", "when"}}, time_element(agent.last_seen, now)),
                    element("td", {{"class", "when"}}, time_element(agent.first_seen, now)), number_cell(agent.records),
                    number_cell(agent.through_seq), number_cell(agent.newest - agent.through_seq),
                    number_cell(agent.withheld), element("td", {}, element("code", {}, foreign(agent.epoch))),
                    text_cell(agent.trouble));
  }
  body += table("Agents that have connected",
                headings({{"Agent"},
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
