// The rows of a printer's last full read in little memory, for the next read of it (snmp/printer/recall.h).
//
//   How      A name is what it does not share with the one before, in the variable-length integers of BER: about five
//            octets, against a hundred as an Oid in a VarBind. Names, and the values that stand still in tables (what
//            trays and supplies are called, what they hold), are the same for many printers of a model: those stand on
//            a Shelf once. What is a printer's own is below a kilobyte for most.
//   Limits   Of a device with more than 2,000 rows or 64 KiB only the names that a status read asks for are kept, 1,000
//            at most and without values, so that nothing of them can be carried over into a reading.
//   Shapes   Rows in ascending order of names, each name once. unpack() gives them back equal.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>

#include "snmp/mib/varbind.h"

namespace platen::schedule {

class KnownRows {
 public:
  // What printers have in common, each text once; what no printer has any more is dropped as the shelf grows.
  class Shelf {
   public:
    using Text = std::shared_ptr<const std::string>;
    [[nodiscard]] Text keep(std::string text);
    [[nodiscard]] std::size_t size() const { return texts_.size(); }

   private:
    struct Hash {
      using is_transparent = void;
      std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
      std::size_t operator()(const Text& text) const { return (*this)(std::string_view(*text)); }
    };
    struct Equal {
      using is_transparent = void;
      static std::string_view view(std::string_view text) { return text; }
      static std::string_view view(const Text& text) { return *text; }
      bool operator()(const auto& a, const auto& b) const { return view(a) == view(b); }
    };
    std::unordered_set<Text, Hash, Equal> texts_;
    std::size_t clean_at_ = 64;
  };

  KnownRows() = default;
  KnownRows(const snmp::VarBinds& rows, Shelf& shelf);
  [[nodiscard]] snmp::VarBinds unpack() const;
  [[nodiscard]] bool empty() const { return !names_ && own_.empty(); }
  [[nodiscard]] std::size_t own_octets() const { return own_.size(); }  // of what is not on the shelf

 private:
  Shelf::Text names_, standing_;
  std::string own_;
};

}  // namespace platen::schedule
