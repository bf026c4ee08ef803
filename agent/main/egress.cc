#include "agent/main/egress.h"

#include <nlohmann/json.hpp>

#include "agent/host/files.h"
#include "base/log.h"
#include "proto/reading_codec.h"

namespace platen::agent {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t largest = 1U << 20U;
constexpr unsigned owner_and_group = 0640;

std::uint64_t number(const Json& object, const char* key) {
  const auto at = object.find(key);
  return at != object.end() && at->is_number_unsigned() ? at->get<std::uint64_t>() : 0;
}

}  // namespace

Egress::Egress(std::string file, const Clock& clock) : file_(std::move(file)), since_(clock.wall()) {}

void Egress::restore() {
  const std::lock_guard hold(mutex_);
  if (restored_) return;
  const auto read = host::read_file(file_, largest);
  if (read) add(read->octets);
  restored_ = read.has_value();
}

// What was counted since the start while the file could not be read counts as well.
void Egress::add(std::string_view text) try {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object() || json.value("schema", Json()) != "platen.egress/1") return;
  if (const auto since = from_rfc3339(json.value("since", std::string()))) since_ = *since;
  if (epoch_.empty()) epoch_ = json.value("epoch", std::string()), through_ = number(json, "through");
  const Json records = json.value("records", Json::object()), fields = json.value("fields", Json::object());
  for (const auto& [kind, each] : records.items()) {
    records_[kind].count += number(each, "sent");
    records_[kind].octets += number(each, "octets");
  }
  for (const auto& [name, each] : fields.items()) {
    fields_[name].sent += number(each, "sent");
    fields_[name].pseudonymised += number(each, "pseudonymised");
    fields_[name].held_back += number(each, "held_back");
  }
} catch (const Json::exception&) {
  log::warn("egress.unreadable", {{"why", "it holds something else than the agent wrote; counted from now on"}});
}

void Egress::held_back(const privacy::Counts& counts) {
  const std::lock_guard hold(mutex_);
  for (const auto& [name, count] : counts) fields_[name].held_back += count.held_back;
  changed_ = changed_ || !counts.empty();
}

void Egress::leaves(const std::string& epoch, std::uint64_t seq, std::string_view kind, std::string_view octets) {
  const std::lock_guard hold(mutex_);
  if (epoch != epoch_) epoch_ = epoch, through_ = 0;
  if (seq <= through_) return;  // sent again
  through_ = seq;
  count(std::string(kind), octets);
  if (kind == "reading") count_fields(octets);
}

void Egress::leaves_as_preview(std::string_view octets) {
  const std::lock_guard hold(mutex_);
  count("preview", octets);
  count_fields(octets);
}

void Egress::count(const std::string& kind, std::string_view octets) {
  Records& records = records_[kind];
  ++records.count;
  records.octets += octets.size();
  changed_ = true;
}

void Egress::count_fields(std::string_view octets) {
  if (const auto reading = wire::decode_reading(octets)) privacy::count_leaving(*reading, fields_);
}

std::string Egress::to_json() const {
  Json out = {{"schema", "platen.egress/1"}, {"since", to_rfc3339(since_)}, {"epoch", epoch_}, {"through", through_}};
  out["records"] = Json::object();
  for (const auto& [kind, each] : records_) out["records"][kind] = {{"sent", each.count}, {"octets", each.octets}};
  out["fields"] = Json::object();
  for (const auto& [name, each] : fields_)
    out["fields"][name] = {{"sent", each.sent}, {"pseudonymised", each.pseudonymised}, {"held_back", each.held_back}};
  return out.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

void Egress::save() {
  std::string text;
  {
    const std::lock_guard hold(mutex_);
    if (!std::exchange(changed_, false)) return;
    text = to_json();
  }
  const auto written = host::write_file(file_, text, owner_and_group, host::Existing::replace);
  if (!written && !complained_) log::warn("egress.unwritten", {{"why", written.error().text}});
  complained_ = !written;
}

}  // namespace platen::agent
