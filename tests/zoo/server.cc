#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <queue>
#include <thread>

#include "tests/zoo/zoo.h"

namespace platen::zoo {
namespace {

constexpr std::size_t batch = 64, slot_size = 4096;

class Handle {
 public:
  explicit Handle(int fd = -1) : fd_(fd) {}
  Handle(Handle&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Handle& operator=(Handle&&) = delete;
  ~Handle() {
    if (fd_ >= 0) close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

Error socket_error(std::uint16_t port, int number) {
  const std::string where = "UDP port " + std::to_string(port);
  if (number == EADDRINUSE) return {Code::conflict, where + " is in use: choose another --port, or 0 for a free one"};
  if (number == EACCES) return {Code::denied, where + " needs more rights: choose a --port above 1023"};
  return {Code::unavailable, where + ": " + std::strerror(number)};
}

Expected<Handle> open_socket(std::uint16_t port) {
  Handle fd(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (fd.get() < 0) return fail(socket_error(port, errno));
  const int on = 1, four_megabytes = 4 << 20;
  setsockopt(fd.get(), SOL_SOCKET, SO_RCVBUF, &four_megabytes, sizeof four_megabytes);
  setsockopt(fd.get(), SOL_SOCKET, SO_RCVBUFFORCE, &four_megabytes, sizeof four_megabytes);
  setsockopt(fd.get(), SOL_SOCKET, SO_SNDBUF, &four_megabytes, sizeof four_megabytes);
  if (setsockopt(fd.get(), IPPROTO_IP, IP_PKTINFO, &on, sizeof on) != 0) return fail(socket_error(port, errno));
  sockaddr_in any{};
  any.sin_family = AF_INET;
  any.sin_port = htons(port);
  if (bind(fd.get(), reinterpret_cast<const sockaddr*>(&any), sizeof any) != 0) return fail(socket_error(port, errno));
  return fd;
}

struct Outgoing {
  Time due;
  std::uint64_t order;  // answers that are due together leave in the order they were made
  sockaddr_in to;
  in_addr from;
  std::string datagram;
  bool operator>(const Outgoing& other) const { return std::tie(due, order) > std::tie(other.due, other.order); }
};

// The buffers of one recvmmsg or sendmmsg.
struct Batch {
  Batch() {
    for (std::size_t i = 0; i < batch; ++i) {
      parts[i] = {slots[i].data(), slots[i].size()};
      reset(i);
    }
  }
  void reset(std::size_t i) {
    headers[i].msg_hdr = {&peers[i], sizeof peers[i], &parts[i], 1, controls[i].data(), controls[i].size(), 0};
  }

  std::array<std::array<char, slot_size>, batch> slots{};
  std::array<iovec, batch> parts{};
  std::array<sockaddr_in, batch> peers{};
  alignas(cmsghdr) std::array<std::array<char, CMSG_SPACE(sizeof(in_pktinfo))>, batch> controls{};
  std::array<mmsghdr, batch> headers{};
};

std::optional<in_addr> destination(msghdr& header) {
  for (cmsghdr* part = CMSG_FIRSTHDR(&header); part != nullptr; part = CMSG_NXTHDR(&header, part)) {
    if (part->cmsg_level != IPPROTO_IP || part->cmsg_type != IP_PKTINFO) continue;
    in_pktinfo info{};
    std::memcpy(&info, CMSG_DATA(part), sizeof info);
    return info.ipi_addr;
  }
  return std::nullopt;
}

void set_source(msghdr& header, in_addr from) {
  cmsghdr* part = CMSG_FIRSTHDR(&header);
  part->cmsg_level = IPPROTO_IP;
  part->cmsg_type = IP_PKTINFO;
  part->cmsg_len = CMSG_LEN(sizeof(in_pktinfo));
  in_pktinfo info{};
  info.ipi_spec_dst = from;
  std::memcpy(CMSG_DATA(part), &info, sizeof info);
}

class Server final : public Zoo {
 public:
  Server(Handle socket, Fleet fleet, const Options& options)
      : fleet_(std::move(fleet)),
        socket_(std::move(socket)),
        wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
        random_(options.seed) {
    clock_ = {std::chrono::steady_clock::now(), options.speed, options.idle};
    devices_.reserve(fleet_.devices.size());
    for (const DeviceSpec& spec : fleet_.devices) devices_.emplace_back(spec);
    sockaddr_in bound{};
    socklen_t length = sizeof bound;
    getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&bound), &length);
    port_ = ntohs(bound.sin_port);
    thread_ = std::thread([this] { run(); });
  }
  ~Server() override {
    stop_ = true;
    eventfd_write(wake_.get(), 1);
    thread_.join();
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  [[nodiscard]] std::uint16_t port() const override { return port_; }
  [[nodiscard]] const Fleet& fleet() const override { return fleet_; }
  [[nodiscard]] Counters counters(IpAddress address) const override {
    const std::lock_guard lock(mutex_);
    const Device* device = find(address.to_v4());
    return device == nullptr ? Counters{} : device->counters();
  }
  [[nodiscard]] std::uint64_t requests() const override { return requests_; }

 private:
  [[nodiscard]] const Device* find(std::uint32_t address) const {
    if (devices_.empty()) return nullptr;
    const std::uint32_t at =
        address - devices_.front().spec().address.to_v4();  // wraps to a large number below the first
    return at < devices_.size() ? &devices_[at] : nullptr;
  }

  void run() {
    while (!stop_) {
      wait();
      const std::lock_guard lock(mutex_);
      while (receive() == batch && !stop_) send_due();
      send_due();
    }
  }

  void wait() {
    std::array<pollfd, 2> watched{pollfd{socket_.get(), POLLIN, 0}, pollfd{wake_.get(), POLLIN, 0}};
    timespec timeout{3600, 0};
    if (!waiting_.empty()) {
      const auto left =
          std::max(waiting_.top().due - std::chrono::steady_clock::now(), std::chrono::steady_clock::duration::zero());
      const auto nanoseconds = std::chrono::duration_cast<std::chrono::nanoseconds>(left).count();
      timeout = {nanoseconds / 1'000'000'000, nanoseconds % 1'000'000'000};
    }
    ppoll(watched.data(), watched.size(), &timeout, nullptr);
  }

  std::size_t receive() {
    for (std::size_t i = 0; i < batch; ++i) in_->reset(i);
    const int got = recvmmsg(socket_.get(), in_->headers.data(), batch, MSG_DONTWAIT, nullptr);
    if (got <= 0) return 0;
    const Time now = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < static_cast<std::size_t>(got); ++i) take(i, now);
    return static_cast<std::size_t>(got);
  }

  void take(std::size_t i, Time now) {
    msghdr& header = in_->headers[i].msg_hdr;
    const auto to = destination(header);
    if (!to || (header.msg_flags & MSG_TRUNC) != 0) return;
    const std::uint32_t address = ntohl(to->s_addr);
    if (address >> 24U != 127 || ntohl(in_->peers[i].sin_addr.s_addr) >> 24U != 127) return;
    auto* device = const_cast<Device*>(find(address));  // NOLINT: the finder is shared with a const reader
    if (device == nullptr) return;
    ++requests_;
    auto reply = device->handle({in_->slots[i].data(), in_->headers[i].msg_len}, now, clock_, random_);
    if (!reply) return;
    const in_addr from = reply->from_elsewhere ? in_addr{htonl(0x7FFFFF01)} : *to;
    waiting_.push({reply->due, order_++, in_->peers[i], from, std::move(reply->datagram)});
  }

  void send_due() {
    while (!waiting_.empty()) {
      const Time now = std::chrono::steady_clock::now();
      std::size_t count = 0;
      for (; count < batch && !waiting_.empty() && waiting_.top().due <= now; ++count) {
        ready_[count] = std::move(const_cast<Outgoing&>(waiting_.top()));  // NOLINT: it is popped next
        waiting_.pop();
        out_->peers[count] = ready_[count].to;
        out_->parts[count] = {ready_[count].datagram.data(), ready_[count].datagram.size()};
        out_->reset(count);
        set_source(out_->headers[count].msg_hdr, ready_[count].from);
      }
      if (count == 0) return;
      send(count);
    }
  }

  // A datagram that the kernel refuses (a peer that is gone, a full buffer) is lost, as on a network.
  void send(std::size_t count) {
    for (std::size_t done = 0; done < count;) {
      const int sent = sendmmsg(socket_.get(), out_->headers.data() + done, static_cast<unsigned>(count - done), 0);
      done += sent > 0 ? static_cast<std::size_t>(sent) : 1;
    }
  }

  Fleet fleet_;
  std::vector<Device> devices_;
  Handle socket_, wake_;
  std::uint16_t port_ = 0;
  FleetClock clock_;
  std::minstd_rand random_;
  std::unique_ptr<Batch> in_ = std::make_unique<Batch>(), out_ = std::make_unique<Batch>();
  std::array<Outgoing, batch> ready_{};
  std::priority_queue<Outgoing, std::vector<Outgoing>, std::greater<>> waiting_;
  std::uint64_t order_ = 0;
  std::atomic<std::uint64_t> requests_{0};
  std::atomic<bool> stop_{false};
  mutable std::mutex mutex_;  // devices_, against readers of counters
  std::thread thread_;
};

}  // namespace

Expected<std::unique_ptr<Zoo>> Zoo::start(Fleet fleet, const Options& options) {
  auto socket = open_socket(options.port);
  if (!socket) return fail(socket.error());
  return std::unique_ptr<Zoo>(std::make_unique<Server>(std::move(*socket), std::move(fleet), options));
}

}  // namespace platen::zoo
