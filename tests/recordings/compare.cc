#include "tests/recordings/compare.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

namespace platen::recordings {
namespace {

constexpr std::array<const char*, 4> kAboutTheRecording = {"file", "notes", "hand_checked", "why"};

bool counts(const std::string& key) {
  const bool about = std::find(kAboutTheRecording.begin(), kAboutTheRecording.end(), key) != kAboutTheRecording.end();
  return !about && !key.ends_with("_accept");
}

// What a missing key means: nothing was said. An empty list says nothing either.
Json at(const Json& object, const std::string& key) { return object.is_object() ? object.value(key, Json()) : Json(); }

bool is_nothing(const Json& value) { return value.is_null() || (value.is_array() && value.empty()); }

bool same(const Json& a, const Json& b) {
  if (a.is_number() && b.is_number()) return std::fabs(a.get<double>() - b.get<double>()) < 0.05;
  if (a.is_array() && b.is_null()) return a.empty();
  return a == b;
}

bool accepted(const Json& accept, const Json& got) {
  if (accept.is_array())
    return std::any_of(accept.begin(), accept.end(), [&](const Json& each) { return same(each, got); });
  return !accept.is_null() && same(accept, got);
}

void note(Score& score, bool right, const std::string& place, const Json& expected, const Json& got) {
  ++score.fields;
  if (right) {
    ++score.right;
    return;
  }
  const auto shown = [](const Json& value) { return value.is_null() ? std::string("none") : value.dump(); };
  score.differences.push_back(place + ": expected " + shown(expected) + ", got " + shown(got));
}

void compare_field(Score& score, const Json& expected, const Json& got, const std::string& key,
                   const std::string& place) {
  const Json want = at(expected, key);
  const Json have = at(got, key);
  note(score, same(want, have) || accepted(at(expected, key + "_accept"), have), place + key, want, have);
}

const Json* row_with_index(const Json& rows, const Json& index) {
  if (!rows.is_array()) return nullptr;
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const Json& row) { return at(row, "index") == index; });
  return found == rows.end() ? nullptr : &*found;
}

void compare_rows(Score& score, const Json& expected, const Json& got, const std::string& place) {
  for (const Json& row : expected) {
    const Json index = at(row, "index");
    const Json* have = row_with_index(got, index);
    const std::string here = place + "[" + index.get<std::string>() + "].";
    for (const auto& [key, value] : row.items()) {
      if (counts(key)) compare_field(score, row, have == nullptr ? Json() : *have, key, here);
    }
  }
  for (const Json& row : got.is_array() ? got : Json::array()) {
    if (row_with_index(expected, at(row, "index")) == nullptr) note(score, false, place, Json(), row);
  }
}

void compare_vendor_counters(Score& score, const Json& expected, const Json& got) {
  std::set<std::pair<std::string, std::string>> have;
  const Json counters = got.is_object() ? got : Json::object();
  for (const auto& [label, counter] : counters.items()) {
    have.emplace(at(counter, "oid").dump(), at(counter, "value").dump());
  }
  for (const auto& [label, counter] : expected.items()) {
    const bool found = have.contains({at(counter, "oid").dump(), at(counter, "value").dump()});
    note(score, found, "vendor_counters." + label, counter, at(got, label));
  }
}

bool is_table(const Json& value) { return value.is_array() && !value.empty() && value[0].is_object(); }

}  // namespace

void Score::add(const Score& other) {
  right += other.right;
  fields += other.fields;
  differences.insert(differences.end(), other.differences.begin(), other.differences.end());
}

Score compare(const Json& expected, const Json& got) {
  Score score;
  const bool is_printer = at(got, "is_printer") == true;
  note(score, is_printer == (at(expected, "is_printer") == true), "is_printer", at(expected, "is_printer"), is_printer);
  for (const auto& [key, want] : expected.items()) {
    if (!counts(key) || key == "is_printer") continue;
    const Json have = at(got, key);
    if (key == "vendor_counters")
      compare_vendor_counters(score, want, have);
    else if (is_table(want) || (is_nothing(want) && is_table(have)))
      compare_rows(score, want.is_null() ? Json::array() : want, have, key);
    else
      compare_field(score, expected, got, key, "");
  }
  return score;
}

}  // namespace platen::recordings
