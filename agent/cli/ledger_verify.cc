#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "agent/cli/program.h"
#include "agent/ledger/ledger.h"

namespace platen::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string json_of(const std::string& file, const ledger::Proof& proof) {
  const ledger::Position& position = proof.position;
  Json out = {{"schema", "platen.ledger-proof/1"},
              {"file", file},
              {"epoch", position.epoch},
              {"complete", proof.faults.empty()},
              {"acknowledged", position.acknowledged}};
  if (position.last > position.acknowledged) out["from"] = position.first, out["to"] = position.last;
  out["withheld"] = proof.withheld;
  out["parked"] = proof.parked;
  if (!proof.faults.empty()) out["faults"] = proof.faults;
  return out.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string text_of(const ledger::Proof& proof) {
  const ledger::Position& position = proof.position;
  std::string text = "epoch " + position.epoch + ": ";
  if (!proof.faults.empty()) {
    text += "not complete\n";
    for (const std::string& fault : proof.faults) text += "  " + fault + "\n";
  } else if (position.last == position.acknowledged) {
    text += "complete: no record waits\n";
  } else {
    text += fmt::format("complete from {} to {}\n", position.first, position.last);
  }
  if (position.acknowledged > 0)
    text += fmt::format("  1 to {} are acknowledged by the cloud\n", position.acknowledged);
  if (proof.withheld > 0) text += fmt::format("  {} of them withheld: their gap records say why\n", proof.withheld);
  if (proof.parked > 0) text += fmt::format("  {} that the cloud refused are parked\n", proof.parked);
  return text;
}

}  // namespace

int ledger_verify(const command::Arguments& arguments) {
  const std::string file =
      arguments.positionals().empty() ? "/var/lib/platen-agent/ledger.db" : arguments.positionals().front();
  const auto proof = ledger::verify(file);
  if (!proof) {
    command::print_error(kProgram, proof.error(), "", name_of(proof.error().code));
    return command::incomplete;
  }
  command::print(arguments.format() == command::Format::json ? json_of(file, *proof) : text_of(*proof));
  return proof->faults.empty() ? command::done : command::incomplete;
}

}  // namespace platen::cli
