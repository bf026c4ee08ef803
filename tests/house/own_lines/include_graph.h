// Which file includes which, in a translation unit with precompiled headers.
//
//   Source   The preprocessor tells of what it enters. Of what is precompiled, the lines of `clang++ -E -H -Xclang
//            -fshow-skipped-includes`: a dot for each level, a space, the file.
#pragma once

#include <clang/Basic/FileManager.h>

#include <map>
#include <set>
#include <vector>

namespace own_lines {

using File = const clang::FileEntry*;

class IncludeGraph {
 public:
  explicit IncludeGraph(clang::FileManager& files) : files_(files) {}

  // False when there is no such file or nothing in it.
  bool read(llvm::StringRef path);
  void add(File includer, File included);
  // The file itself, all that it includes, and so on.
  const std::set<File>& reached(File from);

 private:
  clang::FileManager& files_;
  std::map<File, std::vector<File>> includes_;
  std::map<File, std::set<File>> reached_;
};

}  // namespace own_lines
