#include "cloud/portal/fleet_view.h"

#include <doctest/doctest.h>

#include <random>

#include "tests/unit/cloud_portal/fleet_fixture.h"

using namespace platen;
using namespace platen::cloud;
using namespace platen::portal;

namespace {

const WallTime now = fixture::noon;

FleetRow row(const std::string& model, std::optional<std::uint64_t> total, const std::string& address = "192.0.2.1") {
  FleetRow made;
  made.id = model, made.model = model, made.total = total, made.address = address, made.last_read = now,
  made.device_status = 2;
  return made;
}

FleetQuery query_of(const std::string& target) { return fleet_query(parse_target(target).value()).value(); }

std::vector<std::string> models(const FleetView& view) {
  std::vector<std::string> out;
  for (const FleetItem& item : view.items) out.push_back(item.row.model);
  return out;
}

std::vector<FleetRow> random_fleet(std::mt19937& dice) {
  std::vector<FleetRow> rows(dice() % 120);
  for (FleetRow& made : rows) {
    made = row("M" + std::to_string(dice() % 5), dice(), "192.0.2." + std::to_string(dice() % 250));
    made.device_status = static_cast<std::int32_t>(dice() % 7),
    made.printer_status = static_cast<std::int32_t>(dice() % 7);
    made.critical_alerts = dice() % 4 == 0 ? 1 : 0;
    made.last_read = now - std::chrono::hours(dice() % 40);
  }
  return rows;
}

}  // namespace

TEST_CASE("a state is one word, decided in one place") {
  struct Row {
    const char* name;
    int hours;
    std::optional<std::int32_t> device, printer;
    std::uint32_t critical;
    State want;
  };
  const Row rows[] = {
      {"idle", 0, 2, 3, 0, State::ready},
      {"running and nothing else said", 0, 2, std::nullopt, 0, State::ready},
      {"printing", 0, 2, 4, 0, State::printing},
      {"warming up", 0, 2, 5, 0, State::warming_up},
      {"warning", 0, 3, 4, 0, State::attention},
      {"down", 0, 5, 1, 0, State::stopped},
      {"critical, and says nothing of itself", 0, std::nullopt, std::nullopt, 1, State::stopped},
      {"critical, but prints on", 0, 2, 4, 1, State::attention},
      {"not said", 0, std::nullopt, std::nullopt, 0, State::unsaid},
      {"unknown is not ready", 0, 1, 2, 0, State::unsaid},
      {"a daily read is not silence", 25, 2, 3, 0, State::ready},
      {"silent, whatever it said last", 27, 5, 1, 1, State::silent},
  };
  for (const Row& row_ : rows) {
    CAPTURE(row_.name);
    FleetRow made = row("M", 1);
    made.last_read = now - std::chrono::hours(row_.hours), made.device_status = row_.device,
    made.printer_status = row_.printer, made.critical_alerts = row_.critical;
    CHECK(state_of(made, now) == row_.want);
  }
}

TEST_CASE("rows are sorted, and what was not said stands last both ways") {
  const std::vector<FleetRow> fleet = {row("b", 2, "192.0.2.10"), row("a", std::nullopt, "192.0.2.9"),
                                       row("C", 30, "192.0.2.100")};
  CHECK(models(fleet_view(fleet, query_of("/?sort=total"), now)) == std::vector<std::string>{"b", "C", "a"});
  CHECK(models(fleet_view(fleet, query_of("/?sort=total&order=desc"), now)) == std::vector<std::string>{"C", "b", "a"});
  CHECK(models(fleet_view(fleet, query_of("/?sort=printer"), now)) == std::vector<std::string>{"a", "b", "C"});
  CHECK(models(fleet_view(fleet, query_of("/?sort=address"), now)) == std::vector<std::string>{"a", "b", "C"});
}

