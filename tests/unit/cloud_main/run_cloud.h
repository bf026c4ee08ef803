// platen-cloud as a person or a script runs it.
#pragma once

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string_view>
#include <utility>
#include <vector>

namespace platen {

using nlohmann::json;

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "platen-cloud.XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

inline std::string content(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline std::string program() {
  const char* bin = std::getenv("PLATEN_BIN");
  return std::string(bin == nullptr ? "build/debug/bin" : bin) + "/platen-cloud";
}

// A running platen-cloud; its output goes to files.
class Process {
 public:
  Process(const Folder& folder, std::vector<std::string> words) : out_(folder / "stdout"), err_(folder / "stderr") {
    words.insert(words.begin(), program());
    pid_ = ::fork();
    if (pid_ == 0) exec(words);
  }
  ~Process() {
    if (pid_ > 0) ::kill(pid_, SIGKILL), static_cast<void>(wait());
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  int wait() {
    int state = 0;
    ::waitpid(std::exchange(pid_, -1), &state, 0);
    return WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
  }
  int stop(int signal) {
    ::kill(pid_, signal);
    return wait();
  }
  [[nodiscard]] bool ended() const {
    siginfo_t info{};
    return ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0;
  }
  [[nodiscard]] std::string out() const { return content(out_); }
  [[nodiscard]] std::string err() const { return content(err_); }

 private:
  [[noreturn]] void exec(const std::vector<std::string>& words) const {
    ::dup2(::open(out_.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0600), 1);
    ::dup2(::open(err_.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0600), 2);
    std::vector<char*> argv;
    for (const std::string& word : words) argv.push_back(const_cast<char*>(word.c_str()));
    argv.push_back(nullptr);
    ::execv(argv[0], argv.data());
    ::_exit(127);
  }

  std::string out_, err_;
  pid_t pid_ = -1;
};

struct Ran {
  int code;
  std::string out, err;
};
inline Ran run(const Folder& folder, const std::vector<std::string>& words) {
  Process process(folder, words);
  const int code = process.wait();
  return {code, process.out(), process.err()};
}

// serving.json, once it is there: woken by each change in the folder, for ten seconds at most.
inline json serving(const Folder& folder, const Process& process) {
  const std::string file = folder / "data/serving.json";
  const int watch = ::inotify_init1(IN_CLOEXEC);
  REQUIRE(::inotify_add_watch(watch, (folder / "data").c_str(), IN_CREATE | IN_MOVED_TO) >= 0);
  pollfd change{watch, POLLIN, 0};
  char events[4096];
  while (!std::filesystem::exists(file) && !process.ended() && ::poll(&change, 1, 10'000) == 1) {
    if (::read(watch, events, sizeof events) <= 0) break;
  }
  ::close(watch);
  if (!std::filesystem::exists(file)) FAIL("not serving: " << process.err());
  return json::parse(content(file));
}

inline std::string get(const std::string& bound, const std::string& target) {
  const int client = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET, to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  to.sin_port = htons(static_cast<std::uint16_t>(std::stoi(bound.substr(bound.rfind(':') + 1))));
  REQUIRE(::connect(client, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0);
  const std::string ask = "GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  ::send(client, ask.data(), ask.size(), MSG_NOSIGNAL);
  std::string answer;
  char some[4096];
  for (ssize_t got = 0; (got = ::recv(client, some, sizeof some, 0)) > 0;)
    answer.append(some, static_cast<std::size_t>(got));
  ::close(client);
  return answer;
}

inline bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

inline std::vector<json> lines(const std::string& text) {
  std::vector<json> documents;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) documents.push_back(json::parse(line));
  return documents;
}

}  // namespace platen
