// docs/scan-json.md, docs/schema/scan.json and what to_json writes are three tellings of one thing: none may say more.
#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "base/reading/json.h"

using namespace platen;
using Json = nlohmann::json;

namespace {

using Keys = std::set<std::string>;

std::string file(const std::string& path) {
  std::ifstream in(path);
  REQUIRE_MESSAGE(in, path);
  return {std::istreambuf_iterator<char>(in), {}};
}

Keys keys_of(const Json& object) {
  Keys keys;
  for (const auto& [key, value] : object.items()) keys.insert(key);
  return keys;
}

// The words in `backquotes` of one cell.
Keys quoted(const std::string& cell) {
  Keys words;
  for (std::size_t at = cell.find('`'); at != std::string::npos;) {
    const std::size_t end = cell.find('`', at + 1);
    if (end == std::string::npos) break;
    words.insert(cell.substr(at + 1, end - at - 1));
    at = cell.find('`', end + 1);
  }
  return words;
}

struct Documented {
  Keys top;
  std::map<std::string, Keys> rows;
};

// The two tables of the page: "| `key` | type | meaning |" and "| `list` | `key`, `key` … |".
Documented documented() {
  Documented all;
  std::ifstream in("docs/scan-json.md");
  bool rows = false;
  for (std::string line; std::getline(in, line) && line != "## A printer";) {
  }
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("| list |")) rows = true;
    if (line.starts_with("### ")) return all;
    if (!line.starts_with("| `")) continue;
    const std::size_t second = line.find('|', 2);
    const std::string key = *quoted(line.substr(0, second)).begin();
    if (rows)
      all.rows[key] = quoted(line.substr(second));
    else
      all.top.insert(key);
  }
  return all;
}

// A reading with every field filled.
Reading full_reading() {
  Reading r;
  r.address = "192.0.2.7";
  r.read_at = WallTime{std::chrono::milliseconds{1}};
  r.clock_suspect = true, r.cloud_offset_ms = -300'001;
  r.identity = {"Acme", "One", "S1", "02:00:00:00:00:01", {"02:00:00:00:00:01"}, "1.0", "floor", "8000"};
  r.system = {"Acme One", "1.3.6.1.4.1.999", "one", "here", "me", 77};
  r.status = {"1", 2, 3, "20", {"Ready"}, "utf-8", 5, "de", "CH"};
  r.markers = {{"1.1", 4, 7, 100, 5, 4, 0}};
  const auto some = Amount::from_wire(-3);
  const auto ten = Amount::from_wire(10);
  r.supplies = {{"1.1", "Toner", 3, 3, 19, 1, 1, "black", ten, ten},
                {"1.2", "Waste", 4, 4, 19, 1, 0, "black", some, some}};
  r.inputs = {{"1.1", "T", "Tray", "A4", 4, 8, ten, ten, 0}, {"1.2", "T", "Tray", "A4", 4, 8, some, some, 0}};
  r.outputs = {{"1.1", "B", "Bin", 4, 8, ten, ten, 0}, {"1.2", "B", "Bin", 4, 8, some, some, 0}};
  r.covers = {{"1.1", "Front", 4}};
  r.alerts = {{"1.1", 4, 3, 5, 1, 2, 8, "Jam", 99}};
  r.colorants = {{"1.1", 1, 3, "cyan", 256}};
  r.finishers = {{"1.1", 3, 3, 8, ten, ten, 0, "Stapler"}, {"1.2", 16, 5, 8, some, some, 0, "Stacker"}};
  r.finisher_supplies = {{"1.1", 1, "Staples", 3, 32, 18, "other", ten, ten},
                         {"1.2", 1, "Chads", 4, 30, 19, "other", some, some}};
  r.finisher_inputs = {{"1.1", 1, 1, "Inserter", "Post inserter", "Covers", 4, 0}};
  r.flags = {"serial-placeholder"};
  using P = CounterPoint;
  const auto add = [&](P::Function function, P::Color color, P::Sides sides) {
    P point;
    point.function = function, point.color = color, point.sides = sides, point.unit = 7, point.value = 5;
    point.evidence = {"acme " + std::to_string(r.counters.size()), "1.3.6.1.4.1.999.1", "5", 'A'};
    r.counters.push_back(point);
  };
  for (const auto function :
       {P::Function::all, P::Function::copy, P::Function::print, P::Function::scan, P::Function::fax})
    add(function, P::Color::all, P::Sides::all);
  add(P::Function::all, P::Color::mono, P::Sides::all);
  add(P::Function::all, P::Color::any_color, P::Sides::all);
  add(P::Function::all, P::Color::all, P::Sides::two);
  add(P::Function::all, P::Color::all, P::Sides::one);
  r.counters.back().part = "marker 1.2";
  r.counters.back().size = P::Size::named;
  r.counters.back().size_name = "A4";
  return r;
}

