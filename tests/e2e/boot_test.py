#!/usr/bin/env python3
"""The steps of docs/deploy.md on a booted system: systemd runs the units that `platen-cloud deploy` writes, and the agent's, hardened
as they are, and an agent is served; each program is killed, an agent removed, and everything stopped.

The system is this one's root folder under an overlay that keeps what is written in memory, with namespaces of its own and systemd as
its process 1. Skipped (77) without root, overlayfs, cgroup2, systemd, nginx or mosquitto, and for sanitized programs, which need more
than the units allow."""

import contextlib
import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from deployment import installed
from system import BIN, Deadline, until

SYSTEMD = "/lib/systemd/systemd"
NAME = "cloud.example"
UNITS = ("platen-cloud", "platen-broker", "platen-front")
BOOT = """
set -e
mount --make-rprivate /
mount -t tmpfs tmpfs "$1"
mkdir "$1/upper" "$1/work" "$1/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$1/root"
cd "$1/root"
mount -t proc proc proc
mount -t sysfs sysfs sys
for folder in run tmp dev etc/systemd/system var/log var/lib/systemd; do mkdir -p $folder; mount -t tmpfs -o mode=755 tmpfs $folder; done
chmod 1777 tmp
mount -t cgroup2 cgroup2 sys/fs/cgroup
for device in null zero full random urandom tty; do touch dev/$device; mount --bind /dev/$device dev/$device; done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=666 devpts dev/pts
ln -s pts/ptmx dev/ptmx
for unit in systemd-udevd.service systemd-udev-trigger.service systemd-networkd.service systemd-resolved.service systemd-timesyncd.service; do
  ln -s /dev/null etc/systemd/system/$unit
done
rm -f etc/machine-id && : >etc/machine-id
mkdir -p tmp/old
pivot_root . tmp/old
umount -l /tmp/old
mount --make-rshared /
[ "$2" = try ] && exit 0
exec env -i container=test PATH=/usr/sbin:/usr/bin:/sbin:/bin %s --unit=basic.target
""" % SYSTEMD


def boot_words(folder, *words):
    return ["unshare", "--mount", "--pid", "--fork", "--uts", "--ipc", "--net", "--cgroup", "--kill-child", "sh", "-c", BOOT, "boot", folder, *words]


