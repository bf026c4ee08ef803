#include "agent/cli/request.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "agent/cli/program.h"
#include "base/command/table.h"

using namespace platen;
using namespace platen::cli;

namespace {

// A folder of its own for one test.
class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "platen-cli.XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string file(const char* name, const std::string& text, mode_t mode = 0600) const {
    const std::string path = path_ + "/" + name;
    std::ofstream(path) << text;
    ::chmod(path.c_str(), mode);
    return path;
  }

 private:
  std::string path_;
};

std::vector<Expected<std::vector<IpAddress>>> phone_book(std::span<const std::string> names) {
  std::vector<Expected<std::vector<IpAddress>>> out;
  for (const std::string& name : names) {
    if (name == "printer.example") {
      out.push_back(std::vector{IpAddress::parse("192.0.2.9").value(), IpAddress::parse("2001:db8::9").value()});
    } else {
      out.push_back(fail(Code::not_found, "the host name '" + name + "' has no address"));
    }
  }
  return out;
}

Expected<Request> asked(const char* command, const std::vector<std::string>& words, Targets how_many = Targets::many) {
  const auto table = command::complete(program());
  const auto arguments = command::parse(*command::find_command(table, command), words);
  REQUIRE(arguments.has_value());
  return request_of(*arguments, how_many, phone_book);
}

}  // namespace

TEST_CASE("targets: single ones must answer, those of a range need not") {
  const auto got = asked("scan", {"192.0.2.1", "192.0.2.8-10", "printer.example", "--exclude", "192.0.2.10"}).value();
  CHECK(got.targets.size() == 3);
  REQUIRE(got.named.size() == 2);
  CHECK(got.named.at(IpAddress::parse("192.0.2.1").value()) == "192.0.2.1");
  CHECK(got.named.at(IpAddress::parse("192.0.2.9").value()) == "printer.example (192.0.2.9)");
  CHECK(got.options.report_silent);
  CHECK_FALSE(asked("scan", {"192.0.2.0/24"}).value().options.report_silent);
  CHECK(asked("scan", {"192.0.2.0/24", "--all"}).value().options.report_silent);
}

TEST_CASE("a name without an address is missing, the rest is asked") {
  const auto got = asked("scan", {"nowhere.example", "192.0.2.1"}).value();
  CHECK(got.targets.size() == 1);
  REQUIRE(got.missing.size() == 1);
  CHECK(got.missing[0].text.find("nowhere.example") != std::string::npos);
}

TEST_CASE("exclusions by name and from a file; one that cannot be found is not ignored") {
  const Folder folder;
  CHECK(asked("scan", {"192.0.2.8-10", "--exclude", "printer.example"}).value().targets.size() == 2);
  CHECK(asked("scan", {"192.0.2.8-10", "--exclude", "@" + folder.file("not", "192.0.2.8, 192.0.2.9\n")})
            .value()
            .targets.size() == 1);
  const auto lost = asked("scan", {"192.0.2.8-10", "--exclude", "nowhere.example"});
  REQUIRE_FALSE(lost);
  CHECK(lost.error().text.find(
            "--exclude: the host name 'nowhere.example' has no address, so it could not be left out") == 0);
}

TEST_CASE("a bad word in a file of targets is named with its line") {
  const Folder folder;
  struct Row {
    const char* name;
    std::string text;
    const char* says;
  };
  for (const Row& row :
       {Row{"reversed", "192.0.2.1\n192.0.2.9-192.0.2.1\n", "reversed:2: target '192.0.2.9-192.0.2.1': the range runs"},
        {"prefix", "# one\n\n10.0.0.0/33", "prefix:3: target '10.0.0.0/33'"},
        {"loopback", "127.0.0.1\n", "loopback:1: target '127.0.0.1'"},
        {"word", "192.0.2.1\nprinter?\n", "word:2: 'printer?' is no address, range, CIDR block or host name"},
        {"nested", "@other\n", "cannot name another"},
        {"binary",
         std::string("192.0.2.1\n\x7f"
                     "ELF\0\0",
                     16),
         "binary:2: this is no text"},
        {"utf16",
         std::string("\xFF\xFE"
                     "1\0.\0",
                     6),
         "utf16:1: this is no text"}}) {
    CAPTURE(row.name);
    const auto got = asked("scan", {"@" + folder.file(row.name, row.text)});
    REQUIRE_FALSE(got);
    CHECK(got.error().text.find(row.says) != std::string::npos);
    CHECK(asked("scan", {"192.0.2.1", "--exclude", "@" + folder.file(row.name, row.text)}).has_value() ==
          (std::string_view(row.name) == "loopback"));  // what may not be asked may be left out
  }
  CHECK(
      asked("scan", {"@" + folder.file("huge", std::string((4U << 20U) + 1, '#'))}).error().text.find("larger than") !=
      std::string::npos);
  CHECK(asked("scan", {"@" + folder.file("bom",
                                         "\xEF\xBB\xBF"
                                         "192.0.2.1\r\n192.0.2.2\r\n")})
            .value()
            .targets.size() == 2);
}

TEST_CASE("candidates are asked for only when they are wanted") {
  const auto none = asked("scan", {"192.0.2.1"}).value();
  CHECK_FALSE(none.sources.any());
  const auto some = asked("scan", {"--mdns", "--slp", "--within", "10.0.0.0/8", "--within", "fe80::/10"}).value();
  CHECK(some.sources.mdns);
  CHECK(some.sources.slp);
  CHECK_FALSE(some.sources.wsd);
  CHECK(some.targets.empty());
  CHECK(some.around.within == std::vector<std::string>{"10.0.0.0/8", "fe80::/10"});
  CHECK(asked("scan", {"192.0.2.1", "--within", "10.0.0.0/8"}).error().text.find("ask for some with") !=
        std::string::npos);
  CHECK(asked("scan", {"--mdns", "--within", "printer.example"}).error().text.find("--within: ") == 0);
}

