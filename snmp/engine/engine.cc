#include "snmp/engine/engine.h"

#include <algorithm>
#include <unordered_map>

#include "snmp/engine/codec.h"
#include "snmp/engine/deadlines.h"
#include "snmp/engine/job.h"
#include "snmp/engine/outbox.h"
#include "snmp/engine/request_ids.h"
#include "snmp/engine/turns.h"
#include "snmp/engine/window.h"

namespace platen::snmp {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t batch = 64;
constexpr int most_resyncs = 2;  // one for the engine, one for its time
constexpr int most_excused = 4;

struct PeerHash {
  std::size_t operator()(const Peer& peer) const noexcept {
    return std::hash<IpAddress>()(peer.address) * 31 + peer.port;
  }
};

bool is_engine_id(std::span<const std::uint8_t> octets) {
  return octets.size() >= 5 && octets.size() <= 32;
}  // RFC 3411 §5

class Multiplexer final : public Engine {
 public:
  Multiplexer(std::unique_ptr<DatagramPort> port, std::size_t window, const Clock& clock)
      : port_(std::move(port)), clock_(clock), window_(window) {}

  void ask(const Peer& peer, const Credential& credential, Ask ask, const Patience& patience, Done done) override {
    Job job{.ask = std::move(ask), .credential = &credential, .patience = patience, .done = std::move(done)};
    if (credential.version == Version::v3) {
      const auto login = logins_.of(credential);
      if (login) job.login = *login;
      if (!login) job.refusal = login.error().text;
    }
    queue(peer, std::move(job));
  }

  void discover(const Peer& peer, const Patience& patience, Done done) override {
    queue(peer, Job{.patience = patience, .done = std::move(done)});
  }

  bool step(milliseconds longest) override {
    if (work()) return pending_ > 0;
    port_->wait(patience_left(longest), !outbox_.empty());
    work();
    return pending_ > 0;
  }

  [[nodiscard]] std::size_t pending() const override { return pending_; }

  [[nodiscard]] std::size_t window() const override { return window_.size(); }

  [[nodiscard]] EngineCounts counts() const override {
    EngineCounts counts = counts_;
    counts.dropped_by_kernel = port_->dropped();
    return counts;
  }

  [[nodiscard]] Traffic& traffic() override { return traffic_; }

 private:
  using Devices = std::unordered_map<Peer, Device, PeerHash>;

  void queue(const Peer& peer, Job job) {
    Device& device = devices_.try_emplace(peer, Device{.peer = peer}).first->second;
    if (device.subnet == nullptr) device.subnet = &traffic_.of(peer.address);
    if (is_print_port(peer.port)) job.refusal = "printers print what they receive on that port: it is never asked";
    device.jobs.push_back(std::move(job));
    ++pending_;
    if (device.jobs.size() == 1) turns_.add(device, clock_.monotonic());
  }

  // Everything that can be done now; false when that was nothing.
  bool work() {
    const bool received = receive();
    const bool expired = expire();
    const bool begun = begin_ready();
    const std::size_t unsent = outbox_.size();
    flush();
    return received || expired || begun || outbox_.size() < unsent;
  }

  [[nodiscard]] milliseconds patience_left(milliseconds longest) const {
    const MonotonicTime now = clock_.monotonic();
    milliseconds left = longest;
    if (const auto next = deadlines_.next()) left = std::min(left, *next - now);
    const auto turn = in_flight_.size() < window_.size() ? turns_.due(now) : std::nullopt;
    if (turn) left = std::min(left, *turn - now);
    return std::max(left, milliseconds(0));
  }

  // ---- out

  bool begin_ready() {
    bool any = false;
    const MonotonicTime now = clock_.monotonic();
    while (in_flight_.size() < window_.size()) {
      Device* device = turns_.next(traffic_, now);
      if (device == nullptr) break;
      begin(*device);
      any = true;
      if (outbox_.size() < batch) continue;
      flush();
      if (!outbox_.empty()) break;  // the kernel has enough for now
    }
    return any;
  }

  void begin(Device& device) {
    Job& job = device.jobs.front();
    device.in_flight = true;
    if (!job.refusal.empty()) return finish(device, {.is = Answer::Is::send_failed, .text = job.refusal});
    const bool needs_engine = job.is_v3() && (job.credential == nullptr || !device.authority);
    enter(device, needs_engine ? Job::Stage::discovering : Job::Stage::asking);
  }

  // Starts a stage of the job in flight: a new id, no tries yet.
  void enter(Device& device, Job::Stage stage) {
    Job& job = device.jobs.front();
    in_flight_.erase(job.id);
    do job.id = ids_.next();
    while (in_flight_.contains(job.id));
    in_flight_.emplace(job.id, &device);
    job.stage = stage;
    job.tries = 1;
    transmit(device);
  }

