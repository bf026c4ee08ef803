// Linux: many datagrams a call (sendmmsg, recvmmsg), the kernel's drop counter (SO_RXQ_OVFL), ICMP errors (IP_RECVERR).
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>

#include <ctime>
// errqueue.h needs timespec, but does not ask for it
#include <linux/errqueue.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>

#include "snmp/engine/datagram_port.h"
#include "snmp/engine/udp_socket.h"

namespace platen::snmp {
namespace {

constexpr std::size_t out_batch = 64;
constexpr std::size_t in_batch = 32;

struct alignas(cmsghdr) Control {
  std::array<char, 128> octets;
};

// The payload of a control message, wherever it is aligned.
template <class T>
T payload(const cmsghdr& header) {
  T value;
  std::memcpy(&value, CMSG_DATA(&header), sizeof(value));
  return value;
}

// CMSG_NXTHDR is a macro of C casts and comparisons of signed with unsigned.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wold-style-cast"
template <class Visit>
void each_control(msghdr& message, const Visit& visit) {
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr; header = CMSG_NXTHDR(&message, header))
    visit(*header);
}
#pragma GCC diagnostic pop

bool says_port_unreachable(const sock_extended_err& error) {
  if (error.ee_origin == SO_EE_ORIGIN_ICMP) return error.ee_type == ICMP_UNREACH && error.ee_code == ICMP_UNREACH_PORT;
  return error.ee_origin == SO_EE_ORIGIN_ICMP6 && error.ee_type == ICMP6_DST_UNREACH &&
         error.ee_code == ICMP6_DST_UNREACH_NOPORT;
}

// One socket with its receive slots. The slots' memory is reserved, not touched: a page counts once a datagram reached
// it.
class Channel {
 public:
  explicit Channel(UdpSocket socket) : socket_(std::move(socket)) {
    socket_.set(SOL_SOCKET, SO_RXQ_OVFL, 1);
    socket_.set(IPPROTO_IP, IP_RECVERR, 1);
    socket_.set(IPPROTO_IPV6, IPV6_RECVERR, 1);
    for (std::size_t i = 0; i < in_batch; ++i) parts_[i] = {memory_.get() + i * slot_octets, slot_octets};
  }

  [[nodiscard]] const UdpSocket& socket() const { return socket_; }
  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

  // `out` is of this family; how many are done with. What ICMP or the kernel says about peers goes to `notes`.
  std::size_t send(std::span<const OutDatagram> out, std::vector<InDatagram>& notes) {
    std::size_t done = 0;
    int faults = 0;
    used_ = true;
    while (done < out.size()) {
      const int sent = send_batch(out.subspan(done, std::min(out_batch, out.size() - done)));
      if (sent > 0) {
        done += static_cast<std::size_t>(sent);
        faults = 0;
        continue;
      }
      const int error = errno;
      if (error == EINTR) continue;
      if (would_block(error)) break;
      // IP_RECVERR makes sendmmsg return an earlier peer's ICMP error without sending: only what stays is this peer's.
      constexpr int strangers = 8;
      drain_errors(notes);
      if (++faults < strangers) continue;
      notes.push_back({out[done].to, {}, false, reason_of(error)});
      ++done;
      faults = 0;
    }
    return done;
  }

  void receive(std::vector<InDatagram>& batch) {
    if (!used_) return;  // nobody was asked here, so nobody answers
    int count = receive_batch();
    // An ICMP error waits. The kernel tells so once, perhaps to a sendmmsg in mid-batch: then wait() hears of it.
    if (count < 0 && errno != EAGAIN) {
      drain_errors(batch);
      count = receive_batch();
    }
    for (std::size_t i = 0; count > 0 && i < static_cast<std::size_t>(count); ++i) {
      note_drops(in_[i].msg_hdr);
      batch.push_back({to_peer(from_[i]), {memory_.get() + i * slot_octets, in_[i].msg_len}});
    }
  }

