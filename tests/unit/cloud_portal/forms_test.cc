// The forms of the portal: activation codes, and printers that are to be read now. Time is set by hand.
#include <doctest/doctest.h>
#include <stdlib.h>  // NOLINT(modernize-deprecated-headers): mkdtemp is POSIX

#include <filesystem>

#include "cloud/portal/html.h"
#include "cloud/portal/portal.h"
#include "platen/v1/tasks.pb.h"
#include "proto/reading_codec.h"
#include "tests/unit/cloud_portal/fleet_fixture.h"

using namespace platen;
using namespace platen::portal;

namespace {

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

// The first value of the form's hidden token on a page; "" when there is no form.
std::string token_of(const Response& page) {
  const std::string before = "name=\"token\" value=\"";
  const std::size_t at = page.body.find(before);
  return at == std::string::npos ? "" : page.body.substr(at + before.size(), 32);
}

std::string encoded(const std::string& text) { return Url({}, {{"x", text}}).text().substr(4); }

class House {
 public:
  House() {
    REQUIRE(::mkdtemp(folder_.data()) != nullptr);
    store = cloud::open_sqlite_store(folder_ + "/cloud.db").value();
    registry = enroll::Registry::open(folder_ + "/enrol.db").value();
    keys = std::make_unique<cloud::SigningKeys>(folder_);
    book = cloud::TaskBook::open(folder_ + "/tasks.db", *keys).value();
    portal = std::make_unique<Portal>(*store, clock, std::vector<std::string>{}, nullptr, registry.get(),
                                      enroll::make_ca(clock.wall()).value(), book.get());
    enrol("site-7"), enrol("removed");
    REQUIRE(registry->revoke("removed", clock.wall()));
    read("site-7", "VNB3K1", "192.0.2.7", 1), read("removed", "XXC4L2", "192.0.2.8", 1);
    read("stranger", "CNB1Q3", "192.0.2.9", 1);
  }
  ~House() { std::filesystem::remove_all(folder_); }
  House(const House&) = delete;
  House& operator=(const House&) = delete;

  void enrol(const std::string& agent) {
    enroll::Presented made;
    made.name = {agent, "Dealer", "", ""}, made.fingerprint = "f" + agent, made.key_hash = "k" + agent;
    made.not_after = clock.wall() + std::chrono::days(30);
    REQUIRE(registry->note(made, "der", clock.wall()));
  }
  void read(const std::string& agent, const std::string& serial, const std::string& address, std::uint64_t seq,
            std::uint64_t total = 1000) {
    Reading reading = fixture::printer(1, clock.wall());
    reading.address = address, reading.identity.serial = serial, reading.identity.mac.reset();
    reading.identity.macs.clear(),
        reading.counters = {fixture::counter(CounterPoint::Function::all, CounterPoint::Color::all, total, "x")};
    REQUIRE(store->put(agent, "e1",
                       std::vector<cloud::StoredRecord>{{seq, "reading", wire::encode_reading(reading), reading}},
                       clock.wall()));
  }
  Response get(const std::string& target, const std::string& peer = "127.0.0.1") {
    return portal->answer({.target = target, .host = "localhost", .peer = peer});
  }
  Response post(const std::string& target, const std::string& body, const std::string& peer = "127.0.0.1",
                const std::string& origin = "http://localhost") {
    return portal->answer(
        {.target = target, .host = "localhost", .method = "POST", .body = body, .origin = origin, .peer = peer});
  }
  Response press(const std::string& page, const std::string& button) {
    return post(button, "token=" + token_of(get(page)));
  }
  std::vector<cloud::TaskRow> tasks() { return book->list({}, clock.wall()).value(); }
  void say(const std::string& id, v1::TaskResult::Outcome outcome, const std::string& text) {
    v1::TaskResult result;
    result.set_task_id(id), result.set_outcome(outcome), result.set_text(text);
    const std::int64_t next = book->taken_through().value() + 1;
    REQUIRE(book->take(
        std::vector{cloud::TaskResultRecord{next, "site-7", result.SerializeAsString(), clock.wall(), false}}));
  }

  ManualClock clock;
  std::unique_ptr<cloud::Store> store;
  std::unique_ptr<enroll::Registry> registry;
  std::unique_ptr<cloud::SigningKeys> keys;
  std::unique_ptr<cloud::TaskBook> book;
  std::unique_ptr<Portal> portal;

