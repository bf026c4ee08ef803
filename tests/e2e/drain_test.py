#!/usr/bin/env python3
"""After an outage the newest of every printer is shown at once, while its history follows at the rate that is set; in the end
every record is there exactly once, and nothing is a preview any more."""

import signal
import sys

from system import System, until


def agent_row(system):
    """The cloud's row of the agent; one that has not spoken yet has no records."""
    nothing = {"records": 0, "through_seq": 0, "newest_seq": 0, "withheld": 0}
    return nothing | next(iter(system.cloud_lines("agents")), {})


def all_ahead(system):
    """The cloud's printers, when each of them is shown ahead of its history."""
    printers = system.cloud_lines("printers")
    shown = len(printers) == len(system.printers) and all(printer["cloud"]["previewed"] for printer in printers)
    return printers if shown and agent_row(system)["through_seq"] < agent_row(system)["newest_seq"] else None


def main():
    with System(count=20, full="1m", status="1s") as system:
        config = system.state / "agent.toml"
        config.write_text(config.read_text().replace("[scan]", "history_rate = 30\n[scan]"))
        system.agent.start()
        until(lambda: agent_row(system)["records"] >= len(system.printers) or not system.agent.running(), "the first readings arrive")
        assert system.agent.running(), system.agent.tail()

        system.cloud.end(signal.SIGKILL)
        at_kill = system.agent_status()["ledger"]["last"]
        until(lambda: system.agent_status()["ledger"]["last"] >= at_kill + 400, "the agent reads on without its cloud", 60)
        system.serve(system.ingest)
        printers = until(lambda: all_ahead(system), "every printer is shown ahead of its history")
        before = agent_row(system)
        assert len(system.cloud_lines("readings", "--newest", 100000)) <= agent_row(system)["through_seq"], "a preview was counted"
        assert all(printer["read_at"] for printer in printers)

        assert system.agent.end() == 0, system.agent.tail()
        last = system.agent_status()["ledger"]["last"]
        config.write_text(config.read_text().replace("history_rate = 30", "history_rate = 1000000").replace('status_interval = "1s"', 'status_interval = "1m"'))
        system.agent.start()
        until(lambda: agent_row(system)["through_seq"] >= last, "the history arrives", 60)
        assert system.agent.end() == 0, system.agent.tail()
        row = agent_row(system)
        assert row["records"] == row["through_seq"] >= last and row["withheld"] == 0, row
        assert not any(printer["cloud"]["previewed"] for printer in system.cloud_lines("printers"))
        print(f"{len(printers)} printers shown ahead of {before['newest_seq'] - before['through_seq']} records; {row['records']} records, each once")


sys.exit(main())
