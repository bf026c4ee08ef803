#include "include_graph.h"

#include <llvm/ADT/StringRef.h>
#include <llvm/Support/MemoryBuffer.h>

#include <tuple>

namespace own_lines {

bool IncludeGraph::read(llvm::StringRef path) {
  auto lines = llvm::MemoryBuffer::getFile(path);
  if (!lines) return false;
  std::vector<File> above = {nullptr};
  llvm::StringRef line, rest = (*lines)->getBuffer();
  while (!rest.empty()) {
    std::tie(line, rest) = rest.split('\n');
    const auto [dots, name] = line.split(' ');
    auto file = files_.getFile(name);
    if (dots.empty() || dots.size() > above.size() || !file) continue;
    above.resize(dots.size());
    if (above.back() != nullptr) add(above.back(), *file);
    above.push_back(*file);
  }
  return above.size() > 1;
}

void IncludeGraph::add(File includer, File included) { includes_[includer].push_back(included); }

const std::set<File>& IncludeGraph::reached(File from) {
  std::set<File>& out = reached_[from];
  std::vector<File> waiting;
  if (out.insert(from).second) waiting.push_back(from);
  while (!waiting.empty()) {
    const File file = waiting.back();
    waiting.pop_back();
    for (const File next : includes_[file]) {
      if (out.insert(next).second) waiting.push_back(next);
    }
  }
  return out;
}

}  // namespace own_lines