  void transmit(Device& device) {
    Job& job = device.jobs.front();
    job.deadline = MonotonicTime::max();  // set when the port has taken it
    const auto encoded = encode(device, job);
    if (!encoded)
      return finish(device, {.is = Answer::Is::send_failed, .tries = job.tries, .text = encoded.error().text});
    traffic_.take(*device.subnet, 1);
    outbox_.add(device.peer, job.id);
  }

  Expected<void> encode(Device& device, const Job& job) {
    if (job.stage == Job::Stage::discovering) return codec::encode_discovery(job.id, outbox_.octets());
    if (!job.is_v3()) return codec::encode(job.ask, *job.credential, job.id, outbox_.octets());
    return codec::encode(job.ask, *job.login, *device.authority, clock_.monotonic(), job.id, outbox_.octets());
  }

  void flush() {
    if (outbox_.empty()) return;
    const MonotonicTime now = clock_.monotonic();
    outbox_.flush(*port_, [&](const Outbox::Entry& entry) {
      ++counts_.sent;
      counts_.sent_octets += entry.end - entry.begin;
      Traffic::sent(traffic_.of(entry.to.address), entry.end - entry.begin);
      const auto found = in_flight_.find(entry.id);
      if (found != in_flight_.end()) sent(found->second->jobs.front(), now);
    });
  }

  void sent(Job& job, MonotonicTime now) {
    constexpr int most_doublings = 8;
    if (job.tries == 1) job.first_sent = now;
    job.dropped_before = port_->dropped();
    job.deadline = now + job.patience.timeout * (1 << std::min(job.tries - 1, most_doublings));
    deadlines_.add(job.deadline, job.id);
  }

  // ---- time

  bool expire() {
    const MonotonicTime now = clock_.monotonic();
    bool any = false;
    while (const auto due = deadlines_.take_due(now)) {
      const auto found = in_flight_.find(due->id);
      if (found == in_flight_.end() || found->second->jobs.front().deadline != due->at)
        continue;  // answered, or tried again
      timed_out(*found->second);
      any = true;
    }
    return any;
  }

  void timed_out(Device& device) {
    Job& job = device.jobs.front();
    if (port_->dropped() != job.dropped_before && job.excused < most_excused) {
      ++job.excused;  // the answer may have been lost here
      return transmit(device);
    }
    if (job.tries <= job.patience.retries) {
      ++job.tries;
      return transmit(device);
    }
    device.authority.reset();  // perhaps another device lives there now
    if (!job.other_names) {
      return finish(device, {.is = Answer::Is::timeout,
                             .tries = job.tries,
                             .text = job.rubbish ? "only datagrams that are no SNMP" : ""});
    }
    finish(device,
           {.is = Answer::Is::bad, .tries = job.tries, .text = "answered, but with other names than were asked for"});
  }

  // ---- in

  bool receive() {
    const auto batch_in = port_->receive();
    for (const InDatagram& datagram : batch_in) take(datagram);
    if (batch_in.empty()) return false;
    window_.lost(port_->dropped(), clock_.monotonic());
    return true;
  }

  void take(const InDatagram& datagram) {
    if (datagram.unreachable || !datagram.send_failure.empty()) return take_failure(datagram);
    ++counts_.received;
    counts_.received_octets += datagram.octets.size();
    traffic_.received(datagram.from.address, datagram.octets.size());
    const auto seen = peek(datagram.octets);
    const auto found = seen ? in_flight_.find(seen->id) : in_flight_.end();
    if (found == in_flight_.end() || !fits(*found->second, datagram.from, *seen)) {
      ++counts_.unsolicited;
      const auto device = seen ? devices_.end() : devices_.find(datagram.from);
      if (device != devices_.end() && device->second.in_flight) device->second.jobs.front().rubbish = true;
      return;
    }
    Device& device = *found->second;
    if (!device.jobs.front().is_v3()) return take_message(device, datagram, codec::decode(datagram.octets));
    if (device.jobs.front().stage == Job::Stage::discovering) return take_engine(device, datagram, *seen);
    take_v3(device, datagram, *seen);
  }

  static bool fits(const Device& device, const Peer& from, const Peek& seen) {
    const Job& job = device.jobs.front();
    if (from != device.peer) return false;
    if (job.is_v3()) return seen.version == Version::v3;
    return seen.version == job.credential->version && seen.pdu == Peek::response;
  }

