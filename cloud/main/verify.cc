// verify: every record of every epoch read again, held against the hash chain.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/command/list.h"
#include "cloud/main/program.h"
#include "cloud/main/without_store.h"
#include "cloud/store/store.h"

namespace platen::cloud {
namespace {

using Json = nlohmann::ordered_json;

std::string verdict(const EpochProof& proof) {
  if (proof.faults.empty() && proof.through == 0) return "complete: nothing stored yet";
  if (proof.faults.empty()) return "complete from 1 to " + std::to_string(proof.through);
  std::string text;
  for (const std::string& fault : proof.faults) text += (text.empty() ? "" : "; ") + fault;
  return text;
}

std::string line(const EpochProof& proof) {
  Json document = {{"schema", "platen.epoch-proof/1"}, {"agent", proof.agent},      {"epoch", proof.epoch},
                   {"complete", proof.faults.empty()}, {"from", proof.from},        {"to", proof.through},
                   {"records", proof.records},         {"withheld", proof.withheld}};
  if (proof.through == 0) document.erase("from"), document.erase("to");
  if (!proof.faults.empty()) document["faults"] = proof.faults;
  return document.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

int run_verify(const command::Arguments& arguments) {
  auto store = open_sqlite_store_read_only(store_file(arguments));
  if (!store) return refused(without_store(store.error(), arguments.text("--data")));
  const auto proofs = (*store)->verify();
  if (!proofs) return refused(proofs.error());
  command::List list{
      .columns = {{"agent"}, {"epoch"}, {"records", true}, {"withheld", true}, {"verdict"}}, .rows = {}, .lines = {}};
  for (const EpochProof& proof : *proofs) {
    list.rows.push_back(
        {proof.agent, proof.epoch, std::to_string(proof.records), std::to_string(proof.withheld), verdict(proof)});
    list.lines.push_back(line(proof));
  }
  command::print_list(arguments, list);
  const bool complete =
      std::all_of(proofs->begin(), proofs->end(), [](const EpochProof& proof) { return proof.faults.empty(); });
  return complete ? command::done : command::incomplete;
}

}  // namespace platen::cloud
