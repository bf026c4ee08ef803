"""Real proxies for tests: squid on loopback, on ports that were free a moment ago.

Squid leaves from an address of its own, so that the front end's log shows who came past it."""

import contextlib
import hashlib
import os
import signal
import socket
import subprocess
import threading
from pathlib import Path

from ports import free_port
from system import until

SQUID_LEAVES_FROM = "127.0.0.77"
PASSWORD = "p@ss:w%rd"


def listens(port, host="127.0.0.1"):
    with socket.socket() as probe:
        probe.settimeout(1)
        # Linux may give a caller the very port it calls: then it has reached itself.
        return probe.connect_ex((host, port)) == 0 and probe.getsockname() != (host, port)


class Gate:
    """A way through to a port of this host that can be shut: those who are within are cut off, and nobody comes in."""

    def __init__(self, to):
        self.to, self.open, self.within = to, True, []
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.let_in, daemon=True).start()

    def let_in(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                if not self.open:
                    client.close()
                    continue
                try:
                    server = socket.create_connection(("127.0.0.1", self.to), 5)
                except OSError:
                    client.close()
                    continue
                self.within += [client, server]
                for ends in ((client, server), (server, client)):
                    threading.Thread(target=self.carry, args=ends, daemon=True).start()

    @staticmethod
    def carry(here, there):
        with contextlib.suppress(OSError):
            while octets := here.recv(65536):
                there.sendall(octets)
        for end in (here, there):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def shut(self):
        self.open = False
        for end in self.within:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def unshut(self):
        self.open = True

    def end(self):
        self.listener.close()
        self.shut()


class Server:
    """A program in the foreground, with a configuration file in a folder of its own."""

    def __init__(self, folder, name):
        self.folder = Path(folder) / name
        self.folder.mkdir()
        self.folder.chmod(0o777)  # squid gives up root
        self.process = None

    def launch(self, command, port, environment=None):
        self.port = port
        with open(self.folder / "out", "wb") as out:
            self.process = subprocess.Popen(command, stdout=out, stderr=out, stdin=subprocess.DEVNULL, start_new_session=True, env=environment)
        until(lambda: listens(port) or self.process.poll() is not None, f"{command[0]} listens")
        assert self.process.poll() is None, (self.folder / "out").read_text(errors="replace")[-3000:]
        return self

    def log(self, name="access.log"):
        file = self.folder / name
        return file.read_text(errors="replace") if file.exists() else ""

    def end(self):
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)  # its own session: helpers too
            self.process.wait()


class Squid(Server):
    kinds = {
        "open": "http_access allow all",
        "forbids": "http_access deny all",
        "basic": "auth_param basic program /usr/lib/squid/basic_ncsa_auth {folder}/passwords\n"
        "acl known proxy_auth REQUIRED\nhttp_access allow known\nhttp_access deny all",
        "digest": "auth_param digest program /usr/lib/squid/digest_file_auth -c {folder}/digests\nauth_param digest realm test\n"
        "acl known proxy_auth REQUIRED\nhttp_access allow known\nhttp_access deny all",
        "ntlm": "auth_param ntlm program /usr/lib/squid/ntlm_fake_auth\nacl known proxy_auth REQUIRED\nhttp_access allow known\n"
        "http_access deny all",
        "negotiate": "auth_param negotiate program /usr/lib/squid/negotiate_kerberos_auth -k {realm.keytab} -s HTTP/localhost\n"
        "acl known proxy_auth REQUIRED\nhttp_access allow known\nhttp_access deny all",
        "inspects": "http_access allow all\nsslcrtd_program /usr/lib/squid/security_file_certgen -s {folder}/certificates -M 4MB\n"
        "sslcrtd_children 1\nssl_bump bump all\ntls_outgoing_options cafile={cloud_ca}",
    }

    def __init__(self, folder, kind, cloud_ca, realm=None):
        super().__init__(folder, "squid-" + kind)
        port = free_port()
        bump = ""
        hashed = subprocess.run(["openssl", "passwd", "-apr1", "-stdin"], input=PASSWORD, capture_output=True, text=True, check=True).stdout
        (self.folder / "passwords").write_text("user:" + hashed)
        (self.folder / "digests").write_text("user:test:" + hashlib.md5(f"user:test:{PASSWORD}".encode()).hexdigest() + "\n")
        if kind == "inspects":
            self.ca = self.folder / "site.crt"
            subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=Site Inspection CA",
                            "-keyout", self.folder / "site.key", "-out", self.ca, "-addext", "basicConstraints=critical,CA:TRUE",
                            "-addext", "keyUsage=critical,keyCertSign,cRLSign"], check=True, capture_output=True)
            (self.folder / "site.pem").write_text(self.ca.read_text() + (self.folder / "site.key").read_text())
            subprocess.run(["/usr/lib/squid/security_file_certgen", "-c", "-s", self.folder / "certificates", "-M", "4MB"], check=True, capture_output=True)
            subprocess.run(["chmod", "-R", "a+rwX", self.folder], check=True)
            bump = f" ssl-bump tls-cert={self.folder}/site.pem generate-host-certificates=on dynamic_cert_mem_cache_size=4MB"
        (self.folder / "squid.conf").write_text(f"""
http_port 127.0.0.1:{port}{bump}
tcp_outgoing_address {SQUID_LEAVES_FROM}
{self.kinds[kind].format(folder=self.folder, cloud_ca=cloud_ca, realm=realm)}
access_log stdio:{self.folder}/access.log
cache_log {self.folder}/cache.log
pid_filename none
cache deny all
pinger_enable off
netdb_filename none
shutdown_lifetime 0 seconds
coredump_dir {self.folder}
visible_hostname proxy.test
""")
        self.launch(["squid", "-N", "-f", str(self.folder / "squid.conf"), "-n", "s" + str(port)], port, realm.servers if realm else None)

    def connected(self):
        return [line for line in self.log().splitlines() if "TCP_TUNNEL/200" in line or "CONNECT" in line]


class Mute(Server):
    """Takes connections and says nothing."""

    def __init__(self, folder):
        super().__init__(folder, "mute")
        port = free_port()
        self.launch(["python3", "-c", f"import socket,signal; s=socket.create_server(('127.0.0.1',{port}),backlog=64); signal.pause()"], port)
