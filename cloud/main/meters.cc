// meters list, meters confirm, meters reject, usage: the book of meters for people who bill from it.
#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "base/clock.h"
#include "base/command/list.h"
#include "base/reading/names.h"
#include "base/zone/zone.h"
#include "cloud/main/desk.h"
#include "cloud/main/program.h"
#include "cloud/main/without_store.h"

namespace platen::cloud {
namespace {

using Json = nlohmann::ordered_json;

std::string time_text(const std::optional<WallTime>& time) { return time ? to_rfc3339(*time) : ""; }

std::string line(const Json& document) { return document.dump(-1, ' ', false, Json::error_handler_t::replace); }

void add_meter(Json& document, const MeterRow& meter) {
  document["printer"] = meter.printer;
  document["meter"] = meter.meter;
  if (meter.unit) document["unit"] = name_of(MibEnum::prtMarkerCounterUnit, *meter.unit);
  document["source"] = meter.source;
}

// As everywhere: whole numbers above 2^53 are texts.
template <class Number>
Json exact(Number number) {
  constexpr std::int64_t most = std::int64_t{1} << 53U;
  const bool fits = std::is_signed_v<Number>
                        ? static_cast<std::int64_t>(number) >= -most && static_cast<std::int64_t>(number) <= most
                        : static_cast<std::uint64_t>(number) <= std::uint64_t{most};
  return fits ? Json(number) : Json(std::to_string(number));
}

command::List list_epochs(const std::vector<MeterEpochRow>& rows) {
  command::List list{.columns = {{"id"},
                                 {"printer"},
                                 {"meter"},
                                 {"reason"},
                                 {"state"},
                                 {"before", true},
                                 {"now", true},
                                 {"carry", true},
                                 {"read_at"},
                                 {"source"}},
                     .rows = {},
                     .lines = {}};
  for (const MeterEpochRow& row : rows) {
    const meter::Epoch& epoch = row.epoch;
    const std::string reason(meter::code_of(epoch.reason)), state(meter::word_of(epoch.standing));
    list.rows.push_back({row.id, row.meter.printer, row.meter.meter, reason, state, std::to_string(epoch.before),
                         std::to_string(epoch.first.count), std::to_string(epoch.carry), time_text(epoch.first.at),
                         row.meter.source});
    Json document = {{"schema", "platen.meter-epoch/1"}, {"id", row.id}};
    add_meter(document, row.meter);
    document["reason"] = reason;
    document["state"] = state;
    document["sentence"] = sentence(epoch.reason, epoch.before, epoch.first.count);
    document["before"] = exact(epoch.before);
    document["now"] = exact(epoch.first.count);
    document["carry"] = exact(epoch.carry);
    if (epoch.first.at) document["read_at"] = to_rfc3339(*epoch.first.at);
    list.lines.push_back(line(document));
  }
  return list;
}

std::string joined(const std::vector<std::string>& sentences) {
  std::string out;
  for (const std::string& each : sentences) out.append(out.empty() ? "" : "; ").append(each);
  return out;
}

command::List list_usage(const std::vector<UsageRow>& rows) {
  command::List list{.columns = {{"printer"},
                                 {"meter"},
                                 {"usage", true},
                                 {"unit"},
                                 {"from"},
                                 {"from_count", true},
                                 {"to"},
                                 {"to_count", true},
                                 {"source"},
                                 {"missing"}},
                     .rows = {},
                     .lines = {}};
  for (const UsageRow& row : rows) {
    const meter::Usage& usage = row.usage;
    const auto at = [](const std::optional<meter::Sample>& sample) {
      return sample ? time_text(sample->value.at) : std::string();
    };
    const auto count = [](const std::optional<meter::Sample>& sample) {
      return sample ? std::to_string(sample->value.count) : std::string();
    };
    list.rows.push_back({row.meter.printer, row.meter.meter, usage.counted ? std::to_string(*usage.counted) : "",
                         row.meter.unit ? name_of(MibEnum::prtMarkerCounterUnit, *row.meter.unit) : "", at(usage.from),
                         count(usage.from), at(usage.to), count(usage.to), row.meter.source, joined(usage.why)});
    Json document = {{"schema", "platen.usage/1"}};
    add_meter(document, row.meter);
    if (usage.counted) document["usage"] = exact(*usage.counted);
    for (const auto& [key, sample] : {std::pair("from", &usage.from), std::pair("to", &usage.to)}) {
      if (!*sample) continue;
      document[key]["count"] = exact((*sample)->value.count);
      if ((*sample)->value.at) document[key]["read_at"] = to_rfc3339(*(*sample)->value.at);
    }
    document["missing"] = usage.why;
    list.lines.push_back(line(document));
  }
  return list;
}

struct Period {
  WallTime from, to;
};

Expected<WallTime> time_of(const command::Arguments& arguments, const char* option, const Zone& zone) {
  const std::string text = arguments.text(option);
  if (const auto day = day_from_text(text)) return zone.begin_of(*day);
  auto time = from_rfc3339(text);
  if (!time)
    return fail(Code::invalid,
                std::string(option) + ": '" + text + "' is no time; write 2026-11-01 or 2026-11-01T06:00:00Z");
  return time;
}

Expected<Period> period_of(const command::Arguments& arguments, WallTime now) {
  const auto zone = Zone::load(arguments.text("--zone"));
  if (!zone) return fail(zone.error().in("--zone"));
  const std::chrono::year_month_day today{zone->day_of(now)};
  Expected<WallTime> from =
      zone->begin_of(Day(std::chrono::year_month_day{today.year(), today.month(), std::chrono::day(1)}));
  Expected<WallTime> to = now;
  if (arguments.has("--from")) from = time_of(arguments, "--from", *zone);
  if (arguments.has("--to")) to = time_of(arguments, "--to", *zone);
  if (!from || !to) return fail(!from ? from.error() : to.error());
  if (*to <= *from) return fail(Code::invalid, "--to is not after --from; nothing lies between them");
  return Period{*from, *to};
}

int decide(const command::Arguments& arguments, bool confirmed) {
  std::optional<std::int64_t> carry;
  if (const std::string text = confirmed ? arguments.text("--carry") : ""; !text.empty()) {
    std::int64_t number = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (fault != std::errc{} || end != text.data() + text.size())
      return refused({Code::invalid, "--carry: '" + text + "' is no whole number"});
    carry = number;
  }
  const auto desk = open_desk(arguments);
  if (!desk) return refused(desk.error());
  int code = command::done;
  for (const std::string& id : arguments.positionals()) {
    const auto done = desk->book->decide(id, confirmed, carry, system_clock().wall());
    if (done) {
      command::print(id + ": " + std::to_string(*done) + (*done == 1 ? " epoch " : " epochs ") +
                     (confirmed ? "confirmed\n" : "rejected\n"));
    } else if (done.error().code == Code::not_found) {
      command::print_error("platen-cloud", done.error(), "", "not_found");
      code = std::max<int>(code, command::incomplete);
    } else {
      code = std::max(code, refused(done.error()));
    }
  }
  return code;
}

}  // namespace

Expected<Desk> open_desk(const command::Arguments& arguments) {
  auto store = open_sqlite_store_read_only(store_file(arguments));
  if (!store) return fail(without_store(store.error(), arguments.text("--data")));
  auto book = MeterBook::open(meters_file(arguments), **store);
  if (!book) return fail(book.error());
  return Desk{std::move(*store), std::move(*book)};
}

int run_meters_list(const command::Arguments& arguments) {
  const auto desk = open_desk(arguments);
  if (!desk) return refused(desk.error());
  const auto rows = desk->book->epochs(arguments.text("--printer"), arguments.has("--decided"));
  if (!rows) return refused(rows.error());
  command::print_list(arguments, list_epochs(*rows));
  return command::done;
}

int run_meters_confirm(const command::Arguments& arguments) { return decide(arguments, true); }
int run_meters_reject(const command::Arguments& arguments) { return decide(arguments, false); }

int run_usage(const command::Arguments& arguments) {
  const auto period = period_of(arguments, system_clock().wall());
  if (!period) return refused(period.error());
  const auto desk = open_desk(arguments);
  if (!desk) return refused(desk.error());
  const auto rows =
      desk->book->usage(arguments.text("--printer"), period->from, period->to, arguments.has("--every-meter"));
  if (!rows) return refused(rows.error());
  command::print_list(arguments, list_usage(*rows));
  const bool whole = std::all_of(rows->begin(), rows->end(), [](const UsageRow& row) { return row.usage.why.empty(); });
  return whole ? command::done : command::incomplete;
}

}  // namespace platen::cloud
