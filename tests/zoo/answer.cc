#include "tests/zoo/answer.h"

#include <algorithm>
#include <optional>

namespace platen::zoo {
namespace {

using snmp::Oid;
using snmp::Type;
using snmp::Value;

const Oid console_text{1, 3, 6, 1, 2, 1, 43, 16, 5, 1, 2};
const Oid supply_description{1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 6};
constexpr std::size_t max_rows_an_answer = 5000;

Value lie(const Value& truth) {
  if (const auto number = truth.number()) return Value::octets(std::to_string(*number));
  if (truth.bytes() != nullptr) return Value::integer(static_cast<std::int64_t>(truth.bytes()->size()) - 1000);
  return Value::octets("?");
}

// A place in the walk: a row, or an invented line of an endless table.
struct Place {
  const Row* row = nullptr;
  std::uint32_t line = 0;  // > 0: the console's line of this number, wherever the real ones end
};

class Walker {
 public:
  explicit Walker(const View& view) : view_(view), rows_(view.rows.rows) {}

  [[nodiscard]] const Row* get(const Oid& name) const {
    const std::size_t at = view_.rows.at_or_after(name.ids(), view_.address);
    const bool found = at < rows_.size() && is_named(rows_[at], name) && is_there(rows_[at]);
    return found ? &rows_[at] : nullptr;
  }

  [[nodiscard]] std::optional<Place> next(const Oid& name) const {
    if (view_.manners.repeat && is_last_description(name))
      return Place{&rows_[view_.rows.at_or_after(name.ids(), view_.address)], 0};
    if (const auto line = line_after(name)) return Place{nullptr, *line};
    return first_there(position_after(name));
  }

  [[nodiscard]] std::optional<Place> next(const Place& from) const {
    if (from.row == nullptr) return Place{nullptr, from.line + 1};
    if (view_.manners.endless || view_.manners.repeat) return next(from.row->name);
    return first_there(successor(static_cast<std::size_t>(from.row - rows_.data())));
  }

  void write(std::string& out, const Place& place) const {
    ber::Writer writer(out);
    const std::size_t varbind = writer.open(ber::tag::sequence);
    if (place.row == nullptr) {
      writer.oid((console_text + device_index() + place.line).ids());
      writer.value(Value::octets("line " + std::to_string(place.line)));
    } else {
      write_row(out, *place.row);
    }
    writer.close(varbind);
  }

 private:
  [[nodiscard]] bool is_there(const Row& row) const {
    if (view_.is_v1 && row.constant.type == Type::counter64) return false;
    return !row.when || row.when(*view_.scene);
  }

  [[nodiscard]] std::size_t position_after(const Oid& name) const {
    const std::size_t at = view_.rows.at_or_after(name.ids(), view_.address);
    return at < rows_.size() && is_named(rows_[at], name) ? successor(at) : at;
  }

  [[nodiscard]] bool is_named(const Row& row, const Oid& name) const {
    return row.address_at == 0 ? row.name == name : row.name_at(view_.address) == name;
  }

  [[nodiscard]] std::size_t successor(std::size_t at) const {
    return view_.manners.out_of_order ? view_.rows.shuffled[at] : at + 1;
  }

  [[nodiscard]] std::optional<Place> first_there(std::size_t at) const {
    while (at < rows_.size() && !is_there(rows_[at])) at = successor(at);
    return at < rows_.size() ? std::optional(Place{&rows_[at], 0}) : std::nullopt;
  }

  [[nodiscard]] bool is_last_description(const Oid& name) const {
    const std::size_t at = view_.rows.at_or_after(name.ids(), view_.address);
    return name.starts_with(supply_description) && at < rows_.size() && rows_[at].name == name &&
           (at + 1 == rows_.size() || !rows_[at + 1].name.starts_with(supply_description));
  }

  [[nodiscard]] std::uint32_t device_index() const {
    return view_.scene == nullptr ? 1 : view_.scene->model.hr_device_index;
  }