 private:
  std::string folder_ = std::filesystem::temp_directory_path() / "platen-forms.XXXXXX";
};

}  // namespace

TEST_CASE("a code is made by the form: once for each page, and shown once") {
  House house;
  const Response form = house.get("/enroll");
  CHECK(form.status == 200);
  const std::string token = token_of(form);
  REQUIRE(token.size() == 32);
  const std::string filled = "&dealer=Example&customer=Acme&site=Berlin&agent=site-9";
  const Response made = house.post("/enroll", "token=" + token + filled);
  CHECK(made.status == 200);
  CHECK(has(made.body, "platen enroll CODE"));
  CHECK(made.cache_control == "no-store");
  const auto codes = house.registry->codes().value();
  REQUIRE(codes.size() == 1);
  CHECK(codes[0].place.dealer == "Example");
  CHECK(codes[0].place.customer == "Acme");
  CHECK(codes[0].place.site == "Berlin");
  CHECK(codes[0].place.agent_id == "site-9");
  const Response again = house.post("/enroll", "token=" + token + "&dealer=Example");
  CHECK(again.status == 400);
  CHECK(has(again.body, "used already"));
  CHECK(house.registry->codes()->size() == 1);
}

TEST_CASE("a code is made from here, by our own page, and with names that can be") {
  House house;
  const auto body = [&](const std::string& rest) { return "token=" + token_of(house.get("/enroll")) + rest; };
  struct Row {
    const char* name;
    std::string body, peer, origin;
    unsigned status;
  };
  const Row rows[] = {
      {"from elsewhere", body("&dealer=Example"), "192.0.2.1", "http://localhost", 403},
      {"another site's page", body("&dealer=Example"), "127.0.0.1", "http://evil.example", 403},
      {"no token", "dealer=Example", "127.0.0.1", "http://localhost", 400},
      {"a made-up token", "token=" + std::string(32, '0') + "&dealer=Example", "127.0.0.1", "http://localhost", 400},
      {"no dealer", body("&dealer="), "127.0.0.1", "http://localhost", 400},
      {"a name with blanks", body("&dealer=Example&agent=a+b"), "127.0.0.1", "http://localhost", 400},
      {"a name that is taken", body("&dealer=Example&agent=site-7"), "127.0.0.1", "http://localhost", 400},
      {"no form", "%zz", "127.0.0.1", "http://localhost", 400},
      {"markup", body("&dealer=" + encoded(fixture::hostile)), "127.0.0.1", "http://localhost", 400},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const Response answer = house.post("/enroll", row.body, row.peer, row.origin);
    CHECK(answer.status == row.status);
    CHECK_FALSE(has(answer.body, "<script>alert"));
  }
  CHECK(house.registry->codes()->empty());
  CHECK(house.get("/enroll", "192.0.2.1").status == 403);
  CHECK(house.get("/enroll", "").status == 403);
  const std::string old = body("&dealer=Example");
  house.clock.advance(std::chrono::hours(1) + std::chrono::seconds(1));
  CHECK(house.post("/enroll", old).status == 400);
}

TEST_CASE("read now: asked of the printer's agent, shown while it goes on, and with its result") {
  House house;
  const std::string page = "/printers/s-VNB3K1";
  CHECK_FALSE(has(house.get(page).body, "Asked to be read"));
  const Response pressed = house.press(page, page + "/read");
  CHECK(pressed.status == 303);
  CHECK(pressed.location == page);
  const auto made = house.tasks();
  REQUIRE(made.size() == 1);
  CHECK(made[0].agent == "site-7");
  CHECK(made[0].kind == "read_now");
  CHECK(made[0].about == "serial VNB3K1");
  CHECK(made[0].made_by == "portal, 127.0.0.1");

  const Response waiting = house.get(page);
  CHECK(has(waiting.body, "waits for its agent"));
  CHECK(has(waiting.body, "http-equiv=\"refresh\""));
  CHECK(house.press(page, page + "/read").status == 303);  // pressed twice: it is on its way already
  CHECK(house.tasks().size() == 1);
  CHECK(has(house.get("/agents/site-7").body, "serial VNB3K1"));

  house.clock.advance(std::chrono::seconds(5));
  house.read("site-7", "VNB3K1", "192.0.2.7", 2, 4321);
  house.say(made[0].id, v1::TaskResult::DONE, "read 1 printer");
  const Response done = house.get(page);
  CHECK(has(done.body, "class=\"chip good\">done"));
  CHECK(has(done.body, "read 1 printer"));
  CHECK(has(done.body, "4,321"));
  CHECK_FALSE(has(done.body, "http-equiv"));
  CHECK(house.press(page, page + "/read").status == 303);  // and once more
  CHECK(house.tasks().size() == 2);
  house.clock.advance(std::chrono::minutes(11));
  CHECK_FALSE(has(house.get(page).body, "http-equiv"));  // nobody looks at it for hours
}

