#!/usr/bin/env python3
"""Enrolment by the real programs: a code becomes an agent while it runs, certificates of seconds are renewed and recovered, a
lost answer is asked for again, removed and copied agents are noticed."""

import contextlib
import json
import shutil
import socket
import subprocess
import sys
import threading
import time

from system import BIN, Program, System, run, until


class Site(System):
    """An agent that nobody has enrolled yet."""

    def __init__(self, *serve_words, **words):
        super().__init__(count=8, **words)
        self.serve_words = list(serve_words)

    def make_agent(self, name="agent"):
        self.state = self.folder / name
        self.state.mkdir(mode=0o700)
        config = self.state / "agent.toml"
        config.write_text(self.config())
        config.chmod(0o600)
        self.agent = Program(self.folder, "platen-agent", "run", "--config", config)

    def config(self):
        last = self.truth[-1]["address"]
        return f"""
[agent]
state_dir = "{self.state}"
[cloud]
backoff_longest = "1s"
heartbeat = "1s"
[scan]
targets = ["127.51.0.1-{last}"]
port = {self.snmp_port}
allow_loopback = true
[read]
supplies_interval = "2s"
status_interval = "1s"
{run("zoo", "--credentials").stdout}
"""

    @property
    def enrolment(self):
        return "localhost:" + self.serving()["enroll"].rsplit(":", 1)[1]

    def code(self, *words):
        return json.loads(run("platen-cloud", "enroll", "new", "--data", self.data, "--json", *words).stdout)["code"]

    def enroll(self, code, *words, state=None, cloud=None, check=True):
        file = self.folder / "code"
        file.write_text(code.lower().replace("-", " ") + "\n")  # as people type
        return run("platen", "enroll", "--code-file", file, "--cloud", cloud or self.enrolment, "--state-dir", state or self.state, *words, check=check)

    def identity_of(self, name):
        return next(line["identity"] for line in self.cloud_lines("agents") if line["agent"] == name)

    def stored(self):
        return len(self.cloud_lines("readings", "--newest", 100000))

    def certificate(self):
        return self.agent_status().get("certificate", {})


@contextlib.contextmanager
def swallowing(port):
    """A way to the service on which answers get lost: after the handshake nothing comes back. Cut when the block ends."""
    listener = socket.create_server(("127.0.0.1", 0))
    open_ones = []

    def carry():
        client, _ = listener.accept()
        server = socket.create_connection(("127.0.0.1", port))
        open_ones.extend((client, server))
        said = 0

        def back():
            with contextlib.suppress(OSError):
                while octets := server.recv(65536):
                    if said < 2:
                        client.sendall(octets)

        threading.Thread(target=back, daemon=True).start()
        with contextlib.suppress(OSError):
            while octets := client.recv(65536):
                said += 1
                server.sendall(octets)

    threading.Thread(target=carry, daemon=True).start()
    with listener:
        yield listener.getsockname()[1]
        for each in open_ones:
            each.shutdown(socket.SHUT_RDWR)


def refusals(site):
    """Everything that is wrong is one line with a way out, and leaves nothing behind."""
    elsewhere = site.folder / "elsewhere"
    other = site.folder / "other-cloud"
    foreign = json.loads(run("platen-cloud", "enroll", "new", "--data", other, "--json").stdout)["code"]
    good = site.code()
    wrong = ("0" if good[0] != "0" else "1") + good[1:]
    rows = [
        ("mistyped", wrong, {}, 2, "mistyped"),
        ("cut off", good[:20], {}, 2, "not complete"),
        ("of another cloud", foreign, {}, 1, "is not the cloud that made this code"),
        ("nobody there", good, {"cloud": "127.0.0.1:1"}, 1, "nothing listens there"),
        ("no such host", good, {"cloud": "no-such-host.invalid"}, 1, "no-such-host.invalid"),
        ("not the service", good, {"cloud": site.serving()["web"]}, 1, "TLS"),
        ("no host", good, {"cloud": "http://x y"}, 2, "--cloud"),
    ]
    for name, code, words, exit_code, says in rows:
        done = site.enroll(code, state=elsewhere, check=False, **words)
        assert done.returncode == exit_code and says in done.stderr, (name, done)
        assert done.stdout == "" and done.stderr.startswith("platen: ") and done.stderr.count("\n") <= 3, (name, done)
        assert code not in done.stderr, name
        assert not (elsewhere / "identity.pem").exists(), name
    assert "unknown" not in str(run("platen-cloud", "enroll", "list", "--data", site.data).stdout)
    return good


def becomes_an_agent(site):
    """The agent runs, reads and keeps; the code makes it deliver within a minute, in the same process."""
    agent = site.agent.start()
    until(lambda: site.agent_status().get("ledger", {}).get("last", 0) > 0 or not agent.running(), "it reads without a cloud")
    assert agent.running(), agent.tail()
    assert site.agent_status()["enrolment"].startswith("none: platen enroll"), site.agent_status()
    begun = time.monotonic()
    done = site.enroll(site.code("--agent", "tested", "--dealer", "D", "--customer", "C", "--site", "S"), "--json")
    assert json.loads(done.stdout)["agent"] == "tested", done
    until(lambda: len(site.cloud_lines("printers")) == len(site.printers), "all printers are in the cloud", 60)
    print(f"from the command to the whole fleet in the cloud: {time.monotonic() - begun:.1f} s")
    assert agent.running() and site.agent_status()["agent"] == "tested", site.agent_status()
    key = site.state / "identity.pem"
    assert key.stat().st_mode & 0o777 == 0o600 and not (site.state / "enrolling.key").exists()
    entry = site.identity_of("tested")
    assert (entry["state"], entry["dealer"], entry["customer"], entry["site"]) == ("good", "D", "C", "S"), entry
    again = site.enroll(site.code(), check=False)
    assert again.returncode == 2 and "enrolled already, as tested" in again.stderr, again


