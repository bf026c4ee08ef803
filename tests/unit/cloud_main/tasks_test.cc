// task and keys, as commands beside a server or without one.
#include "agent/identity/identity.h"
#include "base/sqlite/sqlite.h"
#include "cloud/store/store.h"
#include "cloud/tasks/file_watch.h"
#include "cloud/tasks/task_book.h"
#include "platen/v1/tasks.pb.h"
#include "proto/reading_codec.h"
#include "tests/unit/cloud_main/run_cloud.h"

using namespace platen;

namespace {

// A data folder with an agent "site-7" that reads one printer, and "other" that reads another.
class House {
 public:
  House() {
    REQUIRE(run(folder, {"init", "--data", data()}).code == 0);
    for (const char* agent : {"site-7", "other"}) {
      REQUIRE(identity::make_key_and_csr(folder / (agent + std::string(".key")), folder / "csr", agent));
      REQUIRE(run(folder, {"agent-certificate", "--data", data(), "--csr", folder / "csr", "--agent", agent, "--dealer",
                           "Example", "--out", folder / "crt"})
                  .code == 0);
    }
    const auto store = cloud::open_sqlite_store(data() + "/cloud.db").value();
    put(*store, "site-7", "VNB3K1", "192.0.2.7"), put(*store, "other", "XXC4L2", "192.0.2.8");
  }

  static void put(cloud::Store& store, const std::string& agent, const std::string& serial,
                  const std::string& address) {
    Reading reading;
    reading.address = address, reading.identity.serial = serial, reading.identity.mac = "00:11:22:33:44:55";
    reading.identity.model = "Model " + serial, reading.read_at = from_rfc3339("2026-11-21T12:00:00Z").value();
    REQUIRE(store.put(agent, "e1",
                      std::vector<cloud::StoredRecord>{{1, "reading", wire::encode_reading(reading), reading}},
                      reading.read_at));
  }

  [[nodiscard]] std::string data() const { return folder / "data"; }
  Ran task(std::vector<std::string> words) {
    words.insert(words.begin(), "task");
    words.insert(words.end(), {"--data", data()});
    return run(folder, words);
  }
  std::unique_ptr<cloud::TaskBook> book() { return cloud::TaskBook::open(data() + "/tasks.db", keys).value(); }
  v1::Task first_task_of(const std::string& agent) {
    v1::TaskList list;
    REQUIRE(
        list.ParseFromString(book()->hand_out(agent, cloud::TaskBook::Which::all, {}, system_clock().wall()).value()));
    v1::Task task;
    REQUIRE(list.tasks_size() > 0);
    REQUIRE(task.ParseFromString(list.tasks(0).task()));
    return task;
  }

  Folder folder;
  cloud::SigningKeys keys{data()};
};

}  // namespace

TEST_CASE("a task is sent, listed, shown, taken back") {
  House house;
  CHECK(house.task({"list"}).code == 1);
  const Ran sent = house.task({"send", "site-7", "read_now", "s-VNB3K1", "--json"});
  REQUIRE_MESSAGE(sent.code == 0, sent.err);
  const json made = json::parse(sent.out);
  CHECK(made.at("schema") == "platen.task/1");
  CHECK(made.at("state") == "queued");
  CHECK(made.at("agent") == "site-7");
  CHECK(made.at("about") == "serial VNB3K1");
  CHECK(made.at("made_by") == "command line");
  const std::string id = made.at("task");
  const auto all = lines(house.task({"list", "--json"}).out);
  REQUIRE(all.size() == 1);
  CHECK(all[0] == made);
  CHECK(house.task({"list", "other", "--json"}).out.empty());
  CHECK(json::parse(house.task({"show", id.substr(0, 6), "--json"}).out) == made);
  const auto agents = lines(run(house.folder, {"agents", "--data", house.data(), "--json"}).out);
  REQUIRE(agents.size() == 2);
  CHECK(agents[1].at("agent") == "site-7");
  CHECK(agents[1].at("open_tasks") == 1);
  CHECK(agents[0].at("open_tasks") == 0);

  const Ran cancelled = house.task({"cancel", id});
  CHECK(cancelled.code == 0);
  CHECK(has(cancelled.out, "nobody had it yet"));
  CHECK(lines(house.task({"list", "--json"}).out).at(0).at("state") == "cancelled");
  CHECK(house.task({"list", "--open", "--json"}).out.empty());
  CHECK(house.task({"cancel", id}).code == 1);
  CHECK(house.task({"show", "ffff"}).code == 1);
}

