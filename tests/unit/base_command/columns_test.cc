#include "base/command/columns.h"

#include <doctest/doctest.h>

using namespace platen::command;

namespace {
const std::vector<Column> columns = {{"address"}, {"pages", true}, {"name"}};
const std::vector<Cells> rows = {{"192.0.2.7", "12", "a\x1b[2J"}, {"192.0.2.10", "4711", ""}};
}  // namespace

TEST_CASE("R5: aligned, two spaces, nothing trails, hostile text is inert") {
  CHECK(table_text(columns, rows, {}) ==
        "address     pages  name\n"
        "192.0.2.7      12  a\\x1b[2J\n"
        "192.0.2.10   4711\n");
  CHECK(table_text(columns, rows, {.header = false}) ==
        "192.0.2.7     12  a\\x1b[2J\n"
        "192.0.2.10  4711\n");
  CHECK(table_text(columns, {}, {.color = true}) == "\x1b[1maddress  pages  name\x1b[0m\n");
}

TEST_CASE("lines are cut at whole characters, and only when a width is given") {
  CHECK(table_text({{"n"}}, {{"aé日b"}}, {.header = false, .width = 3}) == "aé\n");
  CHECK(table_text({{"n"}}, {{"aé日b"}}, {.header = false, .width = 4}) == "aé日\n");
  CHECK(display_width("aé日b") == 5);
  CHECK(display_width("e\xCC\x81") == 1);
}

TEST_CASE("R4: CSV") {
  CHECK(csv_header(columns) == "address,pages,name\r\n");
  CHECK(csv_line({"=1+1", "a,b", "say \"x\""}) == "'=1+1,\"a,b\",\"say \"\"x\"\"\"\r\n");
}
