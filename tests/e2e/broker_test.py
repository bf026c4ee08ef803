#!/usr/bin/env python3
"""The broker of commands, mosquitto from the generated file behind nginx from the generated file, against a hostile agent with a
good certificate: it reads its own commands and nothing else, and speaks for itself only. Skipped (77) where they are missing."""

import contextlib
import signal
import ssl
import subprocess
import sys
import tempfile
from pathlib import Path

from deployment import Deployment, installed
from mqtt import NOT_AUTHORIZED, Client, Refused
from system import run, until

OFFERS = ["mqtt", "http/1.1"]


def task(agent):
    return f"platen/v1/{agent}/task"


class Broker(Deployment):
    announces = False  # the test is the cloud here

    def make_agent(self, name="agent"):
        """No agent runs here: certificates are enough."""
        self.agent, self.identities = None, {}
        for agent in ("mallory", "victim"):
            folder = self.folder / agent
            folder.mkdir(mode=0o700)
            run("platen-agent", "identity", "--state-dir", folder, "--csr", folder / "csr")
            run("platen-cloud", "agent-certificate", "--data", self.data, "--csr", folder / "csr", "--agent", agent, "--out", folder / "crt")
            self.identities[agent] = (folder / "crt", folder / "agent.key")
        self.identities["_cloud"] = self.sign("_cloud", self.data / "ca")
        self.identities["stranger"] = self.sign("victim", self.foreign())

    def foreign(self):
        run("platen-cloud", "init", "--data", self.folder / "other", "--name", "localhost")
        return self.folder / "other" / "ca"

    def sign(self, name, ca, days="1"):
        stem = Path(tempfile.mkdtemp(dir=self.folder)) / "own"
        subprocess.run(["openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}", "-keyout", f"{stem}.key", "-out", f"{stem}.csr"], check=True, capture_output=True)
        subprocess.run(["openssl", "x509", "-req", "-in", f"{stem}.csr", "-CA", f"{ca}.crt", "-CAkey", f"{ca}.key", "-CAcreateserial", "-days", days, "-out", f"{stem}.crt"], check=True, capture_output=True)
        return f"{stem}.crt", f"{stem}.key"

    @contextlib.contextmanager
    def client(self, who, client_id=None, **words):
        with self.tls(OFFERS, self.identities[who]) as wire:
            assert wire.selected_alpn_protocol() == "http/1.1", wire.selected_alpn_protocol()
            yield Client(wire, client_id or who, **words)


def reads_its_own_only(site):
    rows = [task("mallory"), task("victim"), "#", "+/#", "platen/#", "platen/v1/+/task", "platen/v1/#", "$SYS/#", "$SYS/broker/clients/connected",
            "$share/all/platen/v1/victim/task", "platen/v1/victim/presence", "platen/v1/+/seen", "$CONTROL/#"]
    with site.client("_cloud") as cloud, site.client("victim") as victim:
        assert victim.publish("platen/v1/victim/presence", b"online", retain=True) < 128
        for topics in rows:
            with site.client("mallory") as mallory:
                mallory.subscribe(topics)
                for agent in ("mallory", "victim"):
                    assert cloud.publish(task(agent), f"for {agent}".encode()) < 128
                assert victim.publish("platen/v1/victim/seen", b"seen") < 128
                got = mallory.received()
                own = topics in ("#", "+/#", "platen/#", "platen/v1/+/task", "platen/v1/#", task("mallory"))
                assert got == ([(task("mallory"), b"for mallory")] if own else []), (topics, got)


def speaks_for_itself_only(site):
    rows = [("platen/v1/mallory/seen", True), ("platen/v1/mallory/presence", True), (task("mallory"), False), (task("victim"), False), ("platen/v1/victim/seen", False),
            ("platen/v1/victim/presence", False), ("platen/v1/mallory/other", False), ("platen/v1/mallory/seen/more", False), ("$SYS/broker/uptime", False), ("a", False)]
    with site.client("_cloud") as cloud:
        for topics in ("platen/v1/+/seen", "platen/v1/+/presence"):
            cloud.subscribe(topics)
        cloud.received()
        with site.client("mallory") as mallory:
            for topic, allowed in rows:
                code = mallory.publish(topic, b"said")
                assert (code < 128) == allowed and (allowed or code == NOT_AUTHORIZED), (topic, code)
                assert cloud.received() == ([(topic, b"said")] if allowed else []), topic
        for topic in ("platen/v1/mallory/presence", "platen/v1/victim/presence"):
            with contextlib.suppress(Refused), site.client("mallory", will=(topic, "offline")) as mallory:
                mallory.vanish()
        until(lambda: ("platen/v1/mallory/presence", b"offline") in cloud.received(), "the last will arrives")
        assert all("victim" not in topic for topic, _ in cloud.received()), "a last will speaks for somebody else"