TEST_CASE("a script that asks without end is told to wait, which is no mistake of its words") {
  House house;
  REQUIRE(house.task({"send", "site-7", "scan"}).code == 0);
  sqlite::Connection(house.data() + "/tasks.db", sqlite::Connection::Mode::read_write)
      .run(
          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 239) INSERT INTO tasks (agent, id, "
          "kind, about, made_by, octets, made, not_after) SELECT agent, printf('%032x', i), kind, about, made_by, "
          "octets, made, not_after FROM tasks, n");
  const Ran refused = house.task({"send", "site-7", "scan"});
  CHECK(refused.code == 1);
  CHECK(refused.out.empty());
  CHECK(has(refused.err, "240 tasks were made for 'site-7' within a minute"));
  CHECK(house.task({"send", "site-7", "format_disk"}).code == 2);
}

TEST_CASE("a printer is named to its agent as its readings named it") {
  House house;
  REQUIRE(house.task({"send", "site-7", "record", "s-VNB3K1"}).code == 0);
  const v1::Task task = house.first_task_of("site-7");
  CHECK(task.tenant() == "Example");
  CHECK(task.record().printer().serial() == "VNB3K1");
  CHECK(task.record().printer().mac() == "00:11:22:33:44:55");
  CHECK(task.record().printer().address() == "192.0.2.7");
}

TEST_CASE("what cannot be asked is refused with what, where and what to do, and nothing is made") {
  House house;
  REQUIRE(run(house.folder, {"enroll", "revoke", "other", "--data", house.data()}).code == 0);
  std::ofstream(house.folder / "bad.toml") << "[scan\n";
  struct Row {
    std::vector<std::string> words;
    int code;
    const char* says;
  };
  const Row rows[] = {
      {{"send", "site-8", "scan"}, 1, "did you mean site-7?"},
      {{"send", "other", "scan"}, 1, "was removed"},
      {{"send", "site-7", "read-now"}, 2, "read_now"},
      {{"send", "site-7", "scan", "192.0.2.9-1"}, 2, "192.0.2.9-1"},
      {{"send", "site-7", "read_now", "s-VNB3K2"}, 1, "did you mean s-VNB3K1?"},
      {{"send", "site-7", "read_now", "s-XXC4L2"}, 2, "is read by agent 'other'"},
      {{"send", "site-7", "record"}, 2, "one printer"},
      {{"send", "site-7", "explain"}, 2, "explain ADDRESS"},
      {{"send", "site-7", "explain", "printer"}, 2, "no address"},
      {{"send", "site-7", "send_diagnostics", "many"}, 2, "no number of lines"},
      {{"send", "site-7", "send_diagnostics", "10001"}, 2, "10,000"},
      {{"send", "site-7", "check_update", "now"}, 2, "leave out 'now'"},
      {{"send", "site-7", "set_config"}, 2, "set_config FILE"},
      {{"send", "site-7", "set_config", house.folder / "none.toml"}, 1, "none.toml"},
      {{"send", "site-7", "set_config", house.folder / "bad.toml"}, 2, "line 1"},
      {{"send", "site-7", "scan", "--confirm-within", "5m"}, 2, "set_config only"},
      {{"send", "site-7", "scan", "--life", "1000h"}, 2, "--life"},
      {{"send", "site-7", "scan", "--output", "x"}, 2, "--wait"},
      {{"send", "site-7", "scan", "--wait", "--output", house.folder / "bad.toml"}, 2, "exists already"},
  };
  for (const Row& row : rows) {
    const Ran ran = house.task(row.words);
    CAPTURE(ran.err);
    CHECK(ran.code == row.code);
    CHECK(ran.out.empty());
    CHECK(has(ran.err, row.says));
  }
  CHECK(house.book()->list({}, system_clock().wall())->empty());
  CHECK(run(house.folder, {"task", "send", "site-7", "scan", "--data", house.folder / "nowhere"}).code == 2);
}

