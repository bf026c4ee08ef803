// Whose connection it is that a front end hands on.
#include "cloud/ingest/doorstep.h"

#include <condition_variable>

#include "cloud/ingest/proxy_line.h"
#include "tests/unit/cloud_ingest/front_end.h"
#include "tests/unit/cloud_ingest/ingest_house.h"

using namespace platen;
using cloud::Doorstep;
using ingest_test::Caller, ingest_test::FrontEnd, ingest_test::House, ingest_test::Stream;

namespace {

// A doorstep behind which each connection's first octets are kept.
class Entrance {
 public:
  Entrance() {
    const std::array<std::string, 2> front_ends = {"127.0.0.1", "::ffff:127.0.0.9"};
    doorstep = Doorstep::open("127.0.0.1:0", front_ends).value();
    doorstep->start([this](int fd) { entered(fd); });
  }
  ~Entrance() { doorstep->stop(); }

  // The first octets of the connection that entered as the `number`th; "" when none does within ten seconds.
  std::string octets(std::size_t number = 1) {
    std::unique_lock hold(mutex_);
    changed_.wait_for(hold, std::chrono::seconds(10), [&] { return entered_.size() >= number; });
    return entered_.size() < number ? "" : entered_[number - 1];
  }
  std::size_t count() {
    const std::lock_guard hold(mutex_);
    return entered_.size();
  }

  std::unique_ptr<Doorstep> doorstep;

