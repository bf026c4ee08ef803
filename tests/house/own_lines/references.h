// What a file names of the precompiled headers has to be reached by its own #include lines, as without them.
//
//   Source   The names of the syntax tree: what is called, constructed, or a type; macros as the preprocessor expands them.
//   Errors   A compiler's error at the first use of each file that is not reached.
#pragma once

#include <clang/AST/RecursiveASTVisitor.h>
#include <clang/Basic/SourceManager.h>
#include <clang/Lex/MacroInfo.h>

#include <set>
#include <utility>

#include "include_graph.h"

namespace own_lines {

class References : public clang::RecursiveASTVisitor<References> {
 public:
  References(clang::SourceManager& sources, IncludeGraph& graph) : sources_(sources), graph_(graph) {}

  bool VisitDeclRefExpr(clang::DeclRefExpr* use) { return look(use->getFoundDecl(), use->getLocation()); }
  bool VisitMemberExpr(clang::MemberExpr* use) { return look(use->getMemberDecl(), use->getMemberLoc()); }
  bool VisitCXXConstructExpr(clang::CXXConstructExpr* use) { return look(use->getConstructor(), use->getLocation()); }
  bool VisitConceptSpecializationExpr(clang::ConceptSpecializationExpr* use) {
    return look(use->getNamedConcept(), use->getConceptNameLoc());
  }
  bool VisitOverloadExpr(clang::OverloadExpr* use);
  bool VisitTypeLoc(clang::TypeLoc use);
  bool VisitVarDecl(clang::VarDecl* variable);
  void macro(const clang::MacroInfo& macro, clang::SourceLocation at, llvm::StringRef name);

 private:
  bool look(const clang::NamedDecl* what, clang::SourceLocation at);
  bool reached(const clang::Decl& what, File from);
  File file_of(clang::SourceLocation at) const;
  void complain(clang::SourceLocation at, llvm::StringRef name, File needed);

  clang::SourceManager& sources_;
  IncludeGraph& graph_;
  std::set<std::pair<File, File>> told_;  // in which file, of which
};

}  // namespace own_lines
