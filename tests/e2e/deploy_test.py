#!/usr/bin/env python3
"""One public port, with nginx from the generated file: enrolment, both rungs and who may come in; nginx and the cloud end and
come back while readings flow, and every record is stored once. Skipped (77) where nginx or mosquitto are not installed."""

import contextlib
import json
import signal
import socket
import ssl
import subprocess
import sys
import time

from deployment import Deployment, installed
from system import run, until

SOON = ("worker_shutdown_timeout 5m", "worker_shutdown_timeout 1s")  # after a reload an old worker's streams end


def enrols_and_delivers(site):
    agent = site.agent.start()
    done = json.loads(site.enroll(site.code("--agent", "tested"), "--json").stdout)
    assert done["agent"] == "tested", done
    until(lambda: len(site.cloud_lines("printers")) == len(site.printers) or not agent.running(), "all printers are in the cloud", 60)
    assert agent.running(), agent.tail()
    assert site.uplink()["connected"] and site.uplink()["protocol"] == "HTTP/2", site.uplink()
    kept = (site.state / "identity.pem").read_text()
    assert all(f"{use}: {site.public}\n" in kept for use in ("Cloud", "Enrolment", "Command")) and site.ingest not in kept, "the agent was told another address than the public one"


def strangers(site):
    """What reaches which server, and what does not."""
    with site.tls() as connection:
        assert connection.version() == "TLSv1.3", connection.version()
    refused = 0
    with contextlib.suppress(ssl.SSLError, ConnectionError), site.tls(alpn=["h2"]) as connection:
        connection.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0")
        refused = len(connection.recv(100))  # TLS 1.3: the refusal comes with the first octets that are read
    assert refused == 0, "HTTP/2 is spoken with somebody who showed no certificate"
    for weak in ("-tls1_1", "-tls1_2 -cipher ECDHE+AES128+SHA256:!AESGCM", "-tls1_2 -cipher RSA+AESGCM"):
        words = ["openssl", "s_client", "-connect", f"127.0.0.1:{site.port}", *weak.replace("-cipher ", "-cipher @SECLEVEL=0:").split()]
        done = subprocess.run(words + ([] if "-cipher" in weak else ["-cipher", "ALL:@SECLEVEL=0"]), capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
        assert "alert" in done.stderr and "Cipher is (NONE)" in done.stdout, (weak, done)
    assert site.ask("/elsewhere") == 404 and site.ask("/mqtt") == 403
    assert site.ask("/v1/enroll", b"x" * 70_000) == 413 and site.ask("/platen.v1.Uplink/Post", b"x" * 3_200_000) == 413
    assert site.ask("/v1/challenge", headers="X-Long: " + "x" * 5_000 + "\r\n") == 400


def nobody_names_an_address(site):
    """Whoever asks at the public port cannot say where from: the line of the PROXY protocol is the front end's."""
    for protocol in ("h2", "http/1.1"):
        with contextlib.suppress(OSError), socket.create_connection((site.address, site.port), 10) as plain:
            plain.sendall(b"PROXY TCP4 192.0.2.66 192.0.2.1 1 443\r\n")
            context = ssl.create_default_context(cafile=site.data / "ca.crt")
            context.set_alpn_protocols([protocol])
            with context.wrap_socket(plain, server_hostname="localhost"):
                raise AssertionError(f"{protocol}: a line that anybody wrote was taken off")
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", int(site.ingest.rsplit(":", 1)[1])), 10) as past:
        context = ssl.create_default_context(cafile=site.data / "ca.crt")
        with context.wrap_socket(past, server_hostname="localhost"):
            raise AssertionError("ingest talks to the front end's address without its line")
    welcomes = [line for line in site.cloud.log.read_text().splitlines() if " ingest.welcome " in line]
    assert welcomes and all("peer=127.0.0.1 " in line for line in welcomes), welcomes[-3:]
    assert site.comes_from() == "127.0.0.1"


def limits(site):
    """Counted by the address of who asks, which is believed from the front end and from nobody else."""
    before = site.cloud.log.stat().st_size
    csr = subprocess.run("openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout /dev/null -subj /CN=x -outform DER".split(), capture_output=True, check=True).stdout
    wrong_code = b"\x0a\x140123456789ABCDEFGHJK" + b"\x12" + bytes([len(csr) & 127 | 128, len(csr) >> 7]) + csr
    assert site.ask("/v1/enroll", wrong_code, "127.0.0.3", "X-Real-IP: 192.0.2.1\r\n") == 200
    with open(site.cloud.log, encoding="utf-8") as log:
        log.seek(before)
        line = next(line for line in log if "enroll.refused" in line)
    assert "peer=127.0.0.3" in line, line
    answers = [site.ask("/v1/challenge", source="127.0.0.4") for _ in range(80)]
    assert answers[0] == 200 and 429 in answers, answers
    assert site.ask("/v1/challenge", source="127.0.0.5") == 200, "somebody else pays for it"


def rungs(site):
    """HTTP/2 does not get through: the lower rung is taken; it does again: the agent climbs back by itself."""
    there, hindered = site.http2()
    for change, protocol in (((there, hindered), "HTTP/1.1"), ((hindered, there), "HTTP/2")):
        site.front.change(change)
        site.front.signal(signal.SIGHUP)
        until(lambda protocol=protocol: site.uplink().get("connected") and site.uplink().get("protocol") == protocol, f"readings go by {protocol}", 60)
        site.stored_more(f"readings arrive by {protocol}")
    posts = [line for line in site.front.requests() if " POST /platen.v1.Uplink/Post 200 " in line]
    assert posts, "nothing went by the lower rung"


def comes_back(site):
    """Everything that can end ends, and comes back; nobody does anything else."""

    def front_killed():
        site.front.end()
        site.front.start()

    for name, happens in (("nginx reloaded", lambda: site.front.signal(signal.SIGHUP)), ("nginx killed", front_killed), ("the cloud killed", site.restart_cloud)):
        before, began = site.uplink()["reconnects"], time.monotonic()
        happens()
        until(lambda before=before: site.uplink().get("connected") and site.uplink()["reconnects"] > before, f"another connection after: {name}", 60)
        site.stored_more(f"readings after: {name}")
        print(f"{name}: readings again after {time.monotonic() - began:.1f} s", flush=True)
    done = run("platen-cloud", "verify", "--data", site.data, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def recovers(site):
    """A certificate that ended while the host was off: nginx lets nobody in who shows one, so it is not shown."""
    site.agent.start()
    site.enroll(site.code("--agent", "tested"))
    until(lambda: site.uplink().get("connected"), "connected")
    assert site.agent.end() == 0, site.agent.tail()
    ends = site.identity_of("tested")["certificate_until"]
    until(lambda: time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime()) > ends, "the certificate expires", 60)
    asked, said = len(site.front.requests()), site.agent.log.stat().st_size
    site.agent.start()
    site.stored_more("an expired agent recovers")
    assert b"identity.renewed" in site.agent.log.read_bytes()[said:], site.agent.tail()
    # nginx writes the line after the answer has gone out; on a busy disk that takes its time

    def asked_for():
        return site.front.requests()[asked:]

    until(lambda: any(" /v1/renew 200 " in line for line in asked_for()), lambda: f"it is renewed through the front end: {asked_for()}")


def main():
    if not installed():
        print("nginx with its stream module, or mosquitto, is not installed")
        return 77
    with Deployment(cloud_settings='http2_retry = "1s"', changes=[SOON]) as site:
        enrols_and_delivers(site)
        strangers(site)
        nobody_names_an_address(site)
        limits(site)
        rungs(site)
        comes_back(site)
        assert site.agent.end() == 0, site.agent.tail()
    with Deployment("--certificate-life", "12s") as site:
        recovers(site)
    return 0


if __name__ == "__main__":
    sys.exit(main())
