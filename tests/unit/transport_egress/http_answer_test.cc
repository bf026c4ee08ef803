#include "transport/egress/http_answer.h"

#include <doctest/doctest.h>

#include <string>

using namespace platen::egress;

namespace {

struct Row {
  const char* name;
  std::string text;  // and then the connection ends
  const char* body;  // nullptr: refused or never whole
  bool stays = false, to_head = false;
};

constexpr std::size_t most = 20;

void check(const Row& row, const HttpReader& reader) {
  CHECK_MESSAGE(reader.done() == (row.body != nullptr), row.name);
  if (!reader.done()) return;
  CHECK_MESSAGE(reader.body() == row.body, row.name);
  CHECK_MESSAGE(reader.connection_stays() == row.stays, row.name);
}

}  // namespace

TEST_CASE("where an answer ends, however it is cut into pieces") {
  const std::string ok = "HTTP/1.1 200 OK\r\n", chunked = ok + "Transfer-Encoding: chunked\r\n\r\n";
  const std::string twenty(20, 'x');
  const Row rows[] = {
      {"a length", ok + "Content-Length: 5\r\n\r\nhello", "hello", true},
      {"a length said twice", ok + "Content-Length: 1\r\nContent-Length: 1\r\n\r\na", "a", true},
      {"a length of nothing", ok + "content-length: 0\r\n\r\n", "", true},
      {"the longest", ok + "Content-Length: 20\r\n\r\n" + twenty, twenty.c_str(), true},
      {"the connection's end", ok + "\r\nhello", "hello"},
      {"the connection's end, the longest", ok + "\r\n" + twenty, twenty.c_str()},
      {"the connection's end, too long", ok + "\r\n" + twenty + "x", nullptr},
      {"chunks", chunked + "5\r\nhello\r\n00A;x=\"y\"\r\n0123456789\r\n0\r\n\r\n", "hello0123456789", true},
      {"chunks with a trailer", chunked + "1\r\na\r\n0\r\nX: y\r\nZ: 1\r\n\r\n", "a", true},
      {"no chunk", chunked + "0\r\n\r\n", "", true},
      {"closed by its word", ok + "Connection: Close\r\nContent-Length: 1\r\n\r\na", "a"},
      {"HTTP/1.0 does not stay", "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\na", "a"},
      {"204 has none", "HTTP/1.1 204 No\r\nContent-Length: 5\r\n\r\n", "", true},
      {"304 has none", "HTTP/1.1 304 No\r\nTransfer-Encoding: chunked\r\n\r\n", "", true},
      {"HEAD has none", ok + "Content-Length: 5000\r\n\r\n", "", true, true},
      {"after 1xx",
       "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nA: b\r\n\r\n" + ok + "Content-Length: 1\r\n\r\na", "a",
       true},
      {"more than was asked for", ok + "Content-Length: 1\r\n\r\nab", "a", false},
      {"cut in its head", ok + "Content-Le", nullptr},
      {"cut in its body", ok + "Content-Length: 5\r\n\r\nhell", nullptr},
      {"cut in a chunk", chunked + "5\r\nhell", nullptr},
      {"cut after its chunks", chunked + "1\r\na\r\n0\r\n", nullptr},
      {"longer than it may be", ok + "Content-Length: 21\r\n\r\n", nullptr},
      {"chunks longer than they may be", chunked + "14\r\n" + twenty + "\r\n1\r\na\r\n0\r\n\r\n", nullptr},
      {"a chunk that wraps", chunked + "1\r\na\r\nffffffffffffffff\r\n", nullptr},
      {"a chunk beyond 64 bits", chunked + "10000000000000001\r\na\r\n0\r\n\r\n", nullptr},
      {"a chunk without its end", chunked + "1\r\nab\r\n0\r\n\r\n", nullptr},
      {"a chunk of no size", chunked + ";x\r\n", nullptr},
      {"a negative chunk", chunked + "-1\r\n", nullptr},
      {"a length that is none", ok + "Content-Length: 5x\r\n\r\nhello", nullptr},
      {"a negative length", ok + "Content-Length: -5\r\n\r\nhello", nullptr},
      {"two framings", ok + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n", nullptr},
      {"two lengths", ok + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", nullptr},
      {"two codings", ok + "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", nullptr},
      {"another coding", ok + "Transfer-Encoding: gzip, chunked\r\n\r\n", nullptr},
      {"another protocol begins", "HTTP/1.1 101 Switching\r\n\r\n", nullptr},
      {"no HTTP", "SSH-2.0-x\r\n\r\n", nullptr},
      {"nothing", "", nullptr},
  };
  for (const Row& row : rows) {
    HttpReader at_once(row.to_head, most), octets(row.to_head, most);
    at_once.take(row.text);
    for (const char octet : row.text) octets.take({&octet, 1});
    for (HttpReader* reader : {&at_once, &octets}) {
      reader->end();
      check(row, *reader);
    }
    CHECK_MESSAGE(at_once.refused() == octets.refused(), row.name);
  }
}

TEST_CASE("endless heads, chunk lines, trailers and patience are refused in time") {
  const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  struct Flood {
    const char* name;
    std::string begins, goes_on;
  };
  const Flood floods[] = {
      {"head", "HTTP/1.1 200 OK\r\n", "X: 0123456789\r\n"}, {"chunk line", chunked + "1;", "0123456789"},
      {"chunk lines", chunked, "1;0123456789\r\na\r\n"},    {"trailers", chunked + "0\r\n", "X: 0123456789\r\n"},
      {"1xx", "", "HTTP/1.1 100 Continue\r\n\r\n"},
  };
  for (const Flood& flood : floods) {
    HttpReader reader(false, 1'000'000);
    reader.take(flood.begins);
    std::size_t octets = 0;
    for (; octets < 100'000 && !reader.refused() && !reader.done(); octets += flood.goes_on.size())
      reader.take(flood.goes_on);
    CHECK_MESSAGE(reader.refused(), flood.name);
    CHECK_MESSAGE(octets < 20'000, flood.name);
  }
}