  // The endless table: what follows a line that is the last real one, or was invented.
  [[nodiscard]] std::optional<std::uint32_t> line_after(const Oid& name) const {
    const auto index = name.after(console_text);
    if (!view_.manners.endless || index.size() != 2 || index[0] != device_index() || index[1] == 0xFFFFFFFFU)
      return std::nullopt;
    const std::size_t at = position_after(name);
    const bool more = at < rows_.size() && rows_[at].name.starts_with(console_text);
    return more ? std::nullopt : std::optional(index[1] + 1);
  }

  void write_row(std::string& out, const Row& row) const {
    ber::Writer writer(out);
    if (row.address_at == 0) {
      out += row.encoded_name;
    } else {
      writer.oid(row.name_at(view_.address).ids());
    }
    if (view_.manners.wrong_types && row.name[row.name.size() - 1] % 3 == row.name.size() % 3)
      return writer.value(lie(row.value(view_.scene)));
    if (row.at) return writer.value(row.at(*view_.scene));
    out += row.encoded_constant;
  }

  const View& view_;
  const std::vector<Row>& rows_;
};

void write_exception(std::string& out, const Oid& name, std::uint8_t which) {
  ber::Writer writer(out);
  const std::size_t varbind = writer.open(ber::tag::sequence);
  writer.oid(name.ids());
  writer.element(which, {});
  writer.close(varbind);
}

class Answerer {
 public:
  Answerer(const View& view, const Pdu& question, std::size_t room)
      : view_(view), walker_(view), question_(question), room_(room) {}

  std::string run() {
    if (view_.manners.every_name) return invent();
    switch (question_.type) {
      case ber::tag::get:
        return one_each([&](const Oid& name) { return get(name); }, no_such(ber::tag::no_such_instance));
      case ber::tag::get_next:
        return one_each([&](const Oid& name) { return walker_.next(name); }, no_such(ber::tag::end_of_mib_view));
      case ber::tag::get_bulk: return view_.is_v1 ? "" : bulk();
      case ber::tag::set: return refused(view_.is_v1 ? error_status::no_such_name : error_status::no_access, 1);
      default: return {};
    }
  }

 private:
  static constexpr std::size_t pdu_header = 32;

  [[nodiscard]] std::optional<Place> get(const Oid& name) const {
    const Row* row = walker_.get(name);
    return row == nullptr ? std::nullopt : std::optional(Place{row, 0});
  }

  [[nodiscard]] std::uint8_t no_such(std::uint8_t exception) const { return view_.is_v1 ? std::uint8_t{0} : exception; }

  [[nodiscard]] std::string refused(std::int32_t status, std::size_t index) const {
    const bool repeats_question = view_.is_v1 || status != error_status::too_big;
    return write_pdu(ber::tag::response, question_.request_id, status, static_cast<std::int32_t>(index),
                     repeats_question ? question_.varbinds : "");
  }

  // The honeypot: what it has, it says; for every other name it makes something up.
  [[nodiscard]] static Oid after(const Oid& name) {
    if (name.size() < 13) return name + 1U;
    std::vector<std::uint32_t> ids(name.ids().begin(), name.ids().end());
    ++ids.back();
    return Oid(std::span<const std::uint32_t>(ids));
  }
  void invent(std::string& varbinds, const Oid& name) const {
    if (const auto place = get(name)) return walker_.write(varbinds, *place);
    ber::Writer writer(varbinds);
    const std::size_t varbind = writer.open(ber::tag::sequence);
    writer.oid(name.ids());
    writer.value(name[name.size() - 1] % 2 == 0 ? Value::octets("ready") : Value::integer(42));
    writer.close(varbind);
  }
  [[nodiscard]] std::string invent() const {
    const bool bulk = question_.type == ber::tag::get_bulk;
    if (question_.type == ber::tag::set || (bulk && view_.is_v1)) return {};
    const std::size_t rows = bulk ? static_cast<std::size_t>(std::clamp(question_.error_index, 1, 10)) : 1;
    std::vector<Oid> at = question_.names;
    std::string varbinds;
    for (std::size_t row = 0; row < rows; ++row) {
      for (Oid& name : at) {
        if (question_.type != ber::tag::get) name = after(name);
        const std::size_t before = varbinds.size();
        invent(varbinds, name);
        if (varbinds.size() + pdu_header <= room_) continue;
        varbinds.resize(before);
        return write_pdu(ber::tag::response, question_.request_id, 0, 0, varbinds);
      }
    }
    return write_pdu(ber::tag::response, question_.request_id, 0, 0, varbinds);
  }

