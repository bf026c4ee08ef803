"""The cloud as a dealer runs it: one public port, nginx and mosquitto from the files that `platen-cloud deploy` writes."""

import os
import shutil
import signal
import socket
import ssl
import subprocess

from enrol_test import Site
from network import listens
from ports import free_port
from system import run, until

HERE = "127.0.0.1"


def installed():
    return all(map(shutil.which, ("nginx", "mosquitto"))) and os.path.exists("/usr/lib/nginx/modules/ngx_stream_module.so")


class Daemon:
    """A program of somebody else's in the foreground; restartable."""

    def __init__(self, home, name, at, *command):
        self.log, self.at, self.command, self.process = home / f"{name}.log", at, command, None

    def start(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(self.command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True)
        until(lambda: listens(*self.at) or self.process.poll() is not None, f"{self.command[0]} listens")
        assert self.process.poll() is None, self.log.read_text(errors="replace")[-3000:]

    def signal(self, what):
        self.process.send_signal(what)

    def end(self):
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)  # a session of its own: its workers too
            self.process.wait()
            until(lambda: not listens(*self.at), f"{self.command[0]}'s last worker is gone")


class Front(Daemon):
    def __init__(self, home, *at):
        super().__init__(home, "nginx", at, "nginx", "-e", "stderr", "-c", str(home / "nginx.conf"), "-g", "daemon off;")
        self.home = home

    def start(self):
        for left in self.home.glob("*.sock"):
            left.unlink()  # as systemd does with the folder
        super().start()

    def change(self, *changes):
        """The generated file with these texts replaced; whoever reloads or starts it gets that."""
        file = self.home / "nginx.conf"
        text = file.read_text()
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new)
        file.write_text(text)

    def connections(self):
        """[address, ALPN] of those that are over."""
        file = self.home / "connections.log"
        return [[line.split(" ")[0], line.split(" ")[2]] for line in file.read_text().splitlines()] if file.exists() else []

    def requests(self):
        file = self.home / "requests.log"
        return file.read_text().splitlines() if file.exists() else []


class Deployment(Site):
    """Simulated printers, cloud, nginx, mosquitto, and an agent that nobody has enrolled yet."""

    host, address = "localhost", HERE  # of the front end
    announces = True  # the cloud is at the broker

    def __init__(self, *serve_words, cloud_settings="", changes=(), hinder=False, **words):
        super().__init__(*serve_words, **words)
        self.more_words, self.cloud_settings, self.changes, self.hinder = list(serve_words), cloud_settings, changes, hinder
        self.front = self.broker = None

    def start_cloud(self):
        self.data, self.home = self.folder / "cloud", self.folder / "front"
        self.port, ingest, enroll, broker, local = (free_port() for _ in range(5))
        self.public = f"{self.host}:{self.port}"
        run("platen-cloud", "init", "--data", self.data, "--name", self.host)
        self.home.mkdir()
        run("platen-cloud", "deploy", "--public", self.public, "--listen", f"{self.address}:{self.port}", "--data", self.data, "--home", self.home, "--into", self.home,
            "--ingest", f"{HERE}:{ingest}", "--enroll", f"{HERE}:{enroll}", "--mqtt", f"{HERE}:{broker}", "--mqtt-local", f"{HERE}:{local}")
        self.local = local
        self.front = Front(self.home, self.port, self.address)
        self.ingest = f"{HERE}:{ingest}"
        self.front.change(*self.changes, *([self.http2()] if self.hinder else []), *self.gates(ingest, enroll))
        self.broker = Daemon(self.home, "mosquitto", (broker,), "mosquitto", "-c", str(self.home / "mosquitto.conf"))
        self.serve_words = ["--public", self.public, "--enroll", f"{HERE}:{enroll}", "--behind", HERE, *(["--broker", f"tls://{HERE}:{local}"] if self.announces else []), "--broker-acl", self.home / "broker.acl", *self.more_words]
        self.serve(self.ingest)
        self.front.start()
        self.broker.start()

    def __exit__(self, *words):
        for daemon in (self.front, self.broker):
            if daemon is not None:
                daemon.end()
        super().__exit__(*words)

    def config(self):
        return super().config().replace("[cloud]", f'[cloud]\nbackoff_first = "100ms"\n{self.cloud_settings}')

    @property
    def enrolment(self):
        return self.public

    def gates(self, _ingest, _enroll):
        """Further changes of the front end's file, for who wants something between it and these ports."""
        return []

    def http2(self):
        """The line of the front end that lets HTTP/2 through, and one that hinders it."""
        line = "~(^|,)h2(,|$)    {};"
        return line.format(self.ingest), line.format(f"unix:{self.home}/https.sock")

    def comes_from(self, agent="tested"):
        """The address that the cloud knows of the agent."""
        return next(line.get("address") for line in self.cloud_lines("agents") if line["agent"] == agent)

    def restart_cloud(self):
        self.cloud.end(signal.SIGKILL)
        self.serve(self.ingest)

    def uplink(self):
        return self.agent_status().get("uplink", {})

    def channel(self):
        return self.agent_status().get("command", {})

    def stored_more(self, what, seconds=60):
        """What is stored from now on arrives."""
        before = self.stored()
        until(lambda: self.stored() > before or not self.agent.running(), what, seconds)
        assert self.agent.running(), self.agent.tail()

    def tls(self, alpn=(), certificate=None, source=HERE):
        """A connection to the public port, as anybody could open it."""
        context = ssl.create_default_context(cafile=self.data / "ca.crt")
        if alpn:
            context.set_alpn_protocols(list(alpn))
        if certificate:
            context.load_cert_chain(*certificate)
        return context.wrap_socket(socket.create_connection((self.address, self.port), 10, (source, 0)), server_hostname="localhost")

    def ask(self, path, body=b"", source=HERE, headers=""):
        """The status of the answer to a POST."""
        with self.tls(source=source) as connection:
            connection.sendall(f"POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {len(body)}\r\n{headers}\r\n".encode() + body)
            answer = b""
            while octets := connection.recv(65536):
                answer += octets
        return int(answer.split(b" ", 2)[1])
