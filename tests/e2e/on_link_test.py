#!/usr/bin/env python3
"""A /20 on the own link, one address in fifty alive, the kernel's neighbour table at its default size: every device is found.

A sweep that is too fast overflows the table (gc_thresh3, 1,024 entries) and loses nearly all of them. Two network namespaces of the test's own,
a veth pair between them, Net-SNMP's agent on the far side. Skipped, with the reason, where namespaces cannot be made."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from link import HOSTS, NEEDS, FarSide, some_alive, sweep

SKIPPED = 77
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


def the_test():
    alive = some_alive()
    with tempfile.TemporaryDirectory(prefix="platen-test.") as name, FarSide(Path(name), alive):
        swept = sweep(alive)
    heard, summary = swept.heard, swept.summary
    print(f"{len(heard)} of {len(alive)} found among {len(HOSTS)} addresses in {swept.seconds:.0f} s, {summary['sent']} datagrams")
    assert heard == set(alive), f"missed: {sorted(set(alive) - heard)[:5]}, invented: {sorted(heard - set(alive))[:5]}"
    assert summary["asked"] == len(HOSTS)
    assert len(summary["subnets"]) == 16 and all(subnet["sent"] > 0 for subnet in summary["subnets"])
    return 0


def main():
    if os.environ.get(INSIDE):
        return the_test()
    for tool in NEEDS:
        if shutil.which(tool) is None:
            return skip(f"{tool} is not installed")
    return in_a_namespace()


sys.exit(main())