  template <class Find>
  std::string one_each(Find find, std::uint8_t exception) {
    std::string varbinds;
    for (std::size_t i = 0; i < question_.names.size(); ++i) {
      const auto place = find(question_.names[i]);
      if (!place && exception == 0) return refused(error_status::no_such_name, i + 1);
      if (place)
        walker_.write(varbinds, *place);
      else
        write_exception(varbinds, question_.names[i], exception);
    }
    if (varbinds.size() + pdu_header > room_) return refused(error_status::too_big, 0);
    return write_pdu(ber::tag::response, question_.request_id, 0, 0, varbinds);
  }

  // One varbind more, if there is room. `name` is answered with the exception when the walk is over.
  bool add(std::string& varbinds, const std::optional<Place>& place, const Oid& name) {
    const std::size_t before = varbinds.size();
    if (place)
      walker_.write(varbinds, *place);
    else
      write_exception(varbinds, name, ber::tag::end_of_mib_view);
    if (varbinds.size() + pdu_header <= room_ || view_.manners.too_big != 0) return true;
    varbinds.resize(before);
    return false;
  }

  std::string bulk() {
    const std::size_t alone =
        std::min(static_cast<std::size_t>(std::max(question_.error_status, 0)), question_.names.size());
    const auto repetitions = static_cast<std::size_t>(std::max(question_.error_index, 0));
    std::string varbinds;
    for (std::size_t i = 0; i < alone; ++i) {
      if (!add(varbinds, walker_.next(question_.names[i]), question_.names[i])) return finish(varbinds);
    }
    repeat(varbinds, std::span(question_.names).subspan(alone), repetitions);
    return finish(varbinds);
  }

  void repeat(std::string& varbinds, std::span<const Oid> names, std::size_t repetitions) {
    std::vector<std::optional<Place>> places(names.size());
    std::vector<Oid> last(names.begin(), names.end());
    std::size_t rows = 0;
    for (std::size_t turn = 0; turn < repetitions && rows < max_rows_an_answer; ++turn) {
      bool any = false;
      for (std::size_t i = 0; i < names.size(); ++i, ++rows) {
        if (turn == 0)
          places[i] = walker_.next(names[i]);
        else if (places[i])
          places[i] = step(*places[i], last[i]);
        any = any || places[i].has_value();
        if (!add(varbinds, places[i], last[i])) return;
      }
      if (!any) return;  // RFC 3416 §4.2.3: nothing but endOfMibView may be left out
    }
  }

  // Remembers the name that endOfMibView is said about.
  std::optional<Place> step(const Place& from, Oid& last) {
    const auto to = walker_.next(from);
    if (!to && from.row != nullptr) last = from.row->name;
    return to;
  }

  [[nodiscard]] std::string finish(const std::string& varbinds) const {
    if (view_.manners.too_big != 0 && varbinds.size() + pdu_header > room_) return refused(error_status::too_big, 0);
    return write_pdu(ber::tag::response, question_.request_id, 0, 0, varbinds);
  }

  const View& view_;
  Walker walker_;
  const Pdu& question_;
  std::size_t room_;
};

}  // namespace

std::string answer_to(const View& view, const Pdu& question, std::size_t room) {
  if (question.type == ber::tag::get_bulk && view.manners.no_bulk) return {};
  return Answerer(view, question, room).run();
}

}  // namespace platen::zoo
