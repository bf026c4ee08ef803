#include "transport/egress/connection.h"

#include <fcntl.h>
#include <openssl/err.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "transport/egress/dialler.h"
#include "transport/egress/openssl.h"

namespace platen::egress {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// OpenSSL's own socket BIO writes without MSG_NOSIGNAL: a peer that has gone would end the program.
int descriptor_of(BIO* bio) { return *static_cast<const int*>(BIO_get_data(bio)); }

int moved(BIO* bio, ssize_t count, bool reading, std::size_t* done) {
  BIO_clear_retry_flags(bio);
  *done = count > 0 ? static_cast<std::size_t>(count) : 0;
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) reading ? BIO_set_retry_read(bio) : BIO_set_retry_write(bio);
  if (count == 0 && reading) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
  return count > 0 ? 1 : 0;
}

int bio_write(BIO* bio, const char* data, std::size_t size, std::size_t* done) {
  return moved(bio, ::send(descriptor_of(bio), data, size, MSG_NOSIGNAL), false, done);
}
int bio_read(BIO* bio, char* data, std::size_t size, std::size_t* done) {
  return moved(bio, ::recv(descriptor_of(bio), data, size, 0), true, done);
}
long bio_control(BIO* bio, int command, long, void*) {
  if (command == BIO_CTRL_EOF) return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

BIO* bio_on(int& fd) {  // which stays where it is
  static BIO_METHOD* const method = [] {
    BIO_METHOD* made = BIO_meth_new(BIO_TYPE_SOURCE_SINK | BIO_get_new_index(), "socket");
    BIO_meth_set_write_ex(made, bio_write);
    BIO_meth_set_read_ex(made, bio_read);
    BIO_meth_set_ctrl(made, bio_control);
    return made;
  }();
  BIO* bio = BIO_new(method);
  BIO_set_data(bio, &fd);
  BIO_set_init(bio, 1);
  return bio;
}

// As ALPN wants it (RFC 7301 §3.1): each name after its length.
std::string offer_of(const Tls& tls) {
  std::string out;
  const auto add = [&](const std::string& name) {
    if (!name.empty()) out += static_cast<char>(name.size()) + name;
  };
  add(tls.alpn);
  for (const std::string& name : tls.offers) add(name);
  return out;
}

}  // namespace

struct Connection::State {
  TlsSeen seen;
  Context context;  // after what it points to
  Session session;
  int fd = -1;

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (fd >= 0) ::close(fd);
  }

  Io what_of(int result) {
    switch (SSL_get_error(session.get(), result)) {
      case SSL_ERROR_WANT_READ: return Io::wants_read;
      case SSL_ERROR_WANT_WRITE: return Io::wants_write;
      case SSL_ERROR_ZERO_RETURN: return Io::closed;
      default: break;
    }
    const unsigned long error = ERR_peek_last_error();
    ERR_clear_error();
    // A write may break before the peer's alert, which says why, is read.
    const bool open = seen.fault == Fault::none || (seen.fault == Fault::cut && error != 0);
    if (open) seen.fault = error == 0 ? Fault::cut : fault_of_tls(error);
    if (const char* says = error == 0 ? nullptr : ERR_reason_error_string(error);
        says != nullptr && seen.facts.detail.empty()) {
      seen.facts.detail = says;
    }
    return Io::broken;
  }

  // Trouble{none}: done.
  Trouble shake_hands(milliseconds patience, const std::stop_token& stop) {
    const auto deadline = steady_clock::now() + patience;
    for (;;) {
      ERR_clear_error();
      const int result = SSL_connect(session.get());
      if (result == 1) return {Fault::none, seen.facts};
      const Io io = what_of(result);
      if (io == Io::closed) seen.fault = Fault::cut;
      if (io == Io::closed || io == Io::broken) return {seen.fault, seen.facts};
      const auto events = static_cast<short>(io == Io::wants_write ? POLLOUT : POLLIN);
      if (!wait_for(fd, events, {deadline, stop}))
        return {stop.stop_requested() ? Fault::stopped : Fault::silent, seen.facts};
    }
  }
};

