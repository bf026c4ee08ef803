// What messages mean, and what they cannot mean.
#include "transport/command/words.h"

#include <doctest/doctest.h>

#include "transport/command/base64.h"

using namespace platen;
using namespace platen::channel;

TEST_CASE("base 64 (RFC 4648 §10), and nothing that only looks like it") {
  const std::pair<const char*, const char*> rows[] = {{"", ""},
                                                      {"f", "Zg=="},
                                                      {"fo", "Zm8="},
                                                      {"foo", "Zm9v"},
                                                      {"foob", "Zm9vYg=="},
                                                      {"fooba", "Zm9vYmE="},
                                                      {"foobar", "Zm9vYmFy"}};
  for (const auto& row : rows) {
    CHECK(to_base64(row.first) == row.second);
    CHECK(from_base64(row.second) == std::string(row.first));
  }
  for (const char* bad : {"Z", "Zg", "Zg=", "Zg= =", "Zh==", "Zm9=", "Zm9v\n", "Zm-v", "====", "Z===", "Zg==Zg=="})
    CHECK_MESSAGE(!from_base64(bad), bad);
}

TEST_CASE("topics of agents") {
  CHECK(topic_of("site-7", "task") == "platen/v1/site-7/task");
  const auto seen = agent_topic("platen/v1/site-7/seen");
  REQUIRE(seen);
  CHECK(seen->agent_id == "site-7");
  CHECK(seen->leaf == "seen");
  for (const char* other :
       {"", "platen/v1/", "platen/v1/site-7", "platen/v1/site-7/else", "platen/v1//task", "platen/v1/a/b/task",
        "platen/v1/a+/task", "platen/v1/#/task", "platen/v2/a/task", "/platen/v1/a/task"})
    CHECK_MESSAGE(!agent_topic(other), other);
  CHECK_FALSE(is_topic_word("a/b"));
  CHECK_FALSE(is_topic_word(std::string(129, 'a')));
}

// The expected values were made with Python's hmac, base64 and urllib.parse.quote.
TEST_CASE("shared access signatures") {
  const Secret key(to_base64("0123456789abcdef0123456789abcdef"));
  const auto token = shared_access_signature("hub.azure-devices.net", "site-7", key,
                                             std::chrono::sys_seconds(std::chrono::seconds(1767225600)));
  REQUIRE(token);
  CHECK(token->reveal() ==
        "SharedAccessSignature "
        "sr=hub.azure-devices.net%2Fdevices%2Fsite-7&sig=3B7u6flFt6VXGj5BkEbxFyAQ%2Fv6bW2%2BpYb%2Bsawvyups%3D&se="
        "1767225600");
  const auto bad = shared_access_signature("hub", "d", Secret("no base 64!"), {});
  REQUIRE(!bad);
  CHECK(bad.error().text.find("no base 64!") == std::string::npos);
}

TEST_CASE("direct methods: names, request ids, payloads") {
  const auto method = method_of("$iothub/methods/POST/task/?$rid=1a");
  REQUIRE(method);
  CHECK(method->name == "task");
  CHECK(method->rid == "1a");
  CHECK(method_answer_topic(200, "1a") == "$iothub/methods/res/200/?$rid=1a");
  for (const char* other : {"$iothub/methods/POST/task", "$iothub/methods/POST//?$rid=1",
                            "$iothub/methods/POST/a/?$rid=", "$iothub/methods/POST/a/b/?$rid=1",
                            "$iothub/methods/POST/a/?$rid=1/#", "$iothub/methods/res/200/?$rid=1"})
    CHECK_MESSAGE(!method_of(other), other);

  struct Row {
    const char* payload;
    std::optional<Meaning::Is> is;
    const char* octets = "";
  };
  const Row rows[] = {
      {"", Meaning::Is::look},
      {"{}", Meaning::Is::look},
      {"null", Meaning::Is::look},
      {R"({"task":""})", Meaning::Is::look},
      {R"({"task":"Zm9v"})", Meaning::Is::command, "foo"},
      {R"({"task":"Zm9v","more":1})", std::nullopt},
      {R"({"task":7})", std::nullopt},
      {R"({"task":"no base 64"})", std::nullopt},
      {R"("Zm9v")", std::nullopt},
      {"[]", std::nullopt},
      {"{", std::nullopt},
      {"\xFF", std::nullopt},
  };
  for (const Row& row : rows) {
    CAPTURE(row.payload);
    const auto meaning = meaning_of_method(row.payload);
    REQUIRE(meaning.has_value() == row.is.has_value());
    if (meaning) CHECK((meaning->is == row.is && meaning->octets == row.octets));
  }
  CHECK(!meaning_of_method(std::string(100'000, '[')));
  CHECK(!meaning_of_method(R"({"task":")" + std::string(200'000, 'A') + R"("})"));
}

TEST_CASE("twins") {
  CHECK(look_of_twin(R"({"look":3,"$version":4})") == 3);
  CHECK(look_of_twin(R"({"desired":{"look":5,"$version":1},"reported":{"look":4}})") == 5);
  for (const char* none : {"", "{}", "null", R"({"look":"3"})", R"({"look":1.5})", R"({"look":99999999999999999999})",
                           R"({"desired":7})", R"({"look":18446744073709551615})", R"({"reported":{"look":4}})"})
    CHECK_MESSAGE(!look_of_twin(none), none);
  CHECK(reported("1.2", 3) == R"({"look":3,"state":"online","version":"1.2"})");
  CHECK(reported("1.2", std::nullopt) == R"({"state":"online","version":"1.2"})");
}
