// A plugin for clang-tidy (tests/house/tidy): its checks look at what stands in the file itself. Without it they walk through every
// header again, with precompiled headers through all of those: ten times the work, for nothing that is shown.
#include <clang/AST/ASTConsumer.h>
#include <clang/AST/ASTContext.h>
#include <clang/Basic/SourceManager.h>
#include <clang/Frontend/FrontendPluginRegistry.h>

#include <memory>
#include <string>
#include <vector>

namespace {

class OwnLines : public clang::ASTConsumer {
 public:
  bool HandleTopLevelDecl(clang::DeclGroupRef group) override {
    for (clang::Decl* one : group) {
      const clang::SourceManager& sources = one->getASTContext().getSourceManager();
      if (sources.isInMainFile(sources.getExpansionLoc(one->getLocation()))) own_.push_back(one);
    }
    return true;
  }
  void HandleTranslationUnit(clang::ASTContext& context) override { context.setTraversalScope(own_); }

 private:
  std::vector<clang::Decl*> own_;
};

class Plugin : public clang::PluginASTAction {
 public:
  std::unique_ptr<clang::ASTConsumer> CreateASTConsumer(clang::CompilerInstance& /*compiler*/,
                                                        llvm::StringRef /*file*/) override {
    return std::make_unique<OwnLines>();
  }
  bool ParseArgs(const clang::CompilerInstance& /*compiler*/, const std::vector<std::string>& /*arguments*/) override {
    return true;
  }
  ActionType getActionType() override { return AddBeforeMainAction; }  // before clang-tidy's own
};

const clang::FrontendPluginRegistry::Add<Plugin> registered("own-lines", "checks look at the file's own lines");

}  // namespace
