#include "agent/support/way_out.h"

#include <doctest/doctest.h>

#include <vector>

using namespace platen;  // NOLINT: a test
using support::way_out_of_gaps;

TEST_CASE("patience is advised where patience can help, and nowhere else") {
  struct Row {
    std::vector<std::string> flags;
    const char* says;
  };
  const Row rows[] = {
      {{"silent"}, "Try again with a longer --timeout."},
      {{"level-above-max supply 1.1", "no-answer prtAlertTable"}, "Try again with a longer --timeout."},
      {{"too-slow"}, "Try again with a longer --timeout."},
      {{"walk-capped prtConsoleDisplayBufferTable"}, "The numbers that came are shown; a table came to no end."},
      {{"wrong-type sysDescr", "wrong-type sysName", "walk-repeated prtInputTable"},
       "The numbers that came are shown; a table came round to rows that had been read, values were of another type "
       "than their standard gives them."},
      {{"error-5 prtAlertTable", "silent"},
       "The numbers that came are shown; the device answered with an error. Try again with a longer --timeout."},
      {{"something-new"}, "The numbers that came are shown; docs/scan-json.md says what the flags mean."},
  };
  for (const Row& row : rows) {
    CAPTURE(row.says);
    CHECK(way_out_of_gaps(row.flags) == row.says);
  }
}
