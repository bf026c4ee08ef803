"""ledger_feeder, as the torture programs use it: what was promised, and what a ledger holds."""

import os
import subprocess
import threading
from pathlib import Path

FEEDER = Path(os.environ["PLATEN_BIN"]).parent / "tests" / "ledger_feeder"


class Promises:
    """What a feeder said: the names of durable records, and up to which number a cloud has them."""

    def __init__(self):
        self.names = {}  # (epoch, seq) -> name
        self.acknowledged = {}  # epoch -> seq
        self.refused = 0

    def hear(self, line):
        word, _, rest = line.rstrip("\n").partition(" ")
        if word == "durable":
            epoch, seq, name = rest.split()
            self.names[epoch, int(seq)] = name
        elif word == "acknowledged":
            epoch, seq = rest.split()
            self.acknowledged[epoch] = int(seq)
        elif word == "refused":
            self.refused += 1

    def owed(self):
        """Names that must still be in the ledger: promised, and perhaps not yet with the cloud."""
        return {name for (epoch, seq), name in self.names.items() if seq > self.acknowledged.get(epoch, 0)}

    def last(self):
        return max((seq for _, seq in self.names), default=0)

    def copy(self):
        other = Promises()
        other.names, other.acknowledged, other.refused = dict(self.names), dict(self.acknowledged), self.refused
        return other


class Feeder:
    """A feeder at work until it is ended; its promises are heard as they are made."""

    def __init__(self, file, acknowledge_every=0, env=None):
        self.promises = Promises()
        self.changed = threading.Condition()
        self.process = subprocess.Popen([FEEDER, "feed", file, "0", str(acknowledge_every)], stdout=subprocess.PIPE, text=True,
                                        env={**os.environ, **(env or {})})
        self.listener = threading.Thread(target=self.listen)
        self.listener.start()

    def listen(self):
        for line in self.process.stdout:
            with self.changed:
                self.promises.hear(line)
                self.changed.notify_all()

    def now(self):
        with self.changed:
            return self.promises.copy()

    def wait_for_more(self, count, seconds=60):
        """Until `count` more records have been promised."""
        with self.changed:
            wanted = len(self.promises.names) + count
            assert self.changed.wait_for(lambda: len(self.promises.names) >= wanted, seconds), "the feeder makes no progress"

    def end(self):
        self.process.kill()
        self.listener.join()
        self.process.wait()


def held(file):
    """(names in the ledger, in order of seq; first; last; how many it says to be missing) as a fresh program finds them."""
    shown = subprocess.run([FEEDER, "show", file], capture_output=True, text=True, check=False)
    assert shown.returncode == 0, f"{file}: {shown.stderr}"
    position, *rows = (line.split() for line in shown.stdout.splitlines())
    missing = sum(int(row[1]) for row in rows if row[0] == "missing")
    return [row[2] for row in rows if row[0] == "record"], int(position[2]), int(position[3]), missing


def verified(file):
    """What `platen ledger verify` says; an AssertionError when it finds a fault."""
    done = subprocess.run([Path(os.environ["PLATEN_BIN"]) / "platen", "ledger", "verify", file], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{file}: exit {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout
