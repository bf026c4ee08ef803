// Where the walks of one device stand, and what they have brought: rows sorted by subtree, each OID once. Pure.
//
//   Limits   rows of one subtree, rows and octets of the device; what a limit or a lie cut short is in flags().
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "snmp/mib/varbind.h"
#include "snmp/printer/columns.h"

namespace platen::snmp {

// One subtree to walk, and how far it is.
struct Cursor {
  std::string_view name;  // "" for a vendor's subtree: its OID is its name
  Subtree::Shape shape = Subtree::Shape::column;
  Oid root;
  std::uint32_t first = 0, last = 0;  // columns of a table
  std::size_t index_parts = 1;
  std::size_t most_rows = 0;

  Oid at;  // the next GETNEXT or GETBULK starts here
  bool done = false;
  bool nudged = false;  // started at the first index, because the agent knows no successor of the column itself
  bool odd = false;     // an exception or silence where GETNEXT should have had an answer: worth a GET
  bool failed = false;  // given up without an end
  VarBinds rows{};      // rising
  std::map<Oid, Value> strays{};  // came after a later one
};

class Harvest {
 public:
  void add(const Subtree& subtree, std::size_t most_rows);
  void add_roots(std::vector<Oid> roots, Subtree::Shape shape,
                 std::size_t most_rows);                        // those inside another one add nothing
  void add_instance(std::string_view name, Instance instance);  // one row of a table, as a scalar
  void split_tables();                              // into their columns, each where the walk of the table stands
  void settle();                                    // nothing is to be walked: all is known
  void restart(const Oid& root, const Oid& start);  // the subtree is to be walked, and what it brought is forgotten

  [[nodiscard]] std::vector<Cursor>& cursors() { return cursors_; }  // by root, none inside another
  [[nodiscard]] Cursor* find(const Oid& name);                       // whose subtree holds `name`
  enum class Kept { fresh, repeated, outside, full };
  Kept keep(Cursor* cursor, const VarBind& row);

  // After a run-on GETBULK from `start` that ended with `last`: which subtrees are behind us, where the next ask
  // starts.
  // False when the walk stands still: the answer ended inside `from` and brought nothing.
  [[nodiscard]] bool pass(Cursor& from, const Oid& start, const Oid& last, bool anything_fresh);
  void end_of_view(const Cursor& from);  // nothing follows
  void fail(Cursor& cursor, std::string_view why);
  void flag(std::string_view why, const Cursor& cursor);
  void flag(std::string text);

  [[nodiscard]] std::size_t pending(Subtree::Shape shape) const;
  [[nodiscard]] bool full() const;
  [[nodiscard]] VarBinds copy() const;  // every row, sorted
  [[nodiscard]] VarBinds release();     // likewise, and nothing stays
  [[nodiscard]] const std::vector<std::string>& flags() const { return flags_; }
  void keep_loose(const VarBind& row);  // an answer to a GET

 private:
  void insert(Cursor cursor);
  [[nodiscard]] bool count(const VarBind& row);

  std::vector<Cursor> cursors_;
  VarBinds loose_;
  std::vector<std::string> flags_;
  std::size_t rows_ = 0, octets_ = 0;
  std::size_t hint_ = 0;  // the cursor that the last row belonged to
};

}  // namespace platen::snmp
