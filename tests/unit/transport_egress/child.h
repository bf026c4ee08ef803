// A program that a test starts, and that ends with it.
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "doctest/doctest.h"

namespace platen {

class Child {
 public:
  explicit Child(const std::vector<std::string>& command) {
    std::array<int, 2> out{};
    REQUIRE(::pipe2(out.data(), O_CLOEXEC) == 0);
    pid_ = ::fork();
    REQUIRE(pid_ >= 0);
    if (pid_ == 0) {
      ::dup2(out[1], STDOUT_FILENO);
      ::dup2(::open("/dev/null", O_RDWR | O_CLOEXEC), STDERR_FILENO);
      std::vector<char*> words;
      for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
      words.push_back(nullptr);
      ::execvp(words[0], words.data());
      ::_exit(127);
    }
    ::close(out[1]);
    out_ = out[0];
  }
  ~Child() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    ::close(out_);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // What stands behind `start` on the line of its output that begins so; "" when it ends without.
  std::string line(std::string_view start) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    for (std::string all; std::chrono::steady_clock::now() < deadline;) {
      pollfd one{out_, POLLIN, 0};
      char c = 0;
      if (::poll(&one, 1, 100) <= 0) continue;
      if (::read(out_, &c, 1) != 1) return "";
      if (c != '\n') {
        all += c;
      } else if (all.starts_with(start)) {
        return all.substr(start.size());
      } else {
        all.clear();
      }
    }
    return "";
  }

 private:
  int pid_ = -1, out_ = -1;
};

// A folder with what make_certificates.sh makes, once for all tests of the program.
inline const std::string& certificates() {
  struct Folder {
    std::string path;
    Folder() {
      std::string made = (std::filesystem::temp_directory_path() / "platen-tls.XXXXXX").string();
      REQUIRE(::mkdtemp(made.data()) != nullptr);
      path = made;
      Child maker({"sh", "-c", "tests/unit/transport_egress/make_certificates.sh '" + path + "' && echo made"});
      REQUIRE(maker.line("made").empty());
      REQUIRE(std::filesystem::exists(path + "/ca_and_crl.pem"));
    }
    ~Folder() { std::filesystem::remove_all(path); }
  };
  static const Folder folder;
  return folder.path;
}

}  // namespace platen