TEST_CASE("who waits is shown the result, and what it brought home is saved") {
  House house;
  const auto book = house.book();
  struct Row {
    v1::TaskResult::Outcome outcome;
    int code;
    const char* state;
  };
  for (const Row& row : {Row{v1::TaskResult::DONE, 0, "done"}, Row{v1::TaskResult::FORBIDDEN, 1, "forbidden"}}) {
    const std::string file = house.folder / row.state;
    const Folder elsewhere;
    Process waits(elsewhere, {"task", "send", "site-7", "send_diagnostics", "500", "--wait", "--output", file, "--json",
                              "--data", house.data()});
    cloud::FileWatch watch(house.data() + "/tasks.db");
    const auto open = [&] { return book->list({.agent = "site-7", .open_only = true}, system_clock().wall()).value(); };
    while (open().empty() && !waits.ended()) static_cast<void>(watch.wait(std::chrono::seconds(1)));
    REQUIRE_MESSAGE(open().size() == 1, waits.err());
    v1::TaskResult result;
    result.set_task_id(open().front().id), result.set_outcome(row.outcome), result.set_text("as asked");
    result.set_output("the log");
    const std::int64_t next = book->taken_through().value() + 1;
    REQUIRE(book->take(std::vector{
        cloud::TaskResultRecord{next, "site-7", result.SerializeAsString(), system_clock().wall(), false}}));
    CHECK(waits.wait() == row.code);
    const json shown = json::parse(waits.out());
    CHECK(shown.at("state") == row.state);
    CHECK(shown.at("text") == "as asked");
    CHECK(shown.at("output_octets") == 7);
    CHECK(content(file) == "the log");
    const std::string again = file + ".again";
    CHECK(house.task({"show", shown.at("task"), "--output", again}).code == row.code);
    CHECK(content(again) == "the log");
  }
}

TEST_CASE("who does not want to wait any longer leaves the task as it is") {
  House house;
  const auto book = house.book();
  const Folder elsewhere;
  Process waits(elsewhere, {"task", "send", "site-7", "scan", "--wait", "--data", house.data()});
  cloud::FileWatch watch(house.data() + "/tasks.db");
  const auto made = [&] { return book->list({}, system_clock().wall()).value(); };
  while (made().empty() && !waits.ended()) static_cast<void>(watch.wait(std::chrono::seconds(1)));
  CHECK(waits.stop(SIGINT) != 0);
  REQUIRE(made().size() == 1);
  CHECK(made().front().standing == cloud::TaskStanding::queued);
}

TEST_CASE("another key for tasks: who knows which is listed, and told") {
  House house;
  const auto keys = [&] { return lines(run(house.folder, {"keys", "list", "--data", house.data(), "--json"}).out); };
  REQUIRE(keys().size() == 1);
  CHECK(keys()[0].at("state") == "current");
  CHECK(keys()[0].at("agents") == 0);
  REQUIRE(house.book()->key_for("site-7", system_clock().wall()));
  const Ran rotated = run(house.folder, {"keys", "rotate", "--data", house.data(), "--overlap", "1h"});
  REQUIRE_MESSAGE(rotated.code == 0, rotated.err);
  CHECK(has(rotated.out, "1 agent is told"));
  REQUIRE(keys().size() == 2);
  CHECK(keys()[0].at("state") == "earlier");
  CHECK(keys()[0].at("agents") == 1);
  CHECK(keys()[1].at("agents") == 0);
  CHECK(has(rotated.out, keys()[1].at("key").get<std::string>()));
  const v1::Task task = house.first_task_of("site-7");
  CHECK(task.trust_key().overlap_s() == 3600);
  CHECK(run(house.folder, {"keys", "list", "--data", house.folder / "nowhere"}).code == 2);
  CHECK_FALSE(std::filesystem::exists(house.folder / "nowhere"));
}
