#!/usr/bin/env python3
"""Tasks at once: the cloud announces them to mosquitto, behind nginx on the one port, and the agent does them without having looked
at its list; with the broker gone they are done all the same. Skipped (77) without nginx and mosquitto."""

import json
import sys

from deployment import Deployment, installed
from system import run, until


class Announced(Deployment):
    def config(self):
        return super().config() + '[command]\npoll_interval = "1h"\n'

    def send(self, *order):
        run("platen-cloud", "task", "send", "--data", self.data, "tested", *order)

    def states(self):
        lines = run("platen-cloud", "task", "list", "--data", self.data, "--json").stdout.splitlines()
        return [json.loads(line)["state"] for line in lines]


def main():
    if not installed():
        sys.exit(77)
    with Announced() as site:
        site.agent.start()
        site.enroll(site.code("--agent", "tested"))
        until(lambda: site.channel().get("connected"), "the agent is at the broker", 60)
        assert site.channel()["protocol"] == "MQTT 5", site.channel()
        until(lambda: "broker.connected" in site.cloud.log.read_text(), "the cloud is at the broker", 60)
        site.send("explain", "127.51.0.1")
        until(lambda: site.channel().get("commands", 0) >= 1, "the command came through the broker")
        until(lambda: site.states() == ["done"], "and was done", 60)

        site.broker.end()
        until(lambda: not site.channel()["connected"], "the agent notices that the broker is gone")
        assert site.channel()["last_error"], site.channel()
        site.send("explain", "127.51.0.2")
        until(lambda: site.states() == ["done", "done"], "tasks are done without a broker", 60)


if __name__ == "__main__":
    main()
