#!/usr/bin/env python3
"""A /20 on the own link, one address in fifty alive, the kernel's neighbour table at its default size: every device is found.

A sweep that is too fast overflows the table (gc_thresh3, 1,024 entries) and loses nearly all of them. Two network namespaces of the test's own,
a veth pair between them, Net-SNMP's agent on the far side. Skipped, with the reason, where namespaces cannot be made."""

import ipaddress
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SKIPPED = 77
NETWORK = ipaddress.ip_network("10.50.0.0/20")
NEAR, FAR = NETWORK[-3], NETWORK[-2]
BIN = Path(os.environ["PLATEN_BIN"])
INSIDE = "PLATEN_TEST_INSIDE"


def skip(why):
    print(f"skipped: {why}", file=sys.stderr)
    return SKIPPED


def in_a_namespace():
    """Runs this script again in a network namespace of its own."""
    apart = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--net"]
    tried = subprocess.run([*apart, "ip", "link", "add", "a0", "type", "veth", "peer", "name", "b0"], capture_output=True, text=True, check=False)
    if tried.returncode != 0:
        return skip(f"no network namespace with a veth pair: {tried.stderr.strip()}")
    return subprocess.run([*apart, sys.executable, __file__], env={**os.environ, INSIDE: "1"}, check=False).returncode


def run(*words, **more):
    return subprocess.run(list(map(str, words)), check=True, **more)


class FarSide:
    """The other end of the link: a namespace where `alive` addresses belong to one SNMP agent."""

    def __init__(self, folder, alive):
        self.holder = subprocess.Popen(["unshare", "--net", "sh", "-c", "echo ready; exec sleep 300"], stdout=subprocess.PIPE, text=True)
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


def the_test():
    hosts = [host for host in NETWORK.hosts() if host not in (NEAR, FAR)]
    alive = sorted(random.Random(7).sample(hosts, len(hosts) // 50))
    with tempfile.TemporaryDirectory(prefix="platen-test.") as name, FarSide(Path(name), alive):
        deadline = time.monotonic() + 30
        while scan(alive[0], "--timeout", "300ms")[0][0]["result"] != "not-a-printer":
            assert time.monotonic() < deadline, "the agent on the far side does not answer"
        began = time.monotonic()
        found, summary = scan(NETWORK, "--exclude", NEAR, "--exclude", FAR, "--retries", 0)
        took = time.monotonic() - began
    heard = {ipaddress.ip_address(document["address"]) for document in found if document["result"] == "not-a-printer"}
    print(f"{len(heard)} of {len(alive)} found among {len(hosts)} addresses in {took:.0f} s, {summary['sent']} datagrams")
    assert heard == set(alive), f"missed: {sorted(set(alive) - heard)[:5]}, invented: {sorted(heard - set(alive))[:5]}"
    assert summary["asked"] == len(hosts)
    assert len(summary["subnets"]) == 16 and all(subnet["sent"] > 0 for subnet in summary["subnets"])
    return 0


def main():
    if os.environ.get(INSIDE):
        return the_test()
    for tool in ("unshare", "nsenter", "ip", "/usr/sbin/snmpd"):
        if shutil.which(tool) is None:
            return skip(f"{tool} is not installed")
    return in_a_namespace()


sys.exit(main())