TEST_CASE("targets from a file") {
  const Folder folder;
  const std::string list =
      folder.file("targets", "# floor 1\n192.0.2.1 192.0.2.2\r\n\nprinter.example # the big one\n");
  CHECK(asked("scan", {"@" + list}).value().targets.size() == 3);
  CHECK(asked("scan", {"@" + folder.file("empty", "# nothing\n")}).error().text.find("names no target") !=
        std::string::npos);
  CHECK(asked("scan", {"@/nowhere/targets"}).error().text.find("/nowhere/targets") != std::string::npos);
}

TEST_CASE("what must not be asked is refused with the way out") {
  struct Row {
    const char* target;
    const char* says;
  };
  for (const Row& row : {Row{"10.0.0.0/0", "wider than /12"},
                         {"192.0.2.9-192.0.2.1", "backwards"},
                         {"224.0.0.1", "multicast"},
                         {"::/0", "IPv6 ranges"},
                         {"127.0.0.1", "--allow-loopback allows it"},
                         {"300.1.1.1", "300.1.1.1"}}) {
    CAPTURE(row.target);
    const auto got = asked("scan", {row.target});
    REQUIRE_FALSE(got);
    CHECK(got.error().text.find(row.says) != std::string::npos);
  }
  CHECK(asked("scan", {"127.0.0.1", "--allow-loopback"}).value().targets.size() == 1);
  CHECK(asked("read", {"192.0.2.0/24"}, Targets::one).error().text.find("is not one address") != std::string::npos);
  CHECK(asked("read", {"printer.example"}, Targets::one).value().targets.size() == 1);
}

TEST_CASE("credentials in the order given, public without any") {
  const Folder folder;
  const std::string communities = folder.file("communities", "one\ntwo words\r\n");
  const std::string user = folder.file(
      "v3.toml", "[[credential]]\nversion = \"3\"\nuser = \"mps\"\nauth = \"SHA\"\nauth_pass = \"long enough\"\n");
  const auto got = asked("scan", {"192.0.2.1", "--community-file", communities, "--community", "zero",
                                  "--v3-credential", "file:" + user})
                       .value();
  CHECK(got.options.credentials[0].name == "community 1");  // counted as in [[credential]] 1
  CHECK(got.options.credentials[2].name == "community 3");
  std::vector<std::string> seen;
  for (const snmp::Credential& credential : got.options.credentials) {
    seen.push_back(std::string(snmp::name_of(credential.version)) + " " +
                   (credential.version == snmp::Version::v3 ? credential.user : credential.community.reveal()));
  }
  CHECK(seen == std::vector<std::string>{"2c zero", "2c one", "2c two words", "3 mps"});
  CHECK(asked("scan", {"192.0.2.1"}).value().options.credentials.size() == 1);
}

TEST_CASE("the longest community, in the largest file") {
  const Folder folder;
  const std::string longest(255, 'x');
  const std::string file = folder.file("full", longest + "\r\n" + std::string((1U << 20U) - 257, '\n'));
  const auto got = asked("scan", {"192.0.2.1", "--community-file", file}).value();
  REQUIRE(got.options.credentials.size() == 1);
  CHECK(got.options.credentials[0].community.reveal() == longest);
}

TEST_CASE("secrets that everybody can read, and files that hold none, are refused") {
  const Folder folder;
  struct Row {
    const char* option;
    std::string file;
    const char* says;
  };
  const Row rows[] = {
      {"--community-file", folder.file("open", "one\n", 0644), "chmod 0600"},
      {"--community-file", folder.file("empty", "\n"), "empty:1: no community stands here; write one a line"},
      {"--community-file", folder.file("blank", " \t\r\n\n"), "blank:1: no community stands here"},
      {"--community-file", folder.file("octets", std::string("one\nlong enough\0\n", 17)),
       "octets:2: this is no text; name a file that holds one community a line"},
      {"--community-file", folder.file("endless", "one\n\n" + std::string(256, 'x') + "\n"),
       "endless:3: SNMP community is longer than 255 characters; write one community a line"},
      {"--community-file", folder.file("huge", std::string((1U << 20U) + 1, '\n')), "larger than 1048576 octets"},
      {"--community-file", "/nowhere/at-all", "/nowhere/at-all"},
      {"--v3-credential",
       folder.file("open.toml",
                   "[[credential]]\nversion = \"3\"\nuser = \"a\"\nauth = \"SHA\"\nauth_pass = \"long enough\"\n",
                   0644),
       "chmod"},
      {"--v3-credential", folder.file("none.toml", "# nothing\n"), "holds no [[credential]]"},
      {"--v3-credential",
       folder.file("short.toml",
                   "[[credential]]\nversion = \"3\"\nuser = \"a\"\nauth = \"SHA\"\nauth_pass = \"short\"\n"),
       "short.toml:1"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.says);
    const auto got = asked("scan", {"192.0.2.1", row.option, row.file});
    REQUIRE_FALSE(got);
    CHECK(got.error().text.find(row.option) == 0);
    CHECK(got.error().text.find(row.says) != std::string::npos);
    CHECK(got.error().text.find("long enough") == std::string::npos);
  }
}
