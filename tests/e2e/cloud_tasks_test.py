#!/usr/bin/env python3
"""Tasks by the real programs: sent by a command and by a button, done by an agent, with the cloud killed in between; the key
that signs them is changed while they flow."""

import json
import re
import signal
import sys
import urllib.parse
import urllib.request

from enrol_test import Site
from system import run, until


class Dealer(Site):
    """An enrolled agent that reads its printers seldom, and what is asked of it."""

    def __init__(self):
        super().__init__(full="1h", status="1h")

    def config(self):
        return re.sub(r'(supplies|status)_interval = "\d+s"', r'\1_interval = "1h"', super().config())

    def __enter__(self):
        super().__enter__()
        self.agent.start()
        self.enroll(self.code("--agent", "tested"))
        until(lambda: len(self.cloud_lines("printers")) == len(self.printers), "every printer is in the cloud")
        return self

    def task(self, verb, *words, check=True):
        life = ["--life", "2m"] if verb == "send" else []  # who waits for nothing is told so
        return run("platen-cloud", "task", verb, *words, *life, "--data", self.data, check=check)

    def send(self, *words):
        return json.loads(self.task("send", "tested", *words, "--json").stdout)

    def tasks(self, *words):
        return [json.loads(line) for line in self.task("list", *words, "--json").stdout.splitlines()]

    def fate(self, task):
        return next(each["state"] for each in self.tasks() if each["task"] == task["task"])

    def readings(self, printer):
        return len(self.cloud_lines("readings", "--printer", printer))

    def page(self, path, **form):
        where = f"http://{self.serving()['web']}{path}"
        request = urllib.request.Request(where, data=urllib.parse.urlencode(form).encode() if form else None, headers={"Origin": f"http://{self.serving()['web']}"} if form else {})
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.read().decode()


def a_command_is_done_and_says_so(site):
    printer = site.cloud_lines("printers")[0]["cloud"]["printer"]
    before = site.readings(printer)
    done = site.task("send", "tested", "read_now", printer, "--wait", "--json")
    assert json.loads(done.stdout)["state"] == "done", done.stdout
    until(lambda: site.readings(printer) > before, "the reading that was asked for")
    recording = site.folder / "recording"
    site.task("send", "tested", "record", printer, "--wait", "--output", recording)
    assert recording.read_text().startswith("#"), recording.read_text()[:200]
    later = site.folder / "later"
    site.task("show", site.tasks()[0]["task"], "--output", later)
    assert later.read_text() == recording.read_text()
    refused = site.task("send", "tested", "check_update", "--wait", "--json", check=False)
    assert (refused.returncode, json.loads(refused.stdout)["state"]) == (1, "not-yet"), refused.stdout


def a_button_is_pressed_and_the_result_is_seen(site):
    printer = site.cloud_lines("printers")[1]["cloud"]["printer"]
    before, path = site.readings(printer), f"/printers/{printer}"
    token = re.search(r'name="token" value="([0-9a-f]{32})"', site.page(path)).group(1)
    shown = site.page(path + "/read", token=token)  # follows to the printer's page
    assert "Asked to be read" in shown, shown
    shown = until(lambda: (page := site.page(path)) and 'chip good">done' in page and page, "the page says done")
    assert "http-equiv" not in shown
    until(lambda: site.readings(printer) > before, "the reading that was asked for")
    assert "portal, 127.0.0.1" in site.page("/agents/tested")


def the_cloud_is_killed_while_tasks_flow(site):
    """Whatever moment it is: every task is done once, and the cloud says so in the end."""
    printers = [line["cloud"]["printer"] for line in site.cloud_lines("printers")]
    sent = []
    for turn in range(3):
        sent += [site.send("read_now", printer) for printer in printers[:3]]
        until(lambda: any(site.fate(task) != "queued" for task in sent[-3:]), "one of them is on its way")
        site.cloud.end(signal.SIGKILL)
        sent.append(site.send("read_now", printers[turn]))  # nobody serves: it waits
        assert site.fate(sent[-1]) == "queued"
        site.serve(site.ingest)
    until(lambda: all(site.fate(task) == "done" for task in sent), "all of them are done", 60)
    site.task("cancel", sent[0]["task"], check=False)
    assert site.fate(sent[0]) == "done"


def the_agent_is_killed_with_a_task_in_its_hands(site):
    """Begun and not ended is interrupted; never begun is done. Nothing is lost."""
    task = site.send("read_now")
    until(lambda: site.fate(task) != "queued", "the agent has it")
    site.agent.end(signal.SIGKILL)
    site.agent.start()
    until(lambda: site.fate(task) in ("done", "interrupted"), "its fate is known", 60)


def another_key_is_taken_up(site):
    def key():
        return next(line["task_key"] for line in site.cloud_lines("agents") if line["agent"] == "tested")

    before = key()
    told = run("platen-cloud", "keys", "rotate", "--data", site.data)
    assert "1 agent is told" in told.stdout, told.stdout
    until(lambda: key() != before, "the agent knows the new key")
    assert site.task("send", "tested", "read_now", site.cloud_lines("printers")[0]["cloud"]["printer"], "--wait").returncode == 0
    site.agent.end()
    site.agent.start()
    assert site.task("send", "tested", "scan", "--wait").returncode == 0


def main():
    with Dealer() as site:
        for step in (a_command_is_done_and_says_so, a_button_is_pressed_and_the_result_is_seen, the_cloud_is_killed_while_tasks_flow,
                     the_agent_is_killed_with_a_task_in_its_hands, another_key_is_taken_up):
            print(step.__name__, flush=True)
            try:
                step(site)
            except BaseException:
                print(site.cloud.tail(), site.agent.tail(), site.tasks(), sep="\n", file=sys.stderr)
                raise


if __name__ == "__main__":
    main()
