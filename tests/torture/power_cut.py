#!/usr/bin/env python3
"""Power cuts: what the ledger called durable is on the disk at every moment.

An ext4 image lies on a file system that can clone files (XFS). While a ledger on the ext4 is written to, the image is cloned
in an instant, as a disk would be found after a power cut: what the kernel had not sent to it is not there. Each clone is
mounted (ext4 replays its journal), and the ledger on it must hold every record promised before the clone and not
acknowledged since, in order, with a chain that fits.

usage: power_cut.py [--cuts N] [--prove]     --prove: with fsync switched off, losses must be found. Needs root.
Exit 77: this machine cannot do it, and why."""

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from feed import Feeder, held, verified

EATMYDATA = "libeatmydata.so"


def sh(*words):
    done = subprocess.run(list(map(str, words)), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise OSError(f"{' '.join(map(str, words))}: {done.stderr.strip()}")
    return done.stdout


def skip(why):
    print(f"skipped: {why}")
    sys.exit(77)


class Mount:
    """A file system in a file, mounted through a loop device."""

    def __init__(self, image, at):
        at.mkdir(exist_ok=True)
        sh("mount", "-o", "loop", image, at)
        self.at = at

    def __enter__(self):
        return self.at

    def __exit__(self, *_):
        sh("umount", self.at)


def volumes(stack, folder):
    """(the cloning file system's folder, the site's image on it, the site's folder)"""
    pool = folder / "pool.img"
    sh("truncate", "-s", "4G", pool)
    sh("mkfs.xfs", "-q", "-m", "reflink=1", pool)
    big = stack.enter_context(Mount(pool, folder / "pool"))
    image = big / "site.img"
    sh("truncate", "-s", "128M", image)
    sh("mkfs.ext4", "-q", "-F", image)
    return big, image, stack.enter_context(Mount(image, folder / "site"))


def check(clone, folder, promised):
    """The faults of one cut; the count of records that were owed."""
    with Mount(clone, folder / "after") as site:
        try:
            names, first, last, _ = held(site / "ledger.db")
            verified(site / "ledger.db")
        except AssertionError as fault:
            return [str(fault)], 0
    lost = promised.owed() - set(names)
    faults = [f"{len(lost)} of {len(promised.owed())} promised records are gone"] if lost else []
    if len(set(names)) != len(names):
        faults.append("a record is there twice")
    if last < promised.last():
        faults.append(f"the ledger ends at {last}, promised was {promised.last()}")
    if len(names) != last - first + 1:
        faults.append(f"{len(names)} records from {first} to {last}")
    return faults, len(promised.owed())


def cut(cuts, prove, folder):
    env = {"LD_PRELOAD": EATMYDATA} if prove else None
    faults, owed = 0, 0
    with ExitStack() as stack:
        big, image, site = volumes(stack, folder)
        feeder = Feeder(site / "ledger.db", acknowledge_every=60, env=env)
        stack.callback(feeder.end)
        for number in range(cuts):
            feeder.wait_for_more(random.randint(1, 60))
            promised = feeder.now()  # before the clone: what comes while it is made is not owed
            clone = big / "clone.img"
            sh("cp", "--reflink=always", image, clone)
            # What was acknowledged while the clone was made may be gone from it; the feeder has spoken of it by its next record.
            feeder.wait_for_more(2)
            promised.acknowledged = feeder.now().acknowledged
            found, count = check(clone, folder, promised)
            clone.unlink()
            owed += count
            faults += bool(found)
            for fault in found:
                print(f"cut {number}: {fault}")
            if sys.stderr.isatty():
                print(f"\r{number + 1} of {cuts} cuts", end="", file=sys.stderr)
    print(f"{cuts} power cuts, {owed} promised records looked for: {faults} cuts with a loss or a fault")
    return faults


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--cuts", type=int, default=200)
    options.add_argument("--prove", action="store_true")
    options = options.parse_args()
    if os.geteuid() != 0:
        skip("only root can mount file systems")
    for program, package in (("mkfs.xfs", "xfsprogs"), ("mkfs.ext4", "e2fsprogs"), ("losetup", "mount")):
        if not shutil.which(program, path="/usr/sbin:/sbin:/usr/bin:/bin"):
            skip(f"{program} is missing: apt-get install {package}")
    with tempfile.TemporaryDirectory(prefix="platen-power.") as folder:
        try:
            faults = cut(options.cuts, options.prove, Path(folder))
        except OSError as why:
            skip(f"this machine cannot mount file systems in files: {why}")
    if options.prove:
        print("without fsync losses were found, as they must be" if faults else "without fsync nothing was lost: this program proves nothing")
        return 0 if faults else 1
    return 1 if faults else 0


sys.exit(main())
