// The Printer MIB (RFC 3805), table by table, with the column numbers of the RFC.
#include "tests/zoo/rows.h"
#include "tests/zoo/texts.h"

namespace platen::zoo {
namespace {

using snmp::Oid;
using snmp::Type;
using snmp::Value;

const Oid printmib{1, 3, 6, 1, 2, 1, 43};

// The cells of one conceptual row: entry.column.hrDeviceIndex.index
class Table {
 public:
  Table(Rows& rows, const Model& model, std::initializer_list<std::uint32_t> entry)
      : rows_(rows), model_(model), entry_(printmib + std::span(entry.begin(), entry.size())) {}
  Table& row(std::uint32_t index) { return index_ = index, *this; }
  Table& when(Row::When when) { return when_ = std::move(when), *this; }

  void number(std::uint32_t column, std::int64_t value, Type type = Type::integer) {
    cell(
        column, [value, type](const Scene&) { return Value::integer(value, type); }, Value::integer(value, type));
  }
  void text(std::uint32_t column, std::string_view utf8) {
    Value value = Value::octets(in_charset(model_.charset, utf8));
    cell(
        column, [value](const Scene&) { return value; }, value);
  }
  void at(std::uint32_t column, Row::At at) { rows_.put(name(column), std::move(at), when_); }
  void number_at(std::uint32_t column, std::function<std::int64_t(const Scene&)> number, Type type = Type::integer) {
    at(column, [number = std::move(number), type](const Scene& s) { return Value::integer(number(s), type); });
  }
  void text_at(std::uint32_t column, std::function<std::string(const Scene&)> utf8) {
    at(column,
       [utf8 = std::move(utf8)](const Scene& s) { return Value::octets(in_charset(s.model.charset, utf8(s))); });
  }

 private:
  [[nodiscard]] Oid name(std::uint32_t column) const { return entry_ + column + model_.hr_device_index + index_; }
  void cell(std::uint32_t column, Row::At at, Value constant) {
    if (when_) return rows_.put(name(column), std::move(at), when_);
    rows_.put(name(column), std::move(constant));
  }