 private:
  void entered(int fd) {
    pollfd waiting{fd, POLLIN, 0};
    std::array<char, 256> some{};
    const ssize_t count = ::poll(&waiting, 1, 10'000) == 1 ? ::recv(fd, some.data(), some.size(), 0) : 0;
    ::close(fd);
    const std::lock_guard hold(mutex_);
    entered_.emplace_back(some.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> entered_;
};

}  // namespace

TEST_CASE("the line of the PROXY protocol, version 1") {
  struct Row {
    const char* name;
    std::string line;
    const char* address;  // nullptr: no line; "": the front end itself
  };
  const std::string longest_v6 = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
  const Row rows[] = {
      {"IPv4", "PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\r\n", "192.0.2.7"},
      {"IPv6", "PROXY TCP6 2001:DB8::7 2001:db8::1 1 65535\r\n", "2001:db8::7"},
      {"the longest", "PROXY TCP6 " + longest_v6 + " " + longest_v6 + " 65535 65535\r\n", longest_v6.c_str()},
      {"IPv4 within IPv6", "PROXY TCP6 ::ffff:192.0.2.7 ::ffff:192.0.2.1 1 2\r\n", "192.0.2.7"},
      {"unknown", "PROXY UNKNOWN\r\n", ""},
      {"unknown, with more", "PROXY UNKNOWN ff.ff 1 2 3\r\n", ""},
      {"no end", "PROXY TCP4 192.0.2.7 198.51.100.1 56324 443", nullptr},
      {"half an end", "PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\n", nullptr},
      {"another word", "PROXY TCP5 192.0.2.7 198.51.100.1 56324 443\r\n", nullptr},
      {"families mixed", "PROXY TCP4 192.0.2.7 2001:db8::1 1 2\r\n", nullptr},
      {"the other family", "PROXY TCP6 192.0.2.7 198.51.100.1 1 2\r\n", nullptr},
      {"a name", "PROXY TCP4 localhost 198.51.100.1 1 2\r\n", nullptr},
      {"port of five digits", "PROXY TCP4 192.0.2.7 198.51.100.1 65536 443\r\n", nullptr},
      {"port with a sign", "PROXY TCP4 192.0.2.7 198.51.100.1 -1 443\r\n", nullptr},
      {"a word too many", "PROXY TCP4 192.0.2.7 198.51.100.1 1 2 3\r\n", nullptr},
      {"a word too few", "PROXY TCP4 192.0.2.7 198.51.100.1 1\r\n", nullptr},
      {"two blanks", "PROXY TCP4  192.0.2.7 198.51.100.1 1 2\r\n", nullptr},
      {"small letters", "proxy tcp4 192.0.2.7 198.51.100.1 1 2\r\n", nullptr},
      {"TLS", std::string("\x16\x03\x01\x02\0\r\n", 7), nullptr},
      {"nothing", "", nullptr},
      {"too long", "PROXY UNKNOWN " + std::string(cloud::longest_proxy_line, 'x') + "\r\n", nullptr},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const auto address = cloud::proxied_address(row.line);
    REQUIRE(address.has_value() == (row.address != nullptr));
    if (row.address != nullptr) CHECK((*address ? (*address)->text() : "") == row.address);
  }
}

TEST_CASE("a front end's line is taken off, and nothing more; it counts for this connection") {
  Entrance entrance;
  const Caller one(entrance.doorstep->port()), other(entrance.doorstep->port(), 9);
  one.say("PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\r\nPROXY TCP4 192.0.2.66 198.51.100.1 1 2\r\n");
  CHECK(entrance.octets(1) == "PROXY TCP4 192.0.2.66 198.51.100.1 1 2\r\n");
  other.say("PROXY UNK"), other.say("NOWN\r\nhello");
  CHECK(entrance.octets(2) == "hello");
  CHECK(entrance.doorstep->whose("127.0.0.1", one.own_port) == "192.0.2.7");
  CHECK(entrance.doorstep->whose("127.0.0.9", other.own_port) == "127.0.0.9");
  CHECK(entrance.doorstep->whose("127.0.0.1", "1") == "127.0.0.1");
}

TEST_CASE("a line in pieces, octet by octet") {
  Entrance entrance;
  const Caller one(entrance.doorstep->port());
  for (const char c : std::string_view("PROXY TCP6 2001:db8::7 2001:db8::1 1 2\r\n")) one.say({&c, 1});
  one.say("rest");
  CHECK(entrance.octets(1).starts_with("r"));
  CHECK(entrance.doorstep->whose("127.0.0.1", one.own_port) == "2001:db8::7");
}

TEST_CASE("nobody else is asked for a line, nor believed") {
  Entrance entrance;
  const Caller stranger(entrance.doorstep->port(), 3);
  stranger.say("PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\r\n");
  CHECK(entrance.octets(1) == "PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\r\n");
  CHECK(entrance.doorstep->whose("127.0.0.3", stranger.own_port) == "127.0.0.3");
}

TEST_CASE("a front end without its line is hung up on, and nobody waits for it") {
  Entrance entrance;
  const Caller silent(entrance.doorstep->port());
  for (const std::string& wrong : {std::string("\x16\x03\x01\x02\0\x01\0\n", 8), std::string("PROXY TCP4 nobody\r\n"),
                                   std::string(200, 'x'), std::string("GET / HTTP/1.1\r\n\r\n")}) {
    const Caller caller(entrance.doorstep->port());
    caller.say(wrong);
    CHECK(caller.is_hung_up_on());
  }
  {
    const Caller gone(entrance.doorstep->port());
    gone.say("PROXY ");
  }
  const Caller good(entrance.doorstep->port());
  good.say("PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\r\nx");
  CHECK(entrance.octets(1) == "x");
  CHECK(entrance.count() == 1);
  CHECK(silent.is_hung_up_on());  // after five seconds
}

TEST_CASE("a doorstep that is left: who waits is hung up on, and nobody can come any more") {
  Entrance entrance;
  const Caller waiting(entrance.doorstep->port());
  entrance.doorstep->stop();
  CHECK(waiting.is_hung_up_on());
  CHECK(cloud::usable_address("127.0.0.1:" + std::to_string(entrance.doorstep->port())));
}

TEST_CASE("what is no address of a front end is refused") {
  const std::array<std::string, 1> names = {"front.example"};
  const auto opened = Doorstep::open("127.0.0.1:0", names);
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == Code::invalid);
  CHECK(opened.error().text.find("--behind") != std::string::npos);
}

TEST_CASE("behind a front end each agent comes from its own address, and metadata changes nothing") {
  House house(std::chrono::minutes(10), {"127.0.0.1"});
  const FrontEnd first(house.ingest->port(), "PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\r\n"),
      second(house.ingest->port(), "PROXY TCP6 2001:db8::7 2001:db8::1 56324 443\r\n");
  Stream one(house.channel("agent-1", first.port), "agent-1", {{"x-real-ip", "192.0.2.66"}}),
      other(house.channel("agent-2", second.port), "agent-2", {{"x-forwarded-for", "192.0.2.66"}});
  REQUIRE(one.welcome());
  REQUIRE(other.welcome());
  const auto agents = house.store.agents().value();
  REQUIRE(agents.size() == 2);
  CHECK(agents[0].address == "192.0.2.7");
  CHECK(agents[1].address == "2001:db8::7");
  CHECK(one.beats(1));
  CHECK(other.hang_up() == grpc::StatusCode::OK);
}

TEST_CASE("behind a front end, where ingest listens on every address of both families") {
  if (!cloud::usable_address("[::]:0")) {
    MESSAGE("no IPv6 here");
    return;
  }
  House house(std::chrono::minutes(10), {"127.0.0.1"}, nullptr, "[::]:0");
  const FrontEnd front(house.ingest->port(), "PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\r\n");
  Stream stream(house.channel("agent-1", front.port), "agent-1");
  REQUIRE(stream.welcome());
  CHECK(house.store.agents()->at(0).address == "192.0.2.7");
}

TEST_CASE("behind a front end: past it nobody gets in from its address, and keys that do not fit are said") {
  House house(std::chrono::minutes(10), {"127.0.0.1"});
  Stream past(house.channel("agent-1"), "agent-1", {}, std::chrono::seconds(3));
  CHECK_FALSE(past.welcome());
  house.ingest->stop();
  cloud::IngestOptions options;
  options.certificate_pem = "no PEM", options.front_ends = {"127.0.0.1"};
  const auto bad = cloud::Ingest::start(options, house.store, system_clock());
  REQUIRE_FALSE(bad);
  CHECK(bad.error().text.find("not PEM") != std::string::npos);
}
