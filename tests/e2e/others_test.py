#!/usr/bin/env python3
"""What is no printer stays at the site: the agent counts it, and neither its ledger nor its cloud ever holds anything of it."""

import sys

from system import System, run, until


def main():
    with System("demo") as system:
        others = [device for device in system.truth if not device["is_printer"]]
        agent = system.agent.start()
        sweep = until(lambda: system.agent_status().get("sweep", {}) if "ended" in system.agent_status().get("sweep", {}) or not agent.running() else None, "a sweep is done", 120)
        assert sweep["not_printers"] == len(others) and sweep["new_printers"] == len(system.printers), (sweep, len(others), len(system.printers))

        until(lambda: len(system.cloud_lines("printers")) >= len(system.printers), "the cloud knows every printer", 120)
        stored = system.cloud_lines("printers")
        assert {device["address"] for device in stored} == {device["address"] for device in system.printers}, "the cloud knows other devices"

        for folder in (system.state, system.data):
            for file in folder.glob("*.db*"):
                octets = file.read_bytes()
                for device in others:
                    for word in (device["address"], device["sys_descr"]):
                        assert word.encode() not in octets, f"{word} of a {device['name']} is in {file.name}"
        log = agent.log.read_text()
        assert agent.end() == 0, agent.tail()
        assert not [device for device in others if device["address"] + " " in log], "the log names other devices"
        assert run("platen", "status", "--state-dir", system.state).stdout.count("sweep.not_printers") == 1


sys.exit(main())