bool has_type(const Json& value, const std::string& type) {
  if (type == "integer") return value.is_number_integer();
  if (type == "number") return value.is_number();
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_boolean();
  return type == "array" ? value.is_array() : value.is_object();
}

// As much of JSON Schema as our schema uses; a keyword that is not known here fails, so that none is written in vain.
void check(const Json& schema, const Json& value, const std::string& place) {
  CAPTURE(place);
  for (const auto& [word, rule] : schema.items()) {
    const std::string& keyword = word;
    if (keyword == "type") {
      const Json types = rule.is_array() ? rule : Json::array({rule});
      CHECK(std::any_of(types.begin(), types.end(),
                        [&](const Json& type) { return has_type(value, type.get<std::string>()); }));
    } else if (keyword == "const") {
      CHECK(value == rule);
    } else if (keyword == "enum") {
      CHECK(std::find(rule.begin(), rule.end(), value) != rule.end());
    } else if (keyword == "minimum") {
      CHECK(value >= rule);
    } else if (keyword == "maximum") {
      CHECK(value <= rule);
    } else if (keyword == "required") {
      for (const Json& key : rule) CHECK_MESSAGE(value.contains(key.get<std::string>()), key);
    } else if (keyword == "items") {
      for (const Json& item : value) check(rule, item, place + "[]");
    } else if (keyword == "properties") {
      for (const auto& [key, each] : rule.items()) {
        if (value.contains(key)) check(each, value.at(key), place + "." + key);
      }
    } else if (keyword == "additionalProperties") {
      for (const auto& [name, each] : value.items()) {
        const std::string& key = name;
        if (schema.contains("properties") && schema.at("properties").contains(key)) continue;
        CHECK_MESSAGE(rule != false, key);
        if (rule.is_object()) check(rule, each, place + "." + key);
      }
    } else {
      const bool known = keyword == "$schema" || keyword == "title";
      CHECK_MESSAGE(known, keyword);
    }
  }
}

}  // namespace

TEST_CASE("the page, the schema and the writer name the same keys") {
  const Json schema = Json::parse(file("docs/schema/scan.json"));
  const Json written = Json::parse(to_json(full_reading()));
  const Documented page = documented();
  CHECK(page.top == keys_of(schema.at("properties")));
  CHECK(page.top == keys_of(written));
  CHECK(page.rows.size() == 11);
  for (const auto& [name, keys] : page.rows) {
    const std::string& list = name;
    CAPTURE(list);
    CHECK(keys == keys_of(schema.at("properties").at(list).at("items").at("properties")));
    Keys in_rows;
    for (const Json& row : written.at(list)) in_rows.merge(keys_of(row));
    CHECK(keys == in_rows);
  }
}

TEST_CASE("what is written keeps to the schema") {
  const Json schema = Json::parse(file("docs/schema/scan.json"));
  check(schema, Json::parse(to_json(full_reading())), "");
  Reading bare;
  bare.kind = Reading::Kind::status;
  bare.complete = false;
  check(schema, Json::parse(to_json(bare)), "");
}
