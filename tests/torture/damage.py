#!/usr/bin/env python3
"""Every kind of damage to the ledger of a killed agent: one start and no hand brings it back, what reads is saved, what does not
is counted, and in the end the cloud has each reading once.

The cloud is away, the agent has records that wait; it is killed, the damage is done, and it is started once. Then what it
carried over and what its gap record misses must be together what had waited.

usage: damage.py [--within SECONDS]     --within: the new agent must have taken a record after so long"""

import argparse
import re
import signal
import sqlite3
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "e2e"))

from system import System, run, until  # noqa: E402

PAGE = 4096


def overwrite(file, at, octets):
    with open(file, "r+b") as stream:
        stream.seek(at)
        stream.write(octets)


def wal(file):
    return Path(f"{file}-wal")


def into_one(file):
    """The log is taken into the file, so that damage to the file meets records."""
    sql(file, "PRAGMA wal_checkpoint(TRUNCATE)")


def sql(file, text):
    connection = sqlite3.connect(file)
    connection.executescript(text)
    connection.close()


def flip(file):
    into_one(file)
    at = file.stat().st_size // PAGE * 2 // 3 * PAGE
    with open(file, "rb") as stream:
        stream.seek(at)
        page = stream.read(PAGE)
    overwrite(file, at, bytes(octet ^ 0xFF for octet in page))


def header(file):
    into_one(file)
    overwrite(file, 0, bytes(100))


def cut(file, part):
    with open(file, "r+b") as stream:
        stream.truncate(file.stat().st_size * part // 100 // PAGE * PAGE)


def cut_short(file):
    into_one(file)
    cut(file, 90)


def text(file):
    into_one(file)
    file.write_text("These are the shopping notes of last week.\n")


def folder(file):
    file.unlink()
    file.mkdir()


def other_program(file):
    wal(file).unlink()
    file.unlink()
    sql(file, "CREATE TABLE notes(t); INSERT INTO notes VALUES('x')")


def gone_with_its_log(file):
    wal(file).unlink()
    file.unlink()


def all_gone(file):
    for each in file.parent.glob("ledger.db*"):
        each.unlink()


DAMAGES = {
    "everything gone": all_gone,
    "header overwritten": header,
    "page flipped": flip,
    "log cut": lambda file: cut(wal(file), 50),
    "log gone": lambda file: wal(file).unlink(),
    "file cut": cut_short,
    "file of text": text,
    "file emptied, its log left": lambda file: file.write_bytes(b""),
    "file gone, its log left": lambda file: file.unlink(),
    "file and log gone": gone_with_its_log,
    "a folder in its place": folder,
    "another program's": other_program,
    "another agent's": lambda file: sql(file, "UPDATE head SET owner = 'somebody'"),
    "newer schema": lambda file: sql(file, "PRAGMA user_version = 99"),
    "half-done migration": lambda file: sql(file, "PRAGMA user_version = 1"),
    "half-done migration, the other half": lambda file: sql(file, "ALTER TABLE record DROP COLUMN origins; DROP TABLE rescue"),
}
SILENT = {"everything gone"}  # a new agent: nothing says that there ever was more


def waiting(file):
    """Epoch, and records that wait, by the mark beside a ledger."""
    epoch, last, acknowledged = Path(f"{file}.mark").read_text().split()[:3]
    return epoch, int(last) - int(acknowledged)


class Site:
    def __init__(self, system):
        self.system, self.file = system, system.state / "ledger.db"

    def status(self):
        """Of the agent that runs now."""
        assert self.system.agent.running(), self.system.agent.tail()
        said = self.system.agent_status()
        return said if said.get("process") == self.system.agent.process.pid else {}

    def ledger(self):
        return self.status().get("ledger", {})

    def start(self):
        """Seconds until the new agent has taken a record."""
        self.system.agent.log.unlink(missing_ok=True)
        began = time.monotonic()
        self.system.agent.start()
        until(lambda: sum(self.status().get("readings", {}).get(kind, 0) for kind in ("full", "status")) > 0 and self.ledger().get("last", 0) > 0, "the agent takes records", 60)
        return time.monotonic() - began

    def kept(self):
        """What was put aside and is carried over, the newest last."""
        return sorted((each for each in self.file.parent.iterdir() if re.search(r"\.kept-\d+-[a-z_]+$", each.name)), key=lambda each: int(each.name.split("-")[1]))

    def carried_over(self):
        found = re.search(r"ledger\.carried_over .*records=(\d+) gap=\"(.*?)\"", self.system.agent.log.read_text())
        return found and (int(found[1]), found[2])


def one(site, name, within):
    before = site.ledger().get("last", 0)
    until(lambda: site.ledger().get("last", 0) >= before + 60, "records wait", 60)
    site.system.agent.end(signal.SIGKILL)
    epoch, waited = waiting(site.file)
    DAMAGES[name](site.file)
    seconds = site.start()
    if within:
        assert seconds <= within, f"{name}: it took {seconds:.1f} s"
    if name in SILENT:
        print(f"{name}: up in {seconds:.1f} s, a new ledger", flush=True)
        return
    carried, gap = until(site.carried_over, f"{name}: what reads is carried over", 60)
    missing = re.search(r"; (\d+) missing|nothing is missing", gap)
    lost = int(missing[1]) if missing and missing[1] else 0
    healed = until(lambda: site.ledger().get("epoch", epoch) != epoch and "files_to_carry_over" not in site.ledger() and site.ledger(), f"{name}: it says so", 60)
    old_epoch, due = waiting(site.kept()[-1])  # some damage is met only after more records were taken
    facts = f"{name}: {carried} carried over, {gap!r}, {waited} had waited when it was killed, {due} when it was put aside"
    # The mark is written after the record: a kill in between leaves it one behind.
    assert epoch == old_epoch and due >= waited and carried + lost - due in (0, 1), facts
    assert healed.get("trouble"), healed
    print(f"{name}: up in {seconds:.1f} s; of {carried + lost} records {carried} carried over, {lost} counted as missing", flush=True)


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--within", type=float)
    within = options.parse_args().within
    with System(count=20, full="2s", status="1s") as system:
        site = Site(system)
        system.cloud.end(signal.SIGKILL)
        site.start()
        for name in DAMAGES:
            one(site, name, within)
        last = site.ledger()["last"]
        system.serve(system.ingest)
        until(lambda: site.ledger().get("acknowledged", 0) >= last, "the cloud gets everything", 120)
        assert system.agent.end() == 0, system.agent.tail()
        run("platen-cloud", "verify", "--data", system.data)
        run("platen", "ledger", "verify", site.file)
        assert len(site.kept()) <= 3 and not list(system.state.glob("*.aside-*")), sorted(system.state.iterdir())
        readings = [(line["cloud"]["printer"], line["read_at"], line["kind"]) for line in system.cloud_lines("readings", "--newest", 1_000_000)]
        assert readings and len(set(readings)) == len(readings), "a reading is there twice"
        print(f"{len(readings)} readings in the cloud, each once")


main()
