// How often an agent, and an address, may ask for the list of tasks: counted through ingest's socket.
#include "cloud/enroll/registry.h"
#include "cloud/main/task_service.h"
#include "platen/v1/tasks.pb.h"
#include "tests/unit/cloud_ingest/front_end.h"
#include "tests/unit/cloud_ingest/ingest_house.h"
#include "tests/unit/cloud_main/run_cloud.h"

using namespace platen;
using namespace platen::cloud;
using ingest_test::FrontEnd, ingest_test::Stream;

namespace {

constexpr int most_of_agent = 240, most_of_address = 12'000;

class Site {
 public:
  Site() {
    std::filesystem::create_directory(data_);
    registry_ = enroll::Registry::open(data_ + "/enrol.db").value();
    service = TaskService::open(data_, records_, *registry_, clock).value();
    house = std::make_unique<ingest_test::House>(std::chrono::minutes(10), std::vector<std::string>{"127.0.0.1"},
                                                 service.get());
  }
  void give(const std::string& agent) {
    REQUIRE(service->book().add({.kind = "scan"}, "Dealer", agent, std::chrono::hours(1), "a test", clock.wall()));
  }

  ManualClock clock;
  std::unique_ptr<TaskService> service;
  std::unique_ptr<ingest_test::House> house;

 private:
  Folder folder_;
  std::string data_ = folder_ / "data";
  WatchedStore records_;
  std::unique_ptr<enroll::Registry> registry_;
};

// An agent's stream that comes from this address.
struct Visitor {
  Visitor(Site& site, const std::string& agent, const std::string& address)
      : front(site.house->ingest->port(), "PROXY TCP4 " + address + " 192.0.2.1 1 443\r\n"),
        stream(site.house->channel(agent, front.port), agent) {
    REQUIRE(stream.welcome());
  }
  // How many of these questions for the list were answered with a task.
  int ask(int times) {
    v1::AgentMessage question;
    question.mutable_tasks();
    for (int i = 0; i < times; ++i) REQUIRE(stream.say(question));
    int lists = 0;
    for (int i = 0; i < times; ++i) {
      const v1::CloudMessage said = stream.read();
      REQUIRE(said.has_tasks());
      CHECK(said.tasks().cloud_time_ms() > 0);
      if (said.tasks().tasks_size() > 0) ++lists;
    }
    return lists;
  }

  FrontEnd front;
  Stream stream;
};

}  // namespace

TEST_CASE(
    "an agent that asks too often gets empty lists for the rest of the minute; its readings go on, and so does its "
    "neighbour") {
  Site site;
  site.give("a"), site.give("b");
  Visitor hasty(site, "a", "192.0.2.7"), neighbour(site, "b", "192.0.2.7");
  CHECK(hasty.ask(most_of_agent + 60) == most_of_agent);
  CHECK(hasty.stream.delivers(1, 3) == 3);
  CHECK(neighbour.ask(1) == 1);
  site.clock.advance(std::chrono::minutes(1));
  CHECK(hasty.ask(1) == 1);
  CHECK(hasty.stream.delivers(2, 4) == 4);
  CHECK(site.house->store.taken("a", ingest_test::epoch).size() == 4);
}

TEST_CASE("12,000 questions of an address in a minute, and then empty lists: for everybody there, and nowhere else") {
  Site site;
  for (int i = 0; i < most_of_address / most_of_agent; ++i) {
    Visitor one(site, "agent-" + std::to_string(i), "192.0.2.7");
    one.ask(most_of_agent);
    CHECK(one.stream.hang_up() == grpc::StatusCode::OK);
  }
  site.give("late"), site.give("elsewhere");
  Visitor late(site, "late", "192.0.2.7"), elsewhere(site, "elsewhere", "192.0.2.8");
  CHECK(late.ask(3) == 0);
  CHECK(late.stream.delivers(1, 2) == 2);
  CHECK(elsewhere.ask(3) == 3);
  site.clock.advance(std::chrono::minutes(1));
  CHECK(late.ask(1) == 1);
}
