"""A deployment whose uplink can be shut while the broker stays: what arrives then has come by the channel, and by nothing else."""

import json

from deployment import HERE, Deployment
from network import Gate
from system import run, until


class Commanded(Deployment):
    ways = ()

    def config(self):
        return super().config() + '[command]\npoll_interval = "1h"\nreturn_within = "1s"\n'

    def gates(self, ingest, enroll):
        self.ways = [Gate(ingest), Gate(enroll)]
        return [(f"{HERE}:{port};", f"{HERE}:{way.port};") for port, way in zip((ingest, enroll), self.ways)]

    def __exit__(self, *words):
        super().__exit__(*words)
        for way in self.ways:
            way.end()

    def send(self, *order):
        return json.loads(run("platen-cloud", "task", "send", "--data", self.data, "tested", *order, "--json").stdout)["task"]

    def tasks(self):
        lines = run("platen-cloud", "task", "list", "--data", self.data, "--json").stdout.splitlines()
        return {task["task"]: task["state"] for task in map(json.loads, lines)}

    def at_broker(self):
        """What the operator is told; None: nothing."""
        agent = next((each for each in self.cloud_lines("agents") if each["agent"] == "tested"), {})
        return agent.get("at_broker", {}).get("state")

    def greetings(self):
        return self.cloud.log.read_text().count("broker.connected")

    def both_at_the_broker(self, more_than=0):
        until(lambda: self.channel().get("connected"), "the agent is at the broker", 60)
        until(lambda: self.greetings() > more_than, "the cloud is at the broker", 60)

    def carries(self, what):
        """A task reaches the agent while nothing else gets through, and its result comes when something does."""
        for way in self.ways:
            way.shut()
        until(lambda: not self.uplink()["connected"], f"{what}: the uplink is cut")
        before = self.channel()["commands"]
        task = self.send("read_now")
        until(lambda: self.tasks()[task] == "delivered", f"{what}: a task arrives by the channel")
        until(lambda: self.channel()["commands"] > before, f"{what}: the agent says so too")
        for way in self.ways:
            way.unshut()
        until(lambda: self.tasks()[task] == "done", f"{what}: and is done", 60)
