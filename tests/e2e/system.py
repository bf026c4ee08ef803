"""The real programs, started for one test: simulated printers, cloud, agent. Everything ends with the `with` block.

Waits are on conditions with deadlines; ports are picked by the programs, but for one that a program comes back to."""

import json
import os
import select
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from ports import free_port

BIN = Path(os.environ["PLATEN_BIN"])
SLOW = 4 if "asan" in str(BIN) else 1  # sanitized programs take their time


class Deadline(Exception):
    pass


def until(condition, what, seconds=30):
    """The condition's first true value; Deadline when it stays false. One that takes its time is asked less often.
    `what` is text, or a function that says it then."""
    end = time.monotonic() + seconds * SLOW
    while True:
        asked = time.monotonic()
        value = condition()
        if value:
            return value
        answered = time.monotonic()
        if answered > end:
            raise Deadline(f"not within {seconds * SLOW} s: {what() if callable(what) else what}")
        select.select([], [], [], max(0.02, 4 * (answered - asked)))


def run(program, *words, check=True):
    done = subprocess.run([BIN / program, *map(str, words)], capture_output=True, text=True, check=False)
    if check and done.returncode != 0:
        raise AssertionError(f"{program} {' '.join(map(str, words))}: exit {done.returncode}\n{done.stderr}")
    return done


class Program:
    """One process with its log; restartable."""

    def __init__(self, folder, program, *words):
        self.command = [BIN / program, *map(str, words)]
        self.log = folder / f"{program}.log"
        self.out = folder / f"{program}.out"
        self.process = None

    def start(self):
        with open(self.log, "ab") as log, open(self.out, "wb") as out:
            self.process = subprocess.Popen(self.command, stdout=out, stderr=log)
        return self

    def running(self):
        return self.process is not None and self.process.poll() is None

    def end(self, how=signal.SIGTERM):
        """Sends the signal and waits for the end; the exit code."""
        if self.running():
            self.process.send_signal(how)
        return self.process.wait(timeout=20 * SLOW)

    def tail(self):
        return self.log.read_text(errors="replace")[-3000:]


class System:
    def __init__(self, fleet="demo", count=None, full="2s", status="1s", speed=1):
        self.holder = tempfile.TemporaryDirectory(prefix="platen-test.")
        self.folder = Path(self.holder.name)
        self.fleet = ["--fleet", fleet, "--base", "127.51.0.1"] + (["--count", str(count)] if count else [])
        self.speed, self.full, self.status = speed, full, status
        self.zoo = self.cloud = self.agent = None
        self.serve_words = []

    def __enter__(self):
        try:
            self.start_zoo()
            self.start_cloud()
            self.make_agent()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for program in (self.agent, self.cloud, self.zoo):
            if program is not None and program.running():
                program.end(signal.SIGKILL)
        self.holder.cleanup()

    def start_zoo(self):
        self.zoo = Program(self.folder, "zoo", *self.fleet, "--port", 0, "--speed", self.speed).start()
        until(lambda: self.zoo.out.read_text().startswith("ready "), "the zoo answers")
        self.snmp_port = int(self.zoo.out.read_text().split()[1])
        self.truth = [json.loads(line) for line in run("zoo", *self.fleet, "--list").stdout.splitlines()]
        self.printers = [device for device in self.truth if device["is_printer"]]

    def start_cloud(self):
        self.data = self.folder / "cloud"
        run("platen-cloud", "init", "--data", self.data, "--name", "localhost")
        self.serve(f"127.0.0.1:{free_port()}")  # where it comes back to
        self.ingest = self.serving()["ingest"]

    def serve(self, ingest, wait=True):
        """Starts the cloud (again), on the given address."""
        marker = self.data / "serving.json"
        marker.unlink(missing_ok=True)
        words = ["--ingest", ingest, "--web", "127.0.0.1:0", *self.serve_words]
        if "--enroll" not in words:  # left out, it is the port after --ingest, which may be somebody else's by now
            words += ["--enroll", "127.0.0.1:0"]
        self.cloud = Program(self.folder, "platen-cloud", "serve", "--data", self.data, *words).start()
        if not wait:
            return
        until(lambda: self.serving() or not self.cloud.running(), "the cloud serves")
        assert self.cloud.running(), self.cloud.tail()

    def serving(self):
        try:
            return json.loads((self.data / "serving.json").read_text())
        except (OSError, json.JSONDecodeError):
            return None

    def make_agent(self, state=None):
        self.state = state = state or self.folder / "agent"
        state.mkdir(mode=0o700)
        run("platen-agent", "identity", "--state-dir", state, "--csr", state / "agent.csr")
        run("platen-cloud", "agent-certificate", "--data", self.data, "--csr", state / "agent.csr", "--agent", "tested", "--out", state / "agent.crt")
        config = state / "agent.toml"
        config.write_text(self.config())
        config.chmod(0o600)
        self.agent = Program(self.folder, "platen-agent", "run", "--config", config)

    def config(self):
        last = self.truth[-1]["address"]
        return f"""
[agent]
id = "tested"
state_dir = "{self.state}"
[cloud]
address = "localhost:{self.ingest.rsplit(':', 1)[1]}"
ca_file = "{self.data}/ca.crt"
certificate_file = "{self.state}/agent.crt"
key_file = "{self.state}/agent.key"
backoff_longest = "1s"
[scan]
targets = ["127.51.0.1-{last}"]
port = {self.snmp_port}
allow_loopback = true
[read]
supplies_interval = "{self.full}"
status_interval = "{self.status}"
{run("zoo", "--credentials").stdout}
"""

    def agent_status(self):
        try:
            return json.loads((self.state / "status.json").read_text())
        except (OSError, json.JSONDecodeError):
            return {}

    def cloud_lines(self, what, *words):
        return [json.loads(line) for line in run("platen-cloud", what, "--data", self.data, "--format", "json", *words).stdout.splitlines()]

    def agents_stored(self):
        """The agents of which the cloud has records; one with a certificate may not have spoken yet."""
        return [agent for agent in self.cloud_lines("agents") if "records" in agent]
