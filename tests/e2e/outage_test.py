#!/usr/bin/env python3
"""An outage of the cloud, and the sudden death of both ends, lose nothing and double nothing.

The agent reads every second; the cloud is killed, the agent goes on reading into its ledger, the agent is killed as well,
both come back, and then the cloud must hold every number from 1 to the agent's last, each exactly once."""

import signal
import sys

from system import System, until


def records(system):
    return sum(agent["records"] for agent in system.agents_stored())


def end_well(program):
    code = program.end()
    assert code == 0, f"exit {code}: {program.tail()}"


def main():
    with System(count=40) as system:
        system.agent.start()
        until(lambda: records(system) >= 100 or not system.agent.running(), "the first readings arrive")
        assert system.agent.running(), system.agent.tail()

        system.cloud.end(signal.SIGKILL)
        at_kill = system.agent_status()["ledger"]["last"]
        until(lambda: system.agent_status()["ledger"]["last"] >= at_kill + 100, "the agent reads on without its cloud")
        system.agent.end(signal.SIGKILL)
        system.agent.start()
        until(lambda: system.agent_status()["ledger"]["last"] >= at_kill + 200, "the agent comes back and reads on")

        system.serve(system.ingest)
        until(lambda: records(system) >= at_kill + 200, "the cloud catches up", 60)
        end_well(system.agent)
        last = system.agent_status()["ledger"]["last"]

        system.agent.start()  # whatever was still on its way
        until(lambda: system.agent_status()["running"] and records(system) >= last, "the rest arrives")
        end_well(system.agent)
        last = system.agent_status()["ledger"]["last"]
        agents = system.agents_stored()
        assert len(agents) == 1, f"one agent with one epoch was expected: {agents}"
        stored = agents[0]
        assert stored["records"] == stored["through_seq"] <= last, f"gaps or doubles: {stored}, the agent's last is {last}"
        print(f"{stored['records']} records through an outage and two kills: none lost, none doubled")


sys.exit(main())