  Rows& rows_;
  const Model& model_;
  Oid entry_;
  std::uint32_t index_ = 1;
  Row::When when_;
};

Type counter_type(const Model& model) { return model.integer_counters ? Type::integer : Type::counter32; }

void put_general(Rows& rows, const Model& model) {
  const Oid entry = printmib + std::span<const std::uint32_t>(std::initializer_list<std::uint32_t>{5, 1, 1});
  const auto cell = [&](std::uint32_t column) { return entry + column + model.hr_device_index; };
  const auto number = [&](std::uint32_t column, std::int64_t value) { rows.number(cell(column), value); };
  rows.put(cell(1),
           [](const Scene& s) { return Value::integer(std::int64_t{1} + s.now.ticks / 8'640'000, Type::counter32); });
  number(2, model.localizations);  // prtGeneralCurrentLocalization
  number(3, 3);                    // prtGeneralReset: notResetting
  rows.text(cell(4), "");
  rows.text(cell(5), "");
  for (const std::uint32_t column : {6U, 7U, 8U, 9U}) number(column, 1);  // default input, output, marker, media path
  number(10, model.localizations);
  number(11, model.console_lines);
  number(12, 40);
  number(13, 3);  // prtConsoleDisable: enabled
  number(14, 3);
  number(15, 3);
  rows.put(cell(16), [](const Scene& s) { return Value::octets(filled(s.model.printer_name, s.model, s.who)); });
  rows.put(cell(17), [](const Scene& s) { return Value::octets(s.who.serial); });
  rows.put(cell(18), [](const Scene& s) {
    return Value::integer(static_cast<std::int64_t>(s.now.ticks / 4'320'000), Type::counter32);
  });
  rows.put(cell(19), [](const Scene& s) {
    return Value::integer(static_cast<std::int64_t>(s.now.ticks / 2'160'000), Type::counter32);
  });
}

void put_covers(Rows& rows, const Model& model) {
  Table table(rows, model, {6, 1, 1});
  for (std::size_t i = 0; i < model.covers.size(); ++i) {
    table.row(static_cast<std::uint32_t>(i + 1));
    table.text(2, model.covers[i]);
    table.number_at(3, [i](const Scene& s) { return s.now.covers[i]; });
  }
}

// The last localization is in force; the others are there to be mistaken for it.
void put_localizations(Rows& rows, const Model& model) {
  Table table(rows, model, {7, 1, 1});
  for (std::uint32_t i = 1; i <= model.localizations; ++i) {
    const bool current = i == model.localizations;
    table.row(i);
    table.text(2, current ? model.words->language : "en");
    table.text(3, current ? model.words->country : "US");
    table.number(4, static_cast<std::int32_t>(current ? model.charset : Charset::utf8));
  }
}

void put_inputs(Rows& rows, const Model& model) {
  Table table(rows, model, {8, 2, 1});
  for (std::size_t i = 0; i < model.trays.size(); ++i) {
    const Tray& tray = model.trays[i];
    table.row(tray.index);
    table.number(2, tray.type);
    table.number(3, 4);  // prtInputDimUnit: micrometers
    for (const std::uint32_t column : {4U, 6U}) table.number(column, 297'000);
    for (const std::uint32_t column : {5U, 7U}) table.number(column, 210'000);
    table.number(8, 8);  // sheets
    table.number(9, tray.max);
    table.number_at(10, [i](const Scene& s) { return s.now.trays[i]; });
    table.number_at(11, [i](const Scene& s) {
      return s.now.trays[i] == 0 ? 9 : 0;
    });  // unavailable because on request + warning : idle
    table.text(12, tray.media);
    table.text(13, tray.name);
    for (const std::uint32_t column : {14U, 15U, 16U, 17U}) table.text(column, "");
    table.text(18, tray.description);
    table.number(19, 4);
  }
}

void put_outputs(Rows& rows, const Model& model) {
  Table table(rows, model, {9, 2, 1});
  for (std::size_t i = 0; i < model.bins.size(); ++i) {
    const Bin& bin = model.bins[i];
    table.row(bin.index);
    table.number(2, 3);  // prtOutputType: removableBin
    table.number(3, 8);
    table.number(4, bin.gauge == Gauge::unknown ? -2 : bin.max);
    table.number_at(5, [i](const Scene& s) { return s.now.bins[i]; });
    table.number(6, 0);
    table.text(7, bin.name);
    for (const std::uint32_t column : {8U, 9U, 10U, 11U}) table.text(column, "");
    table.text(12, bin.description);
    table.number(13, 4);
    table.number(19, 3);  // prtOutputStackingOrder: firstToLast
    table.number(20, 4);  // prtOutputPageDeliveryOrientation: faceDown
    for (const std::uint32_t column : {21U, 22U, 23U, 24U}) table.number(column, 5);
  }
}

void put_markers(Rows& rows, const Model& model) {
  Table table(rows, model, {10, 2, 1});
  table.number(2, model.mark_tech);
  table.number(3, model.counter_unit);
  table.number_at(
      4, [](const Scene& s) { return static_cast<std::int64_t>(s.now.pages.life); }, counter_type(model));
  table.number_at(
      5, [](const Scene& s) { return static_cast<std::int64_t>(s.now.pages.power_on); }, counter_type(model));
  table.number(6, static_cast<std::int64_t>(model.colorants.size()));
  table.number(7, 0);
  table.number(8, 3);  // prtMarkerAddressabilityUnit: tenThousandthsOfInches
  for (const std::uint32_t column : {9U, 10U}) table.number(column, 600);
  for (const std::uint32_t column : {11U, 12U, 13U, 14U}) table.number(column, 1667);
  table.number(15, 0);
}

void put_supplies(Rows& rows, const Model& model) {
  Table table(rows, model, {11, 1, 1});
  for (std::size_t i = 0; i < model.supplies.size(); ++i) {
    const Supply& supply = model.supplies[i];
    table.row(supply.index);
    table.number(2, 1);
    table.number(3, supply.colorant);
    table.number(4, supply.supply_class);
    table.number(5, supply.type);
    table.text(6, supply.name);
    table.number(7, supply.unit);
    table.number(8, supply.hides_max || supply.gauge == Gauge::unknown ? -2 : supply.max);
    table.number_at(9, [i](const Scene& s) { return s.now.supplies[i]; });
  }
}

void put_colorants(Rows& rows, const Model& model) {
  Table table(rows, model, {12, 1, 1});
  for (std::size_t i = 0; i < model.colorants.size(); ++i) {
    table.row(static_cast<std::uint32_t>(i + 1));
    table.number(2, 1);
    table.number(3, 3);  // prtMarkerColorantRole: process
    table.text(4, model.colorants[i]);
    table.number(5, 256);
  }
}

void put_channels(Rows& rows, const Model& model) {
  Table media_path(rows, model, {13, 4, 1});
  const std::pair<std::uint32_t, std::int64_t> path[] = {{2, 8},      {3, 4}, {4, 40}, {5, 297'000}, {6, 148'000},
                                                         {7, 98'000}, {8, 3}, {9, 3},  {11, 0}};
  for (const auto& [column, value] : path) media_path.number(column, value);
  media_path.text(10, "Main path");
  Table channel(rows, model, {14, 1, 1});
  std::uint32_t index = 0;
  for (const std::int64_t type : {11, 8}) {  // prtChannelType: Port9100, LPDServer
    channel.row(++index);
    channel.number(2, type);
    channel.text(3, "");
    for (const std::uint32_t column : {4U, 5U, 6U}) channel.number(column, 1);
    channel.number(7, 0);
    channel.text(8, "");
  }
  Table interpreter(rows, model, {15, 1, 1});
  index = 0;
  for (const std::int64_t language : {3, 6, 47}) {  // PCL, PS, PCLXL
    interpreter.row(++index);
    interpreter.number(2, language);
    for (const std::uint32_t column : {3U, 4U, 5U, 6U}) interpreter.text(column, "");
    interpreter.number(7, 3);
    for (const std::uint32_t column : {8U, 9U}) interpreter.number(column, 600);
    for (const std::uint32_t column : {10U, 11U}) interpreter.number(column, 106);
    interpreter.number(12, 3);
  }
}

void put_console(Rows& rows, const Model& model) {
  Table table(rows, model, {16, 5, 1});
  for (std::uint32_t line = 0; line < model.console_lines; ++line) {
    table.row(line + 1).text_at(2, [line](const Scene& s) { return s.now.console[line]; });
  }
}

const ActiveAlert* find_alert(const Scene& scene, std::uint32_t index) {
  for (const ActiveAlert& alert : scene.now.alerts) {
    if (alert.index == index) return &alert;
  }
  return nullptr;
}

// Only active alerts stand in the table: its rows come and go with the levels.
void put_alert(Table& table, std::uint32_t index) {
  table.row(index).when([index](const Scene& s) { return find_alert(s, index) != nullptr; });
  const auto number = [&](std::uint32_t column, auto member, Type type = Type::integer) {
    table.number_at(
        column, [index, member](const Scene& s) { return std::int64_t{find_alert(s, index)->*member}; }, type);
  };
  number(2, &ActiveAlert::severity);
  number(3, &ActiveAlert::training);
  number(4, &ActiveAlert::group);
  number(5, &ActiveAlert::group_index);
  table.number(6, -2);  // prtAlertLocation: unknown
  number(7, &ActiveAlert::code);
  table.text_at(8, [index](const Scene& s) { return find_alert(s, index)->text; });
  number(9, &ActiveAlert::since, Type::time_ticks);
}

void put_alerts(Rows& rows, const Model& model) {
  Table table(rows, model, {18, 1, 1});
  for (std::size_t i = 0; i < model.supplies.size(); ++i) put_alert(table, alert_index(Fault::supply, i));
  for (std::size_t i = 0; i < model.trays.size(); ++i) put_alert(table, alert_index(Fault::tray, i));
  for (std::size_t i = 0; i < model.covers.size(); ++i) put_alert(table, alert_index(Fault::cover, i));
}

// Finisher MIB (RFC 3806). Supplies are numbered through; each tells its finisher.
void put_finishers(Rows& rows, const Model& model) {
  Table device(rows, model, {30, 1, 1}), supply(rows, model, {31, 1, 1});
  std::uint32_t supplies = 0;
  for (std::uint32_t i = 1; i <= model.finishers.size(); ++i) {
    const Finisher& finisher = model.finishers[i - 1];
    device.row(i);
    device.number(2, finisher.type);
    device.number(3, finisher.present);
    device.number(4, 8);  // sheets
    device.number(5, finisher.max);
    device.number(6, finisher.capacity);
    for (const std::uint32_t column : {7U, 8U}) device.text(column, "");
    device.number(9, 0);
    device.text(10, finisher.description);
    if (finisher.supply.empty()) continue;
    supply.row(++supplies);
    supply.number(2, i);
    supply.number(3, finisher.supply_class);
    supply.number(4, finisher.supply_type);
    supply.text(5, finisher.supply);
    supply.number(6, 18);  // items
    supply.number(7, finisher.supply_max);
    supply.number(8, finisher.supply_level);
    supply.text(9, "unknown");
  }
}

}  // namespace

void put_printer(Rows& rows, const Model& model) {
  put_general(rows, model);
  put_covers(rows, model);
  put_localizations(rows, model);
  put_inputs(rows, model);
  put_outputs(rows, model);
  put_markers(rows, model);
  put_supplies(rows, model);
  put_colorants(rows, model);
  put_channels(rows, model);
  put_console(rows, model);
  put_alerts(rows, model);
  put_finishers(rows, model);
}

}  // namespace platen::zoo
