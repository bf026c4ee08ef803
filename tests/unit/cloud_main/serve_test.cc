// platen-cloud as a person or a script runs it.
#include "agent/identity/identity.h"
#include "base/reading/json.h"
#include "cloud/store/store.h"
#include "proto/reading_codec.h"
#include "tests/unit/cloud_main/run_cloud.h"

using namespace platen;

namespace {

Reading reading(const std::string& serial, std::uint64_t total) {
  Reading made;
  made.address = "192.0.2.10", made.read_at = from_rfc3339("2026-11-21T12:00:00Z").value();
  made.identity.manufacturer = "Example", made.identity.model = "=1+1", made.identity.serial = serial;
  CounterPoint point;
  point.value = total, point.evidence.source = "prtMarkerLifeCount.1.1";
  made.counters = {point};
  return made;
}

void fill(const std::string& file) {
  const auto store = cloud::open_sqlite_store(file).value();
  const Reading first = reading("VNB3K1", 10);
  Reading second = reading("XXC4L2", 20);
  second.address = "192.0.2.9";
  REQUIRE(store->saw("site-7", {"e1", "0.1.0"}, first.read_at));
  REQUIRE(store->put("site-7", "e1",
                     std::vector<cloud::StoredRecord>{{1, "reading", wire::encode_reading(first), first},
                                                      {2, "reading", wire::encode_reading(second), second}},
                     first.read_at));
}

}  // namespace

TEST_CASE("init, agent-certificate, serve, lists beside the server, stop") {
  const Folder folder;
  const std::string data = folder / "data";
  REQUIRE(run(folder, {"init", "--data", data, "--name", "localhost", "--name", "127.0.0.1"}).code == 0);

  REQUIRE(identity::make_key_and_csr(folder / "agent.key", folder / "agent.csr", "wishful"));
  const Ran signed_one = run(folder, {"agent-certificate", "--data", data, "--csr", folder / "agent.csr", "--agent",
                                      "site-7", "--out", folder / "agent.crt"});
  CHECK(signed_one.code == 0);
  CHECK(signed_one.out.empty());
  CHECK(identity::load_identity(folder / "agent.crt", folder / "agent.key")->agent_id == "site-7");

  fill(data + "/cloud.db");
  Process server(folder, {"serve", "--data", data, "--ingest", "127.0.0.1:0", "--web", "127.0.0.1:0"});
  const json where = serving(folder, server);
  const std::string web = where.at("web"), ingest = where.at("ingest");
  CHECK(has(get(web, "/healthz"), "200 OK"));
  CHECK(has(get(web, "/"), "VNB3K1"));
  CHECK(ingest.starts_with("127.0.0.1:"));
  CHECK_FALSE(ingest.ends_with(":0"));

  const Folder elsewhere;
  const Ran second = run(elsewhere, {"serve", "--data", data, "--ingest", "127.0.0.1:0", "--web", "127.0.0.1:0"});
  CHECK(second.code == 2);
  CHECK(has(second.err, "in use by process"));
  CHECK(run(elsewhere, {"printers", "--data", data, "--format", "json"}).code == 0);

  CHECK(server.stop(SIGTERM) == 0);
  CHECK(has(server.err(), " info cloud.serving ingest=127.0.0.1:"));
  CHECK_FALSE(std::filesystem::exists(data + "/serving.json"));
}

TEST_CASE("a port that is taken is an error at the start, and nothing is left behind") {
  const Folder folder, elsewhere;
  const std::string data = folder / "data", other = elsewhere / "data";
  REQUIRE(run(folder, {"init", "--data", data}).code == 0);
  REQUIRE(run(elsewhere, {"init", "--data", other}).code == 0);
  Process server(folder, {"serve", "--data", data, "--ingest", "127.0.0.1:0", "--web", "127.0.0.1:0"});
  const json where = serving(folder, server);
  const std::string web = where.at("web"), ingest = where.at("ingest");
  const std::vector<std::pair<std::string, std::string>> taken = {{"127.0.0.1:0", web}, {ingest, "127.0.0.1:0"}};
  for (const auto& [ingest_at, web_at] : taken) {
    const Ran ran = run(elsewhere, {"serve", "--data", other, "--ingest", ingest_at, "--web", web_at});
    CAPTURE(ran.err);
    CHECK(ran.code == 2);
    CHECK(has(ran.err, "127.0.0.1:"));
    CHECK_FALSE(std::filesystem::exists(other + "/serving.json"));
  }
  CHECK(server.stop(SIGINT) == 130);
}

