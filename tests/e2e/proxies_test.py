#!/usr/bin/env python3
"""The real agent through real proxies to the one port of the cloud (nginx from the generated file): which way, which protocol,
which verdict, and that nothing ever goes past a proxy that is set. Prints the matrix. Skipped (77) where squid, nginx or
mosquitto are missing."""

import contextlib
import json
import os
import shutil
import subprocess
import sys

import kerberos
from deployment import Deployment, installed
from network import PASSWORD, SQUID_LEAVES_FROM, Mute, Squid
from ports import free_port
from system import BIN, Program, run, until

HTTP2, HTTP11 = "HTTP/2", "HTTP/1.1"


@contextlib.contextmanager
def surrounded_by(environment):
    """What is started within inherits this environment."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(environment)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


class Matrix:
    def __init__(self, system):
        self.system, self.folder = system, system.folder
        self.folder.chmod(0o755)
        data = system.data
        self.squids, self.started, self.realm = {}, [], None
        if kerberos.installed():
            self.realm = kerberos.Realm(self.folder)
            self.started.append(self.realm)
        else:
            print("SKIPPED: Negotiate (krb5-kdc, krb5-admin-server or krb5-user is not installed)", flush=True)
        for kind in Squid.kinds:
            if kind == "negotiate" and self.realm is None:
                continue
            self.squids[kind] = Squid(self.folder, kind, data / "ca.crt", self.realm)
            self.started.append(self.squids[kind])
        self.mute = Mute(self.folder)
        self.started.append(self.mute)
        password = self.folder / "proxy.password"
        password.write_text(PASSWORD + "\n")
        password.chmod(0o600)
        wrong = self.folder / "wrong.password"
        wrong.write_text("guess\n")
        wrong.chmod(0o600)
        self.login = f'user = "user"\npassword_file = "{password}"\n'
        self.wrong_login = f'user = "user"\npassword_file = "{wrong}"\n'
        self.site = f'ca_file = "{self.squids["inspects"].ca}"\n'

    def end(self):
        for server in self.started:
            server.end()

    def rows(self):
        """name, proxy section, environment, verdict for the uplink, protocol that readings arrive by (None: they do not).
        The way of commands has the same verdict, but where TLS is opened: the certificate is lost, and tasks are polled for."""
        at = {kind: f'[proxy]\naddress = "http://127.0.0.1:{squid.port}"\n' for kind, squid in self.squids.items()}
        mute = f'[proxy]\naddress = "http://127.0.0.1:{self.mute.port}"\n'
        dead = f'[proxy]\naddress = "http://127.0.0.1:{free_port()}"\n'
        basic = {"https_proxy": f"http://user:{PASSWORD}@127.0.0.1:{self.squids['basic'].port}"}
        no_way = {"HTTPS_PROXY": f"http://127.0.0.1:{free_port()}", "no_proxy": "elsewhere.example"}
        return [
            ("no proxy", '[proxy]\naddress = "none"\n', {}, "ok", HTTP2),
            ("open", at["open"], {}, "ok", HTTP2),
            ("Basic, p@ss:w%rd", at["basic"] + self.login, {}, "ok", HTTP2),
            ("Basic, from https_proxy", "", basic, "ok", HTTP2),
            ("Digest, p@ss:w%rd", at["digest"] + self.login, {}, "ok", HTTP2),
            ("NTLM", at["ntlm"] + self.login, {}, "ok", HTTP2),
            ("inspects, HTTP/1.1 only", at["inspects"] + self.site, {}, "http2.missing", HTTP11),
            ("inspects, CA unknown", at["inspects"], {}, "tls.not-trusted", None),
            ("Basic, no login", at["basic"], {}, "proxy.login", None),
            ("Basic, wrong password", at["basic"] + self.wrong_login, {}, "proxy.login", None),
            ("forbids", at["forbids"], {}, "proxy.forbids", None),
            ("silent", mute, {}, "proxy.silent", None),
            ("dead", dead, {}, "proxy.away", None),
            ("dead, from HTTPS_PROXY", "", no_way, "proxy.away", None),
            *self.negotiate_rows(),
        ]

    def negotiate_rows(self):
        """The agent's own ticket, with the name of the proxy; no user and no password are set."""
        if self.realm is None:
            return []
        proxy = f'[proxy]\naddress = "http://localhost:{self.squids["negotiate"].port}"\n'
        ticket = self.realm.environment
        without = ticket | {"KRB5CCNAME": f"FILE:{self.folder}/none"}
        keytab = ticket | {"KRB5CCNAME": "MEMORY:", "KRB5_CLIENT_KTNAME": f"FILE:{self.realm.folder}/agent.keytab"}
        return [
            ("Negotiate, Kerberos", proxy + 'auth = "negotiate"\n', ticket, "ok", HTTP2),
            ("Negotiate, keytab", proxy + 'auth = "negotiate"\n', keytab, "ok", HTTP2),
            ("Negotiate, no ticket", proxy + 'auth = "negotiate"\n', without, "proxy.login", None),
            ("Negotiate, not asked for", proxy, ticket, "proxy.login", None),
        ]

    def config(self, proxy):
        file = self.system.state / "agent.toml"
        file.write_text(self.system.config() + proxy)
        file.chmod(0o600)
        return file

    def verdicts(self, file, environment):
        done = subprocess.run([BIN / "platen", "netcheck", "--config", file, "--json", "--connect-timeout", "2s"], capture_output=True, text=True, env=environment, check=False)
        assert PASSWORD not in done.stdout + done.stderr
        return {each["path"]: each for each in map(json.loads, done.stdout.splitlines())}, done.returncode

    def deliver(self, file, environment, arrives):
        """Runs the agent until readings arrive, or until it has failed a few times; what its status says."""
        system = self.system
        (system.state / "status.json").unlink(missing_ok=True)
        agent = system.agent = Program(self.folder, "platen-agent", "run", "--config", file)
        agent.log.unlink(missing_ok=True)
        with surrounded_by(environment):
            agent.start()

        def enough():
            status = system.agent_status()
            uplink, ledger = status.get("uplink", {}), status.get("ledger", {})
            if arrives == HTTP2 and not status.get("command", {}).get("connected"):
                return False  # what lets HTTP/2 through lets MQTT through
            if arrives:
                return uplink.get("connected") and ledger.get("acknowledged", 0) > self.acknowledged
            return uplink.get("reconnects", 0) >= 2

        until(lambda: enough() or not agent.running(), f"{'readings arrive' if arrives else 'several tries'}: {agent.tail() if agent.log.exists() else ''}", 60)
        assert agent.running(), agent.tail()
        status = system.agent_status()
        sockets = subprocess.run(["ss", "-Hltnp"], capture_output=True, text=True, check=False).stdout
        assert f"pid={agent.process.pid}," not in sockets, f"the agent listens: {sockets}"
        command = open(f"/proc/{agent.process.pid}/cmdline", encoding="utf-8").read()
        self.libcurl = "libcurl" in open(f"/proc/{agent.process.pid}/maps", encoding="utf-8").read()
        assert agent.end() == 0, agent.tail()
        log = agent.log.read_text()
        assert PASSWORD not in log + command, "the password is where everybody sees it"
        self.acknowledged = max(self.acknowledged, status["ledger"]["acknowledged"])
        return status, log

    acknowledged = 0

    def row(self, name, proxy, more, verdict, protocol):
        environment = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")} | more
        came = len(self.system.front.connections())
        file = self.config(proxy)
        seen, code = self.verdicts(file, environment)
        uplink = seen["readings to the cloud"]
        status, log = self.deliver(file, environment, protocol)
        sources = {address for address, _ in self.system.front.connections()[came:]}
        lines = [line for line in log.splitlines() if " egress.connection " in line and ("purpose=uplink" in line or "purpose=commands" in line)]
        got = status["uplink"].get("protocol") if protocol else None
        print(f"{name:26} {uplink['code']:16} {seen['tasks at once']['code']:18} {got or '-':9} {','.join(sorted(sources)) or '-':12} {uplink['text'][:90]}", flush=True)
        assert uplink["code"] == verdict, uplink
        commands = seen["tasks at once"]
        assert commands["code"] == {"http2.missing": "websocket.refused"}.get(verdict, verdict), commands
        bad = [path for path, each in seen.items() if each["verdict"] == "bad"]
        assert code == (1 if bad else 0) and (protocol is None or uplink["path"] not in bad), seen
        assert got == protocol, status["uplink"]
        assert status["command"]["connected"] == (protocol == HTTP2), status["command"]
        assert self.libcurl == any(word in proxy + "".join(more.values()) for word in ("user", '"negotiate"')), "libcurl is for proxies that want a login"
        direct = name == "no proxy"
        assert sources <= ({"127.0.0.1"} if direct else {SQUID_LEAVES_FROM}), f"{name}: something came past the proxy: {sources}"
        assert lines and all(("via=direct" in line) == direct for line in lines), lines
        assert protocol is None or sources, "nothing came at all"
        if protocol is not None:
            assert self.system.comes_from() == ("127.0.0.1" if direct else SQUID_LEAVES_FROM), "the cloud knows another address than the front end"

    def run(self):
        print(f"{'way':26} {'readings':16} {'commands':18} {'arrive by':9} {'from':12} meaning")
        for row in self.rows():
            self.row(*row)
        for name, squid in self.squids.items():
            assert squid.connected() or name == "forbids", f"squid ({name}) saw nothing"
        if self.realm is not None:
            assert f" agent@{kerberos.REALM} " in self.squids["negotiate"].log(), "squid let in somebody else"


def exactly_once(system):
    """Everything that was ever acknowledged stands once in the cloud, whatever way it took."""
    lines = run("platen-cloud", "verify", "--data", system.data, check=False)
    assert lines.returncode == 0, lines.stdout + lines.stderr


def main():
    if not (shutil.which("squid") and installed()):
        print("squid, nginx or mosquitto is not installed")
        return 77
    with Deployment() as system:
        system.enroll(system.code("--agent", "tested"))
        matrix = None
        try:
            matrix = Matrix(system)
            matrix.run()
        finally:
            if matrix is not None:
                matrix.end()
        exactly_once(system)
    return 0


sys.exit(main())
