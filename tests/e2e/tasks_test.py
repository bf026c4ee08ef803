#!/usr/bin/env python3
"""Tasks by the real programs, by polling alone: sent on the cloud's command line, done by the agent within what its site allows,
their results back in the cloud. On HTTP/2, and where only HTTP/1.1 gets through (with nginx; left out where that is missing)."""

import json
import sys

from deployment import installed
from enrol_test import Site
from system import run, until
from ways_test import LowerRung


class Polling:
    def config(self):
        return super().config() + '[command]\npoll_interval = "1s"\n'

    def ask(self, kind, *words):
        """Waits for the result: (state, text, document)."""
        done = run("platen-cloud", "task", "send", "tested", kind, *words, "--data", self.data, "--format", "json", "--wait", check=False)
        assert done.stdout, done.stderr + self.agent.tail()
        task = json.loads(done.stdout.splitlines()[-1])
        return task["state"], task.get("text", ""), task

    def expect(self, state, kind, *words, says=""):
        got, text, task = self.ask(kind, *words)
        assert got == state and says in text, (kind, words, task, self.agent.tail())
        return task

    def tasks(self):
        return [json.loads(line) for line in run("platen-cloud", "task", "list", "--data", self.data, "--format", "json").stdout.splitlines()]

    def output(self, task):
        file = self.folder / task["task"]
        run("platen-cloud", "task", "show", task["task"], "--data", self.data, "--output", file)
        return file.read_text()

    def begin(self):
        self.agent.start()
        self.enroll(self.code("--agent", "tested"))
        until(lambda: len(self.cloud_lines("printers")) == len(self.printers), "all printers are in the cloud", 60)


class Direct(Polling, Site):
    pass


class Lower(Polling, LowerRung):
    pass


def done(site):
    """What is asked is done, and its result is in the cloud's list."""
    printer = site.cloud_lines("printers")[0]
    site.expect("done", "read_now", says="of")
    site.expect("done", "read_now", printer["cloud"]["printer"], says="1 of 1 printers answered")
    site.expect("done", "scan", "127.51.0.1-2", says="2 addresses")
    address = site.printers[0]["address"]
    told = json.loads(site.output(site.expect("done", "explain", address)))
    assert told["schema"] == "platen.explanation/1" and told["address"] == address, told
    tasks = site.tasks()
    assert {task["state"] for task in tasks} == {"done"} and len(tasks) == 4, tasks


def refused(site):
    """What the site does not allow is not done, whatever is signed."""
    site.expect("failed", "scan", "198.51.100.1", says="not within")
    site.expect("failed", "explain", "198.51.100.1", says="not within")
    site.expect("not-yet", "check_update")
    policy = site.state / "tasks-policy.toml"
    policy.write_text('forbid = ["explain"]\n')
    site.expect("forbidden", "explain", site.printers[0]["address"], says="policy forbids")
    policy.write_text("forbid = [\n")
    site.expect("forbidden", "record", site.cloud_lines("printers")[0]["cloud"]["printer"])
    policy.unlink()
    tasks = site.agent_status()["tasks"]
    assert tasks["last"], tasks


def for_support(site):
    recording = site.output(site.expect("done", "record", site.cloud_lines("printers")[0]["cloud"]["printer"]))
    assert recording.startswith("# platen record") and "1.3.6.1.2.1.43" in recording, recording[:200]
    bundle = site.output(site.expect("done", "send_diagnostics", "500"))
    told = json.loads(bundle)
    assert told["status"]["agent"] == "tested" and told["log"] and told["settings"]["command.poll_interval"] == "1s", bundle[:500]
    secrets = [line.split('"')[1] for line in run("zoo", "--credentials").stdout.splitlines() if "_pass " in line or line.startswith("community ")]
    assert secrets and not [each for each in secrets if len(each) >= 4 and each != "public" and each in bundle]


def settings(site):
    """Confirmed they stay, also over a restart; not confirmed they go; what is the site's own is refused."""
    file = site.folder / "new.toml"
    file.write_text('[agent]\nlog_level = "debug"\n')
    site.expect("done", "set_config", file, "--confirm-within", "30s", says="confirmed")
    kept = site.state / "remote.toml"
    assert kept.read_text() == file.read_text() and kept.stat().st_mode & 0o777 == 0o600
    file.write_text('[cloud]\naddress = "127.0.0.1:1"\n')
    site.expect("failed", "set_config", file, "--confirm-within", "3s", says="from before are in force again")
    assert "debug" in kept.read_text()
    file.write_text('[agent]\nstate_dir = "/tmp"\n')
    site.expect("failed", "set_config", file, says="site's own")
    assert site.agent.end() == 0, site.agent.tail()
    site.agent.start()
    bundle = json.loads(site.output(site.expect("done", "send_diagnostics", "1")))
    assert bundle["settings"]["agent.log_level"] == "debug", bundle["settings"]


def identity_and_end(site):
    before = (site.state / "identity.pem").read_text()
    site.expect("done", "rotate_credentials")
    assert (site.state / "identity.pem").read_text() != before
    run("platen-cloud", "keys", "rotate", "--data", site.data)
    site.expect("done", "scan", "127.51.0.1")
    file = site.folder / "never.toml"
    file.write_text('[cloud]\naddress = "127.0.0.1:1"\n')
    task = json.loads(run("platen-cloud", "task", "send", "tested", "set_config", file, "--confirm-within", "300s", "--data", site.data, "--format", "json").stdout)["task"]
    until(lambda: site.agent_status().get("tasks", {}).get("running") == "set_config", "it is under way")
    site.agent.end()
    site.agent.start()
    until(lambda: next(each for each in site.tasks() if each["task"] == task)["state"] == "interrupted", "interrupted, and told", 60)


def main():
    with Direct() as site:
        site.begin()
        for part in (done, refused, for_support, settings, identity_and_end):
            part(site)
    if not installed():
        return
    with Lower() as site:
        site.begin()
        until(lambda: site.agent_status()["uplink"].get("protocol") == "HTTP/1.1", "by HTTP/1.1")
        done(site)


if __name__ == "__main__":
    sys.exit(main())
