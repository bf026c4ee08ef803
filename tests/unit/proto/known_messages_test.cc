// Messages that nobody sends yet: they exist, and what is signed survives the way as it was.
#include <doctest/doctest.h>

#include <string>

#include "platen/v1/enrolment.pb.h"
#include "platen/v1/tasks.pb.h"

using namespace platen;

TEST_CASE("a signed task keeps the octets that were signed, fields of tomorrow included") {
  v1::Task task;
  task.set_task_id(std::string(32, '1'));
  task.mutable_read_now()->add_printers()->set_serial("p-1");
  v1::SignedTask sent, received;
  sent.set_task(task.SerializeAsString() + "\xFA\x3F\x03new");  // field 1023
  REQUIRE(received.ParseFromString(sent.SerializeAsString()));
  CHECK(received.task() == sent.task());
  REQUIRE(task.ParseFromString(received.task()));
  CHECK(task.kind_case() == v1::Task::kReadNow);
}

TEST_CASE("a kind of task that is not known is no kind") {
  v1::Task task;
  REQUIRE(task.ParseFromString(std::string("\xFA\x01\x00", 3)));  // field 31, an empty message
  CHECK(task.kind_case() == v1::Task::KIND_NOT_SET);
}

TEST_CASE("an answer without an outcome is not an issued certificate") {
  CHECK(v1::EnrolResponse().outcome() == v1::EnrolResponse::OUTCOME_UNSPECIFIED);
  CHECK(v1::TaskResult().outcome() == v1::TaskResult::OUTCOME_UNSPECIFIED);
}
