#include "cloud/main/enrolment_service.h"

#include <charconv>

namespace platen::cloud {
namespace {

constexpr std::size_t most_connections = 512;

portal::Response plain(unsigned status, std::string_view text) {
  portal::Response response;
  response.status = status;
  response.content_type = "text/plain; charset=utf-8";
  response.body = text;
  response.allow = "POST";
  return response;
}

portal::Response message(std::string octets) {
  portal::Response response;
  response.content_type = PostDesk::media_type;
  response.body = std::move(octets);
  return response;
}

// One port further than the one that was asked for; any free one stays any free one.
std::string beside(const std::string& ingest) {
  const std::string_view number = std::string_view(ingest).substr(ingest.rfind(':') + 1);
  unsigned port = 0;
  std::from_chars(number.data(), number.data() + number.size(), port);
  return ingest.substr(0, ingest.size() - number.size()) + std::to_string(port == 0 ? 0 : port + 1);
}

// Agents know the CA by its fingerprint only: it has to be in the handshake.
std::string chain_of(const enroll::Keyring& keys) {
  const std::string& own = keys.server.certificate_pem;
  return own.find(keys.ca.certificate_pem) == std::string::npos ? own + keys.ca.certificate_pem : own;
}

}  // namespace

std::string enrolment_address(const command::Arguments& arguments) {
  const std::string asked = arguments.text("--enroll");
  return asked.empty() ? beside(arguments.text("--ingest")) : asked;
}

Expected<std::unique_ptr<EnrolmentService>> EnrolmentService::start(const command::Arguments& arguments,
                                                                    const enroll::Keyring& keys,
                                                                    enroll::Registry& registry, PostDesk& post,
                                                                    TaskService& tasks, const std::string& ingest) {
  enroll::DeskOptions desk;
  desk.ca = keys.ca;
  desk.uplink = arguments.has("--public") ? arguments.text("--public") : ingest.substr(ingest.rfind(':'));
  desk.enrolment = arguments.text("--public");
  desk.command =
      arguments.has("--broker-acl") ? arguments.text("--public") : "";  // a broker stands behind that address too
  desk.certificate_life = std::chrono::duration_cast<std::chrono::seconds>(arguments.duration("--certificate-life"));
  desk.task_key = [&tasks](const std::string& agent) { return tasks.key_for(agent); };
  std::unique_ptr<EnrolmentService> service(new EnrolmentService(std::move(desk), registry, post));
  auto server = portal::HttpServer::start(
      {.address = enrolment_address(arguments),
       .option = "--enroll",
       .most_connections = most_connections,
       .most_body = PostDesk::most_octets,  // the desk takes less
       .certificate_pem = chain_of(keys),
       .key_pem = keys.server.key_pem,
       .proxies = arguments.all("--behind")},
      [&service = *service](const portal::Request& request) { return service.answer(request); },
      [](unsigned status) { return plain(status, "agents enrol here, by POST\n"); });
  if (!server) return fail(server.error());
  service->server_ = std::move(*server);
  return service;
}

portal::Response EnrolmentService::answer(const portal::Request& request) {
  if (request.method != "POST") return plain(405, "agents enrol here, by POST\n");
  if (request.target == PostDesk::path) {
    PostDesk::Reply reply = post_.answer(request.body, request.peer);
    return reply.status == 200 ? message(std::move(reply.body)) : plain(reply.status, "no such message\n");
  }
  enroll::Reply reply = desk_.answer(request.target, request.body, request.peer);
  if (reply.status != 200) return plain(reply.status, reply.status == 404 ? "nothing is here\n" : "no such message\n");
  return message(std::move(reply.body));
}

}  // namespace platen::cloud
