// HTTP/1.1, plain or over TLS, for people, scripts and enrolling agents: asks a handler for each GET, HEAD or POST, refuses
// everything else.
//
//   Source   RFC 9110, RFC 9112; Boost.Beast behind it (it stays in http_server.cc). TLS 1.2 with ECDHE and AEAD, TLS 1.3.
//   Limits   header 8 KiB, the body of a POST as the options say, a deadline for a request to arrive whole and for its
//            answer to leave, a cap on connections.
//   Errors   start: Code::invalid address or keys, Code::conflict port in use, Code::denied port below 1024; each says what
//            to do.
//   Threads  the handler is called from `threads` threads at once; it may block.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/expected.h"
#include "base/secret.h"

namespace platen::portal {

struct Request {
  std::string target;                          // as it came
  std::string host;                            // the Host header; "" when there was none
  std::string method = "GET";                  // GET, HEAD or POST
  std::string body = {};                       // of a POST
  std::string origin = {}, content_type = {};  // headers; "" when there was none
  std::string peer = {};                       // the address that it comes from, as far as we believe it
};

struct Response {
  unsigned status = 200;
  std::string content_type = "text/html; charset=utf-8";
  std::string cache_control = "no-store";
  std::string body;
  std::string allow = "GET, HEAD";  // with 405
  std::string location = {};        // with 303: a path of this site
};

struct ServerOptions {
  std::string address = "127.0.0.1:8080";  // port 0 picks one
  std::string option = "--web";            // what chose it: for error texts
  std::size_t most_connections = 128;
  std::chrono::milliseconds deadline{10'000};  // for one request to arrive whole, or its answer to leave
  unsigned threads = 2;
  std::size_t most_body = 0;         // octets of a POST; 0: no POST
  std::string certificate_pem = {};  // the server's chain; "": no TLS
  Secret key_pem = {};
  std::vector<std::string> proxies = {};  // addresses whose X-Real-IP names the peer
};

class HttpServer {
 public:
  using Handler = std::function<Response(const Request&)>;
  // `refuse` makes the answer for what never reaches the handler: 400, 405, 413, 431.
  using Refuse = std::function<Response(unsigned status)>;
  [[nodiscard]] static Expected<std::unique_ptr<HttpServer>> start(const ServerOptions& options, Handler handler,
                                                                   Refuse refuse);
  virtual ~HttpServer() = default;                             // stops: open connections are closed
  [[nodiscard]] virtual const std::string& bound() const = 0;  // "127.0.0.1:40123"
};

// The headers of every answer besides Content-Type, Content-Length, Cache-Control, Date and Connection.
[[nodiscard]] const std::vector<std::pair<std::string, std::string>>& security_headers();

}  // namespace platen::portal