Connection::Connection(std::unique_ptr<State> state) : state_(std::move(state)) {}
Connection::~Connection() = default;

Expected<std::unique_ptr<Connection>, Trouble> Connection::open(int fd, const Tls& tls,
                                                                const std::string& site_roots_pem,
                                                                const std::string& host, Facts facts,
                                                                milliseconds patience, const std::stop_token& stop) {
  auto state = std::make_unique<State>();
  state->fd = fd;
  state->seen.facts = std::move(facts);
  ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);  // NOLINT(hicpp-signed-bitwise)
  state->context.reset(SSL_CTX_new(TLS_client_method()));
  if (auto ready = prepare(state->context.get(), tls, site_roots_pem, host, state->seen); !ready) {
    state->seen.facts.detail = ready.error().text;
    return fail(Trouble{Fault::bad_settings, state->seen.facts});
  }
  state->session.reset(SSL_new(state->context.get()));
  SSL* session = state->session.get();
  SSL_set_mode(session, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  BIO* bio = bio_on(state->fd);
  SSL_set_bio(session, bio, bio);  // takes it
  // SSL_set_tlsext_host_name(3) without its cast; OpenSSL only reads the name
  SSL_ctrl(session, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, const_cast<char*>(host.c_str()));
  if (const std::string offer = offer_of(tls); !offer.empty())
    SSL_set_alpn_protos(session, reinterpret_cast<const unsigned char*>(offer.data()),
                        static_cast<unsigned>(offer.size()));
  if (Trouble trouble = state->shake_hands(patience, stop); trouble.fault != Fault::none) return fail(trouble);
  if (!tls.alpn.empty() && state->seen.facts.alpn != tls.alpn) {
    state->seen.fault = Fault::no_alpn;
    return fail(Trouble{Fault::no_alpn, state->seen.facts});
  }
  return std::unique_ptr<Connection>(new Connection(std::move(state)));
}

Connection::Io Connection::read(std::span<char> into, std::size_t& count) {
  ERR_clear_error();
  const int result = SSL_read_ex(state_->session.get(), into.data(), into.size(), &count);
  return result == 1 ? Io::moved : (count = 0, state_->what_of(result));
}

Connection::Io Connection::write(std::span<const char> from, std::size_t& count) {
  ERR_clear_error();
  const int result = SSL_write_ex(state_->session.get(), from.data(), from.size(), &count);
  return result == 1 ? Io::moved : (count = 0, state_->what_of(result));
}

void Connection::finish() {
  ERR_clear_error();
  SSL_shutdown(state_->session.get());
  ERR_clear_error();
}

void Connection::took(milliseconds all) { state_->seen.facts.took = all; }
int Connection::fd() const { return state_->fd; }
const Facts& Connection::facts() const { return state_->seen.facts; }
bool Connection::opened_on_the_way() const { return state_->seen.site_root; }
Trouble Connection::trouble() const {
  return {state_->seen.fault == Fault::none ? Fault::cut : state_->seen.fault, state_->seen.facts};
}

Expected<std::string, Trouble> Connection::ask(std::string_view request, bool (*enough)(std::string_view),
                                               std::size_t most_octets, milliseconds patience,
                                               const std::stop_token& stop) {
  const auto deadline = steady_clock::now() + patience;
  std::string answer;
  std::array<char, 4096> buffer{};
  for (;;) {
    std::size_t count = 0;
    const Io io = request.empty() ? read(buffer, count) : write(std::span(request.data(), request.size()), count);
    if (io == Io::moved && !request.empty()) {
      request.remove_prefix(count);
    } else if (io == Io::moved) {
      answer.append(buffer.data(), std::min(count, most_octets - answer.size()));
      if (enough(answer) || answer.size() >= most_octets) return answer;
    } else if (io == Io::closed) {
      return answer;
    } else if (io == Io::broken) {
      return fail(trouble());
    } else if (!wait_for(fd(), static_cast<short>(io == Io::wants_write ? POLLOUT : POLLIN), {deadline, stop})) {
      return fail(Trouble{stop.stop_requested() ? Fault::stopped : Fault::silent, facts()});
    }
  }
}

}  // namespace platen::egress
