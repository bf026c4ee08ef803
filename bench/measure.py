"""What the programs of bench/ share: the simulated printers, and what a tool costs while it reads them."""

import os
import resource
import select
import subprocess
import sys
import time
import urllib.request
from ipaddress import IPv4Address
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / "build" / "release" / "bin"


def note(text):
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


class Zoo:
    """The simulated printers, for as long as the `with` lasts."""

    def __init__(self, printers, latency="0+0", first=IPv4Address("127.60.0.1"), port=0, fleet="printers", manner=None):
        words = ["--fleet", fleet, "--base", first, "--latency", latency, "--port", port]
        self.addresses = [first + i for i in range(printers)]
        if fleet == "printers":
            words += ["--count", printers]
        if manner:
            words += [word for address in self.addresses for word in ("--manner", f"{address}={manner}")]
        self.process = subprocess.Popen([BIN / "zoo", *map(str, words)], stdout=subprocess.PIPE, text=True)
        word, self.port = self.process.stdout.readline().split()
        assert word == "ready"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


class Usage:
    """Wall and CPU seconds, and the largest resident set of the children reaped meanwhile."""

    def __init__(self, run):
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        self.found = run()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.wall = time.monotonic() - start
        self.cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        self.rss = after.ru_maxrss / 1024


def until(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            sys.exit(f"bench: not within {seconds} s")
        select.select([], [], [], 0.05)


def answers(url):
    try:
        urllib.request.urlopen(url, timeout=1).read()
    except OSError:
        return False
    return True


def cpu_of(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def rss_of(pid):
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))