TEST_CASE("an agent's page shows its tasks, and reads all its printers") {
  House house;
  CHECK(has(house.get("/agents").body, "href=\"/agents/site-7\""));
  CHECK(has(house.get("/agents/site-7").body, "Nothing was asked"));
  const Response pressed = house.press("/agents/site-7", "/agents/site-7/read");
  CHECK(pressed.status == 303);
  CHECK(pressed.location == "/agents/site-7");
  REQUIRE(house.tasks().size() == 1);
  CHECK(house.tasks()[0].about.empty());
  CHECK(has(house.get("/agents/site-7").body, "read_now"));
  CHECK(has(house.get("/agents").body, "<td>1 <form"));
  CHECK(house.press("/agents", "/agents/site-7/read").status == 303);  // the list has the button too
  CHECK(house.tasks().size() == 1);
  house.say(house.tasks()[0].id, v1::TaskResult::FORBIDDEN, fixture::hostile);
  const Response over = house.get("/agents/site-7");
  CHECK(has(over.body, "forbidden by the site"));
  CHECK_FALSE(has(over.body, "<script>alert"));
  CHECK_FALSE(has(over.body, "<img src"));
  CHECK(house.get("/agents/nobody").status == 404);
  CHECK(house.get("/agents/stranger").status == 200);  // it has connected, though nobody enrolled it here
}

TEST_CASE("nothing is asked from elsewhere, by other sites' pages, without a page, of nobody, or too often") {
  House house;
  const std::string page = "/printers/s-VNB3K1", button = page + "/read";
  const auto body = [&] { return "token=" + token_of(house.get(page)); };
  CHECK(token_of(house.get(page, "192.0.2.1")).empty());
  CHECK_FALSE(has(house.get("/agents", "192.0.2.1").body, "<form"));
  CHECK(house.post(button, body(), "192.0.2.1").status == 403);
  CHECK(house.post(button, body(), "127.0.0.1", "http://evil.example").status == 403);
  CHECK(house.post(button, "").status == 400);
  CHECK(house.post(button, "%zz").status == 400);
  CHECK(house.post(button, "token=" + std::string(32, '0')).status == 400);
  CHECK(house.post("/printers/none/read", body()).status == 404);
  CHECK(house.post("/agents/nobody/read", body()).status == 404);
  CHECK(house.post("/printers/s-CNB1Q3/read", body()).status == 404);  // its agent is not enrolled here
  CHECK(house.post("/printers/s-XXC4L2/read", body()).status == 409);  // its agent was removed
  CHECK(house.post(page, body()).status == 405);
  CHECK(house.post("/printers/s-VNB3K1/format", body()).status == 405);
  CHECK(house.get(button).status == 404);
  CHECK(house.tasks().empty());
  const std::string once = body();
  CHECK(house.post(button, once).status == 303);
  CHECK(house.post(button, once).status == 400);
  unsigned status = 303;
  for (int i = 0; i < 20 && status == 303; ++i) status = house.post(button, body()).status;
  CHECK(status == 429);
  house.clock.advance(std::chrono::minutes(1));
  CHECK(house.post(button, body()).status == 303);
}

TEST_CASE("where nobody keeps tasks there is no button, no page of them and nothing to post to") {
  House house;
  Portal plain(*house.store, house.clock, {}, nullptr, house.registry.get());
  const auto answer = [&](const std::string& target, const std::string& method) {
    return plain.answer({.target = target, .host = "localhost", .method = method, .peer = "127.0.0.1"});
  };
  CHECK_FALSE(has(answer("/printers/s-VNB3K1", "GET").body, "Read now"));
  CHECK_FALSE(has(answer("/agents", "GET").body, "Read now"));
  CHECK(answer("/agents/site-7", "GET").status == 404);
  CHECK(answer("/printers/s-VNB3K1/read", "POST").status == 405);
}
