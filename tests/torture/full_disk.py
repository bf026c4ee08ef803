#!/usr/bin/env python3
"""The agent's disk takes nothing for a while, or gives nothing: under a working agent, and when the agent starts.

The agent stays up, reads its printers, says what is wrong in its log and in `platen status`, and goes on by itself when it is
over: from the same process the cloud gets what was held, each number once.

usage: full_disk.py     Needs root, for small file systems. Exit 77: this machine cannot do it, and why."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "e2e"))

from system import System, run, until  # noqa: E402


def sh(*words):
    done = subprocess.run(list(map(str, words)), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise OSError(f"{' '.join(map(str, words))}: {done.stderr.strip()}")
    return done.stdout


class Disk:
    """A small file system, with the agent's state folder on it."""

    def __init__(self, at):
        self.at, self.state, self.image = at, at / "agent", at.parent / "disk.img"
        at.mkdir()
        self.make()

    def unmount(self):
        """As somebody would who wants to repair it: the agent has let go of it."""
        until(lambda: subprocess.run(["umount", self.at], stderr=subprocess.DEVNULL, check=False).returncode == 0, "the agent lets go of the disk")

    def close(self):
        while os.path.ismount(self.at):
            sh("umount", "--lazy", self.at)


class Memory(Disk):
    def make(self):
        sh("mount", "-t", "tmpfs", "-o", "size=8m", "platen", self.at)


class Ext4(Disk):
    def make(self):
        sh("truncate", "-s", "16M", self.image)
        sh("mkfs.ext4", "-q", "-F", self.image)
        self.mount()

    def mount(self, options="errors=remount-ro"):
        sh("mount", "-o", f"loop,{options}", self.image, self.at)


class Xfs(Disk):
    def make(self):
        sh("truncate", "-s", "512M", self.image)
        sh("mkfs.xfs", "-q", self.image)
        self.mount()

    def mount(self):
        sh("mount", "-o", "loop,nouuid", self.image, self.at)


class Full:
    name, on, when = "full", Memory, ("working", "start")

    def make(self, disk, _agent):
        with open(disk.at / "filler", "wb", buffering=0) as file:
            size = 1 << 16
            while size:
                try:
                    file.write(bytes(size))
                except OSError:
                    size //= 2

    def undo(self, disk):
        (disk.at / "filler").unlink()


class Gone:
    name, on, when = "folder missing", Memory, ("working", "start")

    def make(self, disk, _agent):
        disk.state.rename(disk.at / "elsewhere")

    def undo(self, disk):
        (disk.at / "elsewhere").rename(disk.state)


class ReadOnly:
    """As the kernel leaves it after a fault of the disk; at the start, mounted so."""

    name, on, when = "read-only", Ext4, ("working", "start")

    def make(self, disk, agent):
        if agent is None:
            sh("mount", "-o", "remount,ro", disk.at)
            return
        device = sh("findmnt", "-n", "-o", "SOURCE", disk.at).strip()
        Path("/sys/fs/ext4", Path(device).name, "trigger_fs_error").write_text("1")

    def undo(self, disk):
        disk.unmount()
        disk.mount()


class NotOurs:
    """Even root may not change what is immutable."""

    name, on, when = "unwritable folder", Ext4, ("start",)

    def make(self, disk, _agent):
        sh("chattr", "+i", disk.state)

    def undo(self, disk):
        sh("chattr", "-i", disk.state)


class Failing:
    """Every read, write and fsync: EIO."""

    name, on, when = "EIO", Xfs, ("working", "start")

    def make(self, disk, _agent):
        sh("xfs_io", "-x", "-c", "shutdown -f", disk.at)

    def undo(self, disk):
        disk.unmount()
        disk.mount()


