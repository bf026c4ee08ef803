// Who may become an agent and who is one: activation codes, agents, the certificates they were given. One SQLite file.
//
//   Rules    cloud/enroll/rules.h decides; this keeps. A code is kept as its SHA-256 only. Using a code, making the agent and
//            keeping its certificate are one transaction: an answer that gets lost can be asked for again.
//   Errors   Code::corrupt another file, Code::denied rights, Code::unavailable not durable; answer(): what the agent is to
//            be told is no Error but an Answer.
//   Threads  Callable from any thread. Several processes may use the file at once: no WAL, so each of them may write.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/expected.h"
#include "base/secret.h"
#include "base/sqlite/sqlite.h"
#include "cloud/enroll/ca.h"
#include "cloud/enroll/request.h"
#include "cloud/enroll/rules.h"

namespace platen::enroll {

// What a code is for. `agent_id` "": the cloud picks one.
using Place = AgentName;

struct CodeRow {
  std::int64_t number = 0;
  Place place;  // agent_id: who it made, once it was used
  WallTime made{}, expires{};
  std::optional<WallTime> used;
};

struct AgentEntry {
  Place place;
  WallTime enrolled{}, certificate_until{};
  std::optional<WallTime> revoked;
  std::string copied;  // why we think that two hosts have this identity; "": we do not
  std::optional<WallTime> copied_at;
};

struct Answer {
  enum class Outcome { issued, code_refused, request_refused, revoked };
  Outcome outcome = Outcome::code_refused;
  std::string text;  // for a person, when it is not issued
  Place place;
  std::string certificate_der;
};

// Signs a request for this name: DER.
using Sign = std::function<Expected<std::string>(const AgentName&)>;

class Registry {
 public:
  // Makes the file, readable by its owner only, when there is none.
  [[nodiscard]] static Expected<std::unique_ptr<Registry>> open(const std::string& file);

  // The number of the code. Errors: Code::conflict when the agent's name is taken, Code::invalid for names.
  [[nodiscard]] Expected<std::int64_t> add_code(const Secret& secret, const Place& place, WallTime now);
  [[nodiscard]] Expected<std::vector<CodeRow>> codes();      // the newest first
  [[nodiscard]] Expected<std::vector<AgentEntry>> agents();  // by name
  [[nodiscard]] Expected<std::set<std::string>> revoked();   // names

  [[nodiscard]] Expected<Answer> use_code(std::string_view secret, const std::string& key_hash, WallTime now,
                                          const Sign& sign);
  [[nodiscard]] Expected<Answer> renew(const Presented& shown, const std::string& key_hash, WallTime now,
                                       const Sign& sign);
  // A certificate that was signed by hand.
  [[nodiscard]] Expected<void> note(const Presented& made, const std::string& certificate_der, WallTime now);
  // Harmless when repeated; also for an agent that this registry never heard of. False: it was so already.
  [[nodiscard]] Expected<bool> revoke(const std::string& agent_id, WallTime now);
  [[nodiscard]] Expected<void> copied(const std::string& agent_id, const std::string& why, WallTime now);

 private:
  explicit Registry(const std::string& file);
  [[nodiscard]] std::optional<AgentEntry> agent(const std::string& agent_id);
  [[nodiscard]] std::optional<Issued> latest(const std::string& agent_id);
  [[nodiscard]] std::string certificate(const std::string& agent_id, const std::string& key_hash);
  void keep(const Place& place, const Issued& issued, const std::string& der, WallTime not_after, WallTime now);
  [[nodiscard]] Expected<Answer> first(std::int64_t number, Place place, const std::string& key_hash, WallTime now,
                                       const Sign& sign);

  void mark_copied(const std::string& agent_id, const std::string& why, WallTime now);

  std::mutex mutex_;
  sqlite::Connection connection_;
};

}  // namespace platen::enroll
