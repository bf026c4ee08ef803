#!/usr/bin/env python3
"""The Nth system call fails, for every N, once or from then on: the ledger never calls durable what is not.

A feeder writes a few records and acknowledges some, while strace makes calls of one kind fail with one error. Whatever it
then did, each record that it was promised and that no cloud has must be there for the next program, once.

usage: system_calls.py [--stride N]     --stride: every Nth call only"""

import argparse
import collections
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from feed import FEEDER, Promises, held

RECORDS, ACKNOWLEDGE_EVERY = 12, 4
ERRORS = {
    "pwrite64": ("ENOSPC", "EIO", "EDQUOT"),
    "fdatasync": ("EIO", "ENOSPC"),
    "fsync": ("EIO", "ENOSPC"),
    "ftruncate": ("EIO", "ENOSPC"),
    "openat": ("EMFILE", "EROFS", "EACCES"),
    "pread64": ("EIO",),
    "fstat": ("EIO",),
    "newfstatat": ("EIO", "EACCES"),
    "unlink": ("EROFS", "EIO"),
    "rename": ("EIO",),
    "fcntl": ("ENOLCK",),
    "mmap": ("ENOMEM",),
    "lseek": ("EIO",),
    "fallocate": ("ENOSPC",),
}
# SQLite waits seconds for each lock that it does not get: for good, a run would take minutes.
WAITED_FOR = ("fcntl",)


def feed(file, *inject):
    words = ["strace", "-f", "-qq", "-o", f"{file}.trace", *inject, FEEDER, "feed", file, str(RECORDS), str(ACKNOWLEDGE_EVERY)]
    done = subprocess.run(list(map(str, words)), capture_output=True, text=True, timeout=60, check=False)
    promises = Promises()
    for line in done.stdout.splitlines():
        promises.hear(line)
    return done, promises


def calls_on_the_way():
    """How often each kind of call is made after the program was loaded, in a run where none fails."""
    with tempfile.TemporaryDirectory(prefix="platen-calls.") as folder:
        file = Path(folder, "ledger.db")
        done, promises = feed(file, "-e", "trace=" + ",".join(ERRORS))
        assert done.returncode == 0 and len(promises.names) == RECORDS, done.stderr
        trace = Path(f"{file}.trace").read_text()
    counts, loading = collections.Counter(), None
    for line in trace.splitlines():
        if loading is None and "ledger.db" in line:
            loading = collections.Counter(counts)
        if match := re.match(r"\d+ +(\w+)\(", line):
            counts[match[1]] += 1
    return {kind: (loading[kind] + 1, counts[kind]) for kind in ERRORS if counts[kind] > loading[kind]}


def one(kind, error, number):
    """The faults of a run in which calls of a kind fail ("7": the 7th, "7+": all from there); what it promised and was refused."""
    with tempfile.TemporaryDirectory(prefix="platen-calls.") as folder:
        file = Path(folder, "ledger.db")
        done, promises = feed(file, "-e", f"trace={kind}", "-e", f"inject={kind}:error={error}:when={number}")
        if done.returncode not in (0, 1):
            return [f"it ended with {done.returncode}: {done.stderr.strip()[-300:]}"], promises
        if not promises.names and not file.exists():
            return [], promises
        names, _, _, missing = held(file)
    lost = promises.owed() - set(names)
    faults = [f"{len(lost)} promised records are gone, {missing} counted as missing"] if len(lost) > missing else []
    if lost and "pread64" != kind:
        faults.append(f"{len(lost)} promised records are gone, and all could be read")
    if len(set(names)) != len(names):
        faults.append("a record is there twice")
    return faults, promises


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--stride", type=int, default=1)
    options = options.parse_args()
    if not shutil.which("strace"):
        print("skipped: strace is missing: apt-get install strace")
        return 77
    runs = faulty = promised = refused = 0
    for kind, (first, last) in calls_on_the_way().items():
        for error in ERRORS[kind]:
            how = ("",) if kind in WAITED_FOR else ("", "+")
            for number in (f"{n}{more}" for n in range(first, last + 1, options.stride) for more in how):
                faults, promises = one(kind, error, number)
                runs += 1
                promised += len(promises.names)
                refused += promises.refused
                faulty += bool(faults)
                for fault in faults:
                    print(f"{kind} {number} fails with {error}: {fault}")
                if sys.stderr.isatty():
                    print(f"\r{runs} runs", end="", file=sys.stderr)
    print(f"{runs} runs with failing calls: {promised} records promised, {refused} refused, {faulty} runs with a fault")
    return 1 if faulty or refused == 0 else 0


sys.exit(main())
