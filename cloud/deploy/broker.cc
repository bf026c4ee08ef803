#include "cloud/deploy/deploy.h"
#include "cloud/deploy/texts.h"

namespace platen::deploy {

const std::string_view mosquitto_conf =
    R"(# mosquitto as the broker of Platen's commands: every client is the name in its certificate, and only that.
# Made by `platen-cloud deploy`; make it anew instead of changing it. Why it is so: docs/deploy.md.
user <OWNER>
log_dest stderr
log_type error
log_type warning
log_type notice
connection_messages false

per_listener_settings false
allow_anonymous false
acl_file <ACL>
sys_interval 0
set_tcp_nodelay true

max_packet_size 132096
message_size_limit 131072
max_inflight_messages 20
max_queued_messages 256
max_queued_bytes 1048576
max_keepalive 300
persistent_client_expiration 7d
persistence true
persistence_location <BROKER_STATE>/
autosave_interval 60

# For agents, behind the front end. Without socket_domain it would listen on every address.
listener <BROKER_PORT> <BROKER_HOST>
socket_domain ipv4
protocol websockets
cafile <KEYS>/ca.crt
certfile <KEYS>/server.crt
keyfile <KEYS>/server.key
tls_version tlsv1.2
ciphers ECDHE+AESGCM:ECDHE+CHACHA20
require_certificate true
use_identity_as_username true
# The session belongs to the certificate too: nobody can take over another's by its client id.
use_username_as_clientid true

# For programs of this host. One listener without WebSocket must be there, or mosquitto does not start.
listener <LOCAL_PORT> <LOCAL_HOST>
cafile <KEYS>/ca.crt
certfile <KEYS>/server.crt
keyfile <KEYS>/server.key
tls_version tlsv1.2
ciphers ECDHE+AESGCM:ECDHE+CHACHA20
require_certificate true
use_identity_as_username true
use_username_as_clientid true
)";

std::string access_list(const std::set<std::string>& removed) {
  std::string out =
      "# Who may do what, by the name in the certificate. Kept by platen-cloud, which writes it anew; SIGHUP makes "
      "mosquitto read it.\n"
      "user " +
      std::string(publisher) +
      "\n"
      "topic write platen/v1/+/task\n"
      "topic read platen/v1/+/seen\n"
      "topic read platen/v1/+/presence\n";
  for (const std::string& agent : removed) out += "\nuser " + agent + "\ntopic deny #\n";
  return out +
         "\npattern read platen/v1/%u/task\n"
         "pattern write platen/v1/%u/seen\n"
         "pattern write platen/v1/%u/presence\n";
}

}  // namespace platen::deploy