TEST_CASE("lists as JSON, CSV and table") {
  const Folder folder;
  std::filesystem::create_directory(folder / "data");
  const std::string data = folder / "data";
  fill(data + "/cloud.db");

  const auto printers = lines(run(folder, {"printers", "--data", data, "--format", "json"}).out);
  REQUIRE(printers.size() == 2);
  CHECK(printers[1].at("cloud").at("printer") == "s-VNB3K1");
  CHECK(printers[1].at("cloud").at("agent") == "site-7");
  CHECK(reading_from_json(printers[1].dump()).value() ==
        reading("VNB3K1", 10));  // the scan document, with "cloud" beside it

  const std::string csv = run(folder, {"printers", "--data", data, "--format", "csv"}).out;
  CHECK(csv.starts_with("address,manufacturer,model,serial,mac,total,"));
  CHECK(has(csv, ",last_read,agent,printer\r\n"));
  CHECK(has(csv, "\r\n192.0.2.10,Example,'=1+1,VNB3K1,,10,"));
  CHECK(has(csv, ",2026-11-21T12:00:00.000Z,site-7,s-VNB3K1\r\n"));
  const std::string table = run(folder, {"printers", "--data", data}).out;
  CHECK(has(table, "s-XXC4L2"));
  CHECK(table.find("192.0.2.9 ") < table.find("192.0.2.10 "));  // as numbers
  CHECK_FALSE(has(run(folder, {"printers", "--data", data, "--no-header"}).out, "manufacturer"));

  const auto readings = lines(run(folder, {"readings", "--data", data, "--json", "--newest", "1"}).out);
  REQUIRE(readings.size() == 1);
  CHECK(readings[0].at("cloud").at("seq") == 2);
  CHECK(lines(run(folder, {"readings", "--data", data, "--json", "--printer", "s-VNB3K1"}).out).size() == 1);
  const Ran unknown = run(folder, {"readings", "--data", data, "--json", "--printer", "nobody"});
  CHECK(unknown.code == 1);
  CHECK(unknown.out.empty());

  const auto agents = lines(run(folder, {"agents", "--data", data, "--json"}).out);
  REQUIRE(agents.size() == 1);
  CHECK(agents[0].at("agent") == "site-7");
  CHECK(agents[0].at("version") == "0.1.0");
  CHECK(agents[0].at("through_seq") == 2);
  CHECK(agents[0].at("newest_seq") == 2);
  CHECK(agents[0].at("withheld") == 0);
}

TEST_CASE("bad input: one line naming the thing and the way out, exit 2, nothing half-done") {
  const Folder folder;
  const std::string data = folder / "data", foreign = folder / "foreign";
  std::filesystem::create_directory(foreign);
  std::ofstream(foreign + "/cloud.db") << std::string(5000, 'x');
  std::ofstream(folder / "text") << "no request";
  REQUIRE(run(folder, {"init", "--data", data}).code == 0);
  const std::string no_folder = folder / "text/data";
  struct Row {
    const char* name;
    std::vector<std::string> words;
    std::string says;
  };
  const Row rows[] = {
      {"no keys", {"serve", "--data", foreign}, "platen-cloud init"},
      {"another database", {"printers", "--data", foreign}, "not a store of platen-cloud"},
      {"no database", {"printers", "--data", data}, "there is no store in '" + data + "': is --data the folder"},
      {"printers of no folder", {"printers", "--data", "/nope"}, "there is no store in '/nope'"},
      {"readings of no folder", {"readings", "--data", "/nope"}, "there is no store in '/nope'"},
      {"agents of no folder", {"agents", "--data", "/nope"}, "there is no store in '/nope'"},
      {"keys twice", {"init", "--data", data}, "exists already"},
      {"a file where a folder should be", {"init", "--data", no_folder}, "text"},
      {"a name that is none", {"init", "--data", folder / "new", "--name", "a b"}, "'a b' is no host name"},
      {"no request",
       {"agent-certificate", "--data", data, "--csr", folder / "text", "--agent", "a", "--out", folder / "out"},
       "no certificate request"},
      {"no such request",
       {"agent-certificate", "--data", data, "--csr", folder / "gone", "--agent", "a", "--out", folder / "out"},
       "gone"},
      {"an agent without a name",
       {"agent-certificate", "--data", data, "--csr", folder / "text", "--out", folder / "out"},
       "--agent is missing"},
      {"too many days",
       {"agent-certificate", "--data", data, "--csr", folder / "text", "--agent", "a", "--days", "91", "--out",
        folder / "out"},
       "90"},
      {"an address that is none", {"serve", "--data", data, "--web", "nowhere"}, "'nowhere' is no address and port"},
      {"a port that is none", {"serve", "--data", data, "--web", "127.0.0.1:abc"}, "'abc' is no port"},
      {"a port too far", {"serve", "--data", data, "--web", "[::1]:65536"}, "'65536' is no port"},
      {"an agents' port that is none",
       {"serve", "--data", data, "--web", "127.0.0.1:0", "--ingest", "127.0.0.1:abc"},
       "--ingest: cannot listen on 127.0.0.1:abc: 'abc' is no port"},
      {"an agents' address that is none",
       {"serve", "--data", data, "--web", "127.0.0.1:0", "--ingest", "nowhere"},
       "nowhere"},
      {"an unknown option", {"serve", "--dta", data}, "--data"},
      {"an unknown command", {"sevre"}, "serve"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const Ran ran = run(folder, row.words);
    CAPTURE(ran.err);
    CHECK(ran.code == 2);
    CHECK(ran.out.empty());
    CHECK(has(ran.err, row.says));
    CHECK(ran.err.starts_with("platen-cloud: "));
  }
  for (const char* half_done : {"out", "new/ca.key", "data/serving.json"})
    CHECK_FALSE(std::filesystem::exists(folder / half_done));
}
