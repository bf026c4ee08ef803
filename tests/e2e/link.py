"""A /20 on the own link, with devices on it: a veth pair to a namespace where one SNMP agent has many addresses, and its sweep.

For a network namespace of the caller's own, as root of it."""

import ipaddress
import json
import os
import random
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

NETWORK = ipaddress.ip_network("10.50.0.0/20")
NEAR, FAR = NETWORK[-3], NETWORK[-2]
HOSTS = [host for host in NETWORK.hosts() if host not in (NEAR, FAR)]
NEEDS = ("unshare", "nsenter", "ip", "/usr/sbin/snmpd")
BIN = Path(os.environ["PLATEN_BIN"])


def some_alive():
    """One address in fifty."""
    return sorted(random.Random(7).sample(HOSTS, len(HOSTS) // 50))


def run(*words, **more):
    return subprocess.run(list(map(str, words)), check=True, **more)


class FarSide:
    """The other end of the link: a namespace where `alive` addresses belong to one SNMP agent."""

    def __init__(self, folder, alive):
        self.holder = subprocess.Popen(["unshare", "--net", "sh", "-c", "echo ready; exec cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # cat ends with us
        assert self.holder.stdout.readline() == "ready\n"
        run("ip", "link", "add", "near0", "type", "veth", "peer", "name", "far0", "netns", self.holder.pid)
        enter = ["nsenter", "--target", self.holder.pid, "--net"]
        lines = [f"address add {FAR}/{NETWORK.prefixlen} dev far0", "link set far0 up", "link set lo up"]
        lines += [f"route add local {address}/32 dev lo" for address in alive]
        run(*enter, "ip", "-batch", "-", input="\n".join(lines), text=True)
        run("ip", "address", "add", f"{NEAR}/{NETWORK.prefixlen}", "dev", "near0")
        run("ip", "link", "set", "near0", "up")
        run("ip", "link", "set", "lo", "up")
        conf = folder / "snmpd.conf"
        conf.write_text("rocommunity public\nsysDescr not a printer\n")
        self.agent = subprocess.Popen(
            [*map(str, enter), "/usr/sbin/snmpd", "-f", "-C", "-c", conf, "-Lf", folder / "snmpd.log", "udp:161"],
            env={"MIBS": "", "SNMP_PERSISTENT_DIR": str(folder / "state"), "PATH": os.environ["PATH"]})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in (self.agent, self.holder):
            process.terminate()
            process.wait()


def scan(*words):
    """The documents on stdout, and the summary on stderr."""
    got = subprocess.run([BIN / "platen", "scan", *map(str, words), "--all", "--summary", "--json"], capture_output=True, text=True, check=False)
    summaries = [json.loads(line) for line in got.stderr.splitlines() if line.startswith("{")]
    return [json.loads(line) for line in got.stdout.splitlines()], summaries[-1]


@dataclass
class Swept:
    heard: set
    summary: dict
    seconds: float


def sweep(alive):
    """The whole network, once `alive` answer, each address asked once."""
    deadline = time.monotonic() + 30
    while scan(alive[0], "--timeout", "300ms")[0][0]["result"] != "not-a-printer":
        assert time.monotonic() < deadline, "the agent on the far side does not answer"
    began = time.monotonic()
    found, summary = scan(NETWORK, "--exclude", NEAR, "--exclude", FAR, "--retries", 0)
    heard = {ipaddress.ip_address(document["address"]) for document in found if document["result"] == "not-a-printer"}
    return Swept(heard, summary, time.monotonic() - began)
