#!/usr/bin/env python3
"""kill -9 of agent, cloud or both at random moments, while readings are made and sent: none is lost, none is doubled.

The agent's ledger keeps its epoch through every kill and never goes back; in the end the cloud holds every number from 1 to
the agent's last, each once, with a chain of hashes that fits, and no printer was read twice at one time.

usage: kills.py [N]     1000 kills unless said otherwise"""

import random
import signal
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "e2e"))

from system import System, run, until  # noqa: E402


class Fleet:
    def __init__(self, system):
        self.system = system
        self.epoch, self.last = None, 0
        self.random = random.Random(20)

    def look(self):
        """The agent is up, and its ledger is what it was."""
        until(self.agent_is_up, "the agent is up")
        at = self.system.agent_status()["ledger"]
        self.epoch = self.epoch or at["epoch"]
        assert at["epoch"] == self.epoch, f"a kill cost the ledger its epoch: {self.system.agent.tail()}"
        assert at["last"] >= self.last, f"the ledger went back from {self.last} to {at['last']}"
        self.last = at["last"]

    def agent_is_up(self):
        assert self.system.agent.running(), self.system.agent.tail()
        status = self.system.agent_status()
        return status.get("process") == self.system.agent.process.pid and status["running"]

    def kill(self):
        """One kill, of one of the two or of both, after a moment in which they work, or begin to."""
        agent, cloud = self.system.agent, self.system.cloud
        if self.random.random() < 0.6:
            self.look()
        victims = self.random.choice([[agent], [cloud], [agent, cloud], [cloud, agent]])
        try:
            code = victims[0].process.wait(timeout=self.random.uniform(0, 0.4))
            raise AssertionError(f"it ended by itself with {code}: {victims[0].tail()}")
        except subprocess.TimeoutExpired:
            pass
        self.last = max(self.last, self.system.agent_status().get("ledger", {}).get("last", 0))
        for victim in victims:
            victim.end(signal.SIGKILL)
        if cloud in victims:
            self.system.serve(self.system.ingest, wait=self.random.random() < 0.6)
        if agent in victims:
            agent.start()
        return len(victims)

    def settle(self):
        """Everything that the agent has goes to the cloud; then both agree."""
        self.look()
        assert self.system.agent.end() == 0, self.system.agent.tail()
        last = self.system.agent_status()["ledger"]["last"]
        self.system.agent.start()
        self.look()
        until(lambda: stored(self.system)["through_seq"] >= last, "the rest arrives", 120)
        assert self.system.agent.end() == 0, self.system.agent.tail()


def stored(system):
    agents = system.agents_stored()
    assert len(agents) <= 1, f"one agent with one epoch was expected: {agents}"
    return agents[0] if agents else {"records": 0, "through_seq": 0}


def main():
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with System(count=20, full="2s", status="1s") as system:
        fleet = Fleet(system)
        system.agent.start()
        fleet.look()
        done = 0
        while done < kills:
            done += fleet.kill()
            if sys.stderr.isatty():
                print(f"\r{done} of {kills} kills", end="", file=sys.stderr)
        fleet.settle()
        end = stored(system)
        assert end["records"] == end["through_seq"] > 0, f"gaps or doubles: {end}"
        run("platen-cloud", "verify", "--data", system.data)
        readings = [(line["cloud"]["printer"], line["read_at"]) for line in system.cloud_lines("readings", "--newest", 1_000_000)]
        assert readings and len(set(readings)) == len(readings), "a printer was read twice at one time"
        print(f"{done} kills: {end['records']} records, none lost, none doubled")


main()
