#include "cloud/tasks/task_order.h"

#include <doctest/doctest.h>

#include "platen/v1/tasks.pb.h"

using namespace platen;
using namespace platen::cloud;

namespace {

const TaskFrame frame{"Dealer", "agent-1", std::string(32, 'a'), WallTime(std::chrono::days(20'000)),
                      WallTime(std::chrono::days(20'001))};
const OrderedPrinter printer{"S1", "00:11:22:33:44:55", "192.0.2.7"};

TaskOrder order(
    const char* kind, void (*fill)(TaskOrder&) = [](TaskOrder&) {}) {
  TaskOrder out{.kind = kind};
  fill(out);
  return out;
}

}  // namespace

TEST_CASE("every kind becomes the message that the contract names, and nothing else") {
  struct Row {
    TaskOrder order;
    v1::Task::KindCase kind;
    std::string about;
  };
  const Row rows[] = {
      {order("scan"), v1::Task::kScan, ""},
      {order("scan",
             [](TaskOrder& o) {
               o.ranges = {"192.0.2.0/24", "198.51.100.1-9"};
             }),
       v1::Task::kScan, "192.0.2.0/24, 198.51.100.1-9"},
      {order("read_now"), v1::Task::kReadNow, ""},
      {order("read_now",
             [](TaskOrder& o) {
               o.printers = {printer, {"", "", "192.0.2.8"}};
             }),
       v1::Task::kReadNow, "serial S1, 192.0.2.8"},
      {order("set_config", [](TaskOrder& o) { o.toml = "[scan]\n"; }), v1::Task::kSetConfig, ""},
      {order("explain", [](TaskOrder& o) { o.address = "2001:db8::7"; }), v1::Task::kExplain, "2001:db8::7"},
      {order("record",
             [](TaskOrder& o) {
               o.printers = {{"", "00:11:22:33:44:55", ""}};
             }),
       v1::Task::kRecord, "MAC 00:11:22:33:44:55"},
      {order("send_diagnostics", [](TaskOrder& o) { o.log_lines = 10'000; }), v1::Task::kSendDiagnostics, ""},
      {order("rotate_credentials"), v1::Task::kRotateCredentials, ""},
      {order("check_update"), v1::Task::kCheckUpdate, ""},
      {order("open_web_session", [](TaskOrder& o) { o.printers = {printer}; }), v1::Task::kOpenWebSession, "serial S1"},
      {order("cancel", [](TaskOrder& o) { o.task_id = std::string(32, 'b'); }), v1::Task::kCancel,
       std::string(32, 'b')},
      {order("trust_key", [](TaskOrder& o) { o.public_key = std::string(32, 'k'); }), v1::Task::kTrustKey, ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.order.kind);
    const auto octets = task_octets(row.order, frame);
    REQUIRE(octets);
    v1::Task task;
    REQUIRE(task.ParseFromString(*octets));
    CHECK(task.kind_case() == row.kind);
    CHECK(task.agent_id() == "agent-1");
    CHECK(about(row.order) == row.about);
  }
  CHECK(task_kinds().size() == 9);
}

TEST_CASE("what an agent would have to refuse is not made") {
  const TaskOrder rows[] = {
      order("reboot"),
      order(""),
      order("scan", [](TaskOrder& o) { o.ranges = {"192.0.2.9-1"}; }),
      order("scan", [](TaskOrder& o) { o.ranges = {"0.0.0.0/0"}; }),
      order("scan", [](TaskOrder& o) { o.ranges = {"printer.example"}; }),
      order("scan", [](TaskOrder& o) { o.ranges.assign(257, "192.0.2.1"); }),
      order("read_now", [](TaskOrder& o) { o.printers = {{}}; }),
      order("read_now",
            [](TaskOrder& o) {
              o.printers = {{std::string(257, 'S'), "", ""}};
            }),
      order("record"),
      order("record",
            [](TaskOrder& o) {
              o.printers = {printer, printer};
            }),
      order("open_web_session"),
      order("set_config"),
      order("set_config", [](TaskOrder& o) { o.toml = "[scan\n"; }),
      order("set_config", [](TaskOrder& o) { o.toml = std::string(65'537, '\n'); }),
      order("explain"),
      order("explain", [](TaskOrder& o) { o.address = "192.0.2.0/24"; }),
      order("send_diagnostics", [](TaskOrder& o) { o.log_lines = 10'001; }),
      order("cancel", [](TaskOrder& o) { o.task_id = "12"; }),
      order("trust_key", [](TaskOrder& o) { o.public_key = "short"; }),
  };
  for (const TaskOrder& row : rows) {
    CAPTURE(row.kind);
    const auto checked = check_order(row);
    REQUIRE_FALSE(checked);
    CHECK(checked.error().code == Code::invalid);
    CHECK_FALSE(checked.error().text.empty());
    CHECK_FALSE(task_octets(row, frame));
  }
}

TEST_CASE("a long list of printers is named in one line") {
  TaskOrder many{.kind = "read_now"};
  many.printers.assign(1000, printer);
  CHECK(task_octets(many, frame));
  CHECK(about(many).size() <= 210);
  CHECK(about(many).ends_with(", …"));
}