class Host:
    """A booted system; words run in it."""

    def __init__(self, folder):
        self.folder = folder
        with open(folder / "boot.log", "wb") as log:
            self.process = subprocess.Popen(boot_words(folder / "system", "boot"), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        self.one = int(until(lambda: self.process.poll() is not None or children.read_text().split(), "its first process")[0])
        until(lambda: self.process.poll() is not None or Path(f"/proc/{self.one}/comm").read_text() == "systemd\n", "systemd is started")
        until(lambda: self.do("systemctl", "is-active", "basic.target", check=False).stdout == "active\n", "the system is up", 60)

    def do(self, *words, check=True, text=None):
        done = subprocess.run(["nsenter", "-t", str(self.one), "-m", "-p", "-u", "-i", "-n", "-C", "-r", "-w", *map(str, words)],
                              input=text, capture_output=True, text=True, check=False, env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"})
        assert not check or done.returncode == 0, f"{words}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done

    def put(self, file, content, mode=0o644):
        """Into the system; `content`: octets, or a file out here."""
        there = Path(f"/proc/{self.one}/root{file}")
        there.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            there.write_bytes(content)
        else:
            shutil.copyfile(content, there)
        there.chmod(mode)

    def state(self, unit, *names):
        said = self.do("systemctl", "show", unit, *(f"--property={name}" for name in names)).stdout
        values = dict(line.split("=", 1) for line in said.splitlines())
        return [values[name] for name in names]

    def journal(self, *units):
        return self.do("journalctl", "--no-pager", "-o", "cat", *(word for unit in units for word in ("-u", unit)), check=False).stdout

    def end(self):
        self.process.kill()
        with contextlib.suppress(ProcessLookupError, AttributeError):
            os.kill(self.one, signal.SIGKILL)
        self.process.wait()


class Site:
    """The cloud on that host by its documentation, printers, and an agent under its unit."""

    def __init__(self, host):
        self.host = host
        for program in ("platen", "platen-agent", "platen-cloud", "zoo"):
            host.put(f"/usr/bin/{program}", BIN / program, 0o755)
        host.put("/etc/hosts", f"127.0.0.1 localhost {NAME}\n".encode())

    def install(self):
        """Steps 2 to 5 of docs/deploy.md."""
        do = self.host.do
        do("useradd", "-r", "platen-cloud"), do("useradd", "-r", "platen-broker")
        do("install", "-d", "-o", "platen-cloud", "-g", "platen-cloud", "-m", "0700", "/var/lib/platen-cloud")
        do("runuser", "-u", "platen-cloud", "--", "platen-cloud", "init", "--name", NAME)
        do("install", "-d", "/etc/platen-cloud")
        do("platen-cloud", "deploy", "--public", f"{NAME}:443")
        do("sh", "-c", "cp /etc/platen-cloud/platen-* /etc/systemd/system/")
        do("systemctl", "daemon-reload")
        do("systemctl", "enable", "--now", "platen-cloud", "platen-broker", "platen-broker-reload.path", "platen-front", check=False)
        for unit in UNITS:
            self.runs(unit)

    def runs(self, unit):
        try:
            until(lambda: self.host.state(unit, "ActiveState", "SubState") == ["active", "running"], f"{unit} runs")
        except Deadline as late:
            raise Deadline(f"{late}\n{self.host.journal(unit)[-3000:]}") from late

    def agent(self):
        """From its unit, with printers to read."""
        do, put = self.host.do, self.host.put
        do("useradd", "-r", "platen")
        zoo = ["--fleet", "demo", "--base", "127.51.0.1", "--count", "4"]
        do("systemd-run", "--unit=zoo", "zoo", *zoo, "--port", "16100")
        put("/etc/platen/agent.toml", f"""
[scan]
targets = ["127.51.0.1-127.51.0.4"]
port = 16100
allow_loopback = true
[read]
supplies_interval = "2s"
status_interval = "1s"
[cloud]
backoff_longest = "1s"
{do("zoo", "--credentials").stdout}""".encode(), 0o640)
        do("chgrp", "platen", "/etc/platen/agent.toml")
        put("/etc/systemd/system/platen-agent.service", Path("installer/linux/platen-agent.service"))
        do("systemctl", "daemon-reload"), do("systemctl", "start", "platen-agent")
        code = json.loads(do("runuser", "-u", "platen-cloud", "--", "platen-cloud", "enroll", "new", "--dealer", "D", "--customer", "C", "--site", "S", "--agent", "tested", "--json").stdout)["code"]
        do("runuser", "-u", "platen", "--", "platen", "enroll", "--cloud", NAME, "-", text=code + "\n")

    def status(self):
        file = Path(f"/proc/{self.host.one}/root/var/lib/platen-agent/status.json")
        return json.loads(file.read_text()) if file.exists() else {}

    def lines(self, what, *words):
        said = self.host.do("runuser", "-u", "platen-cloud", "--", "platen-cloud", what, "--format", "json", *words).stdout
        return [json.loads(line) for line in said.splitlines()]

    def serves(self, what, commands=False):
        """Readings arrive that were not there before. Commands: an agent that was cut off waits a minute and more before it dials again."""
        before = len(self.lines("readings", "--newest", "100000"))
        try:
            until(lambda: self.status().get("uplink", {}).get("connected") and (self.status().get("command", {}).get("connected") or not commands), f"connected: {what}", 60)
            until(lambda: len(self.lines("readings", "--newest", "100000")) > before, f"readings: {what}", 60)
        except Deadline as late:
            raise Deadline(f"{late}\n{self.status()}\n{self.host.journal(*UNITS, 'platen-agent')[-6000:]}") from late


def killed(site):
    broker = site.host.state("platen-broker", "MainPID")
    for unit in (*UNITS, "platen-agent"):
        process = site.host.state(unit, "MainPID")[0]
        site.host.do("systemctl", "kill", "--signal=KILL", "--kill-who=main", unit)
        until(lambda unit=unit, process=process: site.host.state(unit, "MainPID", "SubState")[0] not in ("0", process), f"{unit} is started again")
        site.runs(unit)
        site.serves(f"after kill -9 of {unit}", commands=unit == "platen-agent")
        assert unit != "platen-cloud" or site.host.state("platen-broker", "MainPID") == broker, "the broker fell with the cloud"
        print(f"{unit}: killed, and everything is back", flush=True)


def removed(site):
    """The broker is told, by systemd, as soon as the cloud has written its list anew."""
    before = site.host.state("platen-broker", "MainPID")
    site.host.do("runuser", "-u", "platen-cloud", "--", "platen-cloud", "enroll", "revoke", "tested")
    until(lambda: site.host.state("platen-broker-reload", "ExecMainStatus", "ExecMainExitTimestampMonotonic")[1] != "0", "the broker is reloaded")
    assert site.host.state("platen-broker-reload", "Result") == ["success"]
    assert site.host.state("platen-broker", "MainPID", "ActiveState") == [*before, "active"], "it was restarted instead"
    until(lambda: "removed" in site.status().get("certificate", {}).get("error", ""), "the agent says that it was removed")


def reloaded(site):
    """As for a new certificate of the server."""
    before = site.host.state("platen-front", "MainPID")
    site.host.do("systemctl", "reload", "platen-front")
    site.serves("after a reload of the front end")
    assert site.host.state("platen-front", "MainPID", "ActiveState") == [*before, "active"]


def stopped(site):
    for unit in ("platen-agent", *reversed(UNITS)):
        site.host.do("systemctl", "stop", unit)
        state = site.host.state(unit, "ActiveState", "Result", "ExecMainStatus")
        assert state == ["inactive", "success", "0"], f"{unit}: {state}\n{site.host.journal(unit)[-3000:]}"
    site.host.do("systemctl", "start", *UNITS)
    for unit in UNITS:
        site.runs(unit)


def possible():
    if os.geteuid() != 0 or not installed() or not os.path.exists(SYSTEMD) or "asan" in str(BIN):
        return False
    with tempfile.TemporaryDirectory(prefix="platen-test.") as folder:
        (Path(folder) / "system").mkdir()
        tried = subprocess.run(boot_words(Path(folder) / "system", "try"), capture_output=True, text=True, check=False)
        print(tried.stderr, end="")
        return tried.returncode == 0


def main():
    if not possible():
        print("SKIPPED: no system can be booted here (root, overlayfs, cgroup2, systemd, nginx, mosquitto; programs without sanitizers)")
        return 77
    ctypes.CDLL(None).umask(0o022)
    with tempfile.TemporaryDirectory(prefix="platen-test.") as name:
        (Path(name) / "system").mkdir()
        host = Host(Path(name))
        try:
            site = Site(host)
            site.install()
            site.agent()
            site.serves("the first ones", commands=True)
            agent = site.lines("agents")[0]
            assert agent["address"] == "127.0.0.1" and agent["identity"]["state"] == "good", agent
            killed(site)
            reloaded(site)
            removed(site)
            stopped(site)
        finally:
            host.end()
    return 0


if __name__ == "__main__":
    sys.exit(main())