TEST_CASE("every word of the filter must be somewhere, in any case") {
  std::vector<FleetRow> fleet = {row("LaserThing 9", 1), row("InkThing 7", 2, "192.0.2.77")};
  fleet[0].location = "Lublin Główny, 3rd floor";
  CHECK(models(fleet_view(fleet, query_of("/?q=THING"), now)).size() == 2);
  CHECK(models(fleet_view(fleet, query_of("/?q=thing+floor"), now)) == std::vector<std::string>{"LaserThing 9"});
  CHECK(models(fleet_view(fleet, query_of("/?q=2.77"), now)) == std::vector<std::string>{"InkThing 7"});
  CHECK(models(fleet_view(fleet, query_of("/?q=g%C5%82%C3%B3wny"), now)) == std::vector<std::string>{"LaserThing 9"});
  CHECK(fleet_view(fleet, query_of("/?q=%3Cscript%3E"), now).matching == 0);
  CHECK(fleet_view(fleet, query_of("/?q=+++"), now).matching == 2);
}

TEST_CASE("pages hold every printer once") {
  std::vector<FleetRow> fleet;
  for (int i = 0; i < 120; ++i) fleet.push_back(row("M" + std::to_string(i), static_cast<std::uint64_t>(i)));
  std::vector<std::string> seen;
  for (int page = 1; page <= 3; ++page) {
    const FleetView view = fleet_view(fleet, query_of("/?sort=total&page=" + std::to_string(page)), now);
    CHECK(view.pages == 3);
    CHECK(view.page == static_cast<std::size_t>(page));
    for (const std::string& model : models(view)) seen.push_back(model);
  }
  REQUIRE(seen.size() == 120);
  CHECK(seen.front() == "M0");
  CHECK(seen.back() == "M119");
  CHECK(fleet_view(fleet, query_of("/?page=99"), now).page == 3);
}

TEST_CASE("a list comes back the same from its URL, and a value that cannot be is named with what can") {
  for (const char* target :
       {"/", "/?q=a+b", "/?state=stopped&sort=total&order=desc&page=3", "/?q=%26%3D%22&sort=read"}) {
    const FleetQuery query = query_of(target);
    CHECK(fleet_query(parse_target(fleet_url(query).text()).value()) == query);
  }
  CHECK(query_of("/?state=&sort=&order=&page=") == FleetQuery{});
  CHECK(query_of("/?order=asc") == FleetQuery{});
  const std::pair<const char*, const char*> refused[] = {
      {"/?state=undefined", "“state” that is none of: stopped, silent, "},
      {"/?sort=drop+table", "“sort” that is none of: state, printer, "},
      {"/?order=up", "“order” that is none of: asc, desc."},
      {"/?page=-1", "“page” that is no number from 1"},
      {"/?page=0", "“page”"},
      {"/?page=2x", "“page”"},
      {"/?page=99999999999999999999999", "“page”"},
  };
  for (const auto& [asked, says] : refused) {
    const std::string target = asked;
    CAPTURE(target);
    const auto query = fleet_query(parse_target(target).value());
    REQUIRE_FALSE(query);
    CHECK(query.error().code == Code::invalid);
    CHECK(query.error().text.find(says) != std::string::npos);
  }
}

TEST_CASE("a thousand fleets: each tile counts exactly the list that it links to") {
  std::mt19937 dice(7);  // NOLINT(cert-msc51-cpp): the same fleets every time
  for (int i = 0; i < 1000; ++i) {
    const std::vector<FleetRow> fleet = random_fleet(dice);
    FleetQuery query;
    if (i % 2 == 1) query.words = "m" + std::to_string(i % 5);
    const FleetView all = fleet_view(fleet, query, now);
    std::size_t sum = 0;
    for (const StateWords& words : state_words) {
      query.state = words.state;
      const FleetView listed = fleet_view(fleet, query, now);
      const std::size_t count = all.counts.at(static_cast<std::size_t>(words.state));
      REQUIRE(listed.matching == count);
      REQUIRE(listed.counts == all.counts);
      sum += count;
    }
    REQUIRE(sum == all.matching_words);
  }
}
