#!/usr/bin/env python3
"""An HTTPS server that keeps its connections: https_server.py CERTIFICATE KEY. Says "ACCEPT 127.0.0.1:PORT"; its answers are
"METHOD PATH LENGTH from PORT-OF-THE-CLIENT". /leave: closes without a word after its answer; /chunks: in chunks; /slow: nothing comes."""

import http.server
import signal
import socket
import ssl
import sys


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        length = len(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        if self.path == "/leave":  # the answer and the end in one segment
            self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)
        body = f"{self.command} {self.path} {length} from {self.client_address[1]}".encode()
        if self.path == "/slow":
            signal.pause()
        self.send_response(307 if self.path == "/elsewhere" else 200)
        self.send_header("Location", "/login")
        if self.path == "/chunks":
            self.send_header("Transfer-Encoding", "chunked")
            body = b"".join(b"%x\r\n%c\r\n" % (1, octet) for octet in body) + b"0\r\n\r\n"
        else:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        if self.path == "/leave":
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)

    do_GET = do_HEAD = do_POST = answer

    def log_message(self, *_):
        pass


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1], sys.argv[2])
with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
    server.daemon_threads = True
    server.socket = context.wrap_socket(server.socket, server_side=True)
    print(f"ACCEPT 127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
