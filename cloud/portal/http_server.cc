// Boost.Beast lives here and nowhere else. One coroutine a connection; a few threads run them all.
#include "cloud/portal/http_server.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <charconv>
#include <ctime>
#include <functional>
#include <optional>
#include <sstream>
#include <thread>

#include "base/log.h"

namespace platen::portal {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using Message = http::response<http::string_body>;

constexpr std::uint32_t header_limit = 8 * 1024;
constexpr std::size_t most_at_once = 65'536;

std::string text_of(const tcp::endpoint& endpoint) {
  const std::string host = endpoint.address().to_string();
  return (endpoint.address().is_v6() ? "[" + host + "]" : host) + ":" + std::to_string(endpoint.port());
}

Expected<tcp::endpoint> endpoint_of(const std::string& text, const std::string& option) {
  const std::size_t colon = text.rfind(':');
  std::string host = colon == std::string::npos ? "" : text.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  const std::string number = colon == std::string::npos ? "" : text.substr(colon + 1);
  unsigned port = 65536;
  const auto [end, fault] = std::from_chars(number.data(), number.data() + number.size(), port);
  const bool is_port = fault == std::errc{} && end == number.data() + number.size() && port <= 65535;
  if (!host.empty() && !is_port)
    return fail(Code::invalid,
                "cannot listen on " + text + ": '" + number + "' is no port; give " + option + " one from 0 to 65535");
  error_code bad;
  const asio::ip::address address = asio::ip::make_address(host, bad);
  if (bad || !is_port) {
    return fail(Code::invalid, "'" + text + "' is no address and port; use for example 127.0.0.1:8080 or [::1]:8080");
  }
  return tcp::endpoint(address, static_cast<std::uint16_t>(port));
}

std::string http_date() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[40] = "";
  std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);  // the C locale is never changed
  return text;
}

// What is wrong with a request whose header could not be read or may not be served; 0: nothing.
unsigned fault_of(const error_code& error) {
  if (error == http::error::header_limit || error == http::error::buffer_overflow) return 431;
  if (error == http::error::body_limit) return 413;
  return 400;
}
using Parser = http::request_parser<http::string_body>;
unsigned fault_of(const Parser& parser, std::size_t most_body) {
  const auto& request = parser.get();
  const bool posts = most_body > 0 && request.method() == http::verb::post;
  const bool has_body = parser.chunked() || parser.content_length().value_or(0) > 0;
  if (has_body && !posts) return 413;
  if (request.method() != http::verb::get && request.method() != http::verb::head && !posts) return 405;
  if (request.version() != 10 && request.version() != 11) return 400;
  const auto hosts = request.count(http::field::host);
  return hosts > 1 || (hosts == 0 && request.version() == 11) ? 400 : 0;
}

bool is_cut_off(const error_code& fault) {
  return fault == http::error::end_of_stream || fault == beast::error::timeout ||
         fault == asio::ssl::error::stream_truncated ||
         (fault && (fault.category() == asio::error::get_system_category() ||
                    fault.category() == asio::error::get_ssl_category()));
}

Message message_of(Response&& response, unsigned version, bool keep_alive) {
  Message message(static_cast<http::status>(response.status), version);
  for (const auto& [name, value] : security_headers()) message.set(name, value);
  message.set(http::field::date, http_date());
  message.set(http::field::content_type, response.content_type);
  message.set(http::field::cache_control, response.cache_control);
  if (response.status == 405) message.set(http::field::allow, response.allow);
  if (!response.location.empty()) message.set(http::field::location, response.location);
  message.keep_alive(keep_alive);
  message.body() = std::move(response.body);
  message.prepare_payload();
  return message;
}

class BeastServer final : public HttpServer {
 public:
  BeastServer(ServerOptions options, Handler handler, Refuse refuse)
      : options_(std::move(options)), handler_(std::move(handler)), refuse_(std::move(refuse)), acceptor_(context_) {}

  ~BeastServer() override {
    context_.stop();
    for (std::thread& thread : threads_) thread.join();
  }

  Expected<void> open() {
    const Expected<tcp::endpoint> endpoint = endpoint_of(options_.address, options_.option);
    if (!endpoint) return fail(endpoint.error());
    error_code fault;
    if (auto ready = prepare_tls(); !ready) return ready;
    acceptor_.open(endpoint->protocol(), fault);
    if (!fault) acceptor_.set_option(tcp::acceptor::reuse_address(true), fault);
    if (!fault) acceptor_.bind(*endpoint, fault);
    if (!fault) acceptor_.listen(asio::socket_base::max_listen_connections, fault);
    if (fault) return fail(refused(fault));
    bound_ = text_of(acceptor_.local_endpoint());
    asio::co_spawn(context_, accept(), asio::detached);
    for (unsigned i = 0; i < options_.threads; ++i) threads_.emplace_back([this] { context_.run(); });
    return {};
  }

