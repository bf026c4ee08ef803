#include "cloud/deploy/texts.h"

namespace platen::deploy {

const std::string_view nginx_conf =
    R"(# The front end of Platen's cloud: one port for gRPC, MQTT in a WebSocket, enrolment and readings by HTTP/1.1.
# Made by `platen-cloud deploy`; make it anew instead of changing it. Why it is so: docs/deploy.md.
load_module /usr/lib/nginx/modules/ngx_stream_module.so;
user <FRONT_USER>;
worker_processes auto;
worker_shutdown_timeout 5m;  # after a reload: then the streams of the old workers end, and agents dial again
pid <RUN>/nginx.pid;
error_log stderr warn;

events {
  worker_connections 32768;  # an agent takes six: two for its readings, four for its commands
}

stream {
  # TLS is not opened here: each server sees the agent's certificate itself, and nothing can be said in its place.
  map $ssl_preread_alpn_protocols $server {
    ~(^|,)h2(,|$)    <INGEST>;
    ~(^|,)mqtt(,|$)  unix:<RUN>/broker.sock;
    default          unix:<RUN>/https.sock;
  }
  log_format connections '$remote_addr $session_time $ssl_preread_alpn_protocols';
  limit_conn_zone $binary_remote_addr zone=addresses:10m;
  limit_conn_log_level warn;

  server {
    <LISTEN>
    access_log <LOGS>/connections.log connections;
    ssl_preread on;
    preread_timeout 10s;
    limit_conn addresses 512;  # the agents of a large customer may share an address; each has two
    proxy_pass $server;
    proxy_protocol on;  # whose address it is; ingest and the HTTPS below believe it
    proxy_connect_timeout 5s;
    proxy_timeout 10m;  # agents say something every 40 s at least, on MQTT within 5 min
    proxy_socket_keepalive on;
  }

  server {
    listen unix:<RUN>/broker.sock proxy_protocol;  # mosquitto does not know it: here it is taken off
    proxy_pass <BROKER>;
    proxy_connect_timeout 5s;
    proxy_timeout 10m;
  }
}

http {
  server_tokens off;
  log_format requests '$remote_addr [$time_iso8601] $request_method $uri $status $request_length $request_time';
  access_log <LOGS>/requests.log requests;
  client_body_temp_path <RUN>/body;
  proxy_temp_path <RUN>/proxy;
  fastcgi_temp_path <RUN>/unused-f;
  uwsgi_temp_path <RUN>/unused-u;
  scgi_temp_path <RUN>/unused-s;

  set_real_ip_from unix:;
  real_ip_header proxy_protocol;
  limit_conn_zone $binary_remote_addr zone=requests:10m;
  limit_req_zone $binary_remote_addr zone=posts:10m rate=100r/s;
  limit_req_zone $binary_remote_addr zone=enrolments:10m rate=5r/s;
  limit_conn requests 64;
  limit_conn_status 429;
  limit_req_status 429;

  upstream cloud {
    server <ENROLL>;
    keepalive 16;
  }

  server {
    listen unix:<RUN>/https.sock ssl proxy_protocol;
    server_name <HOST>;
    ssl_certificate <DATA>/server.crt;
    ssl_certificate_key <DATA>/server.key;
    # No client certificates: an expired one would be refused on every path, renewal included. Proofs are in the messages.
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20;
    ssl_session_cache shared:sessions:10m;
    ssl_session_timeout 1h;
    ssl_session_tickets off;

    client_header_timeout 10s;
    client_body_timeout 20s;
    send_timeout 20s;
    client_header_buffer_size 1k;
    large_client_header_buffers 4 4k;
    client_max_body_size 64k;

    proxy_pass_request_headers off;
    proxy_set_header Host $host;
    proxy_set_header Content-Type $http_content_type;
    proxy_set_header X-Real-IP $remote_addr;
    proxy_set_header Connection "";
    proxy_http_version 1.1;
    proxy_ssl_protocols TLSv1.2 TLSv1.3;
    proxy_ssl_trusted_certificate <DATA>/ca.crt;
    proxy_ssl_verify on;
    proxy_ssl_name <HOST>;

    location = /platen.v1.Uplink/Post {
      limit_req zone=posts burst=400 nodelay;
      client_max_body_size 3m;
      client_body_buffer_size 512k;
      proxy_pass https://cloud;
    }
    location /v1/ {
      limit_req zone=enrolments burst=50 nodelay;
      proxy_pass https://cloud;
    }
    location = /mqtt {
      # Came without our ALPN, so TLS was opened on the way and the certificate is lost: nobody knows whose commands to send.
      return 403 "MQTT needs the agent's certificate, end to end; tasks are polled for\n";
    }
    location / {
      return 404 "agents enrol and report here\n";
    }
  }
}
)";

}  // namespace platen::deploy
