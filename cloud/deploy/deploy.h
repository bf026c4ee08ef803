// The files that put the cloud behind one public port: nginx in front, mosquitto beside it, systemd around them.
//
//   Source   docs/deploy.md tells why they are so. The files in this folder are those of cloud.example, made by this code; a
//            test compares them.
//   Identity TLS of gRPC and MQTT is not opened by the front end: each server sees the agent's certificate itself. What the
//            front end opens (enrolment, the lower rung) carries its proof in the message.
//   Errors   Code::invalid: a value that cannot stand in such a file, with the option that gave it.
//   Effects  none.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.h"

namespace platen::deploy {

struct Plan {
  std::string at = {};                             // HOST:PORT, where agents come to
  std::vector<std::string> listen = {};            // ADDRESS:PORT; none: the port of `at` on every address
  std::string data = {};                           // the cloud's folder
  std::string home = {};                           // "": the folders of a system; otherwise all in this one
  std::string owner = {};                          // the user whose the keys are
  std::string ingest = {}, enroll = {}, web = {};  // ADDRESS:PORT of platen-cloud
  std::string broker = {}, broker_local = {};      // ADDRESS:PORT of mosquitto: WebSocket; MQTT by itself
};

struct File {
  std::string name;
  std::string octets;
};

[[nodiscard]] Expected<std::vector<File>> files_of(const Plan& plan);

// Whom mosquitto lets do what: by the name in the certificate, which an agent cannot choose. `removed`: agents that were.
[[nodiscard]] std::string access_list(const std::set<std::string>& removed);
// The name in the cloud's own certificate. No agent can have it: theirs begin with a letter or a digit.
inline constexpr std::string_view publisher = "_cloud";

}  // namespace platen::deploy
