#include "cloud/tasks/signing_keys.h"

#include <sys/stat.h>

#include <fstream>

#include "tests/unit/cloud_tasks/tasks_house.h"

using namespace platen;
using namespace platen::cloud;

TEST_CASE_FIXTURE(TasksHouse, "the first question makes a key that only its owner reads; the next one finds it") {
  SigningKeys first(folder);
  const std::string made = first.current()->public_key;
  CHECK(made.size() == wire::task_key_octets);
  struct ::stat facts {};
  REQUIRE(::stat((folder + "/task-1.key").c_str(), &facts) == 0);
  CHECK((facts.st_mode & 07777) == 0600);
  CHECK(SigningKeys(folder).current()->public_key == made);
}

TEST_CASE_FIXTURE(TasksHouse,
                  "a further key is the current one, in every process; the earlier ones are found by their id") {
  SigningKeys here(folder), elsewhere(folder);
  const std::string first = here.current()->public_key;
  REQUIRE(elsewhere.current()->public_key == first);
  const std::string second = elsewhere.add()->public_key;
  CHECK(second != first);
  CHECK(here.current()->public_key == second);
  CHECK(here.find(wire::task_key_id(first))->public_key == first);
  CHECK(here.find(wire::task_key_id(second))->public_key == second);
  CHECK(here.all()->size() == 2);
  CHECK(here.find("12345678").error().code == Code::not_found);
}

TEST_CASE_FIXTURE(TasksHouse, "a key that others can read, or that is none, is refused with its file") {
  REQUIRE(SigningKeys(folder).current());
  const std::string file = folder + "/task-1.key";
  REQUIRE(::chmod(file.c_str(), 0644) == 0);
  const auto open = SigningKeys(folder).current();
  REQUIRE_FALSE(open);
  CHECK(open.error().code == Code::denied);
  CHECK(open.error().text.find(file) != std::string::npos);
  REQUIRE(::chmod(file.c_str(), 0600) == 0);
  std::ofstream(file, std::ios::trunc) << "no key";
  CHECK(SigningKeys(folder).current().error().code == Code::corrupt);
}
