// Boost.Beast lives here and nowhere else. One coroutine a connection; a few threads run them all.
#include "cloud/portal/http_server.h"

#include <array>
#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <charconv>
#include <ctime>
#include <optional>
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

std::string text_of(const tcp::endpoint& endpoint) {
  const std::string host = endpoint.address().to_string();
  return (endpoint.address().is_v6() ? "[" + host + "]" : host) + ":" + std::to_string(endpoint.port());
}

Expected<tcp::endpoint> endpoint_of(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  std::string host = colon == std::string::npos ? "" : text.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  const std::string number = colon == std::string::npos ? "" : text.substr(colon + 1);
  unsigned port = 65536;
  const auto [end, fault] = std::from_chars(number.data(), number.data() + number.size(), port);
  const bool is_port = fault == std::errc{} && end == number.data() + number.size() && port <= 65535;
  if (!host.empty() && !is_port)
    return fail(Code::invalid,
                "cannot listen on " + text + ": '" + number + "' is no port; give --web one from 0 to 65535");
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
unsigned fault_of(const http::request_parser<http::empty_body>& parser) {
  const auto& request = parser.get();
  const bool has_body = parser.chunked() || parser.content_length().value_or(0) > 0;
  if (has_body) return 413;
  if (request.method() != http::verb::get && request.method() != http::verb::head) return 405;
  if (request.version() != 10 && request.version() != 11) return 400;
  const auto hosts = request.count(http::field::host);
  return hosts > 1 || (hosts == 0 && request.version() == 11) ? 400 : 0;
}

Message message_of(Response&& response, unsigned version, bool keep_alive) {
  Message message(static_cast<http::status>(response.status), version);
  for (const auto& [name, value] : security_headers()) message.set(name, value);
  message.set(http::field::date, http_date());
  message.set(http::field::content_type, response.content_type);
  message.set(http::field::cache_control, response.cache_control);
  if (response.status == 405) message.set(http::field::allow, "GET, HEAD");
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
    const Expected<tcp::endpoint> endpoint = endpoint_of(options_.address);
    if (!endpoint) return fail(endpoint.error());
    error_code fault;
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
      return {Code::conflict, options_.address + ": another program has this port; stop it, or give another --web"};
    if (fault == asio::error::access_denied)
      return {Code::denied, options_.address + ": no right to this port; give --web a port above 1023"};
    return {Code::invalid, options_.address + ": " + fault.message() + "; give --web an address of this host"};
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
      asio::co_spawn(executor, serve(beast::tcp_stream(std::move(socket))), asio::detached);
    }
  }

  struct Counted {
    explicit Counted(std::atomic<std::size_t>& open) : open_(open) { ++open_; }
    ~Counted() { --open_; }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;
    std::atomic<std::size_t>& open_;
  };

  asio::awaitable<void> serve(beast::tcp_stream stream) {
    const Counted counted(open_);
    beast::flat_buffer buffer(header_limit + 1024);
    for (bool more = true; more;) {
      http::request_parser<http::empty_body> parser;
      parser.header_limit(header_limit);
      parser.body_limit(0);
      stream.expires_after(options_.deadline);  // for the header as a whole: a byte now and then does not prolong it
      error_code fault;
      co_await http::async_read_header(stream, buffer, parser, asio::redirect_error(asio::use_awaitable, fault));
      if (fault == http::error::end_of_stream || fault == beast::error::timeout ||
          (fault && fault.category() == asio::error::get_system_category()))
        co_return;
      const unsigned wrong = fault ? fault_of(fault) : fault_of(parser);
      more = wrong == 0 && parser.get().keep_alive();
      const bool head = parser.get().method() == http::verb::head;
      Message message = message_of(wrong != 0 ? refuse_(wrong) : answer(parser.get()), 11, more);
      stream.expires_after(options_.deadline);
      co_await send(stream, message, head, fault);
      if (fault) co_return;
    }
    error_code ignored;
    stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
    co_await drain(stream);
  }

  static asio::awaitable<void> send(beast::tcp_stream& stream, Message& message, bool head, error_code& fault) {
    if (head) {
      http::response_serializer<http::string_body> serializer(message);
      co_await http::async_write_header(stream, serializer, asio::redirect_error(asio::use_awaitable, fault));
    } else {
      co_await http::async_write(stream, message, asio::redirect_error(asio::use_awaitable, fault));
    }
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

  Response answer(const http::request<http::empty_body>& request) {
    try {
      return handler_({std::string(request.target()), std::string(request[http::field::host])});
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
