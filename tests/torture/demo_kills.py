#!/usr/bin/env python3
"""kill -9 of the demo's agent, cloud and simulated printers, in every order, with nginx and mosquitto killed somewhere between,
while the fleet arrives: the demo starts them again, and with --once the cloud's fleet is still the real one, field by field.

usage: demo_kills.py [N]     the first N of the six orders only"""

import itertools
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests" / "e2e"))

from system import SLOW, Deadline, until  # noqa: E402

NAMES, BESIDE = ("platen-agent", "platen-cloud", "zoo"), ("nginx", "mosquitto")


def fields_of(process):
    """(name, state, parent) of a process; nothing when it is gone."""
    try:
        stat = Path("/proc", str(process), "stat").read_text()
    except OSError:
        return None
    name, _, rest = stat.partition("(")[2].rpartition(") ")
    state, parent = rest.split()[:2]
    return name, state, int(parent)


def child(demo, name):
    """The service of that name that the demo has started and that runs; programs of the same name that end at once do not count."""
    for process in filter(str.isdigit, os.listdir("/proc")):
        if fields_of(process) in [(name, state, demo.pid) for state in "RSD"]:
            words = Path("/proc", process, "cmdline").read_bytes().split(b"\0")
            if {b"serve", b"run", b"--port", b"-c"} & set(words):
                return int(process)
    return None


def one(order, folder, chance):
    """A whole demo, in which each of `order` is killed once."""
    said = open(folder / "demo.out", "w+", encoding="utf-8")
    environment = {**os.environ, "TMPDIR": str(folder), "PLATEN_DEMO_DEADLINE": str(120 * SLOW)}
    demo = subprocess.Popen([ROOT / "installer" / "demo", "--once"], stdout=said, stderr=subprocess.STDOUT, env=environment)
    try:
        until(lambda: child(demo, "platen-agent") or demo.poll() is not None, "the demo is up")
        for name in order:
            threading.Event().wait(chance.uniform(0, 0.6))
            victim = until(lambda: child(demo, name) or demo.poll() is not None and -1, f"{name} runs")
            assert victim != -1, f"the demo was over before {name} could be killed"
            os.kill(victim, signal.SIGKILL)
        code = demo.wait(timeout=180 * SLOW)
    except (AssertionError, Deadline) as why:
        code = str(why)
    finally:
        demo.terminate()
        demo.wait()
        said.seek(0)
        words = said.read()
        said.close()
    assert code == 0 and ", 0 differences" in words, f"{' '.join(order)}: exit {code}\n{words[-3000:]}"
    assert all(f"{name} is back" in words for name in order), words
    return words.strip().splitlines()[-1]


def main():
    most = int(sys.argv[1]) if len(sys.argv) > 1 else 6
    chance = random.Random(25)
    for order in map(list, list(itertools.permutations(NAMES))[:most]):
        for name in BESIDE:
            order.insert(chance.randrange(len(order) + 1), name)
        with tempfile.TemporaryDirectory(prefix="platen-demo-kills.") as folder:
            print(f"killed {', '.join(order)}: {one(order, Path(folder), chance)}", flush=True)


main()
