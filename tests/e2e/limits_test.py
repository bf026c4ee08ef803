#!/usr/bin/env python3
"""The front end's limits, and an agent that meets them: refused, it waits and comes back, and every record is stored once. nginx
from the generated file, with smaller numbers in it. Skipped (77) where nginx or mosquitto are missing."""

import signal
import sys

from deployment import Deployment, installed
from system import run, until

SOON = ("worker_shutdown_timeout 5m", "worker_shutdown_timeout 1s")
FEW_CONNECTIONS = ("limit_conn addresses 512", "limit_conn addresses 1")
FEW_POSTS = ("zone=posts:10m rate=100r/s", "zone=posts:10m rate=6r/m"), ("limit_req zone=posts burst=400 nodelay", "limit_req zone=posts nodelay")
REFUSED = " POST /platen.v1.Uplink/Post 429 "


def relent(site, *changes):
    site.front.change(*((new, old) for old, new in changes))
    site.front.signal(signal.SIGHUP)


def exactly_once(site):
    """Nothing is missing, and nothing is there twice."""
    assert site.agent.end() == 0, site.agent.tail()
    done = run("platen-cloud", "verify", "--data", site.data, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    numbers = [(row["cloud"]["epoch"], row["cloud"]["seq"]) for row in site.cloud_lines("readings", "--newest", 100000)]
    assert len(numbers) == len(set(numbers)), "a record is there twice"


def collects(site, seconds=60):
    """Readings wait in the ledger while none arrives."""
    stored, kept = site.stored(), site.agent_status()["ledger"]["last"]
    until(lambda: site.agent_status()["ledger"]["last"] > kept + 10 or not site.agent.running(), "it goes on collecting", seconds)
    assert site.agent.running() and site.stored() == stored, site.agent.tail()
    return site.agent_status()["ledger"]["last"]


def arrives(site, last):
    until(lambda: site.agent_status()["ledger"].get("acknowledged", 0) >= last or not site.agent.running(), "what was kept arrives", 60)
    assert site.agent.running(), site.agent.tail()


def let_in(site):
    """A connection, or None: what saw the front end listen may count for a moment."""
    try:
        return site.tls()
    except OSError:
        return None


def connections(site):
    """More connections of an address than it may have: somebody else at the customer has the only one."""
    site.agent.start()
    site.enroll(site.code("--agent", "tested"))
    until(lambda: site.uplink().get("connected") and site.channel().get("connected"), "connected")
    assert site.agent.end() == 0, site.agent.tail()
    site.front.change(FEW_CONNECTIONS)
    site.front.end()  # no connection is left from before
    site.front.start()
    (site.state / "status.json").unlink()
    with until(lambda: let_in(site), "somebody is let in"):
        site.agent.start()
        until(lambda: site.uplink().get("reconnects", 0) > 1, "the agent is refused", 60)
        last = collects(site)
        assert not site.uplink()["connected"] and not site.channel()["connected"], site.agent_status()
        assert "limiting connections" in site.front.log.read_text(errors="replace"), "nginx refused nobody"
    relent(site, FEW_CONNECTIONS)
    arrives(site, last)
    until(lambda: site.channel()["connected"], "commands arrive too", 120)
    exactly_once(site)


def posts(site):
    """Readings by HTTP/1.1 more often than an address may send them: 429."""
    site.agent.start()
    site.enroll(site.code("--agent", "tested"))
    until(lambda: sum(REFUSED in line for line in site.front.requests()) >= 2 or not site.agent.running(), "some posts are refused", 60)
    assert site.agent.running(), site.agent.tail()
    until(lambda: "ledger" in site.agent_status(), "its first status is written")
    last = site.agent_status()["ledger"]["last"]
    relent(site, *FEW_POSTS)
    arrives(site, last)
    assert site.uplink()["protocol"] == "HTTP/1.1", site.uplink()
    exactly_once(site)


def main():
    if not installed():
        print("nginx with its stream module, or mosquitto, is not installed")
        return 77
    with Deployment(changes=[SOON]) as site:
        connections(site)
    with Deployment(hinder=True, changes=[SOON, *FEW_POSTS]) as site:
        posts(site)
    return 0


if __name__ == "__main__":
    sys.exit(main())