class Refusing:
    """What this kernel's file systems cannot be made to say, strace says in their place."""

    name, on, when = "quota (EDQUOT, by strace)", Memory, ("working",)
    calls = "pwrite64,fdatasync,ftruncate"  # those of SQLite: status.json is written by others

    def make(self, _disk, agent):
        words = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={self.calls}", "-e", f"inject={self.calls}:error=EDQUOT", "-p", str(agent.process.pid)]
        self.strace = subprocess.Popen(words, stderr=subprocess.DEVNULL)

    def undo(self, _disk):
        self.strace.send_signal(signal.SIGINT)
        self.strace.wait(timeout=30)


TROUBLES = (Full, Gone, ReadOnly, NotOurs, Failing, Refusing)


class SmallDisk(System):
    """A system whose agent keeps its state on a disk of its own, and its settings elsewhere."""

    def __init__(self, kind):
        super().__init__(count=20, full="2s", status="1s")
        self.kind, self.disk = kind, None

    def make_agent(self):
        os.environ["XDG_RUNTIME_DIR"] = str(self.folder)
        self.disk = self.kind(self.folder / "disk")
        super().make_agent(self.disk.state)
        config = self.folder / "agent.toml"
        shutil.move(self.state / "agent.toml", config)
        self.agent.command[-1] = config

    def __exit__(self, *arguments):
        if self.agent is not None and self.agent.running():
            self.agent.end(signal.SIGKILL)
        if self.disk is not None:
            self.disk.close()
        super().__exit__(*arguments)

    def told(self):
        """What `platen status` says, of the agent that runs now."""
        said = run("platen", "status", "--state-dir", self.state, "--format", "json", check=False)
        status = json.loads(said.stdout) if said.returncode == 0 else {}
        return status if status.get("process") == self.agent.process.pid else {}

    def ledger(self):
        assert self.agent.running(), f"the agent has ended: {self.agent.tail()}"
        return self.told().get("ledger", {})

    def delivered(self):
        return sum(agent["records"] for agent in self.agents_stored())


def endure(system, trouble, when):
    """The trouble comes, is said, goes, and nothing is left of it."""
    if when == "start":
        assert system.agent.end() == 0, system.agent.tail()
        trouble.make(system.disk, None)
        system.agent.start()
    else:
        trouble.make(system.disk, system.agent)
    label = f"{trouble.name}, {'at the start' if when == 'start' else 'under a working agent'}"
    held = until(lambda: system.ledger().get("takes_nothing") and system.ledger().get("held_in_memory", 0) >= 40 and system.ledger(), f"{label}: it says so, and reads on", 90)
    assert "ledger.held_in_memory" in system.agent.tail(), system.agent.tail()
    pid = system.agent.process.pid
    trouble.undo(system.disk)
    until(lambda: "takes_nothing" not in system.ledger() and system.ledger().get("epoch"), f"{label}: it recovers", 90)
    at = system.delivered()
    until(lambda: system.delivered() > at + 40, f"{label}: the cloud gets more", 90)
    assert system.agent.running() and system.agent.process.pid == pid, system.agent.tail()
    assert system.ledger().get("lost", 0) == 0 and "state_trouble" not in system.told(), system.told()
    print(f"{label}: {held['held_in_memory']} records held in memory, recovered by itself; {held['takes_nothing']}")


def run_on(kind):
    try:
        system = SmallDisk(kind).__enter__()
    except OSError as why:
        print(f"skipped: {why}")
        return False
    try:
        system.agent.start()
        until(lambda: system.delivered() >= 40 or not system.agent.running(), "the first readings arrive")
        for make in TROUBLES:
            for when in make.when if make.on is kind else ():
                endure(system, make(), when)
        assert system.agent.end() == 0, system.agent.tail()
        run("platen-cloud", "verify", "--data", system.data)
        run("platen", "ledger", "verify", system.state / "ledger.db")
    except BaseException:
        print(system.agent.tail())
        raise
    finally:
        system.__exit__()
    return True


def main():
    if os.geteuid() != 0:
        print("skipped: only root can mount a small disk")
        return 77
    return 0 if all([run_on(kind) for kind in (Memory, Ext4, Xfs)]) else 77


sys.exit(main())