def sessions(site):
    """A session is its certificate's: another's is neither taken over nor ended, and what waits is bounded and kept."""
    with site.client("victim", session=3600) as victim:
        victim.subscribe(task("victim"))
        with site.client("mallory", "victim", session=3600) as mallory, site.client("_cloud") as cloud:
            cloud.publish(task("victim"), b"secret")
            assert mallory.received() == [], "the session of another was taken over"
        assert victim.received() == [(task("victim"), b"secret")], "the session of another was ended"
    with site.client("_cloud") as cloud:
        for number in range(300):
            cloud.publish(task("victim"), str(number).encode())
    with site.client("mallory", "victim", session=3600) as mallory:
        assert mallory.received() == [], "what waited for another was handed over"
    site.broker.signal(signal.SIGTERM)
    site.broker.process.wait()
    site.broker.start()
    with site.client("victim", session=3600) as victim:
        kept = []
        until(lambda: kept.extend(victim.received()) or len(kept) >= 256, "what waited survives the broker")
        assert 256 <= len(kept) < 300 and kept[0][1] == b"0", (len(kept), kept[:2])


def strangers(site):
    with site.client("_cloud") as cloud:
        assert cloud.publish(task("victim"), b"x" * 131_000) < 128, "the largest task does not fit"
    with site.client("mallory") as mallory:
        try:
            code = mallory.publish("platen/v1/mallory/seen", b"x" * 200_000)
            assert code >= 128, "a packet of any size is taken"
        except (Refused, EOFError, OSError):
            pass
    for who, certificate in (("nobody", None), ("of another authority", site.identities["stranger"])):
        try:
            with site.tls(OFFERS, certificate) as wire:
                Client(wire, "victim")
            raise AssertionError(f"{who} was let in")
        except (Refused, ssl.SSLError, ConnectionError):
            pass
    with site.tls(["http/1.1"], site.identities["mallory"]) as wire:
        try:
            Client(wire, "mallory")
            raise AssertionError("MQTT where TLS is opened")
        except Refused as why:
            assert "403" in str(why), why


def with_the_tools(site):
    """mosquitto's own programs, on the listener for this host: the same rules."""
    certificate, key = site.identities["mallory"]
    to = ["-h", "localhost", "-p", str(site.local), "--cafile", site.data / "ca.crt", "--cert", certificate, "--key", key, "-V", "5", "-q", "1"]
    for topic, refused in (("platen/v1/mallory/seen", False), ("platen/v1/victim/seen", True), (task("mallory"), True)):
        done = subprocess.run(["mosquitto_pub", *to, "-t", topic, "-m", "x"], capture_output=True, text=True, check=False)
        assert ("Not authorized" in done.stderr) == refused, (topic, done)


def removed(site):
    """Out of the broker too, as soon as it has read what the cloud writes."""
    run("platen-cloud", "enroll", "revoke", "mallory", "--data", site.data)
    until(lambda: "user mallory\ntopic deny #" in (site.home / "broker.acl").read_text(), "the access list is written anew")
    with site.client("mallory") as mallory, site.client("_cloud") as cloud, site.client("victim") as victim:
        mallory.subscribe(task("mallory"))
        victim.subscribe(task("victim"))
        site.broker.signal(signal.SIGHUP)
        until(lambda: mallory.publish("platen/v1/mallory/seen", b"still here") == NOT_AUTHORIZED, "the broker reads it")
        mallory.received()
        for agent in ("mallory", "victim"):
            cloud.publish(task(agent), b"order")
        assert mallory.received() == [] and (task("victim"), b"order") in victim.received(), "somebody else pays for it"


def only_on_loopback(site):
    listening = subprocess.run(["ss", "-Hltnp"], capture_output=True, text=True, check=True).stdout
    own = [line.split()[3] for line in listening.splitlines() if f"pid={site.broker.process.pid}," in line]
    assert len(own) == 2 and all(address.startswith("127.0.0.1:") for address in own), own


def main():
    if not installed():
        print("nginx with its stream module, or mosquitto, is not installed")
        return 77
    with Broker() as site:
        only_on_loopback(site)
        reads_its_own_only(site)
        speaks_for_itself_only(site)
        sessions(site)
        strangers(site)
        with_the_tools(site)
        removed(site)
    return 0


if __name__ == "__main__":
    sys.exit(main())