  [[nodiscard]] const std::string& bound() const override { return bound_; }

 private:
  [[nodiscard]] Error refused(const error_code& fault) const {
    if (fault == asio::error::address_in_use)
      return {Code::conflict,
              options_.address + ": another program has this port; stop it, or give another " + options_.option};
    if (fault == asio::error::access_denied)
      return {Code::denied,
              options_.address + ": no right to this port; give " + options_.option + " a port above 1023"};
    return {Code::invalid,
            options_.address + ": " + fault.message() + "; give " + options_.option + " an address of this host"};
  }

  Expected<void> prepare_tls() {
    if (options_.certificate_pem.empty()) return {};
    using Tls = asio::ssl::context;
    error_code fault;
    const auto check = [&](const error_code& now) { fault = fault ? fault : now; };
    error_code step;
    tls_.set_options(Tls::no_tlsv1 | Tls::no_tlsv1_1 | Tls::no_sslv3 | Tls::no_sslv2 | Tls::no_compression, step);
    check(step);
    tls_.use_certificate_chain(asio::buffer(options_.certificate_pem), step), check(step);
    tls_.use_private_key(asio::buffer(options_.key_pem.reveal()), Tls::pem, step), check(step);
    const bool strong = SSL_CTX_set_cipher_list(tls_.native_handle(), "ECDHE+AESGCM:ECDHE+CHACHA20") == 1;
    if (!fault && strong) return {};
    return fail(Code::invalid, options_.option +
                                   ": the server's certificate and key are not PEM that fits together; "
                                   "make them anew with `platen-cloud init`");
  }

  asio::awaitable<void> accept() {
    for (;;) {
      error_code fault;
      tcp::socket socket = co_await acceptor_.async_accept(asio::make_strand(context_),
                                                           asio::redirect_error(asio::use_awaitable, fault));
      if (fault == asio::error::operation_aborted) co_return;
      if (fault || open_ >= options_.most_connections) {
        log::debug("web.turned_away", {{"open", open_.load()}});
        continue;  // the socket closes as it goes
      }
      const auto executor = socket.get_executor();
      if (options_.certificate_pem.empty()) {
        asio::co_spawn(executor, serve(beast::tcp_stream(std::move(socket))), asio::detached);
      } else {
        asio::co_spawn(executor, serve(Encrypted(beast::tcp_stream(std::move(socket)), tls_)), asio::detached);
      }
    }
  }

  struct Counted {
    explicit Counted(std::atomic<std::size_t>& open) : open_(open) { ++open_; }
    ~Counted() { --open_; }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;
    std::atomic<std::size_t>& open_;
  };

  using Encrypted = asio::ssl::stream<beast::tcp_stream>;

  asio::awaitable<void> serve(beast::tcp_stream stream) {
    const Counted counted(open_);
    if (!co_await converse(wire_of(stream, stream))) co_return;
    error_code ignored;
    stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
    co_await drain(stream);
  }

  asio::awaitable<void> serve(Encrypted stream) {
    const Counted counted(open_);
    beast::tcp_stream& bottom = stream.next_layer();
    error_code fault;
    bottom.expires_after(options_.deadline);
    co_await stream.async_handshake(asio::ssl::stream_base::server, asio::redirect_error(asio::use_awaitable, fault));
    if (fault || !co_await converse(wire_of(stream, bottom))) co_return;
    bottom.expires_after(std::chrono::seconds(1));
    co_await stream.async_shutdown(asio::redirect_error(asio::use_awaitable, fault));
  }

  // A connection, encrypted or not. What is said over it is compiled once: Beast's own operations on two kinds of stream
  // take a minute.
  struct Wire {
    beast::tcp_stream& bottom;
    std::function<asio::awaitable<std::size_t>(asio::mutable_buffer, error_code&)> receive;
    std::function<asio::awaitable<void>(std::string_view, error_code&)> send;
  };

  template <class Stream>
  static Wire wire_of(Stream& stream, beast::tcp_stream& bottom) {
    return {.bottom = bottom,
            .receive = [&stream](asio::mutable_buffer into, error_code& fault) -> asio::awaitable<std::size_t> {
              co_return co_await stream.async_read_some(into, asio::redirect_error(asio::use_awaitable, fault));
            },
            .send = [&stream](std::string_view octets, error_code& fault) -> asio::awaitable<void> {
              fault = {};
              while (!octets.empty() && !fault)
                octets.remove_prefix(co_await stream.async_write_some(
                    asio::buffer(octets.data(), octets.size()), asio::redirect_error(asio::use_awaitable, fault)));
            }};
  }

