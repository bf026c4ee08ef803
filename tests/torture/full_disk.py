#!/usr/bin/env python3
"""The agent's disk takes nothing for a while: full, or gone. The agent stays up, says so, and goes on by itself.

Each trouble is made under a working agent, stays until the agent has said that it holds readings in memory, and is taken
away; then the cloud must get what was held, each number once, from the same process.

usage: full_disk.py     Needs root, for a small tmpfs. Exit 77: this machine cannot do it, and why."""

import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "e2e"))

from system import System, run, until  # noqa: E402


def sh(*words):
    done = subprocess.run(list(map(str, words)), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise OSError(f"{' '.join(map(str, words))}: {done.stderr.strip()}")


class SmallDisk(System):
    """A system whose agent keeps its state on a tmpfs of 8 MB."""

    def make_agent(self):
        self.disk = self.folder / "agent"
        self.disk.mkdir(mode=0o700)
        sh("mount", "-t", "tmpfs", "-o", "size=8m,mode=0700", "platen", self.disk)
        super().make_agent()

    def __exit__(self, *arguments):
        if self.agent is not None and self.agent.running():
            self.agent.end()
        if getattr(self, "disk", None) and os.path.ismount(self.disk):
            sh("umount", "--lazy", self.disk)
        super().__exit__(*arguments)


class Full:
    name = "full"

    def make(self, disk):
        self.filler = disk / "filler"
        with open(self.filler, "wb", buffering=0) as file:
            size = 1 << 16
            while size:
                try:
                    file.write(bytes(size))
                except OSError:
                    size //= 2

    def undo(self, _disk):
        self.filler.unlink()


class Gone:
    name = "gone"

    def make(self, disk):
        self.aside = disk.parent / "aside"
        self.aside.mkdir()
        sh("mount", "--move", disk, self.aside)
        disk.rmdir()

    def undo(self, disk):
        disk.mkdir(mode=0o700)
        sh("mount", "--move", self.aside, disk)
        self.aside.rmdir()


def said(system, word):
    return system.agent.log.read_text(errors="replace").count(word)


def delivered(system):
    return sum(agent["records"] for agent in system.cloud_lines("agents"))


def endure(system, trouble):
    pid, held, again = system.agent.process.pid, said(system, "ledger.held_in_memory"), said(system, "ledger.takes_again")
    trouble.make(system.disk)
    until(lambda: said(system, "ledger.held_in_memory") > held or not system.agent.running(), f"{trouble.name}: it says so", 60)
    assert system.agent.running(), system.agent.tail()
    trouble.undo(system.disk)
    until(lambda: said(system, "ledger.takes_again") > again or not system.agent.running(), f"{trouble.name}: it recovers", 60)
    assert system.agent.running() and system.agent.process.pid == pid, system.agent.tail()
    at = delivered(system)
    until(lambda: delivered(system) > at + 40, f"{trouble.name}: the cloud gets more")
    print(f"{trouble.name}: held in memory, recovered by itself, {delivered(system)} records in the cloud")


def main():
    if os.geteuid() != 0:
        print("skipped: only root can mount a small disk")
        return 77
    try:
        system = SmallDisk(count=20, full="2s", status="1s").__enter__()
    except OSError as why:
        print(f"skipped: {why}")
        return 77
    with system:
        system.agent.start()
        until(lambda: delivered(system) >= 40 or not system.agent.running(), "the first readings arrive")
        for trouble in (Full(), Gone()):
            endure(system, trouble)
        assert system.agent.end() == 0, system.agent.tail()
        run("platen-cloud", "verify", "--data", system.data)
        run("platen", "ledger", "verify", system.state / "ledger.db")
    return 0


sys.exit(main())
