#include "references.h"

#include <clang/AST/ASTContext.h>
#include <clang/AST/DeclTemplate.h>
#include <clang/Lex/LexDiagnostic.h>

#include <algorithm>
#include <string>

namespace own_lines {

bool References::VisitOverloadExpr(clang::OverloadExpr* use) {
  for (const clang::NamedDecl* one : use->decls()) {
    if (!one->isFromASTFile() || reached(*one, file_of(use->getNameLoc()))) return true;
  }
  return use->getNumDecls() == 0 || look(*use->decls_begin(), use->getNameLoc());
}

bool References::VisitTypeLoc(clang::TypeLoc use) {
  const clang::NamedDecl* named = nullptr;
  if (auto alias = use.getAs<clang::TypedefTypeLoc>()) named = alias.getTypedefNameDecl();
  if (auto tag = use.getAs<clang::TagTypeLoc>()) named = tag.getDecl();
  if (auto by = use.getAs<clang::UsingTypeLoc>()) named = by.getFoundDecl();
  if (auto of = use.getAs<clang::TemplateSpecializationTypeLoc>())
    named = of.getTypePtr()->getTemplateName().getAsTemplateDecl();
  return look(named, use.getBeginLoc());
}

// A class that is only declared where a variable of it is made is not enough.
bool References::VisitVarDecl(clang::VarDecl* variable) {
  const clang::CXXRecordDecl* record = variable->getType()->getAsCXXRecordDecl();
  return look(record == nullptr ? nullptr : record->getDefinition(), variable->getLocation());
}

void References::macro(const clang::MacroInfo& macro, clang::SourceLocation at, llvm::StringRef name) {
  File defined = file_of(macro.getDefinitionLoc());
  if (defined != nullptr && graph_.reached(file_of(at)).count(defined) == 0) complain(at, name, defined);
}

bool References::look(const clang::NamedDecl* what, clang::SourceLocation at) {
  if (what == nullptr || !what->isFromASTFile()) return true;
  File from = file_of(at);
  if (from != nullptr && !reached(*what, from)) complain(at, what->getNameAsString(), file_of(what->getLocation()));
  return true;
}

bool References::reached(const clang::Decl& what, File from) {
  const std::set<File>& there = graph_.reached(from);
  return std::any_of(what.redecls_begin(), what.redecls_end(), [&](const clang::Decl* one) {
    File declared = file_of(one->getLocation());
    return declared == nullptr || there.count(declared) != 0;
  });
}

File References::file_of(clang::SourceLocation at) const {
  return sources_.getFileEntryForID(sources_.getFileID(sources_.getExpansionLoc(at)));
}

void References::complain(clang::SourceLocation at, llvm::StringRef name, File needed) {
  if (!told_.emplace(file_of(at), needed).second) return;
  // #error's own: the number of a new one would be that of some check of clang-tidy, whose name would stand behind it
  const std::string text = "'" + name.str() + "' comes from " + needed->getName().str() +
                           ", which only the precompiled headers bring: include what has it";
  sources_.getDiagnostics().Report(sources_.getExpansionLoc(at), clang::diag::err_pp_hash_error) << text;
}

}  // namespace own_lines