  void take_failure(const InDatagram& datagram) {
    const auto found = devices_.find(datagram.from);
    if (found == devices_.end() || !found->second.in_flight) return;
    const int tries = found->second.jobs.front().tries;
    if (datagram.unreachable) return finish(found->second, {.is = Answer::Is::unreachable, .tries = tries});
    finish(found->second, {.is = Answer::Is::send_failed, .tries = tries, .text = datagram.send_failure});
  }

  void take_message(Device& device, const InDatagram& datagram, Expected<codec::Message> message) {
    Job& job = device.jobs.front();
    if (!message) return reply(device, datagram, {.is = Answer::Is::bad, .text = message.error().text});
    if (static_cast<std::uint32_t>(message->request_id) != job.id ||
        !answers(job.ask, message->error_status, message->varbinds)) {
      ++counts_.unsolicited;
      job.other_names = true;
      return;
    }
    reply(device, datagram,
          {.is = Answer::Is::response,
           .error_status = message->error_status,
           .error_index = message->error_index,
           .varbinds = std::move(message->varbinds)});
  }

  void take_engine(Device& device, const InDatagram& datagram, const Peek& seen) {
    const auto message = codec::decode_discovery(datagram.octets, seen);
    if (!message || !message->is_report || !is_engine_id(seen.engine_id)) {
      return reply(device, datagram, {.is = Answer::Is::bad, .text = "the answer to SNMPv3 discovery names no engine"});
    }
    device.authority.emplace(seen, clock_.monotonic());
    if (device.jobs.front().credential != nullptr) return enter(device, Job::Stage::asking);
    reply(device, datagram, {.is = Answer::Is::report, .report = message->report});
  }

  void take_v3(Device& device, const InDatagram& datagram, const Peek& seen) {
    Job& job = device.jobs.front();
    auto message = codec::decode(datagram.octets, seen, *job.login, *device.authority);
    if (!message) return take_message(device, datagram, std::move(message));
    const MonotonicTime now = clock_.monotonic();
    const bool late = message->is_authentic && !device.authority->timely(seen, now);
    const bool strange = message->report == Answer::Report::unknown_engine;
    const bool stale = message->report == Answer::Report::not_in_time_window;
    if ((late || strange || stale) && job.resyncs < most_resyncs) {
      ++job.resyncs;
      if (late || strange) device.authority.reset();
      if (device.authority && !message->is_authentic && is_engine_id(seen.engine_id))
        device.authority.emplace(seen, now);
      return enter(device, device.authority ? Job::Stage::asking : Job::Stage::discovering);
    }
    if (late)
      return reply(device, datagram, {.is = Answer::Is::bad, .text = "the answer is outside the SNMPv3 time window"});
    if (!message->is_report) return take_message(device, datagram, std::move(message));
    reply(device, datagram, {.is = Answer::Is::report, .report = message->report});
  }

  // ---- ends

  void reply(Device& device, const InDatagram& datagram, Answer answer) {
    const Job& job = device.jobs.front();
    answer.octets = datagram.octets.size();
    answer.round_trip = clock_.monotonic() - job.first_sent;
    answer.tries = job.tries;
    if (job.tries == 1)
      device.answered_in(std::chrono::duration_cast<milliseconds>(answer.round_trip), clock_.monotonic());
    window_.answered();
    finish(device, std::move(answer));
  }

  void finish(Device& device, Answer answer) {
    if (device.authority) answer.engine_id = device.authority->engine_id();
    const Job job = std::move(device.jobs.front());
    device.jobs.pop_front();
    device.in_flight = false;
    in_flight_.erase(job.id);
    --pending_;
    if (!device.jobs.empty()) turns_.add(device, clock_.monotonic());
    const Peer peer = device.peer;
    job.done(answer);  // may ask again
    if (device.jobs.empty() && !device.authority) devices_.erase(peer);
  }

  std::unique_ptr<DatagramPort> port_;
  const Clock& clock_;
  Window window_;
  RequestIds ids_;
  Logins logins_;
  Devices devices_;
  std::unordered_map<std::uint32_t, Device*> in_flight_;
  Traffic traffic_;
  Turns turns_;  // of those that have something to ask and nothing in flight
  Deadlines deadlines_;
  Outbox outbox_;
  std::size_t pending_ = 0;
  EngineCounts counts_;
};

}  // namespace

Expected<std::unique_ptr<Engine>> Engine::open(std::unique_ptr<DatagramPort> port, const EngineOptions& options,
                                               const Clock& clock) {
  if (port == nullptr) return fail(Code::bug, "an SNMP engine needs a datagram port");
  codec::start();
  const std::size_t window = options.window != 0 ? options.window : Window::fitting(port->receive_buffer());
  return std::make_unique<Multiplexer>(std::move(port), window, clock);
}

}  // namespace platen::snmp
