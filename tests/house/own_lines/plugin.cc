// A plugin for clang-tidy (tests/house/tidy): its checks look at what stands in the file itself and in the header of its name. Without
// it they walk through every header again, with precompiled headers through all of those: ten times the work, for nothing that is shown.
// What those headers hide from the compiler, a forgotten #include, is looked for here too.
#include <clang/AST/ASTConsumer.h>
#include <clang/AST/ASTContext.h>
#include <clang/Frontend/CompilerInstance.h>
#include <clang/Frontend/FrontendPluginRegistry.h>
#include <clang/Lex/LexDiagnostic.h>
#include <clang/Lex/PPCallbacks.h>
#include <llvm/Support/Path.h>

#include <memory>
#include <string>
#include <vector>

#include "references.h"

namespace own_lines {
namespace {

struct Expanded {
  const clang::MacroInfo* macro;
  clang::SourceLocation at;
  std::string name;
};

class Unit : public clang::ASTConsumer {
 public:
  Unit(clang::CompilerInstance& compiler, llvm::StringRef precompiled)
      : sources_(compiler.getSourceManager()), graph_(compiler.getFileManager()) {
    readable_ = precompiled.empty() || graph_.read(precompiled);
  }

  // The file itself, or for x.cc its x.h.
  [[nodiscard]] bool own(clang::SourceLocation at) const {
    const clang::FileID file = sources_.getFileID(sources_.getExpansionLoc(at));
    if (file == sources_.getMainFileID()) return true;
    const File entry = sources_.getFileEntryForID(file);
    const File main = sources_.getFileEntryForID(sources_.getMainFileID());
    return entry != nullptr && main != nullptr && entry->getDir() == main->getDir() &&
           llvm::sys::path::stem(entry->getName()) == llvm::sys::path::stem(main->getName());
  }

  void included(clang::SourceLocation at, File what) {
    const File by = sources_.getFileEntryForID(sources_.getFileID(at));
    if (by != nullptr && what != nullptr) graph_.add(by, what);
  }

  void expanded(const clang::MacroInfo* macro, clang::SourceLocation at, llvm::StringRef name) {
    if (own(at)) macros_.push_back({macro, at, name.str()});
  }

  bool HandleTopLevelDecl(clang::DeclGroupRef group) override {
    for (clang::Decl* one : group) {
      if (own(one->getLocation())) own_.push_back(one);
    }
    return true;
  }

  void HandleTranslationUnit(clang::ASTContext& context) override {
    if (!readable_)
      sources_.getDiagnostics().Report(clang::diag::err_pp_hash_error)
          << "own_lines: the list of precompiled headers cannot be read";
    References references(sources_, graph_);
    for (clang::Decl* one : own_) references.TraverseDecl(one);
    for (const Expanded& one : macros_) references.macro(*one.macro, one.at, one.name);
    context.setTraversalScope(own_);
  }

 private:
  clang::SourceManager& sources_;
  IncludeGraph graph_;
  bool readable_;
  std::vector<clang::Decl*> own_;
  std::vector<Expanded> macros_;
};

class Listener : public clang::PPCallbacks {
 public:
  explicit Listener(Unit& unit) : unit_(unit) {}

  void InclusionDirective(clang::SourceLocation at, const clang::Token& /*include*/, llvm::StringRef /*name*/,
                          bool /*angled*/, clang::CharSourceRange /*range*/, const clang::FileEntry* file,
                          llvm::StringRef /*folder*/, llvm::StringRef /*relative*/, const clang::Module* /*module*/,
                          clang::SrcMgr::CharacteristicKind /*kind*/) override {
    unit_.included(at, file);
  }
  void MacroExpands(const clang::Token& name, const clang::MacroDefinition& macro, clang::SourceRange range,
                    const clang::MacroArgs* /*arguments*/) override {
    unit_.expanded(macro.getMacroInfo(), range.getBegin(), name.getIdentifierInfo()->getName());
  }

 private:
  Unit& unit_;
};

class Plugin : public clang::PluginASTAction {
 public:
  std::unique_ptr<clang::ASTConsumer> CreateASTConsumer(clang::CompilerInstance& compiler,
                                                        llvm::StringRef /*file*/) override {
    auto unit = std::make_unique<Unit>(compiler, precompiled_);
    compiler.getPreprocessor().addPPCallbacks(std::make_unique<Listener>(*unit));
    return unit;
  }
  // The file that tells what the precompiled headers include; none for who uses none.
  bool ParseArgs(const clang::CompilerInstance& /*compiler*/, const std::vector<std::string>& arguments) override {
    if (!arguments.empty()) precompiled_ = arguments.front();
    return true;
  }
  ActionType getActionType() override { return AddBeforeMainAction; }  // before clang-tidy's own

 private:
  std::string precompiled_;
};

const clang::FrontendPluginRegistry::Add<Plugin> registered("own_lines", "checks look at the file's own lines");

}  // namespace
}  // namespace own_lines
