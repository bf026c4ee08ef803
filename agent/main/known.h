// The printers that the agent knows, as their readings leave the site: what a task may name.
//
//   Rules    Everything that is said must fit, and must fit one printer only. Serials and MACs fit as base/reading/same_printer.h
//            compares them, pseudonyms as they are.
//   Errors   Code::not_found: none fits; Code::conflict: several do; Code::unavailable: some printers have not been read since the
//            start, so that nobody can say yet.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "agent/main/site.h"
#include "agent/schedule/fleet.h"
#include "agent/tasks/task.h"
#include "snmp/mib/targets.h"

namespace platen::agent {

struct Known {
  snmp::Peer peer;
  tasks::PrinterRef left_as;
  bool read = false;  // since the start
};

[[nodiscard]] std::vector<Known> known_printers(const schedule::Fleet& fleet, const Site& site);
[[nodiscard]] Expected<Known> match(const tasks::PrinterRef& printer, std::span<const Known> known);
// What the site lets be asked: scan.targets and discovery.within as addresses, without scan.exclude. Names are not in it.
[[nodiscard]] Expected<snmp::Reach> reach_of(const config::Config& config);
// For a person: what was said of a printer, escaped.
[[nodiscard]] std::string to_text(const tasks::PrinterRef& printer);

}  // namespace platen::agent
