#include "tests/zoo/device.h"

#include <algorithm>

namespace platen::zoo {
namespace {

constexpr std::size_t message_header = 24;  // around a v1/v2c PDU, without the community
constexpr std::uint32_t max_message = 65507;

// RFC 3411 §5: enterprise number with the first bit set, format 3, MAC address.
std::string engine_id_of(const Species& species, const Who& who) {
  const std::uint32_t enterprise =
      species.model && species.model->sys_object_id.size() > 6 ? species.model->sys_object_id[6] : 8072;
  std::string id;
  for (const unsigned shift : {24U, 16U, 8U, 0U}) id += static_cast<char>((enterprise | 0x80000000U) >> shift & 0xFFU);
  return id + '\x03' + who.macs[0];
}

}  // namespace

std::uint32_t first_ticks(std::uint32_t number) {
  return static_cast<std::uint32_t>(360'000 + chance(number, "uptime", 30 * std::uint64_t{8'640'000}));
}

snmp::VarBinds rows_of(const DeviceSpec& device, std::uint32_t ticks) {
  static const Model no_model;
  const Model& model = device.species->model ? *device.species->model : no_model;
  const Who who = who_is(model, device.number, device.address);
  const Moment now = device.species->model ? moment_of(model, who, ticks) : Moment{};
  const Scene scene{model, who, now};
  snmp::VarBinds rows;
  for (const Row& row : device.species->rows->rows) {
    if (!row.when || row.when(scene)) rows.push_back({row.name_at(device.address), row.value(&scene)});
  }
  return rows;
}

Device::Device(DeviceSpec spec) : spec_(std::move(spec)), boot_ticks_(first_ticks(spec_.number)) {
  static const Model no_model;
  who_ = who_is(spec_.species->model ? *spec_.species->model : no_model, spec_.number, spec_.address);
  engine_.id = engine_id_of(*spec_.species, who_);
  engine_.boots = 1 + spec_.number % 50;
}

void Device::set_ticks(std::uint32_t ticks) {
  if (spec_.species->model) moment_ = moment_of(*spec_.species->model, who_, ticks);
  moment_.ticks = ticks;
}

void Device::listen(Time now, const FleetClock& clock) {
  using std::chrono::milliseconds;
  if (booted_ == Time{}) booted_ = clock.started;
  const bool new_talk = heard_ == Time{} || now - heard_ >= clock.idle;
  heard_ = now;
  in_talk_ = new_talk ? 1 : in_talk_ + 1;
  const auto since_boot = std::chrono::duration_cast<milliseconds>(now - booted_).count();
  if (new_talk) set_ticks(boot_ticks_ + static_cast<std::uint32_t>(since_boot * clock.speed / 10));
  if (in_talk_ == spec_.manners.reboot) {
    booted_ = now;
    boot_ticks_ = 0;
    ++engine_.boots;
    set_ticks(0);
  }
  engine_.time = static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::seconds>(now - booted_).count()) +
                 boot_ticks_ / 100;
  if (spec_.manners.wild_clock) engine_.time += 600 * static_cast<std::uint32_t>(counters_.requests);
}

std::optional<Reply> Device::handle(std::string_view datagram, Time now, const FleetClock& clock,
                                    std::minstd_rand& random) {
  ++counters_.requests;
  const Manners& manners = spec_.manners;
  listen(now, clock);
  if (manners.loss > 0 && std::uniform_real_distribution<>(0, 1)(random) < manners.loss) return std::nullopt;
  if (manners.one_at_a_time && now < busy_until_) return std::nullopt;
  Reply out{reply(datagram), now + manners.latency, nth(manners.wrong_source)};
  if (out.datagram.empty() || (manners.drop_above != 0 && out.datagram.size() > manners.drop_above))
    return std::nullopt;
  if (manners.jitter.count() > 0) {
    const auto most = std::chrono::duration_cast<std::chrono::microseconds>(manners.jitter).count();
    out.due += std::chrono::microseconds(std::uniform_int_distribution<std::int64_t>(0, most)(random));
  }
  busy_until_ = std::max(out.due, now + std::chrono::milliseconds(manners.one_at_a_time ? 5 : 0));
  if (manners.one_at_a_time) out.due = busy_until_;
  ++counters_.answers;
  return out;
}

std::string Device::reply(std::string_view datagram) {
  auto message = read_message(datagram);
  if (!message) return {};
  if (message->version == 3) return spec_.manners.v1_only ? std::string{} : reply_v3(datagram);
  const Access& access = *spec_.access;
  const bool is_v1 = message->version == 0;
  if (is_v1 ? !access.v1 : !access.v2c || spec_.manners.v1_only) return {};
  if (std::find(access.communities.begin(), access.communities.end(), message->community) == access.communities.end())
    return {};
  const std::string pdu = answer(message->pdu, is_v1, message_header + message->community.size(), max_message);
  return pdu.empty() ? pdu : write_message(message->version, message->community, pdu);
}

std::string Device::reply_v3(std::string_view datagram) {
  if (spec_.access->users.empty()) return {};
  UsmQuestion question = usm_open(engine_, spec_.access->users, datagram);
  if (!question.pdu) return question.report;
  const auto most = static_cast<std::size_t>(std::clamp<std::int64_t>(question.max_size, 484, max_message));
  const std::string pdu = question.full_level ? answer(*question.pdu, false, usm_overhead(engine_, question), most)
                                              : write_pdu(ber::tag::response, question.pdu->request_id,
                                                          error_status::authorization, 1, question.pdu->varbinds);
  return pdu.empty() ? pdu : usm_seal(engine_, question, pdu);
}

std::string Device::answer(const Pdu& question, bool is_v1, std::size_t overhead, std::size_t manager_takes) {
  const std::optional<Model>& model = spec_.species->model;
  std::optional<Scene> scene;
  if (model) scene.emplace(Scene{*model, who_, moment_});
  std::size_t most = std::min(model ? model->max_answer : std::size_t{1472}, manager_takes);
  if (spec_.manners.too_big != 0) most = std::min(most, spec_.manners.too_big);
  if (spec_.manners.drop_above != 0) most = std::max<std::size_t>(most, 1472);
  const View view{*spec_.species->rows, scene ? &*scene : nullptr, spec_.address, spec_.manners, is_v1};
  if (!nth(spec_.manners.wrong_id)) return answer_to(view, question, most - std::min(most, overhead));
  Pdu other = question;
  other.request_id ^= 0x55;
  return answer_to(view, other, most - std::min(most, overhead));
}

}  // namespace platen::zoo