def used_twice(site, code):
    assert site.enroll(code, state=site.folder / "one").returncode == 0
    second = site.enroll(code, state=site.folder / "two", check=False)
    assert second.returncode == 1 and "was used at" in second.stderr, second
    (site.folder / "one" / "identity.pem").chmod(0o644)
    looked = site.enroll(site.code(), state=site.folder / "one", check=False)
    assert looked.returncode == 2 and "others on this host can read the key" in looked.stderr, looked


def lost_answer(site):
    state, file = site.folder / "unlucky", site.folder / "code"
    file.write_text(site.code())
    with swallowing(int(site.enrolment.rsplit(":", 1)[1])) as port:
        words = [BIN / "platen", "enroll", "--code-file", file, "--cloud", f"localhost:{port}", "--state-dir", state]
        with subprocess.Popen(words, stderr=subprocess.PIPE) as asking:
            until(lambda: json_lines(site)[0]["state"] == "used" or asking.poll() is not None, "the code is used")
            assert asking.poll() is None, asking.stderr.read()
            killed_in_the_meantime = not (state / "identity.pem").exists()
            asking.kill()
    assert killed_in_the_meantime and (state / "enrolling.key").stat().st_mode & 0o777 == 0o600
    again = json.loads(site.enroll(file.read_text(), "--json", state=state).stdout)
    assert again["agent"] == json_lines(site)[0]["agent"], again


def json_lines(site):
    return [json.loads(line) for line in run("platen-cloud", "enroll", "list", "--data", site.data, "--json").stdout.splitlines()]


def removed(site):
    """It says so, stays out without hurrying, goes on collecting, and comes back under a new code by itself."""
    run("platen-cloud", "enroll", "revoke", "tested", "--data", site.data)
    until(lambda: "removed" in site.certificate().get("error", ""), "the agent says that it was removed")
    refused = site.cloud.log.read_text().count("ingest.refused")
    kept = site.agent_status()["ledger"]["last"]
    until(lambda: site.agent_status()["ledger"]["last"] > kept + 20, "it goes on collecting")
    assert site.cloud.log.read_text().count("ingest.refused") == refused, "it knocks again and again"
    assert site.identity_of("tested")["state"] == "removed"
    unknown = run("platen-cloud", "enroll", "revoke", "nobody", "--data", site.data, check=False)
    assert unknown.returncode == 1 and "no agent 'nobody'" in unknown.stderr, unknown
    site.enroll(site.code("--agent", "second"), "--replace")
    until(lambda: site.agent_status().get("agent") == "second" and site.agent_status().get("uplink", {}).get("connected"), "it is back")
    assert site.agent.running() and "error" not in site.certificate(), site.agent_status()
    assert site.agent.end() == 0, site.agent.tail()


def renewed(site):
    """Certificates of seconds: new ones with new keys while the readings flow on; after its end one is recovered."""
    agent = site.agent.start()
    site.enroll(site.code("--agent", "tested"))
    until(lambda: site.agent_status().get("uplink", {}).get("connected"), "connected")
    seen, keys = set(), set()

    def turned():
        seen.add(site.certificate().get("valid_until"))
        keys.add((site.state / "identity.pem").read_text().split("PRIVATE KEY-----")[1])
        return len(seen - {None}) >= 3 and len(keys) >= 3

    until(turned, "two renewals")
    before = site.stored()
    until(lambda: site.stored() > before, "readings flow on")
    assert agent.running() and agent.end() == 0, agent.tail()
    identity = site.identity_of("tested")
    assert identity["state"] == "good", identity
    until(lambda: time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime()) > identity["certificate_until"], "the certificate expires", 60)
    before = site.stored()
    agent.start()
    until(lambda: site.stored() > before or not agent.running(), "an expired agent recovers", 60)
    assert "identity.renewed" in agent.log.read_text() and site.identity_of("tested")["state"] == "good"


def copied(site):
    """A second host with the same identity is seen by the cloud's operator."""
    original = site.agent
    shutil.copy(site.state / "identity.pem", site.folder / "stolen.pem")
    state = site.state
    site.make_agent("copy")
    shutil.copy(site.folder / "stolen.pem", site.state / "identity.pem")
    copy = site.agent.start()
    try:
        until(lambda: site.identity_of("tested")["state"] == "copied", "the copy is noticed", 60)
    finally:
        copy.end()
        site.agent, site.state = original, state
    table = run("platen-cloud", "agents", "--data", site.data).stdout
    assert "copied" in table, table
    assert "identity.copied" in site.cloud.log.read_text() or "enroll.refused" in site.cloud.log.read_text()
    assert original.end() == 0


def main():
    with Site() as site:
        code = refusals(site)
        becomes_an_agent(site)
        used_twice(site, code)
        lost_answer(site)
        removed(site)
    with Site("--certificate-life", "12s") as site:
        renewed(site)
        copied(site)


if __name__ == "__main__":
    sys.exit(main())
