// Reading a known printer again with few questions: what to ask, and whether it still is as it was. Pure; sends nothing.
//
//   How      A walk asks for the successor of each row it was just told. Of a printer that was read before, the rows are
//            known, so their successors are asked for many at once (GETBULK of one row each, or GETNEXT) instead of one
//            after the other.
//            The successors of the known rows are the same rows when nothing has changed; a row that is new stands
//            among them, and one that is gone does not. Order does not matter: agents that walk out of order answer the
//            same set. So no row is missed that a walk would find, for about one name a column more than packed GETs.
//            A row that follows itself hides the next one, which is asked for by its parent then.
//   Depth    moving: what moves by itself or tells of a change (columns.h). What stands still is carried over from the
//            last read, and only while serial number, MAC addresses and sysObjectID are what they were.
//            everything: each row, and the first of what was empty; nothing is carried over.
//            restarted: everything, of a device that has just started again: its sysUpTime tells nothing, and its rows are
//            worth something only while each answer is behind what was asked for.
//   Changes  What was asked tells what to ask besides. moved_on(): prtGeneralConfigChanges or a table's rows changed, or
//            a supply's level rose (somebody put in another one): what stands still is asked for, too.
//            is_another(): sysUpTime went back, identity differs, or what was restarted walks out of order: all that was
//            known is worth nothing.
//            broken(): the subtrees whose rows are not the known ones: walk them.
//   SNMPv1   says an error where nothing follows, and answers nothing else then. So what may come after the very last row
//            is not asked for, unless it would show nowhere else; and one that has started again is walked.
//   Sizes    the values of the last read tell how long the answers will be.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string_view>
#include <vector>

#include "snmp/mib/varbind.h"
#include "snmp/printer/columns.h"

namespace platen::snmp {

enum class Depth { moving, everything, restarted };
// `age` of the last read of everything. Without a row to tell machines apart nothing may be carried over.
[[nodiscard]] Depth depth_for(const VarBinds& known, std::chrono::milliseconds age);

class Recall {
 public:
  // A subtree to ask about. `start` is where a walk of it begins.
  struct Area {
    Oid root, start;
    Subtree::Shape shape = Subtree::Shape::column;
    std::uint32_t first = 0, last = 0;  // columns of a table
    bool rows_move = false;             // then other rows are no sign of another configuration
    bool proves_end = true;             // asks what comes after the last row
    std::size_t most_rows = 0;          // 0: no limit
    bool broken = false;
    // The known rows are there, but more must be taken to exist: beyond the limit, or behind a row that follows itself.
    bool capped = false, repeats = false;
  };
  // `known`: sorted, each name once; it must outlive this. `areas`: sorted by root, none inside another.
  struct Wire {
    bool end_is_an_error = false;  // SNMPv1
    std::size_t padding = 0;       // tenths of an octet that the agent writes for a varbind above the least
  };
  Recall(const VarBinds& known, std::vector<Area> areas, Depth depth, const Wire& wire);

  // What to ask for the successors of next: at most `names`, with answers of about `octets` together; at least one.
  [[nodiscard]] std::vector<Oid> ask(std::size_t names, std::size_t octets);
  [[nodiscard]] std::size_t octets() const { return octets_; }  // of the answer to the last ask(), about
  // Forgets first what answers have told without having been asked.
  [[nodiscard]] bool asked_all();
  // The answer to the first that is still to ask. nullptr: nothing follows. True: a row to keep.
  bool take(const VarBind* row);
  void nothing_follows(std::size_t i);  // likewise for the i-th of the last ask(), alone
  void give_up(std::size_t i);          // it cannot be had this way

  // When all was asked: what is missing breaks its subtree; true when more is to be asked now.
  [[nodiscard]] bool goes_on();
  [[nodiscard]] bool is_another() const { return another_; }
  [[nodiscard]] const std::vector<Area>& areas() const { return areas_; }
  [[nodiscard]] Depth depth() const { return depth_; }
  // Rows of the last read that stand for themselves now, sorted; none before identity was seen to be the same.
  [[nodiscard]] VarBinds carried() const;

 private:
  struct Link {
    Oid name;
    std::size_t octets;  // of the answer that is expected
    std::size_t area;
    std::size_t behind;  // the first known row after it
    bool probe = false;  // the start of an empty subtree
    bool told = false;   // the answer to another one has told that it still is empty
  };
  struct Seen {
    bool wanted = false, came = false;
  };
  void plan_all();
  void plan(std::size_t area);
  void plan_row(std::size_t area, std::size_t row);
  [[nodiscard]] Link link_to(Oid name, std::size_t expected, std::size_t area) const;
  void link(Oid name, std::size_t expected, std::size_t area) {
    links_.push_back(link_to(std::move(name), expected, area));
  }
  void nothing_between(const Oid& name, const Oid* next);
  [[nodiscard]] bool is_told(const Link& probe) const;
  void ask_probes(const std::function<bool(const Link&)>& wanted);
  void stands_still(const Link& at);
  [[nodiscard]] bool is_full(const Area& area) const;
  [[nodiscard]] bool asks_what_follows(const Area& area, std::size_t row) const;
  [[nodiscard]] std::size_t index_of(const Oid& name) const;  // known_.size(): unknown
  [[nodiscard]] Area* area_of(const Oid& name);
  [[nodiscard]] bool belongs(const Area& area, const Oid& name) const;
  void compare(std::size_t row, const Value& now);
  [[nodiscard]] bool is_whole() const { return depth_ != Depth::moving; }
  void forget(std::size_t i);
  void break_missing();
  [[nodiscard]] bool moved_on() const;

  const VarBinds& known_;
  std::vector<Area> areas_;
  Depth depth_;
  bool end_is_an_error_;
  std::size_t padding_;
  std::vector<Seen> seen_;  // of each known row
  std::vector<Link> links_;
  bool probing_ = false;      // some of links_ are probes
  std::vector<Link> probes_;  // starts of empty subtrees: asked last, where no answer tells that they are still empty
  std::size_t at_ = 0;
  std::size_t octets_ = 0;
  std::size_t identities_ = 0;  // known rows of identity that came and are the same
  bool config_changed_ = false, another_ = false;
};

}  // namespace platen::snmp
