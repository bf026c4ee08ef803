#!/usr/bin/env python3
"""Tasks at once: the cloud announces them to mosquitto, the agent has them through nginx on the one port without having looked at
its list, after each of them was restarted too; an agent that is killed is seen to be gone; with the broker gone tasks are done all
the same. Skipped (77) without nginx and mosquitto."""

import json
import signal
import sys

from commanded import Commanded
from deployment import installed
from system import run, until


def broker_again(site, how):
    before = site.greetings()
    site.broker.signal(how)
    site.broker.process.wait()
    until(lambda: not site.channel()["connected"], "the agent notices that the broker is gone")
    assert site.channel()["last_error"], site.channel()
    until(lambda: site.at_broker() is None, "nobody says who is there")
    site.broker.start()
    site.both_at_the_broker(more_than=before)
    site.carries(f"after the broker's {how.name}")


def cloud_again(site):
    before = site.greetings()
    site.restart_cloud()  # by a kill; the agent's connection to the broker stays
    site.both_at_the_broker(more_than=before)
    until(lambda: site.at_broker() == "was online", "the broker remembers the agent")
    site.carries("after the cloud's restart")


def tried(site):
    """`platen netcheck` signs in for a try beside the agent, with its certificate, and the agent notices nothing."""
    before = site.channel()["reconnects"]
    for _ in range(3):
        done = run("platen", "netcheck", "--config", site.state / "agent.toml", "--json")
        verdict = next(each for each in map(json.loads, done.stdout.splitlines()) if each["path"] == "tasks at once")
        assert verdict["code"] == "ok", verdict
    site.carries("after netcheck")
    assert site.channel()["reconnects"] == before and site.at_broker().endswith("online"), site.channel()


def agent_killed(site):
    site.agent.end(signal.SIGKILL)
    until(lambda: site.at_broker() == "offline", "its last will is seen")
    site.agent.start()
    until(lambda: site.at_broker() == "online", "and that it is back", 60)
    site.both_at_the_broker()
    site.carries("after the agent's kill")
    site.agent.end()
    until(lambda: site.at_broker() == "offline", "it takes its leave")
    site.agent.start()
    site.both_at_the_broker()


def without_a_broker(site):
    """By the stream, which an agent that was just started has: one that was cut off is on HTTP/1.1 for a while, and looks at its list."""
    site.broker.end()
    until(lambda: not site.channel()["connected"], "the agent notices that the broker is gone")
    task = site.send("explain", "127.51.0.2")
    until(lambda: site.tasks()[task] == "done", "tasks are done without a broker", 60)
    assert site.at_broker() is None


def main():
    if not installed():
        sys.exit(77)
    with Commanded() as site:
        site.agent.start()
        site.enroll(site.code("--agent", "tested"))
        site.both_at_the_broker()
        assert site.channel()["protocol"] == "MQTT 5", site.channel()
        site.carries("at first")
        tried(site)
        for how in (signal.SIGTERM, signal.SIGKILL):
            broker_again(site, how)
        cloud_again(site)
        agent_killed(site)
        without_a_broker(site)


if __name__ == "__main__":
    main()