  // Requests and answers, until one side has had enough. False: the other side is gone.
  asio::awaitable<bool> converse(Wire wire) {
    error_code fault;
    const tcp::endpoint peer = wire.bottom.socket().remote_endpoint(fault);
    if (fault) co_return false;
    beast::flat_buffer buffer(header_limit + 1024 + options_.most_body);
    for (bool more = true; more;) {
      Parser parser;
      parser.header_limit(header_limit);
      parser.body_limit(options_.most_body);
      wire.bottom.expires_after(
          options_.deadline);  // for the request as a whole: a byte now and then does not prolong it
      co_await read(wire, buffer, parser, fault);
      unsigned wrong = fault ? fault_of(fault) : fault_of(parser, options_.most_body);
      if (!fault && wrong == 0) {
        parser.eager(true);
        co_await read(wire, buffer, parser, fault);
        if (fault) wrong = fault_of(fault);
      }
      if (is_cut_off(fault)) co_return false;
      more = wrong == 0 && parser.get().keep_alive();
      const bool head = parser.get().method() == http::verb::head;
      const Message message = message_of(wrong != 0 ? refuse_(wrong) : answer(parser.get(), peer), 11, more);
      wire.bottom.expires_after(options_.deadline);
      co_await wire.send(octets_of(message, head), fault);
      if (fault) co_return false;
    }
    co_return true;
  }

  // Until the parser has all that it was asked for (its header only, unless it is eager); what follows stays in the buffer.
  static asio::awaitable<void> read(Wire& wire, beast::flat_buffer& buffer, Parser& parser, error_code& fault) {
    const auto enough = [&] { return parser.eager() ? parser.is_done() : parser.is_header_done(); };
    while (!enough()) {
      fault = {};
      if (buffer.size() > 0) buffer.consume(parser.put(buffer.data(), fault));
      if (enough() || (fault && fault != http::error::need_more)) co_return;
      const std::size_t room = std::min(buffer.max_size() - buffer.size(), most_at_once);
      if (room == 0) fault = http::error::buffer_overflow;
      if (room == 0) co_return;
      fault = {};
      buffer.commit(co_await wire.receive(buffer.prepare(room), fault));
      if (fault == asio::error::eof && parser.got_some()) {
        fault = {};
        parser.put_eof(fault);
        co_return;
      }
      if (fault == asio::error::eof) fault = http::error::end_of_stream;
      if (fault) co_return;
    }
  }

  static std::string octets_of(const Message& message, bool head) {
    std::ostringstream out;
    out << message.base();
    return std::move(out).str() + (head ? "" : message.body());
  }

  // Takes what a refused client still sends, a little: closing at once would reset the connection before it reads the
  // answer.
  static asio::awaitable<void> drain(beast::tcp_stream& stream) {
    std::array<char, 4096> bin{};
    stream.expires_after(std::chrono::seconds(1));
    error_code fault;
    for (int i = 0; i < 64 && !fault; ++i)
      co_await stream.async_read_some(asio::buffer(bin), asio::redirect_error(asio::use_awaitable, fault));
  }

  // A proxy on the way is believed only when it is one of ours.
  [[nodiscard]] std::string peer_of(const http::request<http::string_body>& request, const tcp::endpoint& peer) const {
    const std::string address = peer.address().to_string();
    const std::string named(request["X-Real-IP"]);
    const bool ours = std::find(options_.proxies.begin(), options_.proxies.end(), address) != options_.proxies.end();
    error_code bad;
    const auto parsed = asio::ip::make_address(named, bad);
    return ours && !bad ? parsed.to_string() : address;
  }

  Response answer(const http::request<http::string_body>& request, const tcp::endpoint& peer) {
    try {
      return handler_({.target = std::string(request.target()),
                       .host = std::string(request[http::field::host]),
                       .method = std::string(request.method_string()),
                       .body = request.body(),
                       .origin = std::string(request[http::field::origin]),
                       .content_type = std::string(request[http::field::content_type]),
                       .peer = peer_of(request, peer)});
    } catch (const std::exception& thrown) {
      log::error("web.failed", {{"why", thrown.what()}});
      return refuse_(500);
    }
  }

  const ServerOptions options_;
  const Handler handler_;
  const Refuse refuse_;
  std::atomic<std::size_t> open_{0};  // before the context: coroutines that it still holds count down as it goes
  asio::io_context context_;
  asio::ssl::context tls_{asio::ssl::context::tls_server};
  tcp::acceptor acceptor_;
  std::string bound_;
  std::vector<std::thread> threads_;
};

}  // namespace

Expected<std::unique_ptr<HttpServer>> HttpServer::start(const ServerOptions& options, Handler handler, Refuse refuse) {
  auto server = std::make_unique<BeastServer>(options, std::move(handler), std::move(refuse));
  if (auto opened = server->open(); !opened) return fail(opened.error());
  return server;
}

}  // namespace platen::portal
