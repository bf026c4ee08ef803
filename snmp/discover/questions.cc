#include "snmp/discover/questions.h"

#include <algorithm>
#include <optional>
#include <span>

namespace platen::snmp {
namespace {

const Oid kSysObjectId{1, 3, 6, 1, 2, 1, 1, 2, 0};

std::shared_ptr<const Visit::Candidate> candidate(std::optional<std::size_t> index, Credential credential,
                                                  bool fallback) {
  return std::make_shared<const Visit::Candidate>(Visit::Candidate{index, std::move(credential), fallback});
}

Credential as_v1(Credential credential) {
  credential.version = Version::v1;
  return credential;
}

bool is_user(const Credential& credential) { return credential.version == Version::v3; }

// Each login once, with what it means in the order given; then the SNMPv1 forms nobody gave.
Visit::Candidates in_order(const std::vector<Credential>& credentials) {
  Visit::Candidates given, fallbacks;
  for (std::size_t i = 0; i < credentials.size(); ++i) {
    given.push_back(candidate(i, credentials[i], false));
    if (credentials[i].version != Version::v2c) continue;
    const Credential form = as_v1(credentials[i]);
    const bool asked_anyway = std::any_of(credentials.begin(), credentials.end(), [&](const Credential& other) {
      return same_login(other, form) && other.scope == form.scope;
    });
    if (!asked_anyway) fallbacks.push_back(candidate(i, form, true));
  }
  given.insert(given.end(), fallbacks.begin(), fallbacks.end());
  return given;
}

}  // namespace

Questions questions_of(const std::vector<Credential>& credentials) {
  Questions questions;
  questions.in_order = in_order(credentials);
  const bool users = std::any_of(credentials.begin(), credentials.end(), is_user);
  if (auto datagram = SweepTemplate::discovery()) {
    const auto role = users ? Question::Role::discovery : Question::Role::greeting;
    questions.all.push_back({std::move(*datagram), Version::v3, role});
    questions.opens.push_back(nullptr);
  }
  for (const auto& asked : questions.in_order) {
    const Credential& credential = asked->credential;
    if (is_user(credential)) continue;
    if (auto datagram = SweepTemplate::get(credential, std::span(&kSysObjectId, 1))) {
      const auto role = asked->fallback ? Question::Role::as_v1 : Question::Role::community;
      questions.all.push_back({std::move(*datagram), credential.version, role, credential.scope});
      questions.opens.push_back(asked);
    }
  }
  return questions;
}

Visit::Candidates Questions::speaking_for(const Sweep& sweep, std::size_t target, const IpAddress& address) const {
  Visit::Candidates fit;
  for (const auto& each : in_order) {
    if (!each->credential.scope.holds(address)) continue;
    for (std::size_t q = 0; q < opens.size(); ++q) {
      const bool speaks_for = is_user(each->credential) ? opens[q] == nullptr : opens[q] == each;
      if (speaks_for && sweep.heard(target, q)) fit.push_back(each);
    }
  }
  return fit;
}

Visit::Candidates candidates_again(const Credential& winner, const Tolerance& tolerance,
                                   const std::vector<Credential>& credentials, const IpAddress& address) {
  Visit::Candidates out = in_order(credentials);
  std::erase_if(out, [&](const auto& each) { return !each->credential.scope.holds(address); });
  const bool by_v1 = tolerance.v1_only && winner.version == Version::v2c;
  const Credential opened = by_v1 ? as_v1(winner) : winner;
  auto first =
      std::find_if(out.begin(), out.end(), [&](const auto& each) { return same_login(each->credential, opened); });
  if (first == out.end() && winner.scope.holds(address)) {
    out.push_back(candidate(std::nullopt, opened, by_v1));
    first = std::prev(out.end());
  }
  if (first != out.end()) std::rotate(out.begin(), first, std::next(first));
  return out;
}

}  // namespace platen::snmp