  // What ICMP says about peers.
  void drain_errors(std::vector<InDatagram>& notes) {
    for (int i = 0; i < 256; ++i) {  // more is left for the next call
      SocketAddress peer{};
      Control control{};
      msghdr message{};
      message.msg_name = &peer;
      message.msg_namelen = sizeof(peer);
      message.msg_control = control.octets.data();
      message.msg_controllen = control.octets.size();
      if (::recvmsg(socket_.fd(), &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) return;
      each_control(message, [&](const cmsghdr& header) {
        const bool is_error = (header.cmsg_level == IPPROTO_IP && header.cmsg_type == IP_RECVERR) ||
                              (header.cmsg_level == IPPROTO_IPV6 && header.cmsg_type == IPV6_RECVERR);
        if (is_error && says_port_unreachable(payload<sock_extended_err>(header)))
          notes.push_back({to_peer(peer), {}, true});
      });
    }
  }

 private:
  int receive_batch() {
    for (std::size_t i = 0; i < in_batch; ++i) {
      msghdr& header = in_[i].msg_hdr;
      header = {};
      header.msg_name = &from_[i];
      header.msg_namelen = sizeof(from_[i]);
      header.msg_iov = &parts_[i];
      header.msg_iovlen = 1;
      header.msg_control = control_[i].octets.data();
      header.msg_controllen = control_[i].octets.size();
    }
    return ::recvmmsg(socket_.fd(), in_.data(), in_batch, MSG_DONTWAIT, nullptr);
  }

  int send_batch(std::span<const OutDatagram> out) {
    std::array<SocketAddress, out_batch> to{};
    std::array<iovec, out_batch> parts{};
    std::array<mmsghdr, out_batch> messages{};
    for (std::size_t i = 0; i < out.size(); ++i) {
      parts[i] = {const_cast<std::uint8_t*>(out[i].octets.data()), out[i].octets.size()};
      messages[i].msg_hdr.msg_name = &to[i];
      messages[i].msg_hdr.msg_namelen = to_socket_address(out[i].to, to[i]);
      messages[i].msg_hdr.msg_iov = &parts[i];
      messages[i].msg_hdr.msg_iovlen = 1;
    }
    return ::sendmmsg(socket_.fd(), messages.data(), static_cast<unsigned>(out.size()), MSG_DONTWAIT);
  }

  void note_drops(msghdr& message) {
    each_control(message, [this](const cmsghdr& header) {
      if (header.cmsg_level == SOL_SOCKET && header.cmsg_type == SO_RXQ_OVFL) {
        dropped_ +=
            payload<std::uint32_t>(header) - static_cast<std::uint32_t>(dropped_);  // the kernel's counter wraps
      }
    });
  }

  UdpSocket socket_;
  std::unique_ptr<std::uint8_t[]> memory_ = std::make_unique_for_overwrite<std::uint8_t[]>(in_batch * slot_octets);
  std::array<iovec, in_batch> parts_{};
  std::array<mmsghdr, in_batch> in_{};
  std::array<SocketAddress, in_batch> from_{};
  std::array<Control, in_batch> control_{};
  std::uint64_t dropped_ = 0;
  bool used_ = false;
};

class BatchedPort final : public DatagramPort {
 public:
  BatchedPort(UdpSocket v4, std::optional<UdpSocket> v6) {
    channels_.push_back(std::make_unique<Channel>(std::move(v4)));
    if (v6) channels_.push_back(std::make_unique<Channel>(std::move(*v6)));
  }

  std::size_t hand_over(std::span<const OutDatagram> out) override {
    std::size_t done = 0;
    while (done < out.size()) {
      const bool is_v4 = out[done].to.address.is_v4();
      std::size_t end = done;
      while (end < out.size() && out[end].to.address.is_v4() == is_v4) ++end;
      const std::size_t taken = send_run(out.subspan(done, end - done), is_v4 ? 0 : 1);
      done += taken;
      if (done != end) break;
    }
    return done;
  }

  std::span<const InDatagram> receive() override {
    batch_ = std::exchange(notes_, {});
    for (const auto& channel : channels_) channel->receive(batch_);
    return batch_;
  }

  void wait(std::chrono::milliseconds longest, bool want_send) override {
    std::array<int, 2> fds{};
    for (std::size_t i = 0; i < channels_.size(); ++i) fds[i] = channels_[i]->socket().fd();
    const unsigned errors = wait_for(std::span(fds).first(channels_.size()),
                                     notes_.empty() ? longest : std::chrono::milliseconds(0), want_send);
    for (std::size_t i = 0; i < channels_.size(); ++i) {
      if ((errors & 1U << i) != 0) channels_[i]->drain_errors(notes_);
    }
  }

  [[nodiscard]] std::size_t receive_buffer() const override { return channels_.front()->socket().receive_buffer(); }
  [[nodiscard]] std::size_t send_buffer() const override { return channels_.front()->socket().send_buffer(); }
  [[nodiscard]] std::uint64_t dropped() const override {
    std::uint64_t sum = 0;
    for (const auto& channel : channels_) sum += channel->dropped();
    return sum;
  }

 private:
  std::size_t send_run(std::span<const OutDatagram> run, std::size_t family) {
    if (family < channels_.size()) return channels_[family]->send(run, notes_);
    for (const OutDatagram& datagram : run) notes_.push_back({datagram.to, {}, false, reason_of(EAFNOSUPPORT)});
    return run.size();
  }

  std::vector<std::unique_ptr<Channel>> channels_;  // IPv4, then IPv6 where there is one
  std::vector<InDatagram> batch_, notes_;           // notes_: heard while sending, told by the next receive()
};

}  // namespace

Expected<std::unique_ptr<DatagramPort>> open_batched_port(std::size_t receive_buffer) {
  auto v4 = UdpSocket::open(AF_INET, receive_buffer);
  if (!v4) return fail(v4.error());
  std::optional<UdpSocket> v6;
  if (auto opened = UdpSocket::open(AF_INET6, receive_buffer)) v6.emplace(*std::move(opened));
  return std::make_unique<BatchedPort>(*std::move(v4), std::move(v6));
}

}  // namespace platen::snmp
