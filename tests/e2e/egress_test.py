#!/usr/bin/env python3
"""What leaves a site, as its owner sees it: `platen egress`, live and in sum, against what the cloud holds; the agent's clock,
its memory over a restart, and the forecast."""

import json
import os
import signal
import subprocess
import sys

from system import BIN, SLOW, System, run, until

PERSONAL = ("sys_contact", "sys_name", "printer_name")


def counted(system):
    lines = run("platen", "egress", "--state-dir", system.state, "--json").stdout.splitlines()
    return {line["field"]: line for line in map(json.loads, lines)}


def nothing_yet(system):
    done = run("platen", "egress", "--state-dir", system.state, check=False)
    assert done.returncode == 1 and "[egress.absent]" in done.stderr and done.stdout == "", done


def live(system):
    """--follow shows what leaves while it leaves; Ctrl-C ends it within a second, a closed pipe quietly."""
    with subprocess.Popen([BIN / "platen", "egress", "--follow", "--json", "--state-dir", system.state], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as shown:
        line = json.loads(shown.stdout.readline())
        assert line["schema"] == "platen.egress-field/1" and line["sent"] + line["held_back"] > 0 and line["at"].endswith("Z"), line
        shown.send_signal(signal.SIGINT)
        assert shown.wait(timeout=5 * SLOW) == 130, shown.returncode
        rest, errors = shown.stdout.read(), shown.stderr.read()
        assert errors == b"", errors
        assert all(json.loads(each)["field"] for each in rest.splitlines())
    reading, writing = os.pipe()
    with subprocess.Popen([BIN / "platen", "egress", "--follow", "--state-dir", system.state], stdout=writing, stderr=subprocess.PIPE) as shown:
        os.close(writing)
        os.close(reading)
        _, errors = shown.communicate(timeout=20 * SLOW)
        assert shown.returncode == 0 and errors == b"", (shown.returncode, errors)


def main():
    with System(count=12) as system:
        nothing_yet(system)
        agent = system.agent.start()
        until(lambda: system.agent_status().get("ledger", {}).get("acknowledged", 0) >= 40 or not agent.running(), "readings arrive")
        assert agent.running(), agent.tail()
        live(system)
        status = system.agent_status()
        assert status["clock"]["suspect"] is False and abs(status["clock"]["cloud_offset_ms"]) < 5000, status["clock"]
        assert status["forecast"]["with_a_meter"] + status["forecast"]["without_a_meter"] == len(system.printers), status["forecast"]
        assert agent.end() == 0, agent.tail()

        before = counted(system)
        assert before["serial"]["sent"] > 0 and before["counters.value"]["sent"] > 0, before
        for field in PERSONAL:
            there = any(printer.get(field) for printer in system.printers)
            assert not there or (before[field]["sent"] == 0 and before[field]["held_back"] > 0), before[field]
        stored = system.cloud_lines("readings", "--newest", 100000)
        assert before["records.reading"]["sent"] >= len(stored), (before["records.reading"], len(stored))
        for reading in stored:
            assert not any(reading.get(field) for field in PERSONAL) and reading["console_display"] == [], reading
            assert reading["clock_suspect"] is False, reading
        table = run("platen", "egress", "--state-dir", system.state).stdout
        assert table.startswith("field ") and "\nserial " in table, table

        agent.start()
        until(lambda: system.agent_status().get("printers", {}).get("known") == len(system.printers) and system.agent_status()["running"], "the fleet is remembered")
        until(lambda: counted(system)["records.reading"]["sent"] > before["records.reading"]["sent"] or not agent.running(), "more leaves")
        assert agent.end() == 0, agent.tail()
        assert "sweep.begin" in system.agent.log.read_text() and "reset" not in json.dumps(system.cloud_lines("readings"))

        # Simulated printers count on as they should: no epoch waits for anybody, and usage is said for every printer.
        assert run("platen-cloud", "meters", "list", "--data", system.data).stdout.count("\n") == 1
        done = run("platen-cloud", "usage", "--data", system.data, "--json", "--from", "2020-01-01", check=False)
        said = [json.loads(line) for line in done.stdout.splitlines()]
        assert done.returncode == 1 and {line["printer"] for line in said} == {line["cloud"]["printer"] for line in system.cloud_lines("printers")}, done
        assert all("counted from the first one" in line["missing"][0] for line in said if "usage" in line), said


sys.exit(main())
